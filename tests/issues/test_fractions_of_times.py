"""A fraction, a separator of thousands or a decimal comma is no list of times.

"1 1/2 years" was read as 12 and 24 months; in prose of registry records "1,25 years" was 300 months, and "1,000 days"
0 months.
"""

from __future__ import annotations

import pytest

from trialgraph.extract.columns.follow_up import read_follow_up
from trialgraph.extract.registries.prose.times import times_in
from trialgraph.model.table import Cell

UNDECIDED = [
    "1 1/2 years",
    "1/2 year",
    "1-1/2 years",
    "2 3/4 months",
    "1,25 years",
    "2,5 months",
    "1,000 days",
    "3,6 months",
]


def in_cell(text: str, heading: str = "Follow up") -> list[str]:
    cell = Cell(heading, "follow_up", "follow-up", 0, text, 0, len(text))
    return [str(value) for value, _ in read_follow_up(cell)]


@pytest.mark.parametrize("text", UNDECIDED)
def test_nothing_is_read_where_it_is_not_decided(text: str) -> None:
    assert in_cell(text) == []
    assert list(times_in(text)) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("3,6,12 months", ["3", "6", "12"]),
        ("6/12 months", ["6", "12"]),
        ("3, 6 months", ["3", "6"]),
        ("1.5 years", ["18"]),
    ],
)
def test_lists_and_decimal_points_are_read(text: str, months: list[str]) -> None:
    assert [f"{float(value):g}" for value in in_cell(text)] == months
    assert [f"{value:g}" for value in (float(value) for value, _, _ in times_in(text))] == months


@pytest.mark.parametrize(
    ("text", "months"), [("1/2", []), ("1 1/2", []), ("1,5", []), ("1/2/3", [12, 24, 36]), ("1/3", [12, 36])]
)
def test_bare_numbers_are_treated_alike(text: str, months: list[int]) -> None:
    assert [float(value) for value in in_cell(text, "Follow up (years)")] == months
