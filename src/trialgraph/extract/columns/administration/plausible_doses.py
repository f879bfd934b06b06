"""The doses of administration cells, without those that cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from trialgraph.extract.columns.administration.dose import Dosing, read_dosing
from trialgraph.extract.text.plausibility import FEWEST_CELLS, MOST_CELLS, Implausible, implausible
from trialgraph.model.table import Cell
from trialgraph.terminology.dose_units import CELLS

__all__ = ["plausible_dosings"]

# Powers of ten are written with one digit before the point, or a round number. Another digit, where the cell begins, is
# a neighbour's or a footnote mark's: 11 × 10⁶.
_MANTISSA: Final = re.compile(r"\s*\(?(?P<number>\d{2,}) ?[×xX*·] ?10")
_ROUND: Final = 5


def plausible_dosings(cells: Sequence[Cell]) -> tuple[list[Dosing], list[Implausible]]:
    """What the cells say of the dose, and doses that cannot be meant."""
    made: list[Dosing] = []
    beyond: list[Implausible] = []
    for cell in cells:
        found = read_dosing(cell)
        if why := _beyond_sense(cell, found):
            rest = [*(level.reading for level in found.levels), *found.bases]
            at = (cell.local(min(r.start for r in rest)), cell.local(max(r.end for r in rest)))
            beyond.append(implausible(cell, at, why))
            found = Dosing((), "not stated", (), None)
        made.append(found)
    return made, beyond


def _beyond_sense(cell: Cell, dosing: Dosing) -> str:
    # A bound has one end.
    for level in dosing.levels:
        if level.unit != CELLS:
            continue
        most = level.high if level.high is not None else level.low
        if most is not None and most > MOST_CELLS:
            return "more cells than are given"
        if most is not None and 0 < most < FEWEST_CELLS:
            return "fewer cells than are given"
    if cell.address is not None:  # the cell of a grid holds no neighbour's digit
        return ""
    first = _MANTISSA.match(cell.text or "")
    if dosing.levels and first and int(first["number"]) % _ROUND:
        return f"{first['number']} before a power of ten may begin with another number's digit"
    return ""
