"""The number in the source's own list."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.reference import read_reference


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("[121]", 121),
        ("[12,15]", 12),
        ("[12-15]", 12),
        ("Smith et al[5]", 5),
        ("121", 121),
        ("NCT01741857", None),
        ("Smith 2020", None),
        ("", None),
    ],
)
def test_references(text: str, number: int | None) -> None:
    made = read_reference(cell("reference", text))
    assert (made.value if made else None) == number
