"""Lines to the text of a row in normal form, with the way back to the source, and its best cut.

A row is a line, or several lines where it is broken (:mod:`trialgraph.extract.segmentation.broken_rows`). A line
break is a blank to the segmentation, behind which a cell may begin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from trialgraph.base.normal_form import normal_form
from trialgraph.base.settings import Settings
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.segmentation.segmentation import Cut, cut, room, see
from trialgraph.extract.sources import Line
from trialgraph.extract.text.confusables import with_plain_numbers

__all__ = ["RowText", "weigh"]


@dataclass(frozen=True, slots=True)
class RowText:
    """The lines of a row and how they are cut.

    :param lines: one, or those that a row is broken over
    :param text: their normal form, a blank for each line break
    :param starts: for each character of it, and one past its end, the offset in the source where a cell that begins
        there begins
    :param ends: likewise, where a cell that ends there ends
    :param breaks: positions in ``text`` of the blanks that stand for line breaks
    :param found: the best cut; None where it is not cut, or no way of cutting it fits the columns
    :param why: then the reason
    """

    lines: tuple[Line, ...]
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[int, ...] = ()
    found: Cut | None = None
    why: str = ""

    @property
    def weight(self) -> float:
        """The weight of the best cut, 0 where there is none."""
        return self.found.weight if self.found else 0.0

    @property
    def filled(self) -> int:
        """How many columns of the best cut hold text."""
        return sum(i < j for i, j in pairwise(self.found.bounds)) if self.found else 0

    @property
    def start(self) -> int:
        """Offset in the source of its first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Offset in the source of the end of its last line."""
        return self.lines[-1].start + len(self.lines[-1].text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the source of a cell from one bound to another."""
        if start == end:
            return self.starts[start], self.starts[start]
        return self.starts[start], self.ends[end]


def weigh(lines: Sequence[Line], fields: Sequence[str | None], settings: Settings) -> RowText:
    """Lines as one row.

    :param settings: the limits: ``line_chars``, ``line_cuts``
    """
    return _weighed(tuple(lines), tuple(fields), settings.line_chars, settings.line_cuts, columns())


# What kind of table a text is, is asked of the lines that are then read.
@lru_cache(maxsize=64)
def _weighed(
    lines: tuple[Line, ...],
    fields: tuple[str | None, ...],
    most: int,
    places: int,
    _known: tuple[ColumnType, ...],
) -> RowText:
    """As :func:`weigh`.

    :param _known: the columns of this moment, on which the best cut depends
    """
    size = sum(len(line.text) for line in lines)
    if size > most:  # its text may be megabytes: it is not looked at
        place = (lines[0].start, lines[-1].start + len(lines[-1].text))
        empty = RowText(tuple(lines), "", place[:1], place[1:], ())
        return _not(empty, f"the line has {size} characters, more than the {most} that are segmented")
    made = _joined(lines)
    if len(made.text) > (holds := room(fields)):
        return _not(
            made, f"the line has {len(made.text)} characters, more than the {holds} that its columns hold"
        )
    seen = see(made.text, made.breaks)
    if len(seen.cuts) > places:
        return _not(
            made, f"a cell may end at {len(seen.cuts)} places, more than the {places} that are weighed"
        )
    found = cut(made.text, fields, seen)
    if found.weight == -math.inf:
        return _not(made, "a cell would be longer than those of its column can be")
    if found.weight <= 0:
        return _not(made, "no way of cutting it fits the columns")
    return RowText(made.lines, made.text, made.starts, made.ends, made.breaks, found)


def _not(made: RowText, why: str) -> RowText:
    return RowText(made.lines, made.text, made.starts, made.ends, made.breaks, None, why)


def _joined(lines: Sequence[Line]) -> RowText:
    text = ""
    # What has no width before the first character belongs to the first cell.
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    for n, line in enumerate(lines):
        normal = normal_form(with_plain_numbers(line.text))
        first, last = 0, len(normal.text)
        if len(lines) > 1:  # white space beside a line break says no more than the break
            first += len(normal.text) - len(normal.text.lstrip())
            last = max(first, len(normal.text.rstrip()))
        if n:
            breaks.append(len(text))
            text += " "
        at = [line.start + offset for offset in normal.offsets[first:last]]
        at[:1] = [line.start] * len(at[:1])
        starts += at
        ends += at
        text += normal.text[first:last]
        starts.append(line.start + len(line.text))
        ends.append(line.start + len(line.text))
    # A cell that ends behind a break ends where the line does.
    for p in breaks:
        ends[p + 1] = ends[p]
    return RowText(tuple(lines), text, tuple(starts), tuple(ends), tuple(breaks))
