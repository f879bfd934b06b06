"""What a column may be about whose heading nobody knows."""

from __future__ import annotations

import pytest

from trialgraph.extract.layout.column_suggestions import suggested


@pytest.mark.parametrize(
    ("heading", "texts", "field"),
    [
        ("Pateints", ["12", "20"], "patients"),
        ("cel_source", ["BM-MSCs", "UC-MSCs"], "cell source"),
        ("Where", ["Italy", "United Kingdom"], "countries"),
        ("Entry", ["NCT01741857", "NCT00395200"], "registration"),
    ],
)
def test_a_slip_of_the_pen_or_the_cells_suggest_a_field(heading: str, texts: list[str], field: str) -> None:
    found = suggested(heading, texts)
    assert found
    assert (found.fields, found.confidence < 0.9) == ((field,), True)


@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        ("Zzz", ["foo", "bar baz"]),
        ("Zzz", ["Italy"]),
        ("Zzz", []),
        ("Zzz", ["-", "NA"]),
        ("Zzz", ["Italy", "12", "x"]),
    ],
)
def test_nothing_else_does(heading: str, texts: list[str]) -> None:
    assert suggested(heading, texts) is None
