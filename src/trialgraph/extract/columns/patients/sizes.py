"""Sizes that a cell writes in ways of its own: "1 135" with a blank in it, "n = 24" among other words."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["explicit_size", "in_thousands", "is_bare_n"]

# A blank parts the thousands.
_IN_THOUSANDS: Final = re.compile(r"\s*(\d{1,3}(?:\s\d{3})+)\s*")
_EXPLICIT: Final = re.compile(r"(?<![\w(])[nN] ?= ?\d")


def in_thousands(words: str) -> re.Match[str] | None:
    """The number that a whole cell is, its thousands parted by blanks, as group 1."""
    return _IN_THOUSANDS.fullmatch(words)


def explicit_size(words: str) -> int | None:
    """Where the one ``n = …`` of a cell begins: of "R/R MM, at least 3 prior lines, n = 24"."""
    found = list(_EXPLICIT.finditer(words))
    return found[0].start() if len(found) == 1 else None


def is_bare_n(header: str) -> bool:
    """Whether a heading is "n" and no more."""
    return re.fullmatch(r"\W*n\W*", header, re.IGNORECASE) is not None
