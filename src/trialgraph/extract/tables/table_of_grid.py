"""Grid to Table: which rows are headings, what the columns are about, which rows are one trial.

Nothing of a grid is lost: every cell is a cell of a row, a heading, text that is no cell (a section, a total, a page
footer, a footnote), or of an unread row. A cell that spans several rows stands in each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.extract.layout.assignments import assigned_fields
from trialgraph.extract.layout.caption_context import StatedBeside, context_cells, stated_once
from trialgraph.extract.layout.column_roles import Role, role_of
from trialgraph.extract.layout.grid_context import inherited
from trialgraph.extract.layout.grid_headings import (
    GridHeadings,
    distinct,
    find_headings,
    headings_at,
    known_cells,
    transposed,
)
from trialgraph.extract.layout.grid_rows import Block, blocks_of
from trialgraph.extract.layout.lost_spans import with_spans
from trialgraph.extract.layout.told_by_contents import with_contents
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress
from trialgraph.model.table import Cell, Column, NonCellText, Row, Table, Unread

__all__ = ["heading_score", "notes_of", "table_of_grid"]

# So many rows are looked at for what the cells of a column look like.
_SAMPLE: Final = 60
# A transposed table names so many columns in its first column.
_TURNED: Final = 3


def heading_score(grid: Grid) -> float:
    """How much a grid looks like a table of trials: how many of its headings name columns, and what share of them."""
    if not grid.rows or not grid.rows[0].cells:
        return 0.0
    grid = _upright(with_spans(grid))
    found = find_headings(grid)
    if found is None or found.end >= len(grid.rows):
        return 0.0
    fields = {name for header in found.headers for name in role_of(header, ()).fields}
    return len(fields) + sum(bool(role_of(h, ()).fields) for h in found.headers) / len(found.headers)


def table_of_grid(source: Source, grid: Grid, *, unknown: bool = False) -> Table:
    """The table of a grid.

    :param unknown: whether a table is made, too, where no row names a column that anybody knows
    :raises InputError: no row names columns, or an assignment in ``source.toml`` is wrong
    """
    grid = _upright(with_spans(grid))
    headings = find_headings(grid) if grid.rows and grid.rows[0].cells else None
    if headings is None:
        headings = _first_row(source, grid, unknown=unknown)
    assigned = assigned_fields(
        source.meta, headings.headers, where=str(source.path.parent / "source.toml"), sidecar=source.sidecar
    )
    roles = _roles(grid, headings, assigned)
    if not unknown and not any(role.fields for role in roles):
        raise InputError(
            "no row names columns (like: Disease, Patients, Outcome measures)",
            where=f"{source.path}:{headings.line}",
            hint="put the headings above the rows, or assign the columns in source.toml under [columns]",
        )
    made = _Making(source, grid, headings, roles)
    made.before()
    for block in blocks_of(grid.rows, headings, [role.fields for role in roles]):
        made.add(block)
    made.after()
    return made.table()


def notes_of(table: Table, cell: Cell) -> tuple[NonCellText, ...]:
    """The footnotes that the marks of a cell lead to, in the order of the marks."""
    return tuple(
        note
        for mark in dict.fromkeys(cell.marks)
        for note in table.non_cell_text
        if note.kind == "footnote" and mark in note.marks
    )


def _upright(grid: Grid) -> Grid:
    """The grid, or, where its first column names columns and no row does, the grid with columns as rows."""
    if not grid.rows or len(grid.rows[0].cells) < 2:
        return grid
    first = [row.cells[0] for row in grid.rows]
    down = known_cells(_by_place(first))
    across = max((known_cells(row.cells[1:]) for row in grid.rows[:25]), default=0)
    if down >= _TURNED and down * 2 >= len(_by_place(first)) and across <= 1 and down > across + 1:
        return transposed(grid)
    return grid


def _by_place(cells: Sequence[GridCell]) -> list[GridCell]:
    return list({(c.row, c.column): c for c in cells if c.text.strip()}.values())


def _first_row(source: Source, grid: Grid, *, unknown: bool) -> GridHeadings:
    """The first row that holds several cells as headings, where columns are or will be assigned by hand.

    :raises InputError: they are not, or the first column names columns
    """
    at = next((n for n, row in enumerate(grid.rows) if len(distinct(row.cells)) > 1), None)
    turned = bool(grid.rows) and find_headings(transposed(grid)) is not None
    if at is None or not (source.meta.get("columns") or (unknown and not turned)):
        raise InputError(
            "no row names columns (like: Disease, Patients, Outcome measures)"
            + (": the first column does, so its trials may be columns" if turned else ""),
            where=f"{source.path}:{grid.rows[0].line if grid.rows else 1}",
            hint="exchange its rows and columns"
            if turned
            else "put the headings above the rows, or assign the columns in source.toml under [columns]",
        )
    return headings_at(grid, at, at + 1)


def _roles(grid: Grid, headings: GridHeadings, assigned: Mapping[int, tuple[str, ...]]) -> list[Role]:
    body = grid.rows[headings.end :]
    step = max(1, len(body) // _SAMPLE)
    sample = [row for row in body[::step] if len(distinct(row.cells)) > 1]
    texts = [[row.cells[n].text for row in sample] for n in range(len(headings.headers))]
    roles = [role_of(header, texts[n], assigned.get(n)) for n, header in enumerate(headings.headers)]
    return with_contents(headings.headers, roles, texts)


@dataclass(slots=True)
class _Making:
    """A table as it is made, from top to bottom."""

    source: Source
    grid: Grid
    headings: GridHeadings
    roles: Sequence[Role]
    rows: list[Row] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    texts: list[NonCellText] = field(default_factory=list)
    stated: tuple[StatedBeside, ...] = ()
    columns: list[list[Column]] = field(default_factory=list)

    def before(self) -> None:
        """The text beside the grid that stands before it, its title rows and its headings."""
        self.columns = self._columns()
        for text in self.grid.texts:
            if text.kind != "footnote":
                self._text(text.kind, text.line, text.text, text)
        for n in range(self.headings.first):
            for cell in self._own(n):
                self._text(
                    "caption" if len(self._own(n)) == 1 else "front matter",
                    self.grid.rows[n].line,
                    cell.text,
                    cell,
                )
        for n in range(self.headings.first, self.headings.end):
            for cell in self._own(n):
                self._text("heading", self.grid.rows[n].line, cell.text, cell)
        self.stated = stated_once([*self.texts, *self._notes()])

    def add(self, block: Block) -> None:
        """A block of rows."""
        if block.kind == "trial":
            self.rows.append(self._row(block))
        elif block.kind == "foreign":
            self._unread(block.rows[0], "it stands below headings that differ from those of the table")
        else:
            for n in block.rows:
                for cell in self._own(n):
                    self._text(block.kind, self.grid.rows[n].line, cell.text, cell)

    def after(self) -> None:
        """The footnotes beside the grid."""
        self.texts += self._notes()

    def _notes(self) -> list[NonCellText]:
        """The footnotes beside the grid."""
        return [
            NonCellText(text.kind, text.line, 0, len(text.text), text.text, text.address, text.marks)
            for text in self.grid.texts
            if text.kind == "footnote"
        ]

    def table(self) -> Table:
        """All that was made."""
        columns = tuple(column for several in self.columns for column in several)
        return Table(
            self.source.slug,
            columns,
            tuple(self.rows),
            tuple(self.unread),
            tuple(self.texts),
            self.grid.remarks,
        )

    def _own(self, n: int) -> list[GridCell]:
        """The cells with text that begin in a row."""
        return [cell for cell in distinct(self.grid.rows[n].cells) if cell.row == n]

    def _text(self, kind: str, line: int, text: str, at: GridCell | GridText) -> None:
        self.texts.append(NonCellText(kind, line, 0, len(text), text, at.address, at.marks))

    def _unread(self, n: int, why: str) -> None:
        text = "\t".join(cell.text for cell in self._own(n))
        line = self.grid.rows[n].line
        number = len(self.rows) + len(self.unread) + 1
        self.unread.append(Unread(self.source.slug, number, line, text, 0, len(text), why))

    def _columns(self) -> list[list[Column]]:
        """The columns of each column of the grid: one for each of its fields."""
        counts: dict[str, int] = {}
        made: list[list[Column]] = []
        for n, (header, role) in enumerate(zip(self.headings.headers, self.roles, strict=True)):
            made.append([])
            for name in role.fields or (None,):
                key = name.replace(" ", "-") if name else f"column-{n + 1}"
                counts[key] = counts.get(key, 0) + 1
                key = key if counts[key] == 1 else f"{key}-{counts[key]}"
                made[-1].append(
                    Column(header, name, key, self.headings.line, role.confidence, role.why, n + 1)
                )
        return made

    def _row(self, block: Block) -> Row:
        columns = self.columns
        keys = {column.key for several in columns for column in several}
        cells: list[Cell] = []
        for n, several in enumerate(columns):
            for column in several:
                for k, cell in enumerate(_of_column(self.grid.rows, block.rows, n)):
                    key = column.key if not k else _free(column.key, keys)
                    cells.append(_cell(column, key, n + 1, cell))
        cells = _without_doubt(cells)
        sure = prod(
            role.confidence
            for n, role in enumerate(self.roles)
            if role.fields and any(self.grid.rows[at].cells[n].text.strip() for at in block.rows)
        )
        cells += inherited(block.section, cells)
        cells += context_cells(self.stated, cells)
        line = self.grid.rows[block.rows[0]].line
        number = len(self.rows) + len(self.unread) + 1
        return Row(self.source.slug, number, line, tuple(cells), round(sure * block.confidence, 4))


def _of_column(rows: Sequence[GridRow], block: Sequence[int], column: int) -> list[GridCell]:
    """The cells of a column in the rows of a trial, those with text, each once; an empty one where none has any."""
    every = [rows[n].cells[column] for n in block]
    return _by_place(every) or every[:1]


def _free(key: str, keys: set[str]) -> str:
    """The next free key of a column: its own with a number behind it."""
    stem, dash, number = key.rpartition("-")
    base = stem if dash and number.isdigit() and stem in keys else key
    n = 2
    while f"{base}-{n}" in keys:
        n += 1
    keys.add(f"{base}-{n}")
    return f"{base}-{n}"


def _cell(column: Column, key: str, position: int, cell: GridCell) -> Cell:
    text = cell.text if cell.text.strip() else None
    return Cell(
        column.header,
        column.field,
        key,
        position,
        text,
        0,
        len(text or ""),
        address=cell.address,
        marks=cell.marks,
    )


def _without_doubt(cells: Sequence[Cell]) -> list[Cell]:
    """The cells; one that spans several columns of one field says of none of them what it says, and is not read."""
    seen: dict[tuple[str | None, GridAddress | None], set[int]] = {}
    for cell in cells:
        if cell.text and cell.field:
            seen.setdefault((cell.field, cell.address), set()).add(cell.column)
    return [
        replace(cell, doubtful=True) if len(seen.get((cell.field, cell.address), ())) > 1 else cell
        for cell in cells
    ]
