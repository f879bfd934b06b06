"""Rows that are broken over lines: which lines of a run-together table are one row.

Two rows read as one fit the columns far worse than each by itself, as a row has each of its cells once. Two parts of
one row fit far better together: each lacks what the other has. Lines are joined where that is clear; where it is not,
and they may be parts of one row, neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.extract.segmentation.row_text import RowText, weigh
from trialgraph.extract.sources import Line

__all__ = ["rows_of_lines"]

# A row is broken over no more lines, and has no more characters.
_MOST_LINES: Final = 6
_MOST_CHARS: Final = 4_000
# A part of a row fills half of the columns at most, or fits less well than this share of the table's best row.
_PART: Final = 0.6
# How much better (log-odds) a row has to fit than its parts by themselves.
_BETTER: Final = 3.0
# Within this it may be one row, and may be several.
_UNCLEAR: Final = -8.0
# Below this no further line makes one row of them.
_HOPELESS: Final = -20.0
# What stands before a line break, or behind it, where a sentence or a list goes on.
_GOES_ON: Final = re.compile(
    r"(?:[,;:(\[/&+–-]|\b(?:a|an|and|as|at|by|for|from|in|no|not|of|on|or|per|plus|than|the|to|vs|was|were|with)) $"
)
_BEGINS: Final = re.compile(r"[A-Z0-9\[(*†‡§¶]|[a-z]\) ")

#: Lines of one row: the first, and one past the last.
_Group = tuple[int, int]


def rows_of_lines(
    lines: Sequence[Line], fields: Sequence[str | None], settings: Settings
) -> Iterator[RowText]:
    """The rows of a stretch of lines without blank ones between them, in their order.

    :param settings: the limits of a line: ``line_chars``, ``line_cuts``
    """
    alone = [weigh([line], fields, settings) for line in lines]
    joined = _joined(alone, fields, settings)
    groups = _groups(alone, joined)
    unclear = _unclear(groups, alone, joined, fields)
    for group in groups:
        row = _row(group, alone, joined)
        yield replace(row, found=None, why=_PART_OF_A_ROW) if group in unclear else row


_PART_OF_A_ROW: Final = "it may be a part of a row that is broken over lines"


def _row(group: _Group, alone: Sequence[RowText], joined: Mapping[_Group, RowText]) -> RowText:
    first, end = group
    return alone[first] if end - first == 1 else joined[group]


def _joined(
    alone: Sequence[RowText], fields: Sequence[str | None], settings: Settings
) -> dict[_Group, RowText]:
    """Neighbouring lines as one row, by the first and one past the last, where each but one is no whole row."""
    made: dict[_Group, RowText] = {}
    most = max(row.weight for row in alone)
    for first in range(len(alone)):
        for end in range(first + 2, min(first + _MOST_LINES, len(alone)) + 1):
            parts = alone[first:end]
            whole = sum(part.filled * 2 > len(fields) + 1 and part.weight > _PART * most for part in parts)
            # A line of characters without width is part of nothing.
            if (
                whole > 1
                or not all(part.text for part in parts)
                or sum(len(part.text) for part in parts) > _MOST_CHARS
            ):
                break
            row = weigh([line for part in parts for line in part.lines], fields, settings)
            if _gain(row, parts) < _HOPELESS:
                break
            made[first, end] = row
    return made


def _gain(row: RowText, parts: Sequence[RowText]) -> float:
    return row.weight - sum(part.weight for part in parts)


def _groups(alone: Sequence[RowText], joined: Mapping[_Group, RowText]) -> list[_Group]:
    """The groups of lines that fit best: a line by itself, or several as one row."""
    best = [0.0]
    begins = [0]
    for end in range(1, len(alone) + 1):
        ways = [(best[end - 1] + alone[end - 1].weight, end - 1)]
        for first in range(max(0, end - _MOST_LINES), end - 1):
            row = joined.get((first, end))
            if row and _is_clear(row, alone[first:end]):
                ways.append((best[first] + row.weight, first))
        weight, first = max(ways)
        best.append(weight)
        begins.append(first)
    groups = []
    at = len(alone)
    while at:
        groups.append((begins[at], at))
        at = begins[at]
    return groups[::-1]


def _is_clear(row: RowText, parts: Sequence[RowText]) -> bool:
    """Whether lines are one row: it fits better than they do, and each adds cells or continues a sentence."""
    gain = _gain(row, parts)
    return row.found is not None and all(gain >= _wanted(row, at)[0] for at in row.breaks)


def _wanted(row: RowText, at: int) -> tuple[float, float]:
    """How much better two lines have to fit together to be one row, and to be perhaps one row."""
    assert row.found  # noqa: S101 - asked of rows that are cut
    spans = [(i, j) for i, j in pairwise(row.found.bounds) if i < j]
    before, behind = any(j <= at + 1 for _, j in spans), any(i > at for i, _ in spans)
    if before and behind:
        return _BETTER, _UNCLEAR
    if _continues(row.text, at):
        return -_BETTER, _UNCLEAR
    # What stands alone in front of a row may be a title; what stands alone behind it, a footnote.
    return (2 * _BETTER, _UNCLEAR) if behind else (3 * _BETTER, _BETTER)


def _continues(text: str, at: int) -> bool:
    """Whether a sentence or a list goes on behind a line break."""
    return bool(_GOES_ON.search(text, 0, at + 1)) or not _BEGINS.match(text, at + 1)


def _unclear(
    groups: Sequence[_Group],
    alone: Sequence[RowText],
    joined: Mapping[_Group, RowText],
    fields: Sequence[str | None],
) -> set[_Group]:
    """The groups of lines that may be one row together with a neighbour."""
    made: set[_Group] = set()
    for (first, end), row in joined.items():
        parts = [group for group in groups if first <= group[0] and group[1] <= end]
        if len(parts) < 2 or row.found is None or (parts[0][0], parts[-1][1]) != (first, end):
            continue
        gain = row.weight - sum(_row(group, alone, joined).weight for group in parts)
        if all(gain > _wanted(row, at)[1] for at in row.breaks):
            made.update(group for group in parts if not _is_whole(group, first, row, fields))
    return made


def _is_whole(group: _Group, first: int, row: RowText, fields: Sequence[str | None]) -> bool:
    """Whether the group has all cells of the row that any reader reads: the rest is in columns that nobody knows.

    :param first: the first line of the row
    """
    assert row.found  # noqa: S101 - asked of rows that are cut
    edges = [-1, *row.breaks, len(row.text)]
    start, stop = edges[group[0] - first] + 1, edges[group[1] - first]
    spans = zip(fields, pairwise(row.found.bounds), strict=True)
    # A cell that ends behind a break holds its blank.
    return all(start <= i and j <= stop + 1 for field, (i, j) in spans if field and i < j)
