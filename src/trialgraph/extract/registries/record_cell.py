"""The text of a record's fact as a cell, which the readers of columns take."""

from __future__ import annotations

from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.table import Cell

__all__ = ["cell_of"]


def cell_of(record: RegistryRecord, fact: RecordFact, about: str) -> Cell:
    """The text of a fact as a cell, for the readers of columns."""
    text = fact.raw if fact.raw is not None else str(fact.value)
    return Cell("", about, about.replace(" ", "-"), 0, text, 0, len(text), address=record.place(fact))
