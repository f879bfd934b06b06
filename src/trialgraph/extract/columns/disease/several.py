"""The conditions of a cell: one, or several where it names several diseases side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from trialgraph.extract.columns.disease.condition import INVERTED, QUALIFIED, WHOLE, read_condition
from trialgraph.extract.columns.disease.indexed import INDEXED
from trialgraph.model.reading import rule
from trialgraph.model.report import Condition
from trialgraph.model.table import Cell
from trialgraph.terminology.names.name_parts import parts

__all__ = ["read_conditions"]

EACH: Final = rule(
    "disease.each",
    "Several diseases side by side are conditions of their own where each stands there by a whole name, or in a list "
    "with semicolons by a name and its qualifiers.",
    example="RA and SLE", gives="rheumatoid arthritis|systemic lupus erythematosus",
    counter_example="Refractory RA and SLE",
)  # fmt: skip

# What stands between two diseases of which neither is said of the other: not "with", not "versus". A comma alone may
# turn a name round ("Nephritis, lupus"), and a slash make one disease of two ("MDS/MPN").
_LIST: Final = re.compile(r"\s*[;|\n]\s*")
_AND: Final = re.compile(r"\s*,?\s*(?:\b(?:and/or|and|or)\b|[&+])\s*", re.IGNORECASE)
_COMMA: Final = re.compile(r"\s*,\s*")
_WHOLE: Final = frozenset({WHOLE.id, INDEXED.id})
_ONE: Final = _WHOLE | {INVERTED.id}
_LISTED: Final = _ONE | {QUALIFIED.id}
# Conditions of one cell.
_MOST: Final = 8

_Spans = tuple[tuple[int, int], ...]


def read_conditions(cell: Cell) -> tuple[Condition, ...]:
    """The conditions of a cell, with the readings of their qualifiers; where it is not certain what each is, one."""
    condition, qualifiers = read_condition(cell)
    if condition is None:
        return ()
    if condition.disease is None or condition.reading.rule not in _ONE:
        for spans, rules in _ways(cell.text or ""):
            if several := _each(cell, spans, rules):
                return several
    return (replace(condition, beside=qualifiers),)


def _ways(text: str) -> Iterator[tuple[_Spans, frozenset[str]]]:
    """The ways to take a text apart where diseases stand side by side, and the rules by which each may be read."""
    for way in parts(text, "disease"):
        spans = _spans(text, way.names)
        gaps = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
        if not 1 < len(spans) == len(way.names) <= _MOST:
            continue
        if text[: spans[0][0]].strip() or text[spans[-1][1] :].strip(" .;"):
            continue
        if all(_LIST.fullmatch(gap) for gap in gaps):
            yield spans, _LISTED
        elif all(_AND.fullmatch(gap) or _COMMA.fullmatch(gap) for gap in gaps) and _AND.fullmatch(gaps[-1]):
            yield spans, _WHOLE


def _spans(text: str, names: Sequence[str]) -> _Spans:
    """Where names stand in a text, one behind the other; fewer where one of them is not there as it is."""
    made: list[tuple[int, int]] = []
    for name in names:
        start = text.find(name, made[-1][1] if made else 0)
        if start < 0:
            break
        made.append((start, start + len(name)))
    return tuple(made)


def _each(cell: Cell, spans: _Spans, rules: frozenset[str]) -> tuple[Condition, ...]:
    """A condition for each span; none at all where one of them is not certain, or two are the same disease."""
    made: list[Condition] = []
    for start, end in spans:
        condition, qualifiers = read_condition(_part(cell, start, end))
        if condition is None or condition.disease is None or condition.reading.rule not in rules:
            return ()
        reading = condition.reading
        if reading.rule in _WHOLE:
            reading = replace(reading, rule=EACH.id)
        whole, first, last = cell.place(start, end)
        printed = (whole.text or "")[first:last]
        made.append(replace(condition, as_reported=printed, reading=reading, beside=qualifiers))
    different = {condition.disease.id for condition in made if condition.disease}
    return tuple(made) if len(different) == len(made) else ()


def _part(cell: Cell, start: int, end: int) -> Cell:
    """A stretch of a cell as a cell; what is read from it leads back to the whole."""
    offsets = cell.offsets[start : end + 1] if cell.original else tuple(range(start, end + 1))
    return replace(cell, text=(cell.text or "")[start:end], original=cell.original or cell, offsets=offsets)
