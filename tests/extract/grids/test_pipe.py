"""Markdown and pipe tables: escaped bars, code spans, emphasis, short and long rows."""

from __future__ import annotations

import pytest

from tests.extract.grids.made_files import beside, grids, texts
from trialgraph.base.errors import InputError


def test_markdown() -> None:
    (grid,) = grids(
        "**Table 1.** Trials\n\n| Trial | Phase | N |\n|---|:-:|--|\n| A | 1 \\| 2 | 10<sup>6</sup> |\n"
        "| `a|b` | **x**<br>y \\* | 12<sup>a</sup> |\n\n<sup>a</sup> Planned.\n"
    )
    assert texts(grid) == [["Trial", "Phase", "N"], ["A", "1 | 2", "10⁶"], ["a|b", "x\ny *", "12"]]
    assert (grid.rows[2].cells[2].marks, grid.rows[1].cells[1].address.value) == (("a",), "line=5;char=6,12")
    assert beside(grid) == [
        ("label", "Table 1", ()),
        ("caption", "Trials", ()),
        ("footnote", "Planned.", ("a",)),
    ]
    assert [cell.heading for cell in grid.rows[0].cells] == [True] * 3


def test_short_and_long_rows_are_placed_by_what_they_hold() -> None:
    rows = [f"| NCT0000000{n} | phase {n % 3 + 1} | {n * 7} | lupus |" for n in range(1, 9)]
    (grid,) = grids(
        "\n".join(
            [
                "Trial | Phase | N | Disease",
                *rows,
                "| phase 2 | 12 | lupus |",
                "| NCT00000010 | phase 1 | 9 | SLE | lupus |",
            ]
        )
    )
    assert texts(grid)[-2:] == [
        ["", "phase 2", "12", "lupus"],
        ["NCT00000010", "phase 1", "9", "SLE | lupus"],
    ]
    assert len(grid.remarks) == 2


def test_cells_that_were_dropped_and_filled_up_at_the_end_are_placed_by_what_they_hold() -> None:
    rows = [f"| NCT0000000{n} | phase {n % 3 + 1} | {n * 7} | lupus |" for n in range(1, 9)]
    head = "| Trial | Phase | N | Disease |"
    (grid,) = grids(
        "\n".join(
            [head, "|---|---|---|---|", *rows, "| phase 2 | 12 | lupus | |", "| NCT00000010 | phase 1 | | |"]
        )
    )
    assert texts(grid)[-2:] == [["", "phase 2", "12", "lupus"], ["NCT00000010", "phase 1", "", ""]]
    assert grid.remarks == ("line 11 ends with empty cells; its cells are placed by what they hold",)


def test_a_grid_table_has_several_lines_a_row() -> None:
    (grid,) = grids(
        "+---+---+\n| A | B |\n+===+===+\n| x | 1 |\n| y |   |\n+---+---+\n| z | 2 |\n+---+---+\n"
    )
    assert texts(grid) == [["A", "B"], ["x\ny", "1"], ["z", "2"]]


def test_two_tables() -> None:
    one = "| A | B |\n|---|---|\n| 1 | 2 |\n"
    assert [g.name for g in grids(f"Table 1. x\n\n{one}\nTable 2. y\n\n{one}")] == ["Table 1", "Table 2"]


@pytest.mark.parametrize("cell", ["`" * 5_000, "*a _b " * 3_000, "[" * 9_000, "<sup " * 5_000, "\\" * 5_001])
def test_markup_that_never_closes_takes_no_time(cell: str) -> None:
    (grid,) = grids(f"| a | b | c |\n|---|---|---|\n| {cell} | 2 | 3 |\n")
    assert len(grid.rows) == 2


def test_too_many_columns() -> None:
    with pytest.raises(InputError, match="a row of 4999 cells, more than 1000"):
        grids("|" * 5_000 + "\n|---|---|\n" + "|" * 5_000)
