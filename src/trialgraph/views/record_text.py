"""A record of a registry as JSON again, made of what was read from it: each value in a line, at its place.

What is not read (names of persons, contacts, fields that no mapping file has) is not there; values are those of the
graph: words of enumerations in lower case, ids of MeSH as MeSH writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from trialgraph.views.record_fields import FieldProvenance

__all__ = ["RecordLine", "record_text"]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A line of the text.

    :param indent: how deep it stands
    :param before: what stands before the value: the key, a bracket
    :param value: as JSON; empty: the line has none
    :param after: a comma, a bracket
    :param anchor: the JSON pointer of the value, by which links lead to it
    :param about: property, reader and meaning of its field
    :param marked: whether the page is about it
    """

    indent: int
    before: str
    value: str = ""
    after: str = ""
    anchor: str = ""
    about: str = ""
    marked: bool = False


@dataclass(slots=True)
class _Node:
    fields: list[FieldProvenance] = field(default_factory=list)
    below: dict[str, _Node] = field(default_factory=dict)


def record_text(fields: Sequence[FieldProvenance], about: str = "") -> Iterator[RecordLine]:
    """The lines of a record.

    :param fields: all that one record states
    :param about: IRI of the node that the page is about; its values are marked
    """
    root = _Node()
    for one in fields:
        node = root
        for part in one.place.split("/")[1:]:
            node = node.below.setdefault(part, _Node())
        node.fields.append(one)
    yield from _lines(root, "", 0, about, last=True)


def _lines(node: _Node, key: str, indent: int, about: str, *, last: bool) -> Iterator[RecordLine]:
    comma = "" if last else ","
    name = f"{json.dumps(key, ensure_ascii=False)}: " if key and not _is_item(key) else ""
    if not node.below:
        several = len(node.fields) > 1
        for n, one in enumerate(node.fields, start=1):
            ends = "," if several and n < len(node.fields) else comma
            yield RecordLine(
                indent,
                name,
                json.dumps(_value(one), ensure_ascii=False),
                ends,
                one.place if n == 1 else "",
                f"{one.property}; read as {one.reader}; {one.meaning}",
                bool(about) and one.node == about,
            )
        return
    listed = all(map(_is_item, node.below))
    yield RecordLine(indent, name + ("[" if listed else "{"))
    for one in node.fields:  # the number of entries of a list, of which others are read
        yield RecordLine(indent + 1, "", f"{one.value} entries", "", one.place, one.property, False)
    places = _ordered(node.below)
    for n, part in enumerate(places, start=1):
        yield from _lines(node.below[part], part, indent + 1, about, last=n == len(places))
    yield RecordLine(indent, "", "", ("]" if listed else "}") + comma)


def _ordered(parts: Iterable[str]) -> list[str]:
    return sorted(parts, key=lambda part: (int(part), "") if part.isdecimal() else (0, ""))


def _is_item(part: str) -> bool:
    return part.isdecimal() or part == "{n}"


def _value(one: FieldProvenance) -> Any:
    if one.reader in ("count", "length", "number"):
        return json.loads(one.value)
    if one.reader == "boolean":
        return one.value == "true"
    return one.value
