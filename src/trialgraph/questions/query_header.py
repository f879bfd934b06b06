"""The ``#+`` YAML header of a saved query, parsed and validated against a JSON Schema.

YAML is restricted to what JSON can express: no aliases, by which a short text could expand to gigabytes, and dates stay
text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from copy import deepcopy
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import yaml

from trialgraph.base.errors import InputError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped] # ships no types

__all__ = ["PARAMETER_TYPES", "SCHEMA", "ParameterType", "read_header"]

ParameterType = Literal["iri", "string", "integer", "decimal", "date", "enum"]
PARAMETER_TYPES: Final[tuple[str, ...]] = get_args(ParameterType)

_SCALAR: Final = ["string", "number", "boolean"]


def _shape(wrong: str, hint: str, **schema: Any) -> dict[str, Any]:
    """A schema with what to say where a value does not fit it, and an example of one that does."""
    return {"description": wrong, "examples": [hint], **schema}


_VALUES: Final = {
    "type": ["array", "object"],
    "items": {"type": _SCALAR},
    "additionalProperties": {"type": _SCALAR},
}
_PARAMETER: Final = _shape(
    "a parameter needs a name of letters and digits",
    "- {name: disease, type: iri}",
    type="object",
    properties={
        "name": {
            "allOf": [
                _shape(
                    "a parameter needs a name of letters and digits",
                    "name: disease",
                    type="string",
                    pattern=r"^\w+\Z",
                ),
                _shape(
                    "a parameter cannot have this name, which the URLs of questions use themselves",
                    "another name",
                    **{"not": {"const": "cells"}},
                ),
            ]
        },
        "type": _shape("unknown parameter type", ", ".join(PARAMETER_TYPES), enum=list(PARAMETER_TYPES)),
        "label": _shape("a label is text", "label: Disease", type=_SCALAR),
        "default": _shape("a default is one value", "default: 10", type=_SCALAR),
        "values": _shape("values are a list, or a mapping of values to labels", "values: [a, b]", **_VALUES),
        "values_query": _shape(
            "values_query is the text of a query", "values_query: SELECT …", type="string"
        ),
        "required": _shape("required is true or false", "required: true", type="boolean"),
    },
    required=["name"],
    additionalProperties=False,
)
_PARAMETER["if"] = {"properties": {"type": {"const": "enum"}}, "required": ["type"]}
_PARAMETER["then"] = _shape(
    "an enum parameter needs values",
    "values: [a, b]",
    required=["values"],
    properties={
        "values": _shape("an enum parameter needs values", "values: [a, b]", minItems=1, minProperties=1)
    },
)
#: JSON Schema (draft 2020-12) of a header.
SCHEMA: Final = _shape(
    "the #+ header has no title",
    "#+ title: …",
    type="object",
    properties={
        "title": _shape("the #+ header has no title", "#+ title: …", type="string"),
        "description": _shape("a description is text", "description: What it answers.", type="string"),
        "keywords": _shape(
            "keywords are a list of words", "keywords: [dose, route]", type="array", items={"type": _SCALAR}
        ),
        "parameters": _shape("parameters are a list", "- name: disease", type="array", items=_PARAMETER),
        "expected": _shape(
            "expected is a mapping",
            "expected: {rows: 7}",
            type="object",
            properties={
                "rows": _shape("expected rows are a number", "rows: 7", type="integer", minimum=0),
                "columns": _shape(
                    "expected columns are a list",
                    "columns: [trial, label]",
                    type="array",
                    items={"type": _SCALAR},
                ),
            },
            additionalProperties=False,
        ),
        "provenance": _shape(
            "provenance is a mapping of columns",
            "provenance: {total: report n_total}",
            type=["object", "string"],
            additionalProperties={"type": _SCALAR},
        ),
    },
    required=["title"],
    additionalProperties=False,
)


@cache
def _validator() -> Draft202012Validator:
    # Imported when a header is read: with the packages that it looks for, it takes longer to import than most commands.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(SCHEMA)


class _Plain(yaml.SafeLoader):
    """YAML without aliases and dates."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_header(text: str, where: str) -> dict[str, Any]:
    """The values in the header; a key whose value is empty is left out.

    :param text: the file
    :param where: its name, for errors
    :raises InputError: it is not YAML, has no title, an unknown key, or a value that its key does not take
    """
    return deepcopy(_read_header(text, where))


@lru_cache(256)
def _read_header(text: str, where: str) -> dict[str, Any]:
    # A build reads them for the description, and to say which are broken.
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    numbers = [number for number, _ in numbered]
    node, head = _parsed("\n".join(line[2:].removeprefix(" ") for _, line in numbered), numbers, where)
    found = [(_line(node, error), error) for error in _validator().iter_errors(head)]
    if found:
        line, error = min(found, key=lambda pair: pair[0])
        what, hint = _message(error)
        raise InputError(what, where=_place(where, numbers, line), hint=hint)
    assert isinstance(head, dict)  # noqa: S101 - the schema says so
    return head


def _parsed(header: str, numbers: list[int], where: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of the YAML, with their lines, and its value."""
    loader = _Plain(header)
    try:
        node = loader.get_single_node()
        return node, _stated(loader.construct_document(node)) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise InputError(
            f"the #+ header is not valid YAML: {error.problem or error.context}",
            where=_place(where, numbers, line),
            hint="correct it",
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        what = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise InputError(
            f"the #+ header is not valid YAML: {what}", where=where, hint="correct it"
        ) from error
    finally:
        loader.dispose()


def _stated(value: Any) -> Any:
    """The value without the keys of mappings that have none themselves (``description:``)."""
    if isinstance(value, dict):
        return {key: _stated(held) for key, held in value.items() if held is not None}
    return [_stated(held) for held in value] if isinstance(value, list) else value


def _place(where: str, numbers: list[int], line: int) -> str:
    """File and line of a line of the header."""
    return f"{where}:{numbers[min(line, len(numbers) - 1)]}" if numbers else where


def _line(node: yaml.Node | None, error: ValidationError) -> int:
    """The line of the header that an error is on, from 0."""
    extra = _unknown(error)
    return _walk(node, [*error.absolute_path, *extra[:1]]) if node else 0


def _walk(node: yaml.Node, path: Iterable[Hashable]) -> int:
    line: int = node.start_mark.line
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            held = {key.value: (key, value) for key, value in node.value}
            if str(step) not in held:
                break
            key, node = held[str(step)]
            line = key.start_mark.line
    return line


def _unknown(error: ValidationError) -> list[Hashable]:
    """The keys that the schema does not know."""
    if error.validator != "additionalProperties" or error.validator_value is not False:
        return []
    return [key for key in error.instance if key not in error.schema["properties"]]


def _message(error: ValidationError) -> tuple[str, str]:
    """What is wrong, and the hint: those of the innermost part of the schema that has some."""
    if unknown := _unknown(error):
        return (
            f"unknown key {unknown[0]} in the #+ header",
            f"use {', '.join(sorted(error.schema['properties']))}",
        )
    part: Any = SCHEMA
    shape = SCHEMA
    for step in error.absolute_schema_path:
        part = part[step]
        if isinstance(part, dict) and "examples" in part and isinstance(part["examples"], list):
            shape = part
    given = f" {error.instance}"[:60] if error.validator == "enum" else ""
    return f"{shape['description']}{given}", f"write {shape['examples'][0]}"
