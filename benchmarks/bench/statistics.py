"""Percentiles and medians, and how figures are written."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["median_of_rounds", "number", "percentile"]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def median_of_rounds(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rounds of one measurement as one: the median of each number, and of anything else the last."""
    made: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in rounds for name in one):
        values = [one[name] for one in rounds if name in one]
        if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
            made[name] = round(statistics.median(values), 4)
        else:
            made[name] = values[-1]
    return made


def number(value: float) -> str:
    """A figure with three significant digits, at most, and groups of thousands."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:.{min(digits, 3)}f}"
