"""How well cells fit their columns: how much better a column tells what its cells look like than the table does.

The sum over all cells of the log-likelihood ratio of what a cell looks like (its kind, its form, its length, its whole
text) in its column, all others of the column given, against the table as a whole. A table that is cut at a wrong number
of columns mixes what columns hold, and the ratio falls to nothing; at twice the number each column is known from half
of the cells, so that the right number is ahead.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

__all__ = ["Looks", "column_gain", "fits", "looks"]

#: What a cell looks like, in groups of which each has one value.
Looks = tuple[str, ...]

# What each group is worth: they say the same in part.
_WEIGHTS: Final = (1.0, 0.4, 0.3, 0.6)
# Cells that each column is taken to have seen that look as all of the table do.
_PRIOR: Final = 1.0
_KINDS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "nothing",
            r"[-–—.…]+|n\.?[/ ]?[ad]\.?|n\.?r\.?|not (?:reported|stated|available|applicable|known).*",
        ),
        ("id", r"(?:(?=.{0,30}\d{5})[a-z]{2,8}[- ]?[a-z0-9/-]{5,25}[;, ]*)+"),
        (
            "date",
            r"\d{4}-\d\d(?:-\d\d)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|(?:\d{1,2} )?[a-z]{3,9}\.? (?:\d{1,2}, )?\d{4}",
        ),
        ("year", r"(?:19|20)\d\d"),
        ("reference", r"\[\d+(?:[-–, ]+\d+)*\]"),
        ("whole number", r"[<>≤≥~+−-]?\d{1,3}(?:,\d{3})+|\d+"),
        ("percentage", r"[<>≤≥~+−-]?\d+(?:[.,·]\d+)?\s?%"),
        ("number", r"[<>≤≥~=+−-]*\s?\d*[.,·]\d+"),
        ("numbers", r"[\d\s.,·()\[\]/%±<>≤≥=:;+–−-]+|\d[\d.,·]* \((?:reference|\d[^a-z]*)\)"),
    )
)
_SHAPE: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


@lru_cache(maxsize=65_536)
def looks(text: str) -> Looks:
    """What a cell looks like; its text has at least one character."""
    bare = " ".join(text.split()).lower()
    signs = ["9" if w.isdecimal() else "a" if w.isalpha() else w for w in _SHAPE.findall(bare[:80])]
    shape = re.sub("a+", "a", "".join(signs))[:6]
    kind = next((name for name, pattern in _KINDS if pattern.fullmatch(bare[:80])), "")
    if not kind:
        words = bare.count(" ") + 1
        size = "word" if words == 1 else "words" if words < 5 else "phrase" if words < 13 else "sentence"
        kind = f"{size} {'with numbers' if '9' in signs else ''}"
    return kind, shape, str(len(bare).bit_length()), bare[:60]


def column_gain(columns: Iterable[Sequence[Looks]]) -> float:
    """The sum of the log-likelihood ratios of the cells of columns."""
    columns = [column for column in columns if column]
    gain = 0.0
    for group, weight in enumerate(_WEIGHTS):
        table = Counter(cell[group] for column in columns for cell in column)
        total = table.total()
        for column in columns:
            own = Counter(cell[group] for cell in column)
            gain += weight * sum(
                n * _ratio(n - 1, len(column) - 1, table[value] - 1, total - 1) for value, n in own.items()
            )
    return gain


def _ratio(inside: int, column: int, everywhere: int, table: int) -> float:
    """Logarithm of how much more frequent something is in a column; nothing where it was never seen."""
    if everywhere <= 0:
        return 0.0
    usual = everywhere / table
    return math.log((inside + _PRIOR * usual) / (column + _PRIOR) / usual)


def fits(cells: Sequence[Looks], columns: Sequence[Sequence[Looks]]) -> list[list[float]]:
    """For each cell how well it fits each column."""
    made = [[0.0] * len(columns) for _ in cells]
    for group, weight in enumerate(_WEIGHTS):
        table = Counter(cell[group] for cell in cells)
        own = [Counter(cell[group] for cell in column) for column in columns]
        sizes = [len(column) for column in columns]
        # What stands once in the table says nothing.
        fit = {
            value: [
                weight * _ratio(o[value], size, n - 1, len(cells)) for o, size in zip(own, sizes, strict=True)
            ]
            for value, n in table.items()
            if n > 1
        }
        for row, cell in zip(made, cells, strict=True):
            for at, one in enumerate(fit.get(cell[group], ())):
                row[at] += one
    return made
