"""What rows, records, cells and readings are called: their IRIs say it, so that no label of theirs is stated."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from trialgraph.rdf import iris

__all__ = ["provenance_label", "reading_label"]

# The longest value in the label of a reading.
_VALUE_CHARS: Final = 60

_ROW: Final = re.compile(r"row/([^/]+)/(\d+)")
_CELL: Final = re.compile(r"cell/([^/]+)/([^/]+)/([^/]+)(?:/(position|address))?")
_READING: Final = re.compile(r"reading/([^/]+)/([^/]+)/([^/]+)/(\d+)")
_RECORD: Final = re.compile(r"record/([^/]+)/([^/]+)")
_PART: Final = re.compile(r"record-([a-z-]+)/([^/]+)/([^/]+)/([\d/]+)")
_LINK: Final = re.compile(r"trial-link/([^/]+)/([^/]+)/(\d+)")


def provenance_label(iri: str) -> str:
    """The label of a row, cell, selector, reading, record or part of a record; empty for any other IRI."""
    if not iri.startswith(iris.base()):
        return ""
    local = iri[len(iris.base()) :]
    if found := _READING.fullmatch(local):
        source, row, name, number = map(unquote, found.groups())
        which = f", {number}" if number != "1" else ""
        return f"Reading of {name} in {source} {_place(row)}{which}"
    if found := _CELL.fullmatch(local):
        source, row, key = map(unquote, found.groups()[:3])
        of = f"{found[4].capitalize()} of {key}" if found[4] else key.capitalize()
        return f"{of} in {_place(row)} of {source}"
    if found := _ROW.fullmatch(local):
        return f"Row {found[2]} of {unquote(found[1])}"
    return _label_of_record(local)


def _place(name: str) -> str:
    """A row by its number, or a record by what it is called: numbers of registries are more than digits."""
    return f"row {name}" if name.isdecimal() else f"record {name}"


def _label_of_record(local: str) -> str:
    """The label of a record, of a part of one, of a link that it states; empty for anything else."""
    if found := _PART.fullmatch(local):
        kind, source, name, indices = map(unquote, found.groups())
        numbers = ".".join(str(int(index) + 1) for index in indices.split("/"))
        return f"{kind.replace('-', ' ').capitalize()} {numbers} of record {name} in {source}"
    if found := _RECORD.fullmatch(local):
        return f"Record {unquote(found[2])} in {unquote(found[1])}"
    if found := _LINK.fullmatch(local):
        return f"Link {found[3]} of record {unquote(found[2])} in {unquote(found[1])}"
    return ""


def reading_label(iri: str, rule: str, value: str) -> str:
    """What a reading is called where its rule and its value are known, so that competing ones differ.

    :param rule: its id
    """
    shortened = value if len(value) <= _VALUE_CHARS else value[: _VALUE_CHARS - 1] + "…"
    return f"{provenance_label(iri)} ({rule.partition('.')[2].replace('-', ' ')}: {shortened})"
