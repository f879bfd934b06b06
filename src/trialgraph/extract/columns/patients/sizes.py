"""Sizes that a cell writes in ways of its own: "1 135" with a blank in it, "n = 24" among other words."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["explicit_size", "is_bare_n", "several_sizes", "written_size"]

# A blank parts the thousands.
_IN_THOUSANDS: Final = re.compile(r"\s*(\d{1,3}(?:\s\d{3})+)\s*")
_SMALL: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ONES: Final = {word: n for n, word in enumerate(_SMALL, 1)}
_TENS: Final = {
    word: 10 * n
    for n, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
# "Twenty-four patients".
_ONE: Final = "|".join(_ONES)
_TEN: Final = "|".join(_TENS)
_IN_WORDS: Final = re.compile(
    rf"\s*(?:total )?(?P<size>(?P<tens>{_TEN})(?:[ ‐‑–-](?P<ones>{_ONE}))?|(?P<alone>{_ONE}))\b"
    r"(?:\s+(?:\w+ )?(?:patients?|participants?|subjects?|cases?|volunteers|adults|children))?\W*",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"\s*\d{1,5}(?:(?:,|;)?\s+\d{1,5}){1,8}\s*")
_EXPLICIT: Final = re.compile(r"(?<![\w(])[nN] ?= ?\d")


def written_size(words: str) -> tuple[int, tuple[int, int]] | None:
    """The number that a whole cell is, its thousands parted by blanks or in words, and where it stands."""
    if m := _IN_THOUSANDS.fullmatch(words):
        return int("".join(m[1].split())), m.span(1)
    if m := _IN_WORDS.fullmatch(words):
        tens, ones = (
            _TENS.get((m["tens"] or "").lower(), 0),
            _ONES.get((m["ones"] or m["alone"] or "").lower(), 0),
        )
        return tens + ones, m.span("size")
    return None


def several_sizes(words: str) -> bool:
    """Whether a cell is nothing but several numbers, as those of groups on lines of their own."""
    return _SEVERAL.fullmatch(words) is not None


def explicit_size(words: str) -> int | None:
    """Where the one ``n = …`` of a cell begins: of "R/R MM, at least 3 prior lines, n = 24"."""
    found = list(_EXPLICIT.finditer(words))
    return found[0].start() if len(found) == 1 else None


def is_bare_n(header: str) -> bool:
    """Whether a heading is "n" and no more."""
    return re.fullmatch(r"\W*n\W*", header, re.IGNORECASE) is not None
