"""The doses of a trial on a logarithmic strip, among those of all reports in the same unit and on the same basis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trialgraph.base.readable import superscript

__all__ = ["DoseStrip", "StripMark", "dose_strip"]

WIDTH: Final = 350
#: Room beside the ends, for half a label.
MARGIN: Final = 20


@dataclass(frozen=True, slots=True)
class StripMark:
    """A dose level: from its low to its high end."""

    label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DoseStrip:
    """The strip.

    :param ticks: place and label of each power of ten
    :param others: places of the doses of all reports
    """

    ticks: tuple[tuple[float, str], ...]
    others: tuple[float, ...]
    marks: tuple[StripMark, ...]
    width: int = WIDTH


def dose_strip(
    levels: Sequence[tuple[str, Decimal, Decimal]], reported: Sequence[Decimal]
) -> DoseStrip | None:
    """The strip of some dose levels; None where there is nothing to compare, or no logarithm.

    :param levels: label, low and high of each
    :param reported: the doses of all reports
    """
    ends = [*reported, *(end for _, low, high in levels for end in (low, high))]
    if not levels or len(set(ends)) < 2 or min(ends) <= 0:
        return None
    first, last = math.floor(min(ends).log10()), math.ceil(max(ends).log10())

    def place(dose: Decimal) -> float:
        share = (float(dose.log10()) - first) / (last - first)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    step = max(1, math.ceil((last - first) / 6))
    ticks = (
        (place(Decimal(10) ** power), f"10{superscript(power)}") for power in range(first, last + 1, step)
    )
    marks = (StripMark(label, place(low), place(high)) for label, low, high in levels)
    return DoseStrip(tuple(ticks), tuple(map(place, reported)), tuple(marks))
