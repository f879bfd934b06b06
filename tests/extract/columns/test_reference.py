"""The numbers in the source's own list."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.reference import read_references


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[121]", [121]),
        ("[12,15]", [12, 15]),
        ("[12-15]", [12, 13, 14, 15]),
        ("[12–14, 20]", [12, 13, 14, 20]),
        ("[3][5]", [3, 5]),
        ("Smith et al[5]", [5]),
        ("121", [121]),
        ("[15-12]", []),
        ("[1-900]", []),
        ("[1234567]", []),
        ("NCT01741857", []),
        ("Smith 2020", []),
        ("", []),
    ],
)
def test_references(text: str, numbers: list[int]) -> None:
    assert [reading.value for reading in read_references(cell("reference", text))] == numbers
