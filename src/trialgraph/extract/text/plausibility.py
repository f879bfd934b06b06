"""Values that cannot be meant: what is beyond a limit is not read, and the reason is reported.

Such a value is a fault of the reading (a number that took in a neighbour's digit or a footnote mark) or of the source;
which of the two, the text does not say. Limits are wide, so that an unusual value is not lost to them:

- patients: the largest trials of cell therapies enrol some hundreds (DREAM-HF 565; BAMI planned 3,000);
- cells: a body has some 3.7 × 10¹³ (Bianconi et al. 2013, Annals of Human Biology 40:463), the largest doses given are
  some 10¹¹ lymphocytes; local injections begin at some thousands;
- months: the longest follow-up that is asked for is 15 years (FDA, Long Term Follow-Up After Administration of Human
  Gene Therapy Products, 2020; EMA/CHMP likewise);
- years of age: the oldest person on record was 122;
- references: reviews list some hundreds, and a number of four digits is more often a year.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell

__all__ = [
    "FEWEST_CELLS",
    "IMPLAUSIBLE",
    "MOST_CELLS",
    "MOST_MONTHS",
    "MOST_PATIENTS",
    "MOST_REFERENCES",
    "MOST_YEARS_OF_AGE",
    "Implausible",
    "implausible",
]

IMPLAUSIBLE: Final = rule(
    "unread.implausible",
    "A value that cannot be meant (beyond the limits of counts, doses and times; a total that is less than half or "
    "more than twice the sum of its groups) is not read; its words are kept and reported with the reason.",
    example="1 × 10^14 cells/kg", gives="", counter_example="1 × 10^6 cells/kg",
)  # fmt: skip

MOST_PATIENTS: Final = 5_000
MOST_CELLS: Final = Decimal(10) ** 12
FEWEST_CELLS: Final = Decimal(1_000)
MOST_MONTHS: Final = Decimal(180)
MOST_YEARS_OF_AGE: Final = 122
MOST_REFERENCES: Final = 1_500

#: Words that are not read, as a reading without a value, and why.
Implausible = tuple[Reading, str]


def implausible(cell: Cell, at: tuple[int, int] | None, why: str) -> Implausible:
    """Words of a cell whose value cannot be meant.

    :param at: half-open offsets into the cell's text; None: all of it but the white space around it
    """
    if at is None:
        text = cell.text or ""
        at = (len(text) - len(text.lstrip()), len(text.rstrip()))
    return read(cell, "unread", at, None, IMPLAUSIBLE), why
