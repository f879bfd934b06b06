"""A record of a registry as JSON again, made of what was read from it: each value in a line, at its place.

What is not read (names of persons, contacts, fields that no mapping file has) is not there; values are those of the
graph: words of enumerations in lower case, ids of MeSH as MeSH writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from trialgraph.views.record_fields import FieldProvenance

__all__ = ["RecordLine", "anchor_of", "json_around", "record_text"]

#: In a place the index of a value of which is not known where in a list it stands.
_SOME: Final = "{n}"


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
    :param begins: the JSON pointer of the list, the object or the values of one field that begin with this line
    :param ends: these end with this line
    """

    indent: int
    before: str
    value: str = ""
    after: str = ""
    anchor: str = ""
    about: str = ""
    marked: bool = False
    begins: str = ""
    ends: bool = False


@dataclass(slots=True)
class _Node:
    fields: list[FieldProvenance] = field(default_factory=list)
    below: dict[str, _Node] = field(default_factory=dict)


def anchor_of(place: str) -> str:
    """The anchor of the list that a template of a place has its first index into; of any other place itself."""
    return place.partition(f"/{_SOME}")[0]


def json_around(pointer: str) -> tuple[list[str], list[str]]:
    """The lines of JSON before and behind the value of a pointer, with nothing but what leads to it.

    The value stands at the end of the last line before. Entries of a list that are left out are shown as ``…``.
    """
    parts = pointer.split("/")[1:]
    before, behind = ["{"], ["}"]
    for depth, part in enumerate(parts, start=1):
        indent = "  " * depth
        name = "" if _is_item(part) else f"{json.dumps(part, ensure_ascii=False)}: "
        if part.isdecimal() and int(part):
            before.append(f"{indent}…,")
        if depth == len(parts):
            before.append(indent + name)
        else:
            listed = _is_item(parts[depth])
            before.append(indent + name + ("[" if listed else "{"))
            behind.insert(0, indent + ("]" if listed else "}"))
    return before, behind


def record_text(fields: Sequence[FieldProvenance], about: str = "") -> Iterator[RecordLine]:
    """The lines of a record.

    :param fields: all that one record states
    :param about: IRI of the part of the record that the page is about; its values are marked
    """
    root = _Node()
    for one in fields:
        node = root
        for part in one.place.split("/")[1:]:
            node = node.below.setdefault(part, _Node())
        node.fields.append(one)
    yield from _lines(root, "", "", 0, about, last=True)


def _lines(node: _Node, place: str, key: str, indent: int, about: str, *, last: bool) -> Iterator[RecordLine]:
    comma = "" if last else ","
    name = f"{json.dumps(key, ensure_ascii=False)}: " if key and not _is_item(key) else ""
    if not node.below:
        yield from _values(node.fields, name, indent, about, comma)
        return
    listed = all(map(_is_item, node.below))
    yield RecordLine(indent, name + ("[" if listed else "{"), begins=place)
    for one in node.fields:  # the number of entries of a list, of which others are read
        yield RecordLine(indent + 1, "", _entries(one), about=_about(one))
    places = _ordered(node.below)
    for n, part in enumerate(places, start=1):
        ends = n == len(places)
        if part == _SOME and (single := _single(node.below[part])):
            yield from _objects(*single, indent + 1, about, last=ends)
        else:
            yield from _lines(node.below[part], f"{place}/{part}", part, indent + 1, about, last=ends)
    yield RecordLine(indent, "", "", ("]" if listed else "}") + comma, ends=bool(place))


def _values(
    fields: Sequence[FieldProvenance], name: str, indent: int, about: str, comma: str
) -> Iterator[RecordLine]:
    """The values of one place, each in a line: more than one where they are those of a list."""
    for n, one in enumerate(fields, start=1):
        number = one.reader == "length"
        yield _line(
            one,
            RecordLine(
                indent,
                name + ("[" if number else ""),
                _entries(one) if number else json.dumps(_value(one), ensure_ascii=False),
                ("]" if number else "") + ("," if n < len(fields) else comma),
            ),
            about,
            (n, len(fields)),
        )


def _line(one: FieldProvenance, line: RecordLine, about: str, part: tuple[int, int]) -> RecordLine:
    """The line of a value, with its anchor; of several values of a field that of all of them begins with the first.

    :param part: which value it is, from 1, of how many
    """
    number, count = part
    return replace(
        line,
        anchor=one.place if count == 1 else "",
        begins=one.place if count > 1 and number == 1 else "",
        ends=count > 1 and number == count,
        about=_about(one),
        marked=bool(about) and one.node == about,
    )


def _single(node: _Node) -> tuple[str, Sequence[FieldProvenance]] | None:
    """Key and values where of each entry of a list nothing but one field is read."""
    held = list(node.below.items())
    if node.fields or len(held) != 1 or held[0][1].below:
        return None
    return held[0][0], held[0][1].fields


def _objects(
    key: str, fields: Sequence[FieldProvenance], indent: int, about: str, *, last: bool
) -> Iterator[RecordLine]:
    """An object for each value of such a list."""
    for n, one in enumerate(fields, start=1):
        yield _line(
            one,
            RecordLine(
                indent,
                f"{{{json.dumps(key, ensure_ascii=False)}: ",
                json.dumps(_value(one), ensure_ascii=False),
                "}" + ("" if last and n == len(fields) else ","),
            ),
            about,
            (n, len(fields)),
        )


def _entries(one: FieldProvenance) -> str:
    """The length of a list, in words."""
    return f"{one.value} {'entry' if one.value == '1' else 'entries'}"


def _about(one: FieldProvenance) -> str:
    return f"{one.property}; read as {one.reader}; {one.meaning}"


def _ordered(parts: Iterable[str]) -> list[str]:
    """Keys as they come; of a list the entries by their indices, those without a known one last."""
    return sorted(parts, key=lambda part: (part == _SOME, int(part) if part.isdecimal() else 0))


def _is_item(part: str) -> bool:
    return part.isdecimal() or part == "{n}"


def _value(one: FieldProvenance) -> Any:
    if one.reader in ("count", "number"):
        return json.loads(one.value)
    if one.reader == "boolean":
        return one.value == "true"
    return one.value
