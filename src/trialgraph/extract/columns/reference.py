"""Reference: the number in the source's own list. It is not a PubMed id."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.extract.text.patterns import REFERENCE
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell

__all__ = ["read_reference"]

IN_LIST: Final = rule(
    "reference.in-list",
    "A number in square brackets is the entry of the source's reference list.",
    example="[121]", gives="121", counter_example="121",
)  # fmt: skip
BARE: Final = rule(
    "reference.bare-number",
    "A number that is the whole cell is the entry of the source's reference list.",
    example="121", gives="121", counter_example="[121]",
)  # fmt: skip
_BARE: Final = re.compile(r"\s*(\d{1,4})\s*")


def read_reference(cell: Cell) -> Reading | None:
    """The first reference number of a cell, or None."""
    if bare := _BARE.fullmatch(cell.text or ""):
        return read(cell, "reference", bare.span(1), int(bare[1]), BARE)
    m = REFERENCE.search(cell.text or "")
    if m is None:
        return None
    number = m["numbers"].split(",")[0].split("-")[0].split("–")[0]
    if len(number) > 6:  # no list is that long
        return None
    return read(cell, "reference", m.span(), int(number), IN_LIST)
