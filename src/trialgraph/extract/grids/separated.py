"""CSV, TSV and semicolon-separated text to a grid; the address of a cell is that of RFC 7111 (``cell=3,2``)."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.files.kind_of import SEPARATORS
from trialgraph.extract.grids.cell_text import plain_text
from trialgraph.extract.grids.ragged_rows import Record, even_rows
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows, too_many_columns, too_many_rows
from trialgraph.extract.grids.table_texts import with_texts
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid
from trialgraph.model.place import GridAddress

__all__ = ["read_separated"]

# What Excel takes from a first line like "sep=;".
_SEP_LINE: Final = re.compile(r"\ufeff?\"?sep=(.)\"?[ \t]*\r?\n")
_AS_CHARACTERS: Final = "quotation marks are read as characters, as they do not open and close around cells"
_GUESSED: Final = "Windows-1252"


def read_separated(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The one table of a separated text.

    :raises InputError: a quote is never closed, or more rows, columns or characters than the limits
    """
    separator = SEPARATORS[source.kind]
    declared = _SEP_LINE.match(source.text)
    records, remarks = _records(source, declared[1] if declared else separator, settings)
    records = [r for r in records if not (declared and r.line == 1)]
    if source.kind == "tsv":
        records, joined = _broken_rows(records)
        remarks += joined
    records, uneven = even_rows(records, separator)
    rows = grid_rows([_row(record) for record in records], settings, str(source.path))
    if source.encoding == _GUESSED:
        remarks.insert(0, f"the encoding is taken to be {_GUESSED}")
    return (with_texts(Grid(1, "", rows, (), (*remarks, *uneven))),)


def _row(record: Record) -> RawRow:
    first = next((row for row, _ in record.places if row), 1)
    pieces = []
    for cell, (row, column) in zip(record.cells, record.places, strict=True):
        found = plain_text(cell)
        address = GridAddress("csv", f"cell={row},{column}" if row else f"row={first}")
        pieces.append(Piece(found.text, address, marks=found.marks))
    return RawRow(record.line, pieces, GridAddress("csv", f"row={first}"), listed=True)


def _records(source: Source, separator: str, settings: Settings) -> tuple[list[Record], list[str]]:
    """The records with a text, quotes taken as quotes where they open and close properly."""
    text, where = source.text.removeprefix("\ufeff"), str(source.path)
    plain: list[Record] = []
    try:
        quoted = list(_parsed(text, separator, settings, where, quoted=True))
        if not any(separator in cell or "\n" in cell for record in quoted for cell in record.cells):
            return quoted, []
        # A quote that opens in one row and closes in another is an inch mark where the rows are regular without it.
        plain = list(_parsed(text, separator, settings, where, quoted=False))
        crosses = any(separator in cell and "\n" in cell for record in quoted for cell in record.cells)
        if not _regular(plain) or not (crosses or not _regular(quoted)):
            return quoted, []
        return plain, [_AS_CHARACTERS]
    except csv.Error as error:
        plain = list(_parsed(text, separator, settings, where, quoted=False)) if '"' in text else []
        if plain and (separator == "\t" or _regular(plain)):
            return plain, [_AS_CHARACTERS]
        line = _opened(text, separator)
        raise InputError(
            "a quotation mark that is never closed" if line else f"not readable as {source.kind} ({error})",
            where=f"{where}:{line}" if line else where,
            hint='close it, or write it twice ("") inside a quoted cell',
        ) from error


def _parsed(text: str, separator: str, settings: Settings, where: str, *, quoted: bool) -> Iterator[Record]:
    """Each record that has a text.

    :raises csv.Error: a quote is never closed, or something stands behind a closing one
    """
    lines = io.StringIO(text, newline="")
    if quoted:
        reader = csv.reader(lines, delimiter=separator, strict=True)
    else:
        reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    line, count = 1, 0
    for number, cells in enumerate(reader, start=1):
        if len(cells) > settings.grid_columns:
            raise too_many_columns(len(cells), settings, f"{where}:{line}")
        if any(cell.strip() for cell in cells):
            count += 1
            if count > settings.grid_rows:
                raise too_many_rows(settings, f"{where}:{line}")
            yield Record(line, tuple(cells), tuple((number, column) for column in range(1, len(cells) + 1)))
        line = reader.line_num + 1


def _regular(records: Sequence[Record]) -> bool:
    counts = Counter(len(record.cells) for record in records)
    return counts.most_common(1)[0][1] == len(records)


def _opened(text: str, separator: str) -> int:
    """The line in which a quote opens that is never closed; 0 where all are."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error:
        return line
    return 0


def _broken_rows(records: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """Rows that a browser copied over several lines, as their cells have line breaks, joined again.

    Lines between complete rows are joined where they make up complete rows and are of different lengths: lines of one
    length are rows whose cells are missing.
    """
    counts = Counter(len(record.cells) for record in records)
    full = max((n for n, times in counts.items() if n > 1), key=lambda n: (counts[n], n), default=0)
    made: list[Record] = []
    remarks: list[str] = []
    waiting: list[Record] = []
    for record in [*records, None]:
        if record is not None and len(record.cells) < full:
            waiting.append(record)
            continue
        parts = _partition(waiting, full)
        if not made and all(len(part) <= 2 for part in parts):
            # Or headings of two levels without their spans: what the columns hold says which.
            parts = [[line] for line in waiting]
        for part in parts:
            if len(part) > 1:
                remarks.append(
                    f"lines {part[0].line} to {part[-1].line} are one row with line breaks in its cells"
                )
            made.append(_one(part))
        waiting = []
        if record is not None:
            made.append(record)
    return made, remarks


def _partition(lines: list[Record], full: int) -> list[list[Record]]:
    """The lines in groups that are a row each; each line alone where they make up no complete rows."""
    single = [[line] for line in lines]
    if len({len(line.cells) for line in lines}) < 2:
        return single
    groups: list[list[Record]] = []
    cells = 0
    for line in lines:
        if not groups or cells == full:
            groups.append([line])
            # A line without the separator that begins no row stands alone: a title, a section.
            cells = len(line.cells) if len(line.cells) > 1 else full
        else:
            groups[-1].append(line)
            cells += len(line.cells) - 1
        if cells > full:
            return single
    return groups if cells == full else single


def _one(part: Sequence[Record]) -> Record:
    cells, places = list(part[0].cells), list(part[0].places)
    for line in part[1:]:
        cells[-1] += "\n" + line.cells[0]
        cells += line.cells[1:]
        places += line.places[1:]
    return Record(part[0].line, tuple(cells), tuple(places))
