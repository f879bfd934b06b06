"""Columns that were assigned by hand: each mistake is named with its line and the nearest names."""

from __future__ import annotations

from typing import Any

import pytest

from trialgraph.base.errors import InputError
from trialgraph.extract.layout.assignments import assigned_fields

HEADERS = ("Colour", "Dose", "Dose", "")
SIDECAR = 'kind = "csv"\n[columns]\n"Colour" = "disease"\n"#3" = "x"\nDose = "y"\n'


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"Colour": "disease"}, {0: ("disease",)}),
        ({"#4": "cell source"}, {3: ("cell source",)}),
        ({"#4": "cell-source"}, {3: ("cell source",)}),
        ({"Dose": "ignore"}, {1: ("ignore",), 2: ("ignore",)}),
        ({"Colour": ["phase", "status"]}, {0: ("phase", "status")}),
        ({}, {}),
    ],
)
def test_assigned_columns(columns: dict[str, Any], found: dict[int, tuple[str, ...]]) -> None:
    assert assigned_fields({"columns": columns}, HEADERS) == found


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"Colour": "diseases"}, "s.toml:3: 'diseases' is no field; the nearest fields: disease"),
        ({"#3": "quux"}, "s.toml:4: 'quux' is no field; fields: phase"),
        ({"Dose": "?"}, "s.toml:5: nobody has decided what the column 'Dose' is"),
        ({"Color": "disease"}, "s.toml: no column has the heading 'Color'; the nearest headings: Colour"),
        ({"#9": "disease"}, "no column has the heading '#9'"),
        ({"Colour": 3}, "'3' is no field"),
        ({"Colour": ["ignore", "phase"]}, "'ignore' is no field"),
    ],
)
def test_mistakes_are_named(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as raised:
        assigned_fields({"columns": columns}, HEADERS, where="s.toml", sidecar=SIDECAR)
    assert message in str(raised.value)


def test_columns_must_be_a_table() -> None:
    with pytest.raises(InputError, match="columns is no table"):
        assigned_fields({"columns": "x"}, HEADERS)
