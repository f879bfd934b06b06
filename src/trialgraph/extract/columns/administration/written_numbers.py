"""Numbers of cells without a factor before a power of ten, and ranges of them: 1,000,000; 1.00E+06; 10^6."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

__all__ = ["MOST_POWER", "NUMBER_OF_CELLS", "RAISED", "WrittenNumber", "written_numbers"]

#: More cells than a body has are no dose.
MOST_POWER: Final = 15
#: Superscript digits to digits.
RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_FREE: Final = r"(?<![\w.,·×*^/±–-])"
_ENDS: Final = r"(?![\d.,·]*\d)"
_OF_CELLS: Final = r"(?= ?(?:(?:[\w-]+ ){0,3}?(?:cells?\b|[\w-]*MSCs?\b|[\w-]*SCs?\b)|/ ?kg|per kg))"
# 1,000,000; 1.00E+06; 2e7; 1*10**6; 5000000.
_WHOLE: Final = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,3}(?:\.\d{1,6})?(?:[eE]\+?0?\d{1,2}| ?\* ?10 ?\*\* ?\d{1,2})|\d{5,12})"
)
_POWER: Final = r"(?<![×xX*·] )10(?:\^\d{1,2}|[⁰¹²³⁴-⁹]{1,2})"
_TO: Final = r" ?(?:-|–|~|(?:up )?to) ?"
NUMBER_OF_CELLS: Final = re.compile(rf"{_FREE}(?:{_WHOLE}|{_POWER}){_ENDS}{_OF_CELLS}")
_RANGE: Final = re.compile(rf"{_FREE}(?P<low>{_WHOLE}){_TO}(?P<high>{_WHOLE}){_ENDS}{_OF_CELLS}")
# A part of a range, or of a list with slashes, is no number of its own.
_JOINED_BEFORE: Final = re.compile(rf"\d{_TO}$")
_JOINED_BEHIND: Final = re.compile(rf"(?:{_TO}| ?/ ?)\d")
_WITH_POWER: Final = re.compile(r"([\d.]{1,12})(?:[eE]\+?0?| ?\* ?10 ?\*\* ?)(\d{1,2})")
_POWERS: Final = re.compile(r"10(?:\^|[⁰¹²³⁴-⁹])")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number of cells, or a range of them, and where it stands; one number has equal ends."""

    start: int
    end: int
    low: Decimal
    high: Decimal


def written_numbers(text: str) -> list[WrittenNumber]:
    """The numbers and ranges of a text, in its order; what is a part of a range that cannot be read is none."""
    found = list(_ranges(text))
    left = text
    for one in found:
        left = left[: one.start] + " " * (one.end - one.start) + left[one.end :]
    found += _singles(text, left)
    return sorted(found, key=lambda one: one.start)


def _ranges(text: str) -> Iterator[WrittenNumber]:
    for m in _RANGE.finditer(text):
        low, high = _value(m["low"]), _value(m["high"])
        if low is not None and high is not None and low <= high:
            yield WrittenNumber(m.start(), m.end(), low, high)


def _singles(text: str, left: str) -> Iterator[WrittenNumber]:
    for m in NUMBER_OF_CELLS.finditer(left):
        if _JOINED_BEHIND.match(text, m.end()) or _JOINED_BEFORE.search(
            text, max(0, m.start() - 9), m.start()
        ):
            continue
        power = m[0].startswith(("10^", *("10" + digit for digit in "⁰¹²³⁴⁵⁶⁷⁸⁹")))
        if power and len(_POWERS.findall(text)) > 1:  # "10^6 to 10^7 cells"
            continue
        value = _power(m[0]) if power else _value(m[0])
        if value is not None:
            yield WrittenNumber(m.start(), m.end(), value, value)


def _value(printed: str) -> Decimal | None:
    m = _WITH_POWER.fullmatch(printed)
    if m is None:
        return Decimal(printed.replace(",", ""))
    return Decimal(m[1]) * Decimal(10) ** int(m[2]) if int(m[2]) <= MOST_POWER else None


def _power(printed: str) -> Decimal | None:
    digits = printed[2:].removeprefix("^").translate(RAISED)
    return Decimal(10) ** int(digits) if int(digits) <= MOST_POWER else None
