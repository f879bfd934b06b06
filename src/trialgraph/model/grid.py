"""Grid: a table as a file states it, before anything is known of its columns; the same for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialgraph.model.place import GridAddress

__all__ = ["Grid", "GridCell", "GridRow", "GridText"]


@dataclass(frozen=True, slots=True)
class GridCell:
    r"""A cell of a grid.

    :param text: as a reader sees it: white space collapsed, line breaks kept as ``\n``, powers as ``10⁶``, footnote
        marks left out; empty where the cell is
    :param address: where it stands; of a cell that spans several, that of its first
    :param row: index of its first row in the grid, from 0
    :param column: index of its first column, from 0
    :param rows: how many rows it spans
    :param columns: how many columns it spans
    :param marks: footnote marks in it, as printed (``a``, ``*``, ``†``), in their order
    :param heading: whether the file says that it is a heading (``th``, ``thead``, a row repeated on each page)
    """

    text: str
    address: GridAddress
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    marks: tuple[str, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid.

    :param line: line of the file (CSV, Markdown, HTML, JATS), or row of the sheet or table (XLSX, DOCX), from 1
    :param cells: one for each column of the grid; a cell that spans several stands in each of them
    :param given: of a file whose rows are lists of texts (CSV, TSV), how many this one has; None where each cell
        states its place or its span
    """

    line: int
    cells: tuple[GridCell, ...]
    given: int | None = None


@dataclass(frozen=True, slots=True)
class GridText:
    """Text beside a grid.

    :param kind: ``label`` (Table 2), ``caption``, ``footnote``, ``front matter`` (title rows, text before it)
    """

    kind: Literal["label", "caption", "footnote", "front matter"]
    text: str
    address: GridAddress
    line: int
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a file.

    :param number: among the tables of the file, from 1
    :param name: what the file calls it: a sheet's name, a table's label; empty where it has none
    :param rows: all of the same length
    :param texts: what stands beside it and belongs to it, in the order of the file
    :param remarks: what a reader of the file may not see or expect, each with its place: "column C is hidden",
        "B7 is a formula; its stored value is read"
    """

    number: int
    name: str
    rows: tuple[GridRow, ...]
    texts: tuple[GridText, ...] = ()
    remarks: tuple[str, ...] = ()
