"""What a record's fields name in words, as the concepts that tables have: status, masking, allocation, countries.

The columns of tables read them, so that one word is one concept wherever it stands; what they do not know stays a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.columns import columns
from trialgraph.extract.columns.countries import is_one_country
from trialgraph.extract.registries.record_cell import cell_of
from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell

__all__ = ["read_plain_values"]

#: By field of a table, the property of the study that names it in a record.
_NAMED_BY: Final = {
    "allocation": "allocation",
    "countries": "country",
    "masking": "masking",
    "status": "recruitmentStatus",
}
_COLUMNS: Final = tuple(column for column in columns() if column.field in _NAMED_BY)


def read_plain_values(
    record: RegistryRecord, by: Mapping[tuple[str, str], Sequence[RecordFact]]
) -> dict[str, tuple[PlainValue, ...]]:
    """The values by the name of their column in ``trialgraph trials``, each with its reading.

    :param by: the facts of the record by kind of node and property
    """
    made: dict[str, tuple[PlainValue, ...]] = {}
    for column in _COLUMNS:
        for fact in by.get(("study", _NAMED_BY[column.field]), ()):
            cell = _spaced(cell_of(record, fact, column.field))
            # An entry is one country as a whole: "Former Serbia and Montenegro" is left as words.
            if column.field == "countries" and not is_one_country(cell.text or ""):
                continue
            for name, values in column.read([cell]).values.items():
                held = made.get(name, ())
                known = {value.value for value in held}
                made[name] = (*held, *(value for value in values if value.value not in known))
    return made


def _spaced(cell: Cell) -> Cell:
    """A copy with blanks for the underscores of a registry's words: ``ACTIVE_NOT_RECRUITING``."""
    text = cell.text or ""
    return replace(cell, text=text.replace("_", " "), original=cell, offsets=tuple(range(len(text) + 1)))
