"""Doses: powers that lost their superscript, ranges, lists, words, and the basis behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.administration.dose import read_dosing

Level = tuple[int, int, str]


def told(text: str) -> list[Level]:
    levels = read_dosing(cell("administration", text)).levels
    return [(int(d.low), int(d.high), d.basis) for d in levels if d.low is not None and d.high is not None]


def bounds(text: str) -> list[tuple[int | None, int | None, str, str]]:
    """Low and high ends, the basis and the words of each level."""
    levels = read_dosing(cell("administration", text)).levels
    ends = ([None if end is None else int(end) for end in (d.low, d.high)] for d in levels)
    return [(low, high, d.basis, d.reading.verbatim) for (low, high), d in zip(ends, levels, strict=True)]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("≤ 1 × 10^6 cells/kg, IV", [(None, 1_000_000, "kilogram", "≤ 1 × 10^6")]),
        ("up to 2 × 106 cells/kg", [(None, 2_000_000, "kilogram", "up to 2 × 106")]),
        ("IV infusion of at most 40 million cells", [(None, 40_000_000, "not stated", "at most 40 million")]),
        ("no more than 1 × 10⁸ cells/patient", [(None, 100_000_000, "patient", "no more than 1 × 10⁸")]),
        ("< 2,000,000 cells/kg", [(None, 2_000_000, "kilogram", "< 2,000,000")]),
        ("maximum dose of 1 × 10^8 cells", [(None, 100_000_000, "not stated", "maximum dose of 1 × 10^8")]),
        ("≥1 × 106 cells/kg, IV infusion", [(1_000_000, None, "kilogram", "≥1 × 106")]),
        ("at least 1 × 10^6 cells/kg", [(1_000_000, None, "kilogram", "at least 1 × 10^6")]),
        ("more than 1.00E+06 cells/kg", [(1_000_000, None, "kilogram", "more than 1.00E+06")]),
        # the upper end of a range
        ("1 × 10^6 up to 2 × 10^6 cells/kg", [(1_000_000, 2_000_000, "kilogram", "1 × 10^6 up to 2 × 10^6")]),
        # a cap on another basis is no level
        ("1 × 10^6 cells/kg (max. 1 × 10^8)", [(1_000_000, 1_000_000, "kilogram", "1 × 10^6")]),
        # what is approximate, or a bound of several, is left
        ("~1 × 10^6 cells/kg", []),
        ("≈ 1 × 10^6 cells/kg", []),
        ("up to (1-2) × 10^6 cells/kg", []),
        ("≤ 1, 2 or 4 × 10^6 cells/kg", []),
        ("≥ 1 × 10^6 and ≤ 2 × 10^6 cells/kg", []),
    ],
)
def test_a_bound_stays_a_bound(text: str, levels: list[tuple[int | None, int | None, str, str]]) -> None:
    assert bounds(text) == levels


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        # as the seed prints them
        ("1 × 106 cells/kg, IV infusion", [(1_000_000, 1_000_000, "kilogram")]),
        ("9 × 107 cells/kg, IV infusion", [(90_000_000, 90_000_000, "kilogram")]),
        (
            "2.0 or 2.86 × 106 cells/kg",
            [(2_000_000, 2_000_000, "kilogram"), (2_860_000, 2_860_000, "kilogram")],
        ),
        ("(0.75-1.5) × 106 cells/kg, BX-U001 IV infusion", [(750_000, 1_500_000, "kilogram")]),
        ("1, 2 or 4 × 106/kg", [(n * 1_000_000, n * 1_000_000, "kilogram") for n in (1, 2, 4)]),
        (
            "2.5, 5.0 or 10.0 × 107 cells/patient",
            [(n * 1_000_000, n * 1_000_000, "patient") for n in (25, 50, 100)],
        ),
        (
            "Intra-articular implantation of 40 million autologous BM-MSCs per knee joint",
            [(40_000_000, 40_000_000, "joint")],
        ),
        (
            "IV infusion of 4 × 107 UC-MSCs in combination with DMARDs",
            [(40_000_000, 40_000_000, "not stated")],
        ),
        (
            "UC-MSC transplantation, with some patients receiving recombinant human IFN-γ 1 × 106 cells/kg 1 dose",
            [(1_000_000, 1_000_000, "kilogram")],
        ),
        # other spellings of the same number
        ("1 × 10^6 cells/kg", [(1_000_000, 1_000_000, "kilogram")]),
        ("1×10⁶ cells/kg", [(1_000_000, 1_000_000, "kilogram")]),
        ("1x10^6/kg", [(1_000_000, 1_000_000, "kilogram")]),
        ("1 × 10e6 per kg", [(1_000_000, 1_000_000, "kilogram")]),
        ("1 × 106 cells kg−1", [(1_000_000, 1_000_000, "kilogram")]),
        ("2 million cells/kg", [(2_000_000, 2_000_000, "kilogram")]),
        ("1.5 billion cells", [(1_500_000_000, 1_500_000_000, "not stated")]),
        ("100 × 106 cells", [(100_000_000, 100_000_000, "not stated")]),
        ("1 × 1010 cells", [(10_000_000_000, 10_000_000_000, "not stated")]),
        ("1,5 × 106 cells/kg", [(1_500_000, 1_500_000, "kilogram")]),
        ("2.4 ± 0.3 × 106 cells/kg", [(2_400_000, 2_400_000, "kilogram")]),
        ("1.0 × 106 ± 0.2 × 106 cells/kg", [(1_000_000, 1_000_000, "kilogram")]),
        ("1.0 × 10⁶ ± 0.2 × 10⁶ cells/kg", [(1_000_000, 1_000_000, "kilogram")]),
        # ranges
        ("1-2 × 106 cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("Intravenous, 1–2 × 10⁶ cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("Intravenous, (1–2) × 10⁶ cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("IV,1–2 × 10⁶ cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        # A list or a decimal comma before a range, and thousands or three decimals, may each mean something else.
        ("1, 2–4 × 10⁶ cells/kg", []),
        ("0,5 – 1 × 10⁶ cells/kg", []),
        ("1,000–2,000 × 10⁶ cells/kg", []),
        ("1,000 or 2,000 × 10³ cells", []),
        ("1,200 million cells", []),
        ("1 to 2 × 106 cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("1 × 106-2 × 106 cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("1 × 106 to 2 × 106 cells/kg", [(1_000_000, 2_000_000, "kilogram")]),
        ("0.5-1 million/kg", [(500_000, 1_000_000, "kilogram")]),
        # lists
        ("1 & 2 × 106/kg", [(1_000_000, 1_000_000, "kilogram"), (2_000_000, 2_000_000, "kilogram")]),
        ("1, 2, and 4 × 106/kg", [(n * 1_000_000, n * 1_000_000, "kilogram") for n in (1, 2, 4)]),
        ("1/2/4 × 106 cells/kg", [(n * 1_000_000, n * 1_000_000, "kilogram") for n in (1, 2, 4)]),
        ("50, 100 or 150 million cells", [(n * 1_000_000, n * 1_000_000, "not stated") for n in (50, 100, 150)]),
        (
            "2 × 107 or 4 × 107 cells/patient",
            [(20_000_000, 20_000_000, "patient"), (40_000_000, 40_000_000, "patient")],
        ),
        (
            "Low dose: 1 × 106 cells/kg; high dose: 5 × 107 cells",
            [(1_000_000, 1_000_000, "kilogram"), (50_000_000, 50_000_000, "not stated")],
        ),
        # the basis
        ("1 × 106 cells", [(1_000_000, 1_000_000, "not stated")]),
        ("2 × 107 per injection", [(20_000_000, 20_000_000, "not stated")]),
        ("40 × 106 cells in each knee", [(40_000_000, 40_000_000, "joint")]),
        ("1 × 106 cells, patients of 60 kg", [(1_000_000, 1_000_000, "not stated")]),
        ("1 × 106 cells/kg, up to 3 doses", [(1_000_000, 1_000_000, "kilogram")]),
        ("8 × 107 cells/m2", [(80_000_000, 80_000_000, "square metre")]),
        ("8 × 107 cells per m²", [(80_000_000, 80_000_000, "square metre")]),
        # no cells
        ("3 × 106 IU of IFN", []),
        ("1 × 106 cells/mL", []),
        ("6 × 105 cells/cm2", []),
        ("1 × 106 cells/g", []),
        ("1 × 1060 cells", []),
        ("40 patients", []),
        ("1 dose", []),
        ("", []),
    ],
)  # fmt: skip
def test_doses_are_read_as_a_curator_would(text: str, levels: list[Level]) -> None:
    assert told(text) == levels


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("1 × 106 cells/kg", "stated"),
        ("Dose not specified IV infusion", "not specified"),
        ("IV, dose not reported", "not specified"),
        ("IV infusion", "not stated"),
    ],
)
def test_saying_that_there_is_no_dose_is_more_than_saying_nothing(text: str, status: str) -> None:
    assert read_dosing(cell("administration", text)).status == status


def test_each_level_of_a_list_has_its_own_characters() -> None:
    levels = read_dosing(cell("administration", "1, 2 or 4 × 106/kg")).levels
    assert [d.reading.verbatim for d in levels] == ["1", "2", "4"]


def test_the_basis_is_a_reading_of_its_own() -> None:
    (basis,) = read_dosing(cell("administration", "1 × 106 cells/kg")).bases
    assert (basis.verbatim, basis.value) == ("/kg", "kilogram")


@given(
    mantissa=st.decimals(min_value="0.1", max_value=999, places=2),
    power=st.integers(min_value=4, max_value=9),
    sign=st.sampled_from(["×", "x", "X", "*", "·"]),
    space=st.sampled_from(["", " "]),
)
def test_a_lost_superscript_changes_nothing(mantissa: object, power: int, sign: str, space: str) -> None:
    lost = f"{mantissa}{space}{sign}{space}10{power} cells/kg"
    kept = f"{mantissa}{space}{sign}{space}10^{power} cells/kg"
    assert told(lost) == told(kept) != []
