"""Cells with row and column spans to the rows of a grid: one cell for each row and column.

The table model of HTML (HTML Standard, "forming a table"): a cell goes to the first free column of its row; a span ends
at the last row. Where spans overlap, the cell that came first keeps the place. A column in which no cell begins
is none (a heading over a hundred columns of which there are eight); a row without any text is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.model.grid import GridCell, GridRow
from trialgraph.model.place import GridAddress

__all__ = [
    "Piece",
    "RawRow",
    "grid_rows",
    "too_many_cells",
    "too_many_columns",
    "too_many_rows",
    "too_many_tables",
]

#: HTML cuts wider spans to this.
_WIDEST: Final = 1_000
_LONGEST: Final = 65_534


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell as the file states it, before it has a column.

    :param rows: how many rows it spans, at most those that follow
    """

    text: str
    address: GridAddress
    rows: int = 1
    columns: int = 1
    marks: tuple[str, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file states it: the cells that begin in it.

    :param listed: whether the file lists texts, and says nothing of where they stand or what they span
    """

    line: int
    pieces: Sequence[Piece]
    empty: GridAddress
    listed: bool = False


def grid_rows(rows: Sequence[RawRow], settings: Settings, where: str) -> tuple[GridRow, ...]:
    """The rows of a grid, all of the same length.

    :param settings: ``grid_rows``, ``grid_columns``, ``grid_cells``, ``cell_chars``
    :raises InputError: more than the limits
    """
    if len(rows) > settings.grid_rows:
        raise too_many_rows(settings, f"{where}:{rows[settings.grid_rows].line}")
    if all(piece.rows == 1 and piece.columns == 1 for row in rows for piece in row.pieces):
        return _without_spans(rows, settings, where)
    placed = _placed(rows, settings, where)
    begun = {column for row in placed for column, (piece, first, _) in row.items() if first == column}
    kept = sorted(begun)
    if len(kept) > settings.grid_columns:
        raise too_many_columns(len(kept), settings, where)
    if len(kept) * len(rows) > settings.grid_cells:
        raise too_many_cells(settings, where)
    return _numbered(rows, placed, kept)


def _without_spans(rows: Sequence[RawRow], settings: Settings, where: str) -> tuple[GridRow, ...]:
    """As :func:`grid_rows`, where no cell spans another: most tables with many rows."""
    width = 0
    for row in rows:
        if len(row.pieces) > settings.grid_columns:
            raise too_many_columns(len(row.pieces), settings, f"{where}:{row.line}")
        for at, piece in enumerate(row.pieces):
            _refuse_long(piece, settings, where, row)
            if at >= width and piece.text:
                width = at + 1
    if len(rows) * width > settings.grid_cells:
        raise too_many_cells(settings, where)
    made: list[GridRow] = []
    for row in rows:
        if not any(piece.text or piece.marks for piece in row.pieces):
            continue
        number, pieces = len(made), row.pieces[:width]
        cells = [
            GridCell(p.text, p.address, number, at, 1, 1, p.marks, p.heading) for at, p in enumerate(pieces)
        ]
        cells += [GridCell("", row.empty, number, at) for at in range(len(cells), width)]
        made.append(GridRow(row.line, tuple(cells), len(pieces) if row.listed else None))
    return tuple(made)


def _refuse_long(piece: Piece, settings: Settings, where: str, row: RawRow) -> None:
    if len(piece.text) > settings.cell_chars:
        raise InputError(
            f"a cell of {len(piece.text)} characters, more than {settings.cell_chars}",
            where=f"{where}:{row.line}",
            hint="is a quote never closed? Else raise TRIALGRAPH_CELL_CHARS",
        )


_Slot = tuple[Piece, int, int]  # the cell, its first column, its first row


def _placed(rows: Sequence[RawRow], settings: Settings, where: str) -> list[dict[int, _Slot]]:
    """For each row its columns, each with the cell in it."""
    made: list[dict[int, _Slot]] = []
    covered = 0
    open_spans: dict[int, tuple[_Slot, int]] = {}  # column to cell, and the row behind its last
    for at, row in enumerate(rows):
        open_spans = {column: span for column, span in open_spans.items() if span[1] > at}
        slots: dict[int, _Slot] = {column: span[0] for column, span in open_spans.items()}
        column = 0
        for piece in row.pieces:
            _refuse_long(piece, settings, where, row)
            while column in slots:
                column += 1
            slot = (piece, column, at)
            end = column + min(max(piece.columns, 1), _WIDEST)
            for place in range(column, end):
                if place in slots:
                    break
                slots[place] = slot
                if piece.rows > 1:
                    open_spans[place] = (slot, at + min(piece.rows, _LONGEST))
            column += 1
        if column > settings.grid_columns + _WIDEST:
            raise too_many_columns(column, settings, f"{where}:{row.line}")
        covered += len(slots)
        if covered > settings.grid_cells:
            raise too_many_cells(settings, f"{where}:{row.line}")
        made.append(slots)
    return made


def _numbered(
    rows: Sequence[RawRow], placed: Sequence[dict[int, _Slot]], kept: Sequence[int]
) -> tuple[GridRow, ...]:
    """The rows with a text in a cell of their own, their cells numbered in the grid."""
    last = _last_filled(placed, kept)
    kept = kept[: last + 1]
    keeps = [
        any(slots[c][0].text or slots[c][0].marks for c in kept if c in slots and slots[c][2] == at)
        for at, slots in enumerate(placed)
    ]
    spans = _extents(placed, kept, keeps)
    made: list[GridRow] = []
    cells: dict[int, GridCell] = {}
    for at, slots in enumerate(placed):
        if not keeps[at]:
            continue
        number, row = len(made), []
        for index, column in enumerate(kept):
            slot = slots.get(column)
            if slot is None:
                row.append(GridCell("", rows[at].empty, number, index))
                continue
            cell = cells.get(id(slot))
            if cell is None:
                height, width = spans[id(slot)]
                piece = slot[0]
                cell = GridCell(
                    piece.text, piece.address, number, index, height, width, piece.marks, piece.heading
                )
                if height > 1 or width > 1:
                    cells[id(slot)] = cell
            row.append(cell)
        made.append(GridRow(rows[at].line, tuple(row)))
    return tuple(made)


def _last_filled(placed: Sequence[dict[int, _Slot]], kept: Sequence[int]) -> int:
    """The index of the last column with a text in it; headings count."""
    for index in range(len(kept) - 1, -1, -1):
        if any(
            column_slot[0].text for slots in placed if (column_slot := slots.get(kept[index])) is not None
        ):
            return index
    return -1


def _extents(
    placed: Sequence[dict[int, _Slot]], kept: Sequence[int], keeps: Sequence[bool]
) -> dict[int, tuple[int, int]]:
    """How many of the rows and columns that are kept each cell with a span covers."""
    heights: dict[int, int] = {}
    widths: dict[int, int] = {}
    for slots, keep in zip(placed, keeps, strict=True):
        if not keep:
            continue
        seen: dict[int, int] = {}
        for column in kept:
            if (slot := slots.get(column)) is not None:
                seen[id(slot)] = seen.get(id(slot), 0) + 1
        for key, width in seen.items():
            heights[key] = heights.get(key, 0) + 1
            widths[key] = max(widths.get(key, 0), width)
    return {key: (heights[key], widths[key]) for key in heights}


def too_many_rows(settings: Settings, where: str) -> InputError:
    """The error for a table with more rows than the setting allows."""
    return InputError(
        f"a table of more than {settings.grid_rows} rows",
        where=where,
        hint="split it, or raise TRIALGRAPH_GRID_ROWS",
    )


def too_many_columns(count: int, settings: Settings, where: str) -> InputError:
    """The error for a table with more columns than the setting allows."""
    return InputError(
        f"a row of {count} cells, more than {settings.grid_columns}",
        where=where,
        hint="is it the right separator? Else raise TRIALGRAPH_GRID_COLUMNS",
    )


def too_many_cells(settings: Settings, where: str) -> InputError:
    """The error for a table with more cells than the setting allows."""
    return InputError(
        f"a table of more than {settings.grid_cells} cells",
        where=where,
        hint="split it, or raise TRIALGRAPH_GRID_CELLS",
    )


def too_many_tables(settings: Settings, where: str) -> InputError:
    """The error for a file with more tables than the setting allows."""
    return InputError(
        f"more than {settings.grid_tables} tables",
        where=where,
        hint="split the file, or raise TRIALGRAPH_GRID_TABLES",
    )
