"""Lines to the cells of a table with one cell per line: what its blank lines are.

A blank line is an empty cell, or stands behind each cell (as publishers' pages are pasted: then a cell may have several
lines), behind each row, or behind the headings. Which of these, nothing but the table tells: each way is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from trialgraph.extract.grids.table_texts import is_label, is_note
from trialgraph.extract.layout.headings import field_of
from trialgraph.extract.sources import Line

__all__ = ["CellLines", "Lines", "cells_of", "parts_of"]

#: The lines of a cell; none where it is empty.
CellLines = list[Line]

_HEADING_CHARS: Final = 90
_NOTE_CHARS: Final = 15
# Where this share of the lines is followed by a blank one, blank lines stand between cells.
_BETWEEN: Final = 0.8
_FEWEST: Final = 8


@dataclass(frozen=True, slots=True)
class Lines:
    """The cells of a text in their order.

    :param cells: the first to the last that holds text, with those that blank lines may stand for
    :param lead: how many blank lines stand before the first
    :param trail: how many empty cells may stand behind the last
    :param between: whether blank lines stand between the cells
    :param breaks: indexes of cells before which one blank line more stands than between others
    """

    cells: tuple[CellLines, ...]
    lead: int = 0
    trail: int = 0
    between: bool = False
    breaks: frozenset[int] = field(default=frozenset())


def parts_of(body: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """Title lines, the lines of the table with the blank ones around them, and the notes below."""
    between = _is_between(body)
    front: list[Line] = []
    first = 0
    while (at := _next(body, first)) < len(body) and _is_title(body, at, any_alone=not between and not front):
        front.append(body[at])
        first = at + 1
    # The blank line behind a title is no cell.
    first += bool(front and first < len(body) and not body[first].text.strip())
    behind: list[Line] = []
    last = len(body)
    while (at := _previous(body, last)) >= first and _is_note(body[at].text):
        behind.insert(0, body[at])
        last = at
    return front, list(body[first:last]), behind


def _next(body: Sequence[Line], at: int) -> int:
    while at < len(body) and not body[at].text.strip():
        at += 1
    return at


def _previous(body: Sequence[Line], end: int) -> int:
    while end and not body[end - 1].text.strip():
        end -= 1
    return end - 1


def _is_title(body: Sequence[Line], at: int, *, any_alone: bool) -> bool:
    """Whether a line is a title: a label, longer than any heading, or alone."""
    text = body[at].text.strip()
    if is_label(text):
        return True
    alone = any_alone and at + 1 < len(body) and not body[at + 1].text.strip()
    return field_of(text) is None and (alone or len(text) > _HEADING_CHARS)


def _is_note(text: str) -> bool:
    return is_note(text) and len(text) > _NOTE_CHARS


def _is_between(body: Sequence[Line]) -> bool:
    filled = [at for at, line in enumerate(body) if line.text.strip()]
    followed = sum(at + 1 == len(body) or not body[at + 1].text.strip() for at in filled)
    return len(filled) >= _FEWEST and followed >= _BETWEEN * len(filled)


def cells_of(body: Sequence[Line]) -> Lines:
    """The cells of the lines of a table."""
    first, last = _next(body, 0), _previous(body, len(body))
    if first > last:
        return Lines(())
    inside = body[first : last + 1]
    lead, trail = first, len(body) - 1 - last
    if not _is_between(inside):
        return Lines(tuple([line] if line.text.strip() else [] for line in inside), lead, trail)
    cells: list[CellLines] = []
    breaks: set[int] = set()
    blank = 0
    for line in inside:
        if not line.text.strip():
            blank += 1
            continue
        if blank or not cells:
            # An empty cell is a blank line with a blank line behind it.
            cells += [[] for _ in range((blank - 1) // 2 if blank else 0)]
            if blank and blank % 2 == 0:
                breaks.add(len(cells))
            cells.append([])
        cells[-1].append(line)
        blank = 0
    return Lines(tuple(cells), lead // 2, trail // 2, between=True, breaks=frozenset(breaks))
