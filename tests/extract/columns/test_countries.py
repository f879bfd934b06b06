"""Countries by the names and abbreviations that tables print."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.extract.columns.cells import cell, in_place
from tests.extract.columns.texts import TEXTS
from trialgraph.extract.columns.countries import COLUMN, country_name, country_named


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
        ("Tanzania, United Republic of; Kenya", ["TZ", "KE"]),
        ("Venezuela (Bolivarian Republic of), Korea (Democratic People's Republic of)", ["VE", "KP"]),
        ("Macedonia, The Former Yugoslav Republic of", ["MK"]),
        ("Former Serbia and Montenegro; Serbia", ["RS"]),
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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Iran, Islamic Republic of", "Iran"),
        ("Iran (Islamic Republic of)", "Iran"),
        ("Korea, Republic of", "South Korea"),
        ("Korea, Democratic People's Republic of", "North Korea"),
        ("Congo, The Democratic Republic of the", "DR Congo"),
        ("Turkey (Türkiye)", "Türkiye"),
        ("the Netherlands", "Netherlands"),
        ("ES", None),
        ("usa", None),
        ("Germany, France", None),
        ("China, Hubei", None),
        ("Georgia (United States)", None),
        ("Former Serbia and Montenegro", None),
        ("Asia", None),
        ("", None),
        (",", None),
        ("()", None),
    ],
)
def test_a_name_as_registries_write_it_is_one_country_or_none(text: str, name: str | None) -> None:
    assert country_named(text) == name


@given(TEXTS)
def test_any_text_is_a_country_or_none(text: str) -> None:
    assert country_named(text) is None or country_named(country_named(text) or "") == country_named(text)
