"""What is shown of a number is the number: all its digits, no more and no less."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base.readable import (
    amount,
    amounts,
    byte_size,
    count,
    day,
    dose,
    doses,
    heading,
    shortened,
    times,
    yes_no,
)

DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=0, max_value=10**15, places=4
) | st.integers(0, 10**15).map(Decimal)


def _read(text: str, power: str = "") -> Decimal:
    """The number that a text states."""
    lead, _, own = text.partition(" × 10")
    return Decimal(lead.replace(",", "")).scaleb(int((own or power or "0").translate(DIGITS)))


def _read_all(words: list[str]) -> list[Decimal]:
    """The numbers that stand together: the last one's power is that of those before it, if none has its own."""
    shared = words[-1].partition(" × 10")[2] if not any("×" in word for word in words[:-1]) else ""
    return [_read(word, shared) for word in words]


@given(NUMBERS)
def test_an_amount_is_shown_as_it_is(number: Decimal) -> None:
    assert _read(amount(number)) == number


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_amounts_that_stand_together_are_shown_as_they_are(numbers: list[Decimal]) -> None:
    made = amounts(numbers)
    assert _read_all(made) == numbers
    # a number with a power beside one without shares it
    assert len({"×" in word for word in made[:-1] if word != "0"}) <= 1


@given(st.integers(0, 10**18))
def test_a_count_is_shown_as_it_is(number: int) -> None:
    assert int(count(number).replace(",", "")) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("7", "7"),
        ("0.50", "0.5"),
        ("1027", "1,027"),
        ("9999.5", "9,999.5"),
        ("10000", "1 × 10⁴"),
        ("1E+6", "1 × 10⁶"),
        ("1000000.0", "1 × 10⁶"),
        ("2860000", "2.86 × 10⁶"),
        ("1234567.89", "1.23456789 × 10⁶"),
        ("90000000", "9 × 10⁷"),
    ],
)
def test_amounts(number: str, text: str) -> None:
    assert amount(Decimal(number)) == text


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([("1E6", "1E6")], "1 × 10⁶"),
        ([("750000", "1500000")], "0.75–1.5 × 10⁶"),
        ([("1E6", "2E6")], "1–2 × 10⁶"),
        ([("1E6", "1E6"), ("2E6", "2E6"), ("4E6", "4E6")], "1, 2 or 4 × 10⁶"),
        ([("2E6", "2E6"), ("2860000", "2860000")], "2 or 2.86 × 10⁶"),
        ([("25000000", "25000000"), ("5E7", "5E7"), ("1E8", "1E8")], "2.5, 5 or 10 × 10⁷"),
        ([("1E6", "1E8")], "1 × 10⁶ to 1 × 10⁸"),
        ([("1E6", "1E6"), ("1E8", "1E8")], "1 × 10⁶ or 1 × 10⁸"),
        ([("5", "5"), ("20000", "20000")], "5 or 20,000"),
        ([("0", "0"), ("1E6", "1E6")], "0 or 1 × 10⁶"),
        ([("0", "0"), ("1E6", "1E6"), ("2E6", "2E6")], "0, 1 or 2 × 10⁶"),
        ([("1E6", "1E6"), ("0", "0")], "1 × 10⁶ or 0"),
        ([("5", "10")], "5–10"),
        ([(None, "1E6")], "up to 1 × 10⁶"),
        ([("1E6", None)], "at least 1 × 10⁶"),
        ([("1E6", "1E6"), ("2E6", "3E6")], "1 × 10⁶ or 2–3 × 10⁶"),
        ([], ""),
    ],
)
def test_doses(levels: list[tuple[str | None, str | None]], text: str) -> None:
    assert doses([(a and Decimal(a), b and Decimal(b)) for a, b in levels]) == text  # type: ignore[misc]  # a str or None


def test_a_dose_without_ends_says_nothing() -> None:
    assert dose(None, None) == ""


def test_dates_in_words() -> None:
    given = ("2025-07-26", "2025-07-06", "2025-07", "2025", "2025-13-01", "soon", "")
    assert [day(text) for text in given] == [
        *("26 July 2025", "6 July 2025", "July 2025", "2025", "2025-13-01", "soon", ""),
    ]


def test_words() -> None:
    assert [times(Decimal(n)) for n in ("90", "90.00", "12.34", "0.05", "1234")] == [
        "90 ×",
        "90 ×",
        "about 12.3 ×",
        "0.05 ×",
        "about 1,230 ×",
    ]
    assert [yes_no(True), yes_no(False)] == ["yes", "no"]
    assert [heading("outOfLine"), heading("n_total"), heading("DOI"), heading("")] == [
        "Out of line",
        "N total",
        "DOI",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("outOfLine", "Out of line"),
        ("n_total", "N total"),
        ("cca", "CCA"),
        ("sourceIri", "Source IRI"),
        ("ideal", "Ideal"),
    ],
)
def test_the_name_of_a_variable_is_a_heading_in_words(name: str, words: str) -> None:
    assert heading(name) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_500, "1.5 kB"),
        (320_400, "320 kB"),
        (4_000_000, "4 MB"),
        (1_500_000, "1.5 MB"),
    ],
)
def test_a_number_of_bytes_has_the_unit_that_fits(number: int, words: str) -> None:
    assert byte_size(number) == words


def test_a_long_text_is_cut_in_sight() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd" * 300, 3) == "abc … (1,200 characters in all)"
