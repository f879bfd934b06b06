"""An end of a range passed for the dose: "1e6-2e6 cells/kg" was 10⁶, "1,000,000 to 2,000,000 cells" 2 × 10⁶.

Ends with a unit each were a list of two levels, and a range whose upper end falls below it stopped the program.
"""

from __future__ import annotations

import pytest

from trialgraph.extract.columns.administration.dose import read_dosing
from trialgraph.model.table import Cell

MILLION = 1_000_000


def levels(text: str) -> list[tuple[int, int]]:
    dosing = read_dosing(Cell("Dose", "administration", "administration", 0, text, 0, len(text)))
    assert all(text[d.reading.start : d.reading.end] == d.reading.verbatim for d in dosing.levels)
    return [(int(d.low or 0), int(d.high or 0)) for d in dosing.levels]


@pytest.mark.parametrize(
    "text",
    [
        "1e6-2e6 cells/kg",
        "1E+06–2E+06 MSCs/kg",
        "1e6 to 2e6 cells/kg",
        "1,000,000 to 2,000,000 cells",
        "1000000-2000000 MSC",
        "1 × 10^6/kg to 2 × 10^6/kg",
        "1 × 10^6 cells/kg–2 × 10^6 cells/kg",
        "1 × 10⁶ MSCs per kg to 2 × 10⁶ MSCs per kg",
        "between 1 × 10^6 and 2 × 10^6 cells/kg",
        "1 × 10^6 to 2 × 10^6 cells/kg",
    ],
)
def test_a_range_is_one_level_with_both_ends(text: str) -> None:
    assert levels(text) == [(MILLION, 2 * MILLION)]


@pytest.mark.parametrize(
    "text",
    [
        "1 × 10^6 to 5 × 10^6–10^3 cells/kg",
        "2e6-1e6 cells/kg",
        "1e6/2e6 cells/kg",
        "50 to 2,000,000 cells",
    ],
)
def test_no_end_of_a_range_that_cannot_be_read_is_a_dose(text: str) -> None:
    assert (2 * MILLION, 2 * MILLION) not in levels(text)
    assert (MILLION, MILLION) not in levels(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 × 10^6/kg and 2 × 10^6/kg", [(MILLION, MILLION), (2 * MILLION, 2 * MILLION)]),
        ("1 × 10^6/kg to 2 × 10^6/patient", [(MILLION, MILLION), (2 * MILLION, 2 * MILLION)]),
        ("1e6 or 2e6 cells/kg", [(MILLION, MILLION), (2 * MILLION, 2 * MILLION)]),
        ("2,000,000 cells", [(2 * MILLION, 2 * MILLION)]),
        ("10^6 cells/kg", [(MILLION, MILLION)]),
    ],
)
def test_lists_and_single_numbers_are_as_before(text: str, expected: list[tuple[int, int]]) -> None:
    assert levels(text) == expected
