"""The ``#+`` YAML header of a saved query, parsed and validated: YAML without aliases, of known keys and types."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml

from trialgraph.base.errors import InputError

__all__ = ["read_header"]

#: Query parameters that URLs of questions use themselves.
RESERVED: Final = frozenset({"cells"})


class _Plain(yaml.SafeLoader):
    """YAML without aliases, by which a short text could expand to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def read_header(text: str, where: str) -> dict[str, Any]:
    """What the header says; a key that is missing or empty is left out.

    :param text: the file
    :param where: its name, for errors
    :raises InputError: no YAML, no title, or a value of another type than its key has
    """
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        head = yaml.load("\n".join(lines), Loader=_Plain)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        what = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"the #+ header is no YAML: {what}", where=where, hint="correct it") from error
    if not isinstance(head, dict) or not isinstance(head.get("title"), str):
        raise InputError("the #+ header has no title", where=where, hint="add: #+ title: …")
    _check(head, HEAD, where)
    for parameter in head.get("parameters") or ():
        _check(parameter, PARAMETER, where)
        if parameter.get("name") in RESERVED:
            raise InputError(
                f"{parameter['name']} cannot name a parameter",
                where=where,
                hint="URLs use it: rename it",
            )
    _check(head.get("expected") or {}, EXPECTED, where)
    return head


def _check(given: Mapping[Any, Any], shapes: Mapping[str, Callable[[Any], bool]], where: str) -> None:
    for key, value in given.items():
        if value is not None and key in shapes and not shapes[key](value):
            raise InputError(
                f"{key} has an invalid value in the #+ header", where=where, hint="see docs/how-to.md"
            )


def _scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | datetime.date)


def _scalars(value: Any) -> bool:
    return isinstance(value, list) and all(map(_scalar, value))


def _pairs(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_scalar, [*value, *value.values()]))


HEAD: Final[Mapping[str, Callable[[Any], bool]]] = {
    "description": lambda v: isinstance(v, str),
    "keywords": _scalars,
    "parameters": lambda v: isinstance(v, list) and all(isinstance(item, dict) for item in v),
    "expected": lambda v: isinstance(v, dict),
    "provenance": lambda v: isinstance(v, str) or _pairs(v),
}
PARAMETER: Final[Mapping[str, Callable[[Any], bool]]] = {
    "name": lambda v: isinstance(v, str),
    "type": lambda v: isinstance(v, str),
    "label": _scalar,
    "default": _scalar,
    "values": lambda v: _scalars(v) or _pairs(v),
    "values_query": lambda v: isinstance(v, str),
    "required": lambda v: isinstance(v, bool),
}
EXPECTED: Final[Mapping[str, Callable[[Any], bool]]] = {
    "rows": lambda v: isinstance(v, int),
    "columns": _scalars,
}
