"""The mapping files: a line for each field of a registry's record (``ontology/mappings/<registry>.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast, get_args

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.model.record import FieldLine, Layer

__all__ = ["LAYERS", "FieldMapping", "field_mapping"]

LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What a mapping file says.

    :param registry: whose records it reads
    :param source: address of the registry's own documentation
    :param nodes: by kind of node the template of its place; a study's is empty
    :param lines: by path template
    :param only: by the template of an item of a list, which items the core reads: a key and its values
    :param unread: by template, why what stands there is not read
    :param enums: by name the values of each enumeration
    """

    registry: str
    source: str
    version: str
    nodes: Mapping[str, str]
    lines: Mapping[str, FieldLine]
    only: Mapping[str, tuple[str, frozenset[str]]]
    unread: Mapping[str, str]
    enums: Mapping[str, frozenset[str]]


@cache
def field_mapping(name: str) -> FieldMapping:
    """The mapping file of that name: ``clinicaltrials_gov``, ``ictrp``.

    :raises InputError: it is missing or malformed
    """
    path = resource("ontology") / "mappings" / f"{name}.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return _mapping(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"no mapping file: {error}", where=str(path), hint="restore it, or reinstall trialgraph"
        ) from error


def _mapping(found: Mapping[str, Any]) -> FieldMapping:
    nodes: dict[str, str] = found["nodes"]
    depths = {kind: template.count("{n}") for kind, template in nodes.items()}
    lines = {
        path: FieldLine(
            registry=found["registry"],
            path=path,
            node=line["node"],
            depth=depths[line["node"]],
            predicate=line["property"],
            reader=line["reader"],
            source=line["source"],
            layer=cast(Layer, layer),
            csv=line.get("csv", ""),
            who=line.get("who", ""),
            distinct=line.get("distinct", False),
        )
        for layer, fields in found["fields"].items()
        for path, line in fields.items()
    }
    return FieldMapping(
        registry=found["registry"],
        source=found["source"],
        version=found["version"],
        nodes=nodes,
        lines=lines,
        only={path: (only["key"], frozenset(only["values"])) for path, only in found.get("only", {}).items()},
        unread=found.get("unread", {}),
        enums={name: frozenset(values) for name, values in found.get("enums", {}).items()},
    )
