"""Sheets of an Excel workbook to grids: what each cell shows, by its number format and its runs.

Hidden sheets, rows and columns are read, formulas by their stored values; the remarks name them, and comments too. The
address of a cell is ``'Sheet 1'!B7``.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import get_column_letter

from trialgraph.base.errors import InputError, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.extract.files.archive import checked_archive, content_types
from trialgraph.extract.grids.cell_text import Run, Script, text_of_runs
from trialgraph.extract.grids.number_format import shown_value
from trialgraph.extract.grids.sheet_scan import SheetScan, scan_sheet
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows
from trialgraph.extract.grids.table_texts import is_label, with_texts
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid
from trialgraph.model.place import GridAddress

__all__ = ["read_xlsx"]

_SCRIPTS: Final[dict[str | None, Script]] = {"superscript": "super", "subscript": "sub"}
_LISTED: Final = 20
_STRICT: Final = "purl.oclc.org/ooxml"


def read_xlsx(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The tables of a workbook: each sheet, and in a sheet each table below its own numbered title.

    :raises InputError: a broken or too large package, or a table beyond the limits
    """
    where = str(source.path)
    checked_archive(source.data, settings, where)
    remarks = []
    if "macroEnabled" in content_types(source.data, where)[1]:
        remarks.append("the file holds macros; they are not run and not read")
    made: list[Grid] = []
    for sheet, scan in _sheets(source, settings, where):
        told = [*remarks, *_hidden_sheet(sheet), *scan.remarks()]
        rows = _rows(sheet, scan, told)
        for block in _blocks(rows):
            placed = grid_rows(block, settings, f"{where}: sheet {sheet.title!r}")
            if placed:
                made.append(with_texts(Grid(len(made) + 1, sheet.title, placed, (), tuple(told))))
    return tuple(made)


def _sheets(source: Source, settings: Settings, where: str) -> list[tuple[Any, SheetScan]]:
    """The sheets, each with what its XML says beyond what openpyxl gives."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on parts that are not read: drawings, validation, extensions
            reader = ExcelReader(io.BytesIO(source.data), data_only=True, keep_links=False, rich_text=True)
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            scans: dict[str, SheetScan] = {}
            with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
                for sheet, relation in reader.parser.find_sheets():
                    if "worksheet" in relation.Type and relation.target in archive.namelist():
                        with archive.open(relation.target) as xml:
                            scans[sheet.name] = scan_sheet(xml, settings, f"{where}: sheet {sheet.name!r}")
            reader = ExcelReader(io.BytesIO(source.data), data_only=True, keep_links=False, rich_text=True)
            reader.read()
        return [(sheet, scans.get(sheet.title, SheetScan())) for sheet in reader.wb.worksheets]
    except TrialgraphError:
        raise
    except Exception as error:
        if _STRICT in str(error) or _is_strict(source.data):
            raise InputError(
                "a Strict Open XML workbook, which is not read",
                where=where,
                hint="save it as 'Excel Workbook (.xlsx)'",
            ) from error
        what = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(
            f"a broken workbook ({what})",
            where=where,
            hint="open it in Excel or LibreOffice and save it anew",
        ) from error


def _is_strict(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as file:
            return _STRICT.encode() in file.read(4_000)
    except (KeyError, zipfile.BadZipFile, OSError):
        return False


def _hidden_sheet(sheet: Any) -> Iterator[str]:
    if sheet.sheet_state != "visible":
        yield f"the sheet {sheet.title!r} is hidden"


def _rows(sheet: Any, scan: SheetScan, told: list[str]) -> list[RawRow]:
    """All rows down to the last with a value; empty ones too, as a row span counts them."""
    spans = {
        (r.min_row, r.min_col): (r.max_row - r.min_row + 1, r.max_col - r.min_col + 1)
        for r in sheet.merged_cells.ranges
    }
    covered = {
        (row, column)
        for r in sheet.merged_cells.ranges
        for row in range(r.min_row, min(r.max_row, scan.last_row) + 1)
        for column in range(r.min_col, min(r.max_col, scan.last_column) + 1)
        if (row, column) != (r.min_row, r.min_col)
    }
    if not scan.last_row:
        return []
    title = sheet.title.replace("'", "''")
    made = []
    cells = sheet.iter_rows(min_row=1, max_row=scan.last_row, min_col=1, max_col=scan.last_column)
    for number, row in enumerate(cells, start=1):
        pieces = []
        for column, cell in enumerate(row, start=1):
            if (number, column) in covered:
                continue
            address = GridAddress("sheet", f"'{title}'!{get_column_letter(column)}{number}")
            height, width = spans.get((number, column), (1, 1))
            found = text_of_runs(_runs(cell, told)) if cell.value is not None else None
            text, marks = (found.text, found.marks) if found else ("", ())
            pieces.append(
                Piece(
                    text,
                    address,
                    min(height, scan.last_row - number + 1),
                    min(width, scan.last_column - column + 1),
                    marks,
                )
            )
            if cell.comment is not None and cell.comment.text:
                told.append(f"{cell.coordinate} has a comment: {' '.join(cell.comment.text.split())[:200]}")
        made.append(RawRow(number, pieces, GridAddress("sheet", f"'{title}'!{number}:{number}")))
    return made


def _runs(cell: Any, told: list[str]) -> Iterator[Run]:
    value = cell.value
    if isinstance(value, CellRichText):
        for part in value:
            if isinstance(part, TextBlock):
                yield Run(part.text or "", _SCRIPTS.get(part.font.vertAlign if part.font else None, "plain"))
            else:
                yield Run(str(part))
    elif isinstance(value, bool):
        yield Run("TRUE" if value else "FALSE")
    elif isinstance(value, str):
        if cell.data_type == "e":
            told.append(f"{cell.coordinate} holds an error: {value}")
        yield Run(value)
    else:
        shown = shown_value(value, cell.number_format or "General")
        if shown is None:
            told.append(
                f"{cell.coordinate} has a number format that is not known here: {cell.number_format!r}"
            )
            shown = shown_value(value, "General") or str(value)
        yield Run(shown)


def _blocks(rows: Sequence[RawRow]) -> Iterator[Sequence[RawRow]]:
    """The tables of a sheet: a new one begins at a numbered title behind an empty row."""
    start = 0
    for at in range(1, len(rows)):
        filled = [piece for piece in rows[at].pieces if piece.text]
        is_title = len(filled) == 1 and is_label(filled[0].text)
        if is_title and not any(p.text for p in rows[at - 1].pieces) and _is_table(rows[start:at]):
            yield rows[start:at]
            start = at
    yield rows[start:]


def _is_table(rows: Sequence[RawRow]) -> bool:
    return sum(sum(bool(piece.text) for piece in row.pieces) > 1 for row in rows) > 1
