"""Word documents: runs, merged cells, several and nested tables, and files that are made to do harm."""

from __future__ import annotations

import docx
import pytest

from tests.extract.grids.made_files import ROWS, beside, document, grids, member, repacked, saved, texts
from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings

MAIN = "word/document.xml"


def test_merged_cells_raised_characters_caption_and_notes() -> None:
    made = docx.Document()
    made.add_paragraph("The text before.")
    made.add_paragraph("Table 1. Trials in lupus")
    table = made.add_table(rows=4, cols=3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Dose"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "A"
    for row, column, text in (
        (0, 0, "Trial"),
        (1, 1, "1"),
        (1, 2, "2"),
        (2, 1, "3"),
        (2, 2, "4"),
        (3, 0, "B"),
        (3, 2, "6"),
    ):
        table.cell(row, column).text = text
    paragraph = table.cell(3, 1).paragraphs[0]
    for text, up in (("1 × 10", False), ("6", True), (" cells", False), ("b", True)):
        paragraph.add_run(text).font.superscript = up
    note = made.add_paragraph()
    note.add_run("b").font.superscript = True
    note.add_run(" Planned.")
    made.add_paragraph("The text goes on.")
    (grid,) = grids(saved(made))
    assert texts(grid) == [
        ["Trial", "Dose", "Dose"],
        ["A", "1", "2"],
        ["A", "3", "4"],
        ["B", "1 × 10⁶ cells", "6"],
    ]
    assert (grid.rows[3].cells[1].marks, grid.rows[3].cells[1].address.value) == (
        ("b",),
        "table=1;row=4;column=2",
    )
    assert beside(grid) == [
        ("label", "Table 1", ()),
        ("caption", "Trials in lupus", ()),
        ("footnote", "Planned.", ("b",)),
    ]


def test_several_tables_and_one_in_a_cell() -> None:
    made = docx.Document()
    first = made.add_table(rows=2, cols=2)
    first.cell(0, 0).text, first.cell(1, 1).text = "one", "end"
    inner = first.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "x", "y"
    made.add_paragraph("Table 2: second")
    second = made.add_table(rows=2, cols=2)
    second.cell(0, 0).text, second.cell(1, 1).text = "two", "z"
    found = grids(saved(made))
    assert [grid.rows[0].cells[0].text for grid in found] == ["one", "x", "two"]
    assert found[0].rows[1].cells[0].text == "x y"
    assert [grid.name for grid in found] == ["", "", "Table 2"]


def test_deleted_text_is_not_read_and_inserted_text_is() -> None:
    data = document()
    changed = member(data, MAIN).replace(
        b"<w:r><w:t>1</w:t></w:r>",
        b"<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins><w:r><w:t>1</w:t></w:r></w:ins>",
        1,
    )
    assert texts(grids(repacked(data, {MAIN: changed}))[0]) == ROWS


def test_a_macro_file_is_read_as_data() -> None:
    data = document()
    types = member(data, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    grid = grids(repacked(data, {"[Content_Types].xml": types}))[0]
    assert (texts(grid), len(grid.remarks)) == (ROWS, 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (document()[:3_000], "a broken archive"),
        (repacked(document(), {MAIN: b"<w:document"}), "a broken Word document"),
        (repacked(document(), {MAIN: b"<a>" * 1_000}), "a broken Word document"),
        (repacked(document(), {MAIN: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}), "document type"),  # noqa: E501 - markup as it is written
        (repacked(document(), {"word/zero.xml": b" " * 2_000_000}), "unpacked it is more than 1000000 bytes"),
        (repacked(document(), {MAIN: member(document(), MAIN).replace(b"<w:tbl>", b"<w:xbl>").replace(b"</w:tbl>", b"</w:xbl>")}), "no table in it"),  # noqa: E501 - markup as it is written
    ],
)  # fmt: skip
def test_hostile_files_are_one_clear_line(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as error:
        grids(data, settings=Settings(archive_bytes=1_000_000))
    assert says in error.value.line()
