"""Workbooks: what each cell shows, what is hidden, and files that are made to do harm."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from tests.extract.grids.made_files import ROWS, beside, grids, member, repacked, saved, texts, workbook
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings

SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_behind_a_readme_with_title_merged_cells_and_raised_characters() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "About"
    sheet = book.create_sheet("It's one")
    up = InlineFont(vertAlign="superscript")
    sheet.append(["Table S1. Trials in COVID-19"])
    sheet.append(["Trial", "Dose", None])
    sheet.append([None, "low", "high"])
    sheet.append(["A", CellRichText("1 × 10", TextBlock(up, "6"), "/kg", TextBlock(up, "a")), "2"])
    sheet.append(["a Planned."])
    for area in ("A1:C1", "A2:A3", "B2:C2", "A5:C5"):
        sheet.merge_cells(area)
    first, grid = grids(saved(book))
    assert texts(first) == [["About"]]
    assert texts(grid) == [["Trial", "Dose", "Dose"], ["Trial", "low", "high"], ["A", "1 × 10⁶/kg", "2"]]
    assert (grid.rows[2].cells[1].marks, grid.rows[2].cells[1].address.value) == (("a",), "'It''s one'!B4")
    assert (grid.rows[0].cells[1].columns, grid.rows[0].cells[0].rows) == (2, 2)
    assert [(kind, text) for kind, text, _ in beside(grid)] == [
        ("label", "Table S1"),
        ("caption", "Trials in COVID-19"),
        ("footnote", "Planned."),
    ]


def test_numbers_and_dates_as_the_format_shows_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    values = [
        (0.1 + 0.2, "General"),
        (0.254, "0.0%"),
        (1234.5, "#,##0.00"),
        (dt.date(2020, 1, 31), "d mmm yyyy"),
        (True, "General"),
    ]
    sheet.append(["a", "b", "c", "d", "e"])
    for column, (value, form) in enumerate(values, start=1):
        sheet.cell(2, column, value).number_format = form
    assert texts(grids(saved(book))[0])[1] == ["0.3", "25.4%", "1,234.50", "31 Jan 2020", "TRUE"]


def test_what_is_not_seen_is_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet["C2"] = "=1+1"
    sheet["A2"].comment = Comment("check this", "me")
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    grid = grids(saved(book))[0]
    assert texts(grid) == [ROWS[0], [ROWS[1][0], "1", ""], ROWS[2]]
    assert grid.remarks == (
        "column B is hidden",
        "row 3 is hidden",
        "C2 is a formula without a stored value; nothing is read",
        "A2 has a comment: check this",
    )


def test_a_formula_is_read_by_its_stored_value() -> None:
    data = workbook([["a", "b"], ["x", 1]])
    cell = member(data, SHEET).replace(b'<c r="B2" t="n"><v>1</v></c>', b'<c r="B2"><f>1+1</f><v>2</v></c>')
    grid = grids(repacked(data, {SHEET: cell}))[0]
    assert texts(grid)[1] == ["x", "2"]
    assert grid.remarks == ("B2 is a formula; its stored value is read",)


def test_several_tables_in_a_sheet() -> None:
    rows = [["Table 1. One"], *ROWS, [], ["Table 2. Two"], *ROWS]
    assert [grid.texts[1].text for grid in grids(workbook(rows))] == ["One", "Two"]


def test_a_macro_file_is_read_as_data() -> None:
    data = workbook()
    types = member(data, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    grid = grids(repacked(data, {"[Content_Types].xml": types, "xl/vbaProject.bin": b"x"}))[0]
    assert texts(grid) == ROWS
    assert grid.remarks == ("the file holds macros; they are not run and not read",)


def _in_sheet(xml: bytes) -> bytes:
    data = workbook()
    return repacked(data, {SHEET: member(data, SHEET).replace(b"</sheetData>", xml)})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (workbook()[:2_000], "a broken archive"),
        (repacked(workbook(), {SHEET: b"<worksheet><sheetData><row>"}), "a broken sheet"),
        (repacked(workbook(), {SHEET: b"<a>" * 1_000}), "Excessive depth"),
        (repacked(workbook(), {SHEET: b'<!DOCTYPE x [<!ENTITY e "x">]><worksheet/>'}), "declares a document type"),
        (repacked(workbook(), {SHEET: '<!DOCTYPE x>'.encode("utf-16")}), "declares a document type"),
        (repacked(workbook(), {"xl/media/zero": b"\0" * 2_000_000}), "unpacked it is more than 1000000 bytes"),
        (repacked(workbook(), {f"x/{n}": b"" for n in range(200)}), "files are packed in it, more than 100"),
        (_in_sheet(b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "more than 4000000 cells"),  # noqa: E501 - markup as it is written
        (_in_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "more than 200000 rows"),
        (_in_sheet(b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'), "a row of 16384 cells"),
    ],
)  # fmt: skip
def test_hostile_files_are_one_clear_line(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as error:
        grids(data, settings=Settings(archive_bytes=1_000_000, archive_members=100))
    assert says in error.value.line()


def test_a_stray_format_at_the_end_of_a_sheet_is_no_table() -> None:
    data = _in_sheet(b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert texts(grids(data, settings=DEFAULTS)[0]) == ROWS
