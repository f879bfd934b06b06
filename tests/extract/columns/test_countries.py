"""Countries by the names and abbreviations that tables print."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.extract.columns.cells import cell, in_place
from tests.extract.columns.texts import TEXTS
from trialgraph.extract.columns.countries import COLUMN, country_name


def codes(text: str) -> list[object]:
    return [value.value for value in COLUMN.read([cell("countries", text)]).values.get("countries", ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China", ["CN"]),
        ("USA", ["US"]),
        ("United States, Canada and the UK", ["US", "CA", "GB"]),
        ("Republic of Korea", ["KR"]),
        ("South Korea/Japan", ["KR", "JP"]),
        ("Iran; Turkey", ["IR", "TR"]),
        ("Türkiye", ["TR"]),
        ("THE NETHERLANDS", ["NL"]),
        ("Spain\nFrance", ["ES", "FR"]),
        ("Beijing, China", ["CN"]),
        ("China, China", ["CN"]),
        ("Papua New Guinea", ["PG"]),
        ("Nigeria", ["NG"]),
        ("Atlanta, Georgia, USA", ["US"]),
        ("New Jersey, USA", ["US"]),
        ("Tbilisi, Georgia", ["GE"]),
        ("Congo, The Democratic Republic of the", ["CD"]),
        ("Congo, Uganda", ["CG", "UG"]),
        ("Korea, Democratic People's Republic of, Japan", ["KP", "JP"]),
        ("Korea, Republic of and Japan", ["KR", "JP"]),
        ("Korea, Republic of Moldova", ["KR", "MD"]),
        ("China, Korea, South Africa", ["CN", "KR", "ZA"]),
        ("Korea (North), Korea (South)", ["KP", "KR"]),
        ("Virgin Islands (U.S.), United States", ["VI", "US"]),
        ("Taiwan, Province of China", ["TW"]),
        ("China, Taiwan", ["CN", "TW"]),
        ("Hong Kong SAR, China; China", ["HK", "CN"]),
        ("Inner Mongolia", ["CN"]),
        ("Mongolia", ["MN"]),
        ("Netherlands Antilles; Netherlands", ["NL"]),
    ],
)
def test_countries_in_the_order_of_the_text(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text", ["Asia", "Chinatown", "us", "multicenter", "Indiana", "-", "New Mexico", "Netherlands Antilles"]
)
def test_what_is_no_country(text: str) -> None:
    assert codes(text) == []


@given(TEXTS)
def test_any_text_is_read_in_place(text: str) -> None:
    assert in_place(COLUMN.read([cell("countries", text)]).readings)


def test_every_code_has_a_name() -> None:
    assert (country_name("CN"), country_name("GB"), country_name("KR")) == (
        "China",
        "United Kingdom",
        "South Korea",
    )
