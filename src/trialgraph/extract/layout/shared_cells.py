"""Cells of a grid that several columns share, and cells that say again what another of their column says.

A column of two things ("Phase/status", "n (age)") gives a row a cell for each of them, with the same address and text.
Each reader gets the part of the text that is a whole value of its column and of no other of them; where there is
no such part, it gets all of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import column_of
from trialgraph.extract.text.evidence import Evidence
from trialgraph.extract.text.fit import CELL
from trialgraph.model.table import Cell, Row

__all__ = ["part_of", "says_again", "shared_cells"]

# What parts two values of one cell; a dash between numbers is a range.
_BETWEEN: Final = re.compile(r"\s*(?:[/;,|\n]|(?<!\d)\s[-–—]\s|\s[-–—]\s(?!\d)|(?=\()|[()])\s*")
_EDGES: Final = " \t\n/;,|()-–—"
_MOST_PARTS: Final = 8


def shared_cells(row: Row) -> Iterator[list[Cell]]:
    """The cells of a row, those together that are one cell of the source."""
    made: dict[tuple[object, int, int, str | None], list[Cell]] = {}
    for n, cell in enumerate(row.cells):
        place = cell.address or n
        made.setdefault((place, cell.start, cell.column, cell.text), []).append(cell)
    yield from made.values()


def says_again(row: Row, cell: Cell) -> bool:
    """Whether another cell of the row's column before it has the same text: a trial in several rows repeats it.

    Counts of patients may be alike and still be two.
    """
    if cell.address is None or cell.field == "patients":
        return False
    for other in row.cells:
        if other is cell or other == cell:
            return False
        if (other.field, other.column, other.text, other.header) == (
            cell.field,
            cell.column,
            cell.text,
            cell.header,
        ):
            return True
    return False


def part_of(cell: Cell, column: ColumnType, row: Row) -> Cell:
    """The cell in normal form, or the part of it that is the column's."""
    normal = cell.in_normal_form()
    # A registry's number is known by its shape wherever it stands.
    if cell.address is None or not normal.text or column.field == "registration":
        return normal
    others = [
        made
        for other in row.cells
        if other != cell and (other.address, other.start, other.text) == (cell.address, cell.start, cell.text)
        and other.field != cell.field and (made := column_of(other.field))
    ]  # fmt: skip
    if not others:
        return normal
    parts = _longest(column, normal.text)
    taken = [at for other in others for at in _longest(other, normal.text)]
    own = [at for at in parts if at not in taken]
    if len(own) != 1:
        own = [at for at in parts if column.whole(normal.text[at[0] : at[1]])]
    if len(own) != 1 and len(parts) == 1:
        own = parts
    if not parts:
        own = _rest(normal.text, taken)
    if len(own) != 1:
        own = _by_order(normal.text, column, [*others], cell, row)
    if len(own) != 1:
        return normal
    ((start, end),) = own
    part = replace(normal, text=normal.text[start:end], offsets=normal.offsets[start : end + 1])
    # What only looks like a value of the column is no part of it: "Randomised" of a design with a phase.
    found, whole = column.read([part]).readings, column.read([normal]).readings
    if column.field == "phase" and found and whole and found[0].start == whole[0].start:
        return part if whole[0].end <= found[0].end else normal  # "Phase I" of "phase I/II"
    return part if found else normal


def _rest(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What the other columns leave at one end of a text: of "1/2, completed" the phase, which its heading tells."""
    if len(taken) != 1:
        return []
    ((start, end),) = taken
    ends = [(0, start), (end, len(text))]
    kept = [
        (i + len(part) - len(part.lstrip(_EDGES)), i + len(part.rstrip(_EDGES)))
        for i, j in ends
        if (part := text[i:j]).strip(_EDGES)
    ]
    return kept if len(kept) == 1 else []


def _by_order(
    text: str, column: ColumnType, others: list[ColumnType], cell: Cell, row: Row
) -> list[tuple[int, int]]:
    """The part at the column's place in the heading, where there are as many parts as columns."""
    parts = list(_parts(text))
    fields = [
        c.field for c in row.cells if (c.address, c.start, c.text) == (cell.address, cell.start, cell.text)
    ]
    if len(parts) != len(others) + 1 or column.field not in fields:
        return []
    mine = parts[fields.index(column.field)]
    # A part of a longer value is none: "Phase I" of "Phase I/II".
    return [mine] if mine in _longest(column, text) else []


def _longest(column: ColumnType, text: str) -> list[tuple[int, int]]:
    """The longest stretches of parts that are a whole value of the column: of "Phase I/II/Completed" the first two."""
    parts = list(_parts(text))[:_MOST_PARTS]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(parts):
        ends = [n for n in range(len(parts), at, -1) if _fits(column, text[parts[at][0] : parts[n - 1][1]])]
        if ends:
            found.append((parts[at][0], parts[ends[0] - 1][1]))
        at = ends[0] if ends else at + 1
    return found


def _parts(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for m in [*_BETWEEN.finditer(text), None]:
        end = m.start() if m else len(text)
        if text[at:end].strip():
            yield at, end
        at = m.end() if m else end


def _fits(column: ColumnType, text: str) -> bool:
    """Whether a text is a whole value of the column; columns of prose take any text."""
    return not column.cues and column.shape.fits(Evidence(text, [], {}, [], []), 0, len(text)) > CELL
