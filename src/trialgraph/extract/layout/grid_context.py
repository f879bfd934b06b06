"""What stands once for several rows: the section that a row is in.

A text is context of a field where the reader of its column reads all of it as one value, and no other does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from trialgraph.extract.columns import column_of
from trialgraph.extract.columns.disease.condition import BROADER
from trialgraph.extract.text.leftovers import leftovers
from trialgraph.model.grid import GridCell
from trialgraph.model.reading import Reading
from trialgraph.model.table import Cell

__all__ = ["inherited", "reads_whole"]

# The fields that a section may state for its rows.
_OF_SECTIONS: Final = ("disease", "cell source", "phase", "status", "countries")
_COUNTRY_CODES: Final = frozenset(["US", "USA", "UK", "UAE"])
_COUNT: Final = re.compile(r"\s*[(\[,:]? ?\b(?:n|N) ?= ?\d+|\s*\(\d+(?: (?:trials|studies|RCTs))?\)")
_LEAD: Final = re.compile(
    r"\W*(?:(?:clinical )?(?:trials?|studies|study|RCTs?) )?(?:in|of|on|for|with|using) (?:patients with )?",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"\s+(?:clinical )?(?:trials?|studies|RCTs?|patients)(?:\W*$|\s*[:,(–—-].{0,60}$)|\W+$", re.IGNORECASE
)


def inherited(section: GridCell | None, cells: Sequence[Cell]) -> list[Cell]:
    """The value of a section for a row of it that has no other: a cell with the section's address."""
    if section is None:
        return []
    found = _value_of(section.text)
    if found is None or any(c.field == found[0] and c.text for c in cells):
        return []
    return [_cell(section, *found)]


@lru_cache(maxsize=1024)
def _value_of(text: str) -> tuple[str, int, int] | None:
    """The one field that a section states, and where; None where it states none, or several."""
    for start, end in _parts(text):
        found = [field for field in _OF_SECTIONS if reads_whole(field, text[start:end])]
        if len(found) == 1:
            return found[0], start, end
    return None


def _cell(section: GridCell, field: str, start: int, end: int) -> Cell:
    key = f"section-{field.replace(' ', '-')}"
    return Cell(
        "section", field, key, 0, section.text[start:end], start, end, address=section.address,
        marks=section.marks,
    )  # fmt: skip


def _parts(text: str) -> list[tuple[int, int]]:
    """The whole text, and the text without a count of trials and without what says that these are trials of it."""
    made = [(0, len(text))]
    end = m.start() if (m := _COUNT.search(text)) else len(text)
    start = m.end() if (m := _LEAD.match(text)) else 0
    if m := _TAIL.search(text, start, end):
        end = m.start()
    return made if (start, end) == made[0] or start >= end else [*made, (start, end)]


def reads_whole(field: str, text: str) -> bool:
    """Whether the reader of a column makes one thing of a text, and leaves nothing of it."""
    column = column_of(field)
    assert column  # noqa: S101 - asked of fields of columns
    # "SLE" is a disease, and the code of Sierra Leone.
    if (
        field == "countries"
        and re.fullmatch(r"[A-Z]{2,3}", text.strip())
        and text.strip() not in _COUNTRY_CODES
    ):
        return False
    cell = Cell("", field, "context", 1, text, 0, len(text)).in_normal_form()
    if not cell.text:
        return False
    found = column.read([cell])
    if not found.readings or found.implausible or not all(_is_linked(r) for r in found.readings):
        return False
    if len(found.parts.get("conditions", (0,))) != 1 or len(found.parts.get("products", (0,))) != 1:
        return False
    # What only narrows the disease ("acute ischemic stroke") makes no other one of it.
    if field == "disease" and any(r.rule == BROADER.id for r in found.readings):
        return True
    spans = [(r.start, r.end) for r in found.readings] + [(i, j) for _, i, j in found.covered]
    return not any(leftovers(text, spans, column.filler))


def _is_linked(reading: Reading) -> bool:
    """Whether a reading is a concept or a value, no words as printed."""
    return reading.mention is not None or (
        reading.value is not None and str(reading.value) != reading.verbatim
    )
