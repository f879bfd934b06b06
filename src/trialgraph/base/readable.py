"""Numbers, truth values and headings as people write them: ``1 × 10⁶``, ``0.75–1.5 × 10⁶``, ``1,027``, ``no``.

What is shown is exactly the value: digits are grouped and powers of ten taken out. What is rounded says "about".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

__all__ = [
    "amount",
    "amounts",
    "byte_size",
    "count",
    "day",
    "dose",
    "doses",
    "heading",
    "shortened",
    "superscript",
    "times",
    "yes_no",
]

SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
#: Abbreviations that variables spell in small letters; CCA is the corrected covered area of an overlap.
ABBREVIATIONS: Final = frozenset(("cca", "doi", "id", "iri", "nct", "uri", "url"))
#: From here on an amount is written with a power of ten.
_POWERS_FROM: Final = 10_000
#: A dose level: low and high; None for the end that a bound lacks.
Level = tuple[Decimal | None, Decimal | None]


def count(number: int) -> str:
    """A number of things: ``1,027``."""
    return f"{number:,}"


def byte_size(number: int) -> str:
    """So many bytes in the largest unit that fits: ``320 kB``, ``1.5 MB``."""
    if number < 1_000:
        return f"{number} bytes"
    if number < 1_000_000:
        return f"{number / 1_000:,.{int(number < 10_000)}f}".removesuffix(".0") + " kB"
    return f"{number / 1_000_000:,.1f}".removesuffix(".0") + " MB"


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; of a longer one its beginning and how long it is."""
    return text if len(text) <= most else f"{text[:most]} … ({len(text):,} characters in all)"


def superscript(number: int) -> str:
    """A number as an exponent: ``⁻⁶``."""
    return str(number).translate(SUPERSCRIPTS)


def amount(number: Decimal) -> str:
    """One amount: ``1.5 × 10⁸``, and small ones as they are."""
    return amounts([number])[0]


def amounts(numbers: Sequence[Decimal]) -> list[str]:
    """Amounts that stand together; where they share a power of ten, only the last has it: ``1``, ``2``, ``4 × 10⁶``.

    Of their own powers of ten the most frequent is shared, the larger of two. Where they are further apart than that
    reads well, each keeps its own; where one of them then has none, none has one, as ``5 or 2 × 10⁴`` may be read
    as 50,000.
    """
    powers = Counter(number.adjusted() for number in numbers if number)
    small = [number for number in numbers if number and abs(number) < _POWERS_FROM]
    if not powers or len(small) == sum(powers.values()):
        return [_plain(number) for number in numbers]
    if max(powers) - min(powers) > 1 or not numbers[-1]:
        return [_plain(n) if small or not n else _with_power(n, n.adjusted()) for n in numbers]
    power = max(powers, key=lambda p: (powers[p], p))
    return [*(_plain(number.scaleb(-power)) for number in numbers[:-1]), _with_power(numbers[-1], power)]


def _with_power(number: Decimal, power: int) -> str:
    return f"{_plain(number.scaleb(-power))} × 10{superscript(power)}"


def _plain(number: Decimal) -> str:
    """All its digits, grouped by thousands, without zeros at the end of a fraction."""
    text = f"{number or Decimal():,f}"  # zero has a scale of its own
    return text.rstrip("0").rstrip(".") if "." in text else text


def dose(low: Decimal | None, high: Decimal | None) -> str:
    """One dose level without its unit: ``1 × 10⁶``, ``0.75–1.5 × 10⁶``, ``up to 1 × 10⁶``."""
    if low is None or high is None:
        end = high if low is None else low
        return "" if end is None else f"{'up to' if low is None else 'at least'} {amount(end)}"
    if low == high:
        return amount(low)
    ends = amounts([low, high])
    return " to ".join(ends) if "×" in ends[0] else "–".join(ends)


def doses(levels: Sequence[Level]) -> str:
    """Dose levels of one unit and basis: ``1, 2 or 4 × 10⁶``."""
    single = [low for low, high in levels if low is not None and low == high]
    if len(single) == len(levels):
        return _either(amounts(single))
    return _either([dose(low, high) for low, high in levels])


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def times(factor: Decimal) -> str:
    """How many times as much: ``90 ×``, ``about 12.3 ×`` where it has more digits."""
    short = Decimal(f"{factor:.3g}")
    return f"{_plain(short)} ×" if short == factor else f"about {_plain(short)} ×"


def yes_no(value: bool) -> str:
    """A truth value as an answer."""
    return "yes" if value else "no"


def day(text: str) -> str:
    """A date in words: ``26 July 2025``, ``July 2025``; anything but an ISO date as it is."""
    parts = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    if not parts or not 1 <= int(parts[2]) <= 12:
        return text
    month = f"{MONTHS[int(parts[2]) - 1]} {parts[1]}"
    return f"{int(parts[3])} {month}" if parts[3] else month


def _in_heading(word: str) -> str:
    if word.lower() in ABBREVIATIONS:
        return word.upper()
    return word if word.isupper() and len(word) > 1 else word.lower()


def heading(name: str) -> str:
    """The name of a column or a variable as a heading: ``outOfLine`` as "Out of line", ``sourceId`` as "Source ID"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").split()
    text = " ".join(map(_in_heading, words))
    return text[:1].upper() + text[1:]
