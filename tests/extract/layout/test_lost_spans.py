"""Headings whose spans a browser has dropped are placed over their columns, or left out; never over others."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests.extract.grids.made_files import grids, workbook
from tests.paths import ROOT
from trialgraph.extract.layout.column_roles import role_of
from trialgraph.extract.layout.grid_headings import find_headings
from trialgraph.extract.layout.lost_spans import with_spans

#: A heading, what may stand over it, and what its column holds.
COLUMNS = [
    ("Registration number", "Trial", ["NCT00395200", "NCT00781872", "NCT01606215", "NCT01745783"]),
    ("Sponsor", "Trial", ["University of Cambridge", "Hadassah", "Imperial College London", "Novartis"]),
    ("Phase", "Design", ["1/2", "2", "1", "2/3"]),
    ("Masking", "Design", ["Open label", "Double-blind", "Quadruple", "Single"]),
    ("Allocation", "Design", ["Randomized", "Non-randomized", "N/A", "Randomized"]),
    ("Condition", "", ["Multiple sclerosis", "Crohn's disease", "Lupus nephritis", "Type 1 diabetes"]),
    ("Cell source", "Intervention", ["Autologous BM-MSCs", "UC-MSCs", "Allogeneic AD-MSCs", "BM-MSCs"]),
    ("Dose", "Intervention", ["2 × 10⁶ cells/kg", "1 × 10⁷ cells", "1–2 × 10⁶ cells/kg", "4 × 10⁷ cells"]),
    ("Route", "Intervention", ["IV", "Intrathecal", "IV", "Intra-articular"]),
    ("Patients", "", ["10", "24", "21", "172"]),
    ("Country", "", ["United Kingdom", "Israel", "Spain", "China"]),
    ("Follow-up", "", ["6 months", "12 months", "52 weeks", "2 years"]),
    ("Start date", "Dates", ["2008-07", "2006-10", "2013-01", "2014-11-03"]),
    ("Completion date", "Dates", ["2011-07", "2009-12", "2016-01", "2018-02"]),
    ("Status", "", ["Completed", "Terminated", "Recruiting", "Unknown"]),
]


def headers(text: str) -> tuple[str, ...]:
    """What the columns are called."""
    (grid,) = grids(text, "tsv")
    found = find_headings(with_spans(grid))
    assert found is not None
    return found.headers


def table(*lines: Sequence[str]) -> str:
    return "\n".join("\t".join(line) for line in lines) + "\n"


def drawn(draw: random.Random, kind: str) -> tuple[str, list[str]]:
    """A table of four rows whose headings have lost their spans, and its headings.

    :param kind: ``two lines``: as a browser copies cells that span columns or rows; ``empty above``: columns of no
        group have an empty cell above; ``one line``: some columns have no heading, and no cell for it
    """
    groups: dict[str, list[tuple[str, str, list[str]]]] = {}
    for column in COLUMNS:
        if draw.random() < 0.8:
            groups.setdefault(column[1] or column[0], []).append(column)
    order = list(groups)
    draw.shuffle(order)
    upper: list[str] = []
    lower: list[str] = []
    right: list[str] = []
    cells: list[list[str]] = []
    for name in order:
        held = groups[name]
        several = len(held) > 1 and kind != "one line"
        names = [column[0] for column in held]
        if several:
            upper.append(name)
            lower += names
        elif kind == "empty above":
            upper.append("")
            lower += names
        else:
            names = [text if kind == "two lines" or draw.random() < 0.88 else "" for text in names]
            upper += filter(None, names)
        right += [f"{name}: {text}" if several else text for text in names]
        cells += [draw.sample(column[2], len(column[2])) for column in held]
    head = [upper, lower] if kind != "one line" else [upper]
    return table(*head, *zip(*cells, strict=True)), right


@pytest.mark.parametrize("kind", ["two lines", "empty above", "one line"])
def test_each_heading_stands_over_its_column_or_over_none(kind: str) -> None:
    """Of 40 tables made of the same columns; placements of others were looked at when it was written."""
    draw = random.Random(40)  # noqa: S311 - a draw that repeats itself
    count = wrong = missing = 0
    for _ in range(40):
        text, right = drawn(draw, kind)
        found = headers(text)
        assert len(found) == len(right)
        for made, meant in zip(found, right, strict=True):
            count += 1
            missing += bool(meant) and not made
            wrong += bool(made) and role_of(made, ()).fields != role_of(meant, ()).fields
    assert wrong <= count * 0.003
    assert missing <= count * 0.06


def test_a_table_copied_from_a_browser_is_read_as_the_sheet_that_it_was() -> None:
    examples = ROOT / "docs" / "examples"
    (copied,) = grids((examples / "browser-copy.txt").read_bytes(), "tsv")
    sheet = grids((examples / "extraction-sheet.xlsx").read_bytes(), "xlsx")[1]
    found = [find_headings(with_spans(grid)) for grid in (copied, sheet)]
    assert found[0]
    assert found[1]
    assert found[0].headers == found[1].headers
    assert with_spans(copied).remarks == (
        "the headings on lines 1 and 2 are not one for each of 11 columns; they are placed by what the columns hold",
    )


ROWS = [
    ["NCT00000001", "1/2", "RA", "10"],
    ["NCT00000002", "2", "SLE", "24"],
    ["NCT00000003", "1", "RA", "31"],
]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        # A line break in a heading.
        ([["Registration number", "Phase", "Condition"], ["studied", "Patients"]],
         ("Registration number", "Phase", "Condition studied", "Patients")),
        # As R writes it, and a column in the middle without a heading.
        ([["Phase", "Condition", "Patients"]], ("", "Phase", "Condition", "Patients")),
        ([["Registration number", "Condition", "Patients"]], ("Registration number", "", "Condition", "Patients")),
        # Nothing tells which of the columns "Notes" is over: it is over none.
        ([["Notes", "Remarks", "Patients"]], ("", "", "", "Patients")),
    ],
)  # fmt: skip
def test_one_line_of_headings(head: list[list[str]], expected: tuple[str, ...]) -> None:
    rows = [[*row] for row in ROWS]
    if head[0][0] == "Notes":
        rows = [["x", "y", "z", row[3]] for row in rows]
        head = [[*head[0]], *head[1:]]
    assert headers(table(*head, *rows)) == expected


def test_complete_headings_stay_as_they_are() -> None:
    for kind in ("tsv", "csv"):
        text = table(["Registration number", "Phase", "Condition", "Patients"], *ROWS)
        (grid,) = grids(text if kind == "tsv" else text.replace("\t", ","), kind)
        assert with_spans(grid) is grid
    (workbook_,) = grids(workbook([["Phase", "Condition"], *ROWS]), "xlsx")
    assert with_spans(workbook_) is workbook_, "its cells say where they stand"


def test_headings_that_cannot_be_placed_are_told() -> None:
    (grid,) = grids(table(["Registration number", "Condition"], *ROWS[:2]), "tsv")
    made = with_spans(grid)
    assert made.rows == grid.rows
    assert made.remarks == ("line 1 has 2 headings for 4 columns; they are read from the left",)


def test_divisions_that_fit_two_groups_are_left_out() -> None:
    rows = [[f"NCT0000000{n}", "RA", "10", "1 × 10⁶ cells/kg", "9", "0", "IV"] for n in range(1, 6)]
    upper, lower = (
        ["Trial", "Disease", "MSC group", "Control", "Route"],
        ["Patients", "Dose", "Patients", "Dose"],
    )
    found = headers(table(upper, lower, *rows))
    assert found[:4] == ("Trial", "Disease", "MSC group: Patients", "MSC group: Dose")
    assert found[4:6] == ("", ""), (
        "a dose of 0 speaks against the right place, so that another one comes near"
    )
