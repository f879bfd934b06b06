"""The state of each field of a table in a record: stated in a field of its own or in its prose, else absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from trialgraph.extract.columns import columns
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordFact
from trialgraph.model.report import FieldState, PhaseStatus, ResultsStatus

__all__ = ["record_states"]

#: By field of a table, the properties of the study that state it in a record.
_STATED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "age": ("minimumAge", "maximumAge"),
    "allocation": ("allocation",),
    "completion date": ("completionDate",),
    "countries": ("country",),
    "disease": ("conditionAsReported",),
    "masking": ("masking",),
    "patients": ("enrolledTotal",),
    "sex": ("eligibleSex",),
    "sponsor": ("sponsor",),
    "start date": ("startDate",),
    "status": ("recruitmentStatus",),
    "title": ("studyTitle", "officialTitle", "acronym"),
}
_OF_PHASE: Final[Mapping[PhaseStatus, FieldState]] = {
    "stated": "stated",
    "not applicable": "not applicable",
    "unread": "unread",
    "not stated": "absent",
}
#: Readings that no column makes, by what they are about.
_OF_PROSE: Final = {"arm": "patients", "arm_size": "patients"}
_NOT_APPLICABLE: Final = "not applicable"


def record_states(
    by: Mapping[tuple[str, str], Sequence[RecordFact]],
    readings: Sequence[Reading],
    phase: PhaseStatus,
    *,
    results_status: ResultsStatus | None,
) -> dict[str, FieldState]:
    """The state of each field: stated by a field of the record or by its prose, else absent from it.

    :param by: the facts of the record by kind of node and property
    """
    field_of = {name: column.field for column in columns() for name in column.readings} | _OF_PROSE
    stated = {field_of.get(reading.name, "") for reading in readings}
    made: dict[str, FieldState] = {}
    for column in columns():
        values = [f.value for name in _STATED_BY.get(column.field, ()) for f in by.get(("study", name), ())]
        if values and all(value == _NOT_APPLICABLE for value in values):
            made[column.field] = "not applicable"
        else:
            made[column.field] = "stated" if values or column.field in stated else "absent"
    made["phase"] = _OF_PHASE[phase]
    if results_status is not None:
        made["conclusion"] = "stated"
    return made
