"""Marked source: the parts of a source's rows as pages show them, down to runs of characters and their readings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

__all__ = ["FootnoteMark", "MappingStep", "MarkedCell", "MarkedReading", "MarkedRow", "MarkedText"]


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """A mark in a cell.

    :param words: of the note that it leads to; empty where there is none
    """

    mark: str
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class MappingStep:
    """A mapping step, from words to a concept or from our concept to an external term: a line of a mapping file."""

    href: str
    start: str
    predicate: str
    end: str
    end_href: str
    justification: str
    version: str
    date: str
    comment: str


@dataclass(frozen=True, slots=True)
class MarkedReading:
    """One reading.

    :param reads: what was read, in words
    :param name: the name in the graph: ``n_total``
    :param value: the value read from the characters, and its link
    :param offsets: half-open, in code points: of the source, or of the cell's own text where it has an address
    :param cell: IRI of the cell that it was read from
    :param address: where that stands, of a grid; empty in a text
    :param overruled: another reading or a reviewer's value is used in its place
    """

    iri: str
    href: str
    name: str
    reads: str
    value: str
    value_href: str
    verbatim: str
    offsets: tuple[int, int]
    rule: str
    rule_href: str
    says: str
    example: str
    gives: str
    mappings: tuple[MappingStep, ...]
    cell: str
    address: str = ""
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A run of a cell's characters.

    :param readings: those that were read from all of it: those in use, and of these the shortest, first
    """

    text: str
    readings: tuple[MarkedReading, ...]


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """A cell of a line, in pieces; none where it is empty.

    :param gap: whether characters of the source that are no cell stand before it
    :param column: position of its column in the table, from 1; 0 of what a text beside it states for its rows
    :param address: where a cell of a grid stands in its file; empty in a text
    """

    href: str
    header: str
    pieces: tuple[MarkedText, ...]
    gap: bool = False
    column: int = 0
    address: str = ""
    marks: tuple[FootnoteMark, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A line of a source, or the rows of a grid that are a trial, and what was read from it.

    :param start: first character of a line; likewise ``end``; 0 in a grid
    :param grid: whether its cells stood in a grid, in their order; else they are runs of one line
    """

    iri: str
    href: str
    number: int
    line: int
    source: str
    source_href: str
    start: int
    end: int
    cells: tuple[MarkedCell, ...]
    readings: tuple[MarkedReading, ...]
    grid: bool = False

    @property
    def columns(self) -> tuple[tuple[MarkedCell, ...], ...]:
        """Of a grid, the cells of each column: more than one where a trial has several rows."""
        return tuple(tuple(cells) for _, cells in groupby(self.cells, key=lambda cell: cell.column))

    @property
    def headers(self) -> tuple[str, ...]:
        """Of a grid, the heading of each column, and of what a text beside it states."""
        return tuple(cells[0].header if cells[0].column else "beside the table" for cells in self.columns)
