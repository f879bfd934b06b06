"""Files made in memory: small tables of each kind, and what a hostile file is made of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import openpyxl

from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.extract.files.kind_of import content_of
from trialgraph.extract.grids import read_grids
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid

ROWS = [["Trial", "Phase", "Patients"], ["NCT00000001", "1", "12"], ["NCT00000002", "1/2", "40"]]


def source(data: bytes | str, kind: str = "") -> Source:
    """A source of these bytes, its kind from the content unless it is named."""
    raw = data.encode() if isinstance(data, str) else data
    content = content_of(raw, "file", kind)
    return Source("file", Path("file"), content.text, "", content.kind, data=raw, encoding=content.encoding)


def grids(data: bytes | str, kind: str = "", settings: Settings = DEFAULTS) -> tuple[Grid, ...]:
    """The tables of a file."""
    return read_grids(source(data, kind), settings)


def texts(grid: Grid) -> list[list[str]]:
    """What the cells say."""
    return [[cell.text for cell in row.cells] for row in grid.rows]


def beside(grid: Grid) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands beside a table."""
    return [(text.kind, text.text, text.marks) for text in grid.texts]


def workbook(rows: Sequence[Sequence[object]] = ROWS) -> bytes:
    """An XLSX file."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def document(rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """A DOCX file."""
    made = docx.Document()
    table = made.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return saved(made)


def saved(book: object) -> bytes:
    """The bytes of a workbook or document."""
    out = io.BytesIO()
    book.save(out)  # type: ignore[attr-defined]  # both have it
    return out.getvalue()


def repacked(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """An archive with some of its files changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()


def member(data: bytes, name: str) -> bytes:
    """A file inside an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
