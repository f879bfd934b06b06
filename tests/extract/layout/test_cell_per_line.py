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
        (["", *flat(HOLES, empty=False)], HOLES),
        (["", *flat(HOLES, empty=False, behind=[""])], HOLES),
        (flat(HOLES, empty=False), HOLES),
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


def test_run_together_text_is_none() -> None:
    assert not is_cell_per_line(source([*HEADINGS, *("".join(row) for row in ROWS)]), DEFAULTS)


def test_lines_that_are_no_table() -> None:
    with pytest.raises(InputError, match="no number of columns fits"):
        read_cell_per_line(source(["a", "b"]), DEFAULTS)
