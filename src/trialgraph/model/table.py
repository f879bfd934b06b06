"""Row and cell: one line of a table, and one column's verbatim text in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from trialgraph.base.normal_form import normal_form
from trialgraph.model.place import GridAddress, Place, TextRange

__all__ = ["LOW_CONFIDENCE", "Cell", "Column", "NonCellText", "Row", "Table", "Unread"]

#: A row below this needs a look; of the rows from here on, 98 in 100 have every cell right.
LOW_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading as printed, its field, and the cell key (see :class:`Cell`).

    :param line: where the heading stands
    :param confidence: between 0 and 1, how sure the field is: 1 where the heading is known or the field was assigned
    :param why: what the field was chosen by, in words; empty where the heading is known
    :param position: in the source's table, from 1; several columns share it where one holds several fields
    """

    header: str
    field: str | None
    key: str
    line: int
    confidence: float = 1.0
    why: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class NonCellText:
    """Characters of a source that are no cell: ``front matter``, ``caption``, ``heading``, ``footnote``, ``blank``.

    :param text: of text beside a grid, its words (then the offsets count in them); None in a text, whose offsets say it
    :param address: likewise, where it stands
    """

    kind: str
    line: int
    start: int
    end: int
    text: str | None = None
    address: GridAddress | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's verbatim text in a row.

    :param header: the column's heading as printed
    :param field: what the column is about (``phase``, ``patients``, …); None where nobody knows the heading
    :param key: the cell's name in IRIs: the field with hyphens, ``-2`` behind it for a second column of that
        field, ``column-<n>`` where nobody knows the heading
    :param column: position of the column in the table, from 1; 0 of what a text beside a grid states for its rows
    :param text: verbatim characters, or None where the cell is empty (then ``start == end``)
    :param start: first character, in code points of the source's text, from 0; 0 in a grid, where offsets count in
        the cell's own text
    :param end: one past the last character
    :param address: where the cell of a grid stands; None in a text, where the offsets say it
    :param marks: footnote marks of a grid's cell, which are no part of its text
    :param doubtful: it may begin or end elsewhere, or be broken inside a number or word, so nothing is read from it
    :param original: of a copy in normal form, the cell as it stands in the source
    :param offsets: likewise, for each character of the copy, and one past its end, the offset in the original's text
    """

    header: str
    field: str | None
    key: str
    column: int
    text: str | None
    start: int
    end: int
    doubtful: bool = False
    original: Cell | None = None
    offsets: tuple[int, ...] = ()
    address: GridAddress | None = None
    marks: tuple[str, ...] = ()

    @property
    def location(self) -> Place:
        """Where the cell stands in its source."""
        return self.address or TextRange(self.start, self.end)

    def in_normal_form(self) -> Cell:
        """A copy for readers, with its text in normal form; what they read leads back to this cell."""
        normal = normal_form(self.text or "")
        return replace(self, text=normal.text or None, original=self, offsets=normal.offsets)

    def place(self, start: int, end: int) -> tuple[Cell, int, int]:
        """The cell as it stands in the source, and the offsets in it of a span of this copy's text."""
        if self.original is None:
            return self, start, end
        return self.original, self.offsets[start], self.offsets[end]

    def local(self, reading_start: int) -> int:
        """The offset in this copy's text of a character of the source."""
        at = reading_start - self.start
        return at if self.original is None else bisect_left(self.offsets, at)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, cut into cells: a line, or the lines that it is broken over.

    :param source: slug of the source
    :param number: the row's number among the table's rows, from 1
    :param line: the line of the source file, from 1; of a row over several lines the first
    :param cells: in the order of the source's columns; their texts joined are the row, but for line breaks
        between two cells; a line break inside a cell is part of its text
    :param confidence: between 0 and 1, how probable it is that every cell is right
    :param runner_up: the next best cut where it is close, else empty
    """

    source: str
    number: int
    line: int
    cells: tuple[Cell, ...]
    confidence: float
    runner_up: tuple[Cell, ...] = ()

    def cell(self, field: str) -> Cell | None:
        """The first cell of that field, or None where the table has no such column."""
        return next((c for c in self.cells if c.field == field), None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that looks like a row and fits no segmentation, kept whole.

    :param number: the number that the row would have had
    """

    source: str
    number: int
    line: int
    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """All that a source's lines turned out to be; together they cover every character but the line breaks.

    :param number: among the tables of the file, from 1; None where it has one only
    :param remarks: what a reader of the file may not see or expect (:class:`~trialgraph.model.grid.Grid`)
    """

    source: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unread: tuple[Unread, ...]
    non_cell_text: tuple[NonCellText, ...]
    remarks: tuple[str, ...] = ()
    number: int | None = None

    @property
    def unknown(self) -> tuple[Column, ...]:
        """The columns whose heading nobody knows."""
        return tuple(c for c in self.columns if c.field is None)
