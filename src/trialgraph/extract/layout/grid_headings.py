"""Which rows of a grid are its headings: by what the file says, else by which cells name columns.

Above them stand title rows; they may have up to four levels, whose texts are joined by ``: ``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.layout.headings import fields_named, plain_heading
from trialgraph.model.grid import Grid, GridCell, GridRow

__all__ = ["GridHeadings", "distinct", "find_headings", "headings_at", "known_cells", "transposed"]

_MOST_LEVELS: Final = 4
# Headings stand among the first rows that hold text.
_LOOKED_AT: Final = 25
_HEADING_CHARS: Final = 120
_NUMBER: Final = re.compile(r"[\d.,·%±()/\-–\s<>≥≤=~×]+")


@dataclass(frozen=True, slots=True)
class GridHeadings:
    """The headings of a grid.

    :param first: index of the first row of headings; those before are titles
    :param end: index of the first row below them
    :param headers: of each column the text of all levels, joined by ``: ``
    :param line: of the lowest level
    :param last: index of the last row that holds several cells
    """

    first: int
    end: int
    headers: tuple[str, ...]
    line: int
    last: int


def headings_at(grid: Grid, first: int, end: int) -> GridHeadings:
    """Those rows as headings."""
    rows = grid.rows
    headers = tuple(_header(rows[first:end], column) for column in range(len(rows[0].cells)))
    last = next((n for n in range(len(rows) - 1, -1, -1) if len(distinct(rows[n].cells)) > 1), 0)
    return GridHeadings(first, end, headers, rows[end - 1].line, last)


def distinct(cells: Sequence[GridCell]) -> list[GridCell]:
    """The cells without repetitions of one that spans several columns, and without empty ones."""
    seen: dict[tuple[int, int], GridCell] = {}
    for cell in cells:
        if cell.text.strip():
            seen.setdefault((cell.row, cell.column), cell)
    return list(seen.values())


def known_cells(cells: Sequence[GridCell]) -> int:
    """How many cells name a column."""
    return sum(_names(cell) for cell in distinct(cells))


def _names(cell: GridCell) -> bool:
    return len(cell.text) <= _HEADING_CHARS and fields_named(cell.text) is not None


def find_headings(grid: Grid) -> GridHeadings | None:
    """The headings of a grid, or None where no row names columns."""
    rows = grid.rows
    flagged = _flagged(rows)
    if flagged is None:
        at = _best(rows)
        if at is None:
            return None
        first, end = _levels(rows, at)
    else:
        first, end = flagged
        # A row that spans the table is a title, whatever the file says.
        while first < end - 1 and _is_title(rows[first]):
            first += 1
        end = max(end, _levels(rows, end - 1)[1]) if end - first < _MOST_LEVELS else end
    return headings_at(grid, first, end)


def _flagged(rows: Sequence[GridRow]) -> tuple[int, int] | None:
    """The rows that the file says are headings, where these are the first and others follow."""
    marked = [
        bool(row.cells) and all(c.heading for c in distinct(row.cells)) and bool(distinct(row.cells))
        for row in rows
    ]
    first = 0
    while (
        first < len(rows)
        and not marked[first]
        and (_is_title(rows[first]) or not distinct(rows[first].cells))
    ):
        first += 1
    end = first
    while end < len(rows) and (marked[end] or (end > first and not distinct(rows[end].cells))):
        end += 1
    if first == end or end >= len(rows) or end - first > _MOST_LEVELS + 1:
        return None
    if all(_is_title(row) for row in rows[first:end]):
        return None
    return first, end


def _is_title(row: GridRow) -> bool:
    return len(row.cells) > 2 and len(distinct(row.cells)) == 1


def _best(rows: Sequence[GridRow]) -> int | None:
    """Index of the row whose cells name most columns, or of one that looks like headings."""
    top = [n for n, row in enumerate(rows) if distinct(row.cells)][:_LOOKED_AT]
    scored = [(known_cells(rows[n].cells), -n) for n in top]
    if not scored:
        return None
    known, at = max(scored)
    filled = len(distinct(rows[-at].cells))
    if known >= 2:
        return -at
    if known_cells([rows[n].cells[0] for n in top]) > 1:
        return None  # its first column names columns: its trials may be columns
    if known == 1 and filled <= 2:
        return -at
    first = next((n for n in top if not _is_title(rows[n])), None)
    return first if known and first == -at and _looks_like_headings(rows[first]) else None


def _looks_like_headings(row: GridRow) -> bool:
    cells = distinct(row.cells)
    texts = [cell.text for cell in cells]
    return len(set(texts)) == len(texts) and not any(
        _NUMBER.fullmatch(t) or len(t) > _HEADING_CHARS for t in texts
    )


def _levels(rows: Sequence[GridRow], at: int) -> tuple[int, int]:
    """The first row of headings and one past the last, with the levels above and below a row that is one."""
    first, end = at, at + 1
    while first and at - first < _MOST_LEVELS - 1 and _divides(rows[first - 1], rows[first]):
        first -= 1
    while end < len(rows) and end - first < _MOST_LEVELS and _divides(rows[end - 1], rows[end]):
        end += 1
    # Cells of a heading that span rows end where it ends.
    deep = max(c.row + c.rows for c in rows[end - 1].cells)
    return first, min(max(end, deep), first + _MOST_LEVELS, len(rows))


def _divides(upper: GridRow, lower: GridRow) -> bool:
    """Whether the lower row divides columns that the upper one spans: as cells that span, or with empty ones behind."""
    if _is_title(upper) or not distinct(upper.cells):
        return False
    below = [
        (up, low)
        for up, low in zip(upper.cells, lower.cells, strict=True)
        if (up.row, up.column) != (low.row, low.column) and low.text.strip()
    ]
    parted = [(up, low) for up, low in below if up.columns > low.columns]
    if parted:
        return (
            all(_is_heading_text(low.text) for _, low in below)
            and len(parted) >= 2
            and (len(parted) == len(below) or known_cells([low for _, low in below]) * 2 >= len(below))
        )
    # A file without spans: the upper level stands over the first of its columns, with empty cells behind it.
    under_empty = sum(not up.text.strip() for up, _ in below)
    lower_texts = [low.text for _, low in below]
    return (
        under_empty > 0
        and len(below) >= 2
        and all(_is_heading_text(text) for text in lower_texts)
        and (known_cells(lower.cells) + sum(_is_part(t) for t in lower_texts)) * 2 >= len(below)
        and known_cells(upper.cells) > 0
    )


_PARTS: Final = frozenset(
    ["treatment", "control", "experimental", "intervention", "placebo", "total", "primary", "secondary", "n", "mean",
     "sd",
     "median", "range", "male", "female", "dose", "route", "type", "number", "yes", "no"]
)  # fmt: skip


def _is_part(text: str) -> bool:
    return plain_heading(text) in _PARTS


def _is_heading_text(text: str) -> bool:
    return len(text) <= _HEADING_CHARS and not _NUMBER.fullmatch(text)


def _header(rows: Sequence[GridRow], column: int) -> str:
    parts: list[str] = []
    seen: set[tuple[int, int]] = set()
    for level, row in enumerate(rows):
        cell = row.cells[column]
        if not cell.text.strip() and level < len(rows) - 1:
            cell = _before(rows, level, column) or cell
        text = " ".join(cell.text.split())
        if text and (cell.row, cell.column) not in seen and text not in parts:
            parts.append(text)
        seen.add((cell.row, cell.column))
    return ": ".join(parts)


def _before(rows: Sequence[GridRow], level: int, column: int) -> GridCell | None:
    """The cell of an upper level before an empty one, where the level below goes on to divide it."""
    below = rows[level + 1].cells
    if not below[column].text.strip():
        return None
    for back in range(column - 1, -1, -1):
        if rows[level].cells[back].text.strip():
            under = below[back]
            same = (under.row, under.column) == (rows[level].cells[back].row, rows[level].cells[back].column)
            return rows[level].cells[back] if under.text.strip() and not same else None
    return None


def transposed(grid: Grid) -> Grid:
    """The grid with its columns as rows; the cells keep their addresses."""
    turned = list(_turned(grid))
    return Grid(grid.number, grid.name, tuple(turned), grid.texts, grid.remarks)


def _turned(grid: Grid) -> Iterator[GridRow]:
    made: dict[tuple[int, int], GridCell] = {}
    width = len(grid.rows[0].cells) if grid.rows else 0
    for column in range(width):
        cells = []
        for row in grid.rows:
            cell = row.cells[column]
            place = (cell.row, cell.column)
            if place not in made:
                made[place] = GridCell(
                    cell.text,
                    cell.address,
                    cell.column,
                    cell.row,
                    cell.columns,
                    cell.rows,
                    cell.marks,
                    cell.heading,
                )
            cells.append(made[place])
        yield GridRow(grid.rows[0].line, tuple(cells))
