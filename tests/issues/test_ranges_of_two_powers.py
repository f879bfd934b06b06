"""The power of a dose before a tilde was read as the lower end of the next: 1 × 10^8 ~ 3 × 10^8 was 1 to 8 × 10^8."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.administration.dose import read_dosing


@pytest.mark.parametrize(
    "text",
    [
        "1x10e8 ~3x10e8 cells",
        "1 × 10^8 ~ 3 × 10^8 cells",
        "1 × 108 - 3 × 108 cells",
        "1 × 10⁸ - 3 × 10⁸ cells",
    ],
)
def test_two_powers_with_a_dash_between_them_are_a_range(text: str) -> None:
    levels = read_dosing(cell("administration", text)).levels
    assert [(level.low, level.high) for level in levels] == [(Decimal(10**8), Decimal(3 * 10**8))]
