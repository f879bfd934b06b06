"""Follow-up: decimal months, with the words beside them; the heading's unit counts where the cell has none."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import fold

__all__ = ["DURATION", "months", "read_follow_up"]

HEADING_UNIT: Final = rule(
    "follow-up.unit-of-heading",
    "A bare number, or a list of them, is in the unit that the heading names.",
    example="12", gives="12", counter_example="12 weeks",
)  # fmt: skip
OWN_UNIT: Final = rule(
    "follow-up.unit-of-cell",
    "A number with a unit of its own is turned into months: 12 months a year, 365.25/12 days a month.",
    example="48 weeks", gives="11.04", counter_example="12",
)  # fmt: skip
SERIES: Final = rule(
    "follow-up.series",
    "Several times of one unit are several follow-ups.",
    example="Follow-up examinations after 3, 6, and 8 months", gives="3|6|8", counter_example="12",
)  # fmt: skip

# Days in the mean Gregorian month (365.25 / 12), as UCUM's "mo".
_DAYS: Final = Decimal("30.4375")
_UNITS: Final = {
    "m": Decimal(1), "mo": Decimal(1), "month": Decimal(1),
    "y": Decimal(12), "yr": Decimal(12), "year": Decimal(12),
    "w": Decimal(7) / _DAYS, "wk": Decimal(7) / _DAYS, "week": Decimal(7) / _DAYS,
    "d": Decimal(1) / _DAYS, "day": Decimal(1) / _DAYS,
}  # fmt: skip
# No more digits than a time has: a longer number is none.
_N: Final = r"\d{1,6}(?:\.\d{1,6})?(?!\d)"
DURATION: Final = re.compile(
    rf"(?<![\w.,])(?P<numbers>{_N}(?:(?:, ?| ?[-–] ?| or | and | to |, and |, or )(?:{_N}))*)[ -]?"
    r"(?P<unit>months?|mos?|weeks?|wks?|w|years?|yrs?|y|days?|d)(?![A-Za-z])"
)
_BARE: Final = re.compile(rf" ?{_N}(?:(?:, ?| ?[-–/] ?| or | and | to |, and |, or ){_N})* ?")
_COMPOUND: Final = re.compile(
    rf"(?<![\w.,])(?P<years>{_N})[ -]?years?,? (?:and )?(?P<months>{_N})[ -]?months?(?![A-Za-z])"
)


def months(number: str, unit: str) -> Decimal:
    """``number`` of ``unit`` in months, to two decimals, without trailing zeros."""
    value = Decimal(number) * _UNITS[unit.rstrip("s") or unit]
    return _plain(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def read_follow_up(cell: Cell) -> tuple[tuple[Decimal, Reading], ...]:
    """The follow-up times of a cell, in months.

    A bare number under a heading without a unit is no time: nothing is returned rather than invented.
    """
    text = cell.text or ""
    made: list[tuple[Decimal, Reading]] = []
    for m in _COMPOUND.finditer(text):
        value = months(m["years"], "year") + months(m["months"], "month")
        made.append((value, read(cell, "follow_up", m.span(), value, OWN_UNIT)))
    # What a compound has taken is not read again; blanks keep the offsets.
    for m in DURATION.finditer(_COMPOUND.sub(lambda taken: " " * len(taken.group()), text)):
        numbers = list(re.finditer(_N, m["numbers"]))
        for n in numbers:
            value = months(n.group(), m["unit"])
            at = (m.start() + n.start(), m.start() + n.end())
            made.append((value, read(cell, "follow_up", at, value, SERIES if len(numbers) > 1 else OWN_UNIT)))
    unit = re.search(r"month|week|year|day|\b(?:mo|m|wk|w|yr|y|d)(?=s?\b)", fold(cell.header))
    if not made and unit and _BARE.fullmatch(text):
        for n in re.finditer(_N, text):
            value = months(n.group(), unit.group())
            made.append((value, read(cell, "follow_up", n.span(), value, HEADING_UNIT)))
    return tuple(made)
