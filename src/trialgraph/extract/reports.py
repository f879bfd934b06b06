"""Row to Report: every cell through the reader of its column, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from trialgraph.extract.columns import columns
from trialgraph.extract.columns.registration import read_look_alikes
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model.reading import Reading
from trialgraph.model.report import Arm, Intervention, PlainValue, Report
from trialgraph.model.table import Row
from trialgraph.terminology.lexicon import lexicon

__all__ = ["read_report"]


def read_report(row: Row) -> Report:
    """What one row says of one trial. A column that the table does not have states nothing, nor does a dash."""
    parts: dict[str, Any] = {}
    values: dict[str, tuple[PlainValue, ...]] = {}
    readings: list[Reading] = []
    for column in columns():
        cells = [
            cell
            for cell in row.cells
            if cell.field == column.field
            and cell.text
            and (column.reads_blank or not says_nothing(cell.text))
        ]
        found = column.read(cells)
        readings += found.readings
        values |= found.values
        parts |= found.parts
    readings += (reading for cell in row.cells for reading in read_look_alikes(cell))
    intervention = parts["intervention"]
    parts["arms"] = tuple(_given(arm, intervention) for arm in parts["arms"])
    return Report(source=row.source, row=row, readings=tuple(dict.fromkeys(readings)), values=values, **parts)


def _given(arm: Arm, intervention: Intervention) -> Arm:
    """The arm, marked where it is named and its name lacks the drug that the intervention adds."""
    added = {concept.id for concept, _ in intervention.combined_with if concept}
    if not added or arm.label is None:
        return arm
    named = {mention.concept.id for _, _, mention in lexicon().find("product", arm.label)}
    return replace(arm, as_given=bool(added & named))
