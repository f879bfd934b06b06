"""How sure it is that every cell of a row is right: the absolute fit of the row, as a probability.

Three things are looked at: how far the best cut is ahead of the next one, how many cells fit their column weakly, and
how many cells hold text that no rule reads. Their weights are a logistic regression on constructed and seed-like rows
(``python -m tools.confidence``), measured on others: decisions/0022-confidence.md has procedure and figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.segmentation.segmentation import Cut

__all__ = ["CLEAR", "RowFit", "confidence", "row_fit"]

#: Behind the best cut by less than this (log-odds), the next one may be right: where the two differ, nothing is read.
CLEAR: Final = 2.0
# A row that may be cut inside a number, or where another cut may be right, is no row that one is sure of.
_DOUBTFUL: Final = 0.5
# A cell below this fits its column no better than some other text would.
_WEAK: Final = 2.0
# Beyond this a greater distance says no more.
_FAR: Final = 8.0
# Of the regression: constant, per log-odds of distance, per weak cell, per cell with unread text. That for weak cells
# comes out near zero beside the others; it is set so that a weak fit never speaks for a row.
_CONSTANT: Final = 0.5
_PER_DISTANCE: Final = 0.67
_PER_WEAK: Final = -0.1
_PER_UNREAD: Final = -1.86


@dataclass(frozen=True, slots=True)
class RowFit:
    """What speaks for a row.

    :param distance: log-odds by which the best cut is ahead of the next one, up to a limit
    :param weak: cells that fit their column weakly
    :param unread: cells with text that no rule reads
    """

    distance: float
    weak: int
    unread: int


def row_fit(found: Cut, unread: int) -> RowFit:
    """What speaks for a row that is cut like this.

    :param unread: cells with text that no rule reads
    """
    return RowFit(min(found.margin, _FAR), sum(fit < _WEAK for fit in found.fits), unread)


def confidence(fit: RowFit, *, doubtful: bool) -> float:
    """The probability that every cell of the row is right.

    :param doubtful: a boundary may stand elsewhere
    """
    odds = _CONSTANT + _PER_DISTANCE * fit.distance + _PER_WEAK * fit.weak + _PER_UNREAD * fit.unread
    made = round(1 / (1 + math.exp(-odds)), 4)
    return min(made, _DOUBTFUL) if doubtful else made
