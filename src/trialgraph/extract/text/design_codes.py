"""Codes of trial designs: "R, DB, PC" for randomized, double-blind, placebo-controlled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["design_codes"]

_CODE: Final = r"(?:R|DB|SB|TB|OL|PC|MC|SC|PG|CO|P|SA)"
_CELL: Final = re.compile(rf"\s*{_CODE}(?:\s*[,;/+]\s*{_CODE}|\s+{_CODE}){{1,6}}\s*")
# One of these says that the others are codes of a design, too.
_SURE: Final = frozenset(["DB", "SB", "TB", "OL", "PC"])


def design_codes(text: str) -> Iterator[tuple[int, int, str]]:
    """The codes of a cell that is nothing but several of them, and where they stand; else none."""
    if _CELL.fullmatch(text):
        found = list(re.finditer(_CODE + r"(?![A-Z])", text))
        if _SURE & {m.group() for m in found}:
            yield from ((*m.span(), m.group()) for m in found)
