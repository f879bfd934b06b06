"""CSV, TSV and semicolon-separated text: every cell as it was written, with its address."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.grids.made_files import beside, grids, texts
from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings

CELL = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="ᵃ*†‡§¶‖#∗⁎✝※"),
    max_size=12,
).map(lambda text: " ".join(text.split()))


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=3, max_size=8), st.sampled_from([",", ";", "\t"]))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read(rows: list[tuple[str, ...]], separator: str) -> None:
    rows = [("Trial", "Phase", "Patients"), *(("x" + a, "y" + b, "z" + c) for a, b, c in rows)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    kind = {",": "csv", ";": "semicolon", "\t": "tsv"}[separator]
    (grid,) = grids(out.getvalue(), kind)
    assert [[c.replace("\xad", "") for c in row] for row in texts(grid)] == [
        ["".join(ch for ch in c if ch not in "\xad\u200b\u200c\u200d\u2060\ufeff") for c in row]
        for row in rows
    ]


def test_addresses_are_those_of_rfc_7111() -> None:
    (grid,) = grids('Trial,Phase,N\n"a\nb",1,2\n\nc,3,4\n')
    assert [(row.line, row.cells[1].address.value) for row in grid.rows] == [
        (1, "cell=1,2"),
        (2, "cell=2,2"),
        (5, "cell=4,2"),
    ]
    assert grid.rows[1].cells[0].text == "a\nb"


@pytest.mark.parametrize(
    ("encoding", "remarks"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("cp1252", 1)]
)
def test_encodings(encoding: str, remarks: int) -> None:
    (grid,) = grids("Autor;Phase;N\nMüller;1;2\nSjögren – x;2;3\n".encode(encoding))
    assert texts(grid)[1:] == [["Müller", "1", "2"], ["Sjögren – x", "2", "3"]]
    assert len(grid.remarks) == remarks


def test_title_notes_and_their_marks() -> None:
    (grid,) = grids("Table 2. Trials of x,,\n,,\nTrial,Phase,N\nA,1,12*\nB,2,7\n* planned,,\n")
    assert beside(grid) == [
        ("label", "Table 2", ()),
        ("caption", "Trials of x", ()),
        ("footnote", "planned", ("*",)),
    ]
    assert (grid.rows[1].cells[2].text, grid.rows[1].cells[2].marks) == ("12", ("*",))
    assert grid.name == "Table 2"


def test_section_rows_stay() -> None:
    (grid,) = grids("Trial,Phase,N\nMultiple sclerosis,,\nA,1,12\nLupus,,\nB,2,7\n")
    assert [row[0] for row in texts(grid)] == ["Trial", "Multiple sclerosis", "A", "Lupus", "B"]


def test_rows_that_a_browser_broke_over_lines() -> None:
    (grid,) = grids("Trial\tPhase\tDose\tN\nA\t1\t1 mg\n2 mg\t12\nB\t2\t3 mg\t7\nC\t1\t4 mg\t9\n")
    assert texts(grid)[1] == ["A", "1", "1 mg\n2 mg", "12"]
    assert grid.remarks == ("lines 2 to 3 are one row with line breaks in its cells",)


def test_a_short_row_is_placed_by_what_it_holds_and_that_is_said() -> None:
    rows = [f"NCT0000000{n},{n} mg daily,{n * 7}" for n in range(1, 8)]
    (grid,) = grids("\n".join(["Trial,Dose,N", *rows, "9 mg daily,12", "NCT00000009,2 mg daily"]))
    assert texts(grid)[-2:] == [["", "9 mg daily", "12"], ["NCT00000009", "2 mg daily", ""]]
    assert grid.remarks == ("line 9 has 2 cells for 3 columns; they are placed by what they hold",)


def test_a_line_with_the_separator_is_no_row() -> None:
    (grid,) = grids("sep=;\nTrial;Phase;N\nA;1;2\nB;2;3\n", "csv")
    assert texts(grid)[0] == ["Trial", "Phase", "N"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            'Trial,Phase,N\nA,"1,2\nB,2,3\nC,3,4,5\n',
            "file:2: a quotation mark that is never closed; close it, or write",
        ),
        (",".join("x" * 20) + "\na,b\n", "file:1: a row of 20 cells, more than 8"),
        ("a,b,c\n" * 20, "file:11: a table of more than 10 rows"),
        ("a,b,c\nd," + "e" * 60 + ",f\n", "file:2: a cell of 60 characters, more than 50"),
    ],
)
def test_limits_are_one_clear_line(data: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        grids(data, "csv", Settings(grid_rows=10, grid_columns=8, cell_chars=50))
    assert error.value.line().startswith(says)


def test_an_inch_mark_is_a_character() -> None:
    (grid,) = grids('Trial\tNeedle\tN\nA\t"5\t2\nB\t6"\t3\n')
    assert texts(grid)[1] == ["A", '"5', "2"]


def test_many_rows() -> None:
    (grid,) = grids("a,b,c\n" + "1,2,3\n" * 20_000)
    assert len(grid.rows) == 20_001
