"""The ways of laying out a table's cells in rows, each with a weight: how many columns, which cells are headings.

A weight is a log-likelihood ratio: of what the cells look like in their columns (:mod:`.column_fit`), of where a column
has empty cells, and of headings that are words, known, and name what is below them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Final, Literal

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import column_of, columns
from trialgraph.extract.layout.cell_per_line.column_fit import column_gain, looks
from trialgraph.extract.layout.cell_per_line.line_cells import CellLines, Lines
from trialgraph.extract.layout.headings import field_of

__all__ = [
    "FEWEST_COLUMNS",
    "GAP",
    "MOST_COLUMNS",
    "Layout",
    "complete",
    "field_named",
    "fills",
    "text_of",
    "weighed",
    "whole_layouts",
]

FEWEST_COLUMNS: Final = 2
MOST_COLUMNS: Final = 40
_HEADING_CHARS: Final = 150
# So many rows are looked at, and so many empty cells may stand before the first heading that is not.
_SAMPLE: Final = 100
_MOST_LEADING: Final = 4
# Log-odds of what headings look like.
_KNOWN: Final = 1.0
_KNOWN_BELOW: Final = -4.0
_NUMBER: Final = -3.0
_UNNAMED: Final = -1.5
_UNNAMED_FIRST: Final = -0.5
# An empty heading at the end is rather the blank line behind the headings.
_UNNAMED_LAST: Final = -25.0
_NAMES_CELL: Final = 0.7
_NAMES_OTHER: Final = -0.3
#: Log-odds of a blank line that ends the headings.
GAP: Final = 4.0
_FIRST_EMPTY: Final = -2.0
_EMPTY_ROW: Final = -6.0
_TRIMMED: Final = -1.0
# A column of blank lines alone that is not the last: rather the line behind each row, and the rows begin elsewhere.
_BLANK_WITHIN: Final = -30.0
# The only blank line of its kind ends the headings rather than being an empty cell.
_ONE_BLANK: Final = -6.0
# Of a table whose trials are its columns.
_TRANSPOSED: Final = -10.0
_WORDS: Final = ("word", "words", "phrase", "sentence")


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of laying out a table.

    :param head: the headings
    :param rows: the cells of each row, one for each heading
    :param weight: how well it fits
    :param gap: whether a blank line ends its headings
    :param behind: where the first cell of the rows is
    :param all_head: the headings with those of columns of blank lines alone
    :param remarks: what was done that a reader may not expect
    :param aligned: how it was found where cells may be missing: ``rows`` where blank lines stand between rows
    :param unsure: lines that may as well be in another column
    """

    head: Sequence[CellLines]
    rows: Sequence[Sequence[CellLines]]
    weight: float = 0.0
    gap: bool = False
    behind: int = 0
    all_head: Sequence[CellLines] = ()
    remarks: tuple[str, ...] = ()
    aligned: Literal["", "rows", "lines"] = ""
    unsure: frozenset[int] = frozenset()


def field_named(heading: str) -> str | None:
    """As :func:`field_of`; the same lines are asked for in each layout."""
    return _field_named(heading, columns())


@lru_cache(maxsize=4_096)
def _field_named(heading: str, _known: tuple[ColumnType, ...]) -> str | None:
    return field_of(heading) if len(heading) < _HEADING_CHARS else None


def fills(field: str, text: str) -> bool:
    """Whether a text is all that a cell of the column may hold."""
    return _fills(field, text, columns())


@lru_cache(maxsize=65_536)
def _fills(field: str, text: str, _known: tuple[ColumnType, ...]) -> bool:
    column = column_of(field)
    return column is not None and column.whole(text)


def text_of(cell: CellLines) -> str:
    """The text of a cell, its lines joined by blanks."""
    return " ".join(line.text.strip() for line in cell)


def whole_layouts(lines: Lines) -> Iterator[Layout]:
    """The layouts in which each row has as many cells as there are columns, none of them missing.

    Their rows are those that are looked at; :func:`complete` has all.
    """
    empty = [at for at, cell in enumerate(lines.cells) if not cell]
    size = len(lines.cells) + lines.lead + lines.trail
    for width in range(FEWEST_COLUMNS, min(MOST_COLUMNS, size // 2) + 1):
        for lead in range(min(lines.lead, width - 1, _MOST_LEADING) + 1):
            head, behind = _head(lines, width, lead)
            if sum(map(bool, head)) * 2 < width:
                continue
            marked = _is_marked(lines, behind)
            may_be_gap = behind < len(lines.cells) and not lines.cells[behind] and not lines.between
            for gap in (0, 1) if may_be_gap else (0,):
                made = _sample(lines, head, behind + gap, empty, gap=bool(gap) or marked)
                if made:
                    yield made


def complete(lines: Lines, layout: Layout) -> Layout:
    """The layout with all of its rows."""
    head, rows = layout.all_head, _chunks(lines.cells[layout.behind :], len(layout.all_head))
    kept = _kept(head, rows)
    return replace(layout, head=[head[c] for c in kept], rows=[[row[c] for c in kept] for row in rows])


def _head(lines: Lines, width: int, lead: int) -> tuple[list[CellLines], int]:
    """The headings with so many empty ones in front, and where the next cell is."""
    return [*([] for _ in range(lead)), *lines.cells[: width - lead]], width - lead


def _is_marked(lines: Lines, at: int) -> bool:
    """Whether one more blank line stands before a cell, or among the empty cells there."""
    while at < len(lines.cells) and at not in lines.breaks and not lines.cells[at]:
        at += 1
    return at in lines.breaks


def _sample(
    lines: Lines, head: Sequence[CellLines], behind: int, empty: Sequence[int], *, gap: bool
) -> Layout | None:
    width, left = len(head), len(lines.cells) - behind
    short = -left % width
    if left <= 0 or (short > lines.trail and left < width):
        return None
    rows = _chunks(lines.cells[behind : behind + width * _SAMPLE], width)
    # A column of blank lines alone is the line behind each row.
    kept = _kept(head, rows)
    if len(kept) < FEWEST_COLUMNS:
        return None
    gap = gap or (not head[-1] and kept[-1] < width - 1)
    # Where no blank line stands for a cell, it is no empty cell at the end that was trimmed.
    kept_empty = bool(empty) and empty[-1] >= behind
    if short > 1 and not kept_empty:
        return None
    trimmed = max(0, short - lines.trail) if kept_empty else short
    alone = not gap and len(lines.breaks if lines.between else empty) == 1
    within = any(c not in kept for c in range(width - 1))
    extra = _ONE_BLANK * alone + _TRIMMED * trimmed + _EMPTY_ROW * sum(not any(row) for row in rows)
    extra += _BLANK_WITHIN * within
    made = Layout([head[c] for c in kept], [[row[c] for c in kept] for row in rows], extra, gap, behind, head)
    return weighed(made)


def _chunks(body: Sequence[CellLines], width: int) -> list[list[CellLines]]:
    rows = [list(body[at : at + width]) for at in range(0, len(body), width)]
    rows[-1] += [[] for _ in range(width - len(rows[-1]))]
    return rows


def _kept(head: Sequence[CellLines], rows: Sequence[Sequence[CellLines]]) -> list[int]:
    return [c for c in range(len(head)) if head[c] or any(row[c] for row in rows)]


def weighed(layout: Layout) -> Layout:
    """The layout with its weight; what it has is added."""
    head, rows = layout.head, [row for row in layout.rows[:_SAMPLE] if any(row)]
    texts = [[text_of(cell) for cell in row] for row in rows]
    sections = [looks(row[0]) for row in texts if not any(row[1:])]
    texts = [row for row in texts if any(row[1:])]
    below = [[row[c] for row in texts if row[c]] for c in range(len(head))]
    seen = [[looks(text) for text in column] for column in below]
    lying = [[looks(text) for text in row[1:] if text] for row in texts]
    # A table whose trials are columns has in each row what others have in a column.
    gain = max(column_gain([*seen, sections]), column_gain([seen[0], sections, *lying]) + _TRANSPOSED)
    weight = layout.weight + gain + _holes(len(texts), len(rows))
    weight += sum(_holes(len(column), len(texts)) for column in below)
    names = [text_of(cell) for cell in head]
    weight += _UNNAMED_LAST * (not names[-1] and not layout.gap)
    weight += _head_weight(names, below) + _known_below(names, texts) + GAP * layout.gap
    weight += _FIRST_EMPTY * (bool(rows) and not rows[0][0])
    return replace(layout, weight=weight)


def _holes(filled: int, rows: int) -> float:
    """How probable the empty cells of a column are, each of the others given."""
    empty = rows - filled
    made = 0.0
    for count in (filled, empty):
        if count:
            made += count * math.log((count - 1 + 0.5) / rows)
    return made


def _head_weight(head: Sequence[str], below: Sequence[Sequence[str]]) -> float:
    weight = 0.0
    for at, (text, column) in enumerate(zip(head, below, strict=True)):
        if not text:
            weight += _UNNAMED_FIRST if at == 0 else _UNNAMED
            continue
        if looks(text)[0].split()[0] not in _WORDS:
            weight += _NUMBER
        field = field_named(text)
        if field is None:
            continue
        weight += _KNOWN
        for cell in column[:12]:
            weight += _NAMES_CELL if fills(field, cell) else _NAMES_OTHER
    return weight


def _known_below(head: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """Headings that would be cells of the first row, where those above are known too."""
    first = rows[0] if rows else []
    known = sum(bool(text) and field_named(text) is not None for text in head)
    below = 0
    for text, above in zip_longest(first, head, fillvalue=""):
        below += bool(text) and text != above and field_named(text) is not None
    return _KNOWN_BELOW * below if known >= 2 and below >= 2 else 0.0
