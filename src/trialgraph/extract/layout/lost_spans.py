"""Headings of a separated text whose spans are lost, placed over the columns that hold what they name.

A browser that copies a table as text writes each heading once, however many columns or rows it spans. Of two lines of
headings with k and m texts over n columns, k + m - n headings of the upper line are divided by those of the lower; or,
where that is one, they are one line with a line break in a heading. Of one line with fewer texts than columns, some
columns have no heading. Which ones, what the columns hold says. A column whose heading stays in doubt has none, so that
nothing is read from it as what it may not be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final

from trialgraph.extract.columns import column_of
from trialgraph.extract.layout.column_roles import role_of, share_of
from trialgraph.extract.layout.grid_headings import distinct, known_cells
from trialgraph.model.grid import Grid, GridCell, GridRow

__all__ = ["with_spans"]

#: Of a placement: for each heading of the upper line its first column and how many it spans; none at all where both
#: lines are one, with a line break in a heading.
_Spans = tuple[tuple[int, int], ...]
_JOINED: Final[_Spans] = ()

# As many placements are weighed.
_MOST_WAYS: Final = 3_000
# As many complete rows have to stand below, and as many are looked at.
_FEWEST_ROWS: Final = 3
_SAMPLE: Final = 20
# How much more a placement has to fit than another that gives a column another meaning.
_CLEAR: Final = 1.5
# What a heading adds that names a column, and what the share of cells that look like it adds or takes.
_NAMES: Final = 0.5
_LOOKS: Final = 3.0
# What groups whose divisions are the same add, and what one takes in which a division stands twice.
_ALIKE: Final = 1.0
_TWICE: Final = -1.5


def with_spans(grid: Grid) -> Grid:
    """The grid with the headings of its first lines placed; as it is where they are complete, or name nothing."""
    first = next((n for n, row in enumerate(grid.rows) if len(distinct(row.cells)) > 1), None)
    if first is None or grid.rows[first].given is None or len(grid.rows) < first + 2:
        return grid
    width = len(grid.rows[first].cells)
    upper, lower = _given(grid.rows[first]), _given(grid.rows[first + 1])
    if len(upper) >= width:
        return grid
    if not _are_headings(grid.rows, first + 1):
        lower = []
    body = [row for row in grid.rows[first + 1 + bool(lower) :] if row.given == width]
    ways = list(_ways(len(upper), len(lower), width, upper))
    if len(body) < _FEWEST_ROWS or known_cells([*upper, *lower]) < 2:
        # As R writes a table whose rows have names.
        unnamed = tuple((column, 1) for column in range(1, width))
        ways = [way for way in ways if way in (_JOINED, unnamed)]
    if not ways:
        if not known_cells([*upper, *lower]):
            return grid
        here = f"line {grid.rows[first].line} has {len(upper)} headings for {width} columns"
        said = f"{here}; they are read from the left"
        return replace(grid, remarks=(*grid.remarks, said))
    cells = [[row.cells[c].text for row in body[:_SAMPLE] if row.cells[c].text.strip()] for c in range(width)]
    weights = _Weights(upper, lower, cells)
    ranked = sorted(((weights.of(way), way) for way in ways), key=lambda one: (-one[0], one[1]))
    best = ranked[0][1]
    near = [way for weight, way in ranked if ranked[0][0] - weight < _CLEAR]
    doubtful = frozenset(c for c in range(width) if len({weights.meaning(way, c) for way in near}) > 1)
    rows = list(grid.rows)
    if best == _JOINED:
        rows[first : first + 2] = _joined(rows, first, doubtful)
    else:
        rows[first : first + 1 + bool(lower)] = _placed(rows, first, best, bool(lower), doubtful)
    return replace(
        grid, rows=tuple(rows), remarks=(*grid.remarks, _remark(rows, first, bool(lower), doubtful))
    )


def _are_headings(rows: Sequence[GridRow], at: int) -> bool:
    """Whether a line below headings is one of headings, too: a complete one has to name more than the next."""
    known, given = known_cells(_given(rows[at])), rows[at].given or 0
    if given < len(rows[at].cells):
        return known > 0
    return known * 2 >= given and at + 1 < len(rows) and known > known_cells(rows[at + 1].cells) + 1


def _remark(rows: Sequence[GridRow], first: int, lower: bool, doubtful: frozenset[int]) -> str:
    lines = f"lines {rows[first].line} and {rows[first + 1].line}" if lower else f"line {rows[first].line}"
    width = len(rows[first].cells)
    said = f"the headings on {lines} are not one for each of {width} columns; they are placed by what the columns hold"
    if doubtful:
        which = ", ".join(str(column + 1) for column in sorted(doubtful))
        said += (
            f", with none above {'column' if len(doubtful) == 1 else 'columns'} {which}, where it is in doubt"
        )
    return said


def _given(row: GridRow) -> list[GridCell]:
    return list(row.cells[: row.given])


def _ways(upper: int, lower: int, width: int, cells: Sequence[GridCell]) -> Iterator[_Spans]:
    """Each way of placing the upper headings."""
    if not lower:
        if math.comb(width, upper) <= _MOST_WAYS:
            yield from (tuple((c, 1) for c in chosen) for chosen in combinations(range(width), upper))
        return
    if lower == width:
        # An empty cell of the upper line spans one column.
        free = [at for at in range(upper) if cells[at].text.strip()]
        sizes = _sizes(width - upper + len(free), len(free), 1)
        yield from (_spans(upper, dict(zip(free, size, strict=True))) for size in sizes)
        return
    groups = upper + lower - width
    if groups == 1:
        yield _JOINED
    if not 1 <= groups <= upper or lower < 2 * groups:
        return
    count = math.comb(upper, groups) * math.comb(lower - groups - 1, groups - 1)
    if count > _MOST_WAYS:
        return
    for chosen in combinations(range(upper), groups):
        for size in _sizes(lower, groups, 2):
            yield _spans(upper, dict(zip(chosen, size, strict=True)))


def _sizes(total: int, parts: int, least: int) -> Iterator[tuple[int, ...]]:
    """Each way of dividing a number into parts that have a least size."""
    free = total - parts * least
    if parts < 1 or free < 0 or math.comb(free + parts - 1, parts - 1) > _MOST_WAYS:
        return
    for cuts in combinations(range(free + parts - 1), parts - 1):
        yield tuple(b - a - 1 + least for a, b in pairwise((-1, *cuts, free + parts - 1)))


def _spans(upper: int, sizes: dict[int, int]) -> _Spans:
    made, column = [], 0
    for at in range(upper):
        made.append((column, sizes.get(at, 1)))
        column += sizes.get(at, 1)
    return tuple(made)


class _Weights:
    """How well a placement fits what the columns hold."""

    def __init__(
        self, upper: Sequence[GridCell], lower: Sequence[GridCell], columns: Sequence[Sequence[str]]
    ) -> None:
        self._upper = [" ".join(cell.text.split()) for cell in upper]
        self._lower = [" ".join(cell.text.split()) for cell in lower]
        self._columns = columns
        self._known: dict[tuple[int, str], tuple[float, tuple[str, ...]]] = {}

    def of(self, way: _Spans) -> float:
        """The weight of a placement."""
        made = sum(self._column(c, text)[0] for c, text in self._headers(way).items())
        below = self._below(way)
        made += _TWICE * sum(len(set(group)) < len(group) for group in below)
        return made + _ALIKE * sum(a == b for a, b in pairwise(below) if len(a) > 1)

    def meaning(self, way: _Spans, column: int) -> tuple[str, ...]:
        """The fields of a column; its heading where nobody knows what that names."""
        text = self._headers(way).get(column, "")
        return self._column(column, text)[1] or (text,)

    def _headers(self, way: _Spans) -> dict[int, str]:
        if way == _JOINED:
            return dict(enumerate(self._joined()))
        made: dict[int, str] = {}
        full, at = len(self._lower) == len(self._columns), 0
        for text, (column, size) in zip(self._upper, way, strict=True):
            divided = bool(self._lower) and (full or size > 1)
            for c in range(column, column + size):
                below = self._lower[at] if divided else ""
                at += divided
                made[c] = ": ".join(part for part in (text, below) if part)
        return made

    def _joined(self) -> list[str]:
        return [*self._upper[:-1], f"{self._upper[-1]} {self._lower[0]}", *self._lower[1:]]

    def _below(self, way: _Spans) -> list[list[str]]:
        """The lower headings of each upper one that is divided."""
        if way == _JOINED:
            return []
        full, at, made = len(self._lower) == len(self._columns), 0, []
        for text, (_, size) in zip(self._upper, way, strict=True):
            if self._lower and text and (full or size > 1):
                made.append(self._lower[at : at + size])
            at += size if full or size > 1 else 0
        return made

    def _column(self, column: int, text: str) -> tuple[float, tuple[str, ...]]:
        if (column, text) not in self._known:
            self._known[column, text] = self._weigh(text, self._columns[column])
        return self._known[column, text]

    def _weigh(self, text: str, cells: Sequence[str]) -> tuple[float, tuple[str, ...]]:
        role = role_of(text, cells) if text else None
        if role is None or not role.fields:
            return 0.0, ()
        shares = [share_of(known, cells) for field in role.fields if (known := column_of(field))]
        share = max(shares, default=0.5) if cells else 0.5
        return (_NAMES + _LOOKS * (share - 0.5)) * role.confidence, role.fields


def _placed(
    rows: Sequence[GridRow], first: int, way: _Spans, lower: bool, doubtful: frozenset[int]
) -> list[GridRow]:
    """The lines of headings with their cells where they belong."""
    upper, width = rows[first], len(rows[first].cells)
    under = rows[first + 1] if lower else None
    full = under is not None and under.given == width
    above, below = [_empty(upper, c) for c in range(width)], [_empty(under or upper, c) for c in range(width)]
    at = 0
    for cell, (column, size) in zip(_given(upper), way, strict=True):
        divided = under is not None and (full or size > 1)
        made = replace(
            cell, column=column, columns=size, rows=1 if divided or under is None else 2, heading=True
        )
        for c in range(column, column + size):
            if divided and under is not None:
                below[c] = replace(under.cells[at], column=c, heading=True)
                at += 1
            if c in doubtful:
                below[c] = _empty(under or upper, c)
                continue
            above[c] = made
            if not divided:
                below[c] = made
    made_rows = [replace(upper, cells=tuple(above))]
    return [*made_rows, replace(under, cells=tuple(below))] if under is not None else made_rows


def _joined(rows: Sequence[GridRow], first: int, doubtful: frozenset[int]) -> list[GridRow]:
    """The lines of headings as one, and a line that is empty."""
    upper, under = rows[first], rows[first + 1]
    above, (broken, *behind) = _given(upper), _given(under)
    above[-1] = replace(
        above[-1], text=f"{above[-1].text}\n{broken.text}", marks=above[-1].marks + broken.marks
    )
    cells = [
        _empty(upper, c) if c in doubtful else replace(cell, row=upper.cells[0].row, column=c, heading=True)
        for c, cell in enumerate((*above, *behind))
    ]
    blank = tuple(_empty(under, c) for c in range(len(cells)))
    return [replace(upper, cells=tuple(cells)), replace(under, cells=blank)]


def _empty(row: GridRow, column: int) -> GridCell:
    return GridCell("", row.cells[-1].address, row.cells[0].row, column)
