"""One cell per line: how many lines make a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.layout.cell_per_line import is_cell_per_line, read_cell_per_line
from trialgraph.extract.sources import Source

HEADINGS = ["Trial", "Phase", "Disease", "Patients", "Dose", "Follow-up (months)", "Outcome"]
DISEASES = ["SLE", "Rheumatoid arthritis", "Lupus nephritis"]
ROWS = [
    [f"NCT0{n}1234{n}", ["1", "2", "1/2"][n % 3], DISEASES[n % 3], str(10 + 7 * n), f"{n + 1} × 10⁶/kg", str(12 + n), "Improved DAS28"]  # noqa: E501 - markup as it is written
    for n in range(8)
]  # fmt: skip
HOLES = [
    [c if (r, at) not in ((2, 4), (5, 1)) else "" for at, c in enumerate(row)] for r, row in enumerate(ROWS)
]


def source(lines: list[str]) -> Source:
    return Source("x", Path("x"), "\n".join(lines) + "\n", "")


def flat(rows: list[list[str]], *, empty: bool = True, behind: list[str] | None = None) -> list[str]:
    return [line for row in rows for line in (*(c for c in row if c or empty), *(behind or []))]


@pytest.mark.parametrize(
    ("body", "want"),
    [
        (flat(ROWS), ROWS),
        (["", *flat(ROWS)], ROWS),
        (["", *flat(ROWS, behind=[""])], ROWS),
        (["", *flat(HOLES)], HOLES),
        (flat(HOLES), HOLES),
    ],
)
def test_a_table(body: list[str], want: list[list[str]]) -> None:
    made = source(
        ["Table 1. Trials of cells", "", *HEADINGS, *body, "Abbreviations: SLE: systemic lupus erythematosus"]
    )
    assert is_cell_per_line(made, DEFAULTS)
    (grid,) = read_cell_per_line(made, DEFAULTS)
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [HEADINGS, *want]
    assert [text.kind for text in grid.texts] == ["label", "caption", "footnote"]
    assert grid.rows[0].cells[1].address.value == "line=4;char=0,5"


@pytest.mark.parametrize(
    "body",
    [
        ["", *flat(HOLES, empty=False)],
        ["", *flat(HOLES, empty=False, behind=[""])],
        flat(HOLES, empty=False),
    ],
)
def test_a_cell_that_might_stand_in_two_columns_is_refused_with_its_line(body: list[str]) -> None:
    made = source(["Table 1. Trials of cells", "", *HEADINGS, *body])
    with pytest.raises(InputError, match="not clear in which column this cell is") as error:
        read_cell_per_line(made, DEFAULTS)
    assert error.value.hint


def test_run_together_text_is_none() -> None:
    assert not is_cell_per_line(source([*HEADINGS, *("".join(row) for row in ROWS)]), DEFAULTS)


def test_lines_that_are_no_table() -> None:
    with pytest.raises(InputError, match="no number of columns fits"):
        read_cell_per_line(source(["a", "b"]), DEFAULTS)


STATISTICS = [
    ["Baseline", "", "", "", ""],
    *[
        [f"{n} mo", str(300 - 7 * n), f"{16 + n}.{n} (5.{n}3)", str(295 - 9 * n), f"0.0{n + 1}"]
        for n in range(4)
    ],
    ["Follow-up", "", "", "", ""],
    *[
        [f"{n} mo", str(200 - 7 * n), f"{11 + n}.{n} (6.{n}1)", str(190 - 9 * n), f"0.{n + 1}4"]
        for n in range(4)
    ],
]


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("behind", [[], [""]])
def test_section_rows_and_headings_that_nobody_knows(empty: bool, behind: list[str]) -> None:
    head = ["Measure", "Drug: n", "Drug: mean (SD)", "Control: n", "p"]
    rows = [part for row in STATISTICS for part in (*(c for c in row if c or empty), *behind)]
    (grid,) = read_cell_per_line(source(["Table 1. Scores", "", *head, "", *rows]), DEFAULTS)
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [head, *STATISTICS]


def test_trials_as_columns() -> None:
    rows = [
        ["", "Cisse (2006) [20]", "Kweku (2008) [22]", "Dicko (2008) [21]"],
        ["Location", "Niakhar, Senegal", "Hohoe, Ghana", "Kambila, Mali"],
        ["Patients", "1203", "2451", "262"],
        ["Drugs", "AS+SP", "SP+AQ", "SP+AQ"],
        ["Age (months)", "2–59", "3–59", "6–59"],
        ["Coverage", "93%", "86%", "99%"],
        ["Registration", "NCT00132561", "NCT00119132", "NCT00766662"],
    ]
    (grid,) = read_cell_per_line(source(["Table 1. Studies", "", *flat(rows)]), DEFAULTS)
    assert [[cell.text for cell in row.cells] for row in grid.rows] == rows


@pytest.mark.parametrize(
    "rows",
    [
        # No column differs from another.
        [["a", "b", "c"], *[["word", "word", "word"]] * 5],
        # Where cells are missing, and nothing says where a row ends.
        [
            ["First", "Second", "Third"],
            ["x1", "x2", "x3"],
            ["x4", "x5", ""],
            ["x6", "", "x7"],
            ["x8", "x9", "x10"],
        ],
    ],
)
def test_what_cannot_be_decided_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(InputError, match="clear"):
        read_cell_per_line(source(flat(rows, empty=False)), DEFAULTS)
