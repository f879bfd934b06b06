"""States of a record to changes: from each to the next, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from trialgraph.extract.history.timing import order_of_dates
from trialgraph.extract.record_comparisons.outcomes import OutcomeChange, changed_outcomes, outcomes_of
from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.extract.record_comparisons.series import JoinedTrial
from trialgraph.model.change import Change, ChangeKind, Order
from trialgraph.model.record import RecordReport

__all__ = ["CHANGE_COLUMNS", "change_lines", "changes_of", "shortened", "start_of"]

#: The columns of changes, in their order.
CHANGE_COLUMNS: Final = (
    "trial", "field", "kind", "before", "after", "when", "start", "source", "record", "earlier_as_of",
)  # fmt: skip
#: Fields with one value, by the property that states them.
_SINGLE: Final = {
    "title": "studyTitle", "status": "recruitmentStatus", "why_stopped": "whyStopped",
    "start_date": "startDate", "start_date_type": "startDateType",
    "primary_completion_date": "primaryCompletionDate", "primary_completion_date_type": "primaryCompletionDateType",
    "completion_date": "completionDate", "n_total": "enrolledTotal", "enrolment_type": "enrolmentType",
    "allocation": "allocation", "intervention_model": "interventionModel", "masking": "masking",
    "primary_purpose": "primaryPurpose", "sponsor": "sponsor", "sex": "eligibleSex", "minimum_age": "minimumAge",
    "maximum_age": "maximumAge", "healthy_volunteers": "healthyVolunteers", "has_results": "hasResults",
    "n_sites": "numberOfSites", "eligibility_criteria": "eligibilityCriteria",
}  # fmt: skip
#: Fields with several values, by the kind of node and the property.
_SEVERAL: Final = {
    "conditions": ("study", "conditionAsReported"), "arms": ("arm", "label"), "arm_types": ("arm", "type"),
    "interventions": ("intervention", "name"), "collaborators": ("collaborator", "name"),
    "countries": ("study", "country"), "secondary_ids": ("secondary-id", "id"),
}  # fmt: skip
_KINDS: Final[dict[str, ChangeKind]] = {
    "added": "added", "dropped": "dropped", "moved": "moved", "time": "time frame", "wording": "wording",
}  # fmt: skip
#: Between the values of a field.
_BAR: Final = "|"
#: Longer words are shown shortened: what is meant is where they differ.
_SHOWN: Final = 300


def changes_of(states: Sequence[RecordReport]) -> tuple[Change, ...]:
    """What changed from each state of a record to the next.

    :param states: of one record, the oldest first
    """
    start = start_of(states)
    return tuple(change for one, other in pairwise(states) for change in _changes(one, other, start))


def start_of(states: Sequence[RecordReport]) -> str:
    """The start of the trial as the latest state that states it has it; empty where none does."""
    return next((date for one in reversed(states) if (date := one.words("startDate"))), "")


def _shape(record: RecordReport) -> tuple[str, str, bool]:
    """Records of one shape have the same fields: a value that one lacks is not stated there."""
    return record.record.registry, record.record.scheme, record.first("versionNumber") is not None


def _changes(one: RecordReport, other: RecordReport, start: str) -> Iterator[Change]:
    whole = _shape(one) == _shape(other)
    when = as_of(other)
    timing: Order | None = order_of_dates(when, start)

    def change(field: str, kind: ChangeKind, before: str, after: str) -> Change:
        return Change(field, kind, before, after, when, timing, one, other)

    for field, read in _READERS.items():
        before, after = read(one), read(other)
        if before == after or (not whole and not (before and after)):
            continue
        if field in _SEVERAL and sorted(before.split(_BAR)) == sorted(after.split(_BAR)):
            continue  # exports of the portal list the same in another order
        yield change(
            field, "changed" if before and after else "stated" if after else "no longer stated", before, after
        )
    states = outcomes_of(one), outcomes_of(other)
    if not whole and not all(states):
        return
    for role in ("primary", "secondary", "other"):
        before, after = (str(sum(found.role == role for found in some)) for some in states)
        if before != after:
            yield change(f"n_{role}_outcomes", "number", before, after)
    for found in changed_outcomes(*states):
        yield change(*_of_outcome(found))


def _of_outcome(found: OutcomeChange) -> tuple[str, ChangeKind, str, str]:
    roles = [one.role for one in (found.before, found.after) if one]
    field = f"{'primary' if 'primary' in roles else roles[0]}_outcomes"
    kind = _KINDS[found.kind]
    if found.kind == "moved" and found.before and found.after:
        ends = [f"{one.role}: {one.measure}" for one in (found.before, found.after)]
        return field, "moved", ends[0], ends[1]
    texts = [f"{one.measure} [{one.time}]" if one and one.time else one.measure if one else ""
             for one in (found.before, found.after)]  # fmt: skip
    return field, kind, texts[0], texts[1]


def _one(name: str) -> Callable[[RecordReport], str]:
    return lambda record: " ".join(record.words(name).split())


def _all(node: str, name: str) -> Callable[[RecordReport], str]:
    return lambda record: _BAR.join(" ".join(str(fact.value).split()) for fact in record.of(node, name))


_READERS: Final[dict[str, Callable[[RecordReport], str]]] = {
    **{field: _one(name) for field, name in _SINGLE.items()},
    **{field: _all(*name) for field, name in _SEVERAL.items()},
    "phase": _all("study", "registeredPhase"),
}


def change_lines(trial: JoinedTrial) -> Iterator[tuple[str, ...]]:
    """The changes of the records of a trial as lines of :data:`CHANGE_COLUMNS`."""
    for states in trial.series:
        for one in changes_of(states):
            before, after = shortened(one.before, one.after)
            yield (
                trial.key, one.field, one.kind, before, after, one.when, one.start or "", one.later.source,
                one.later.record.identifier, as_of(one.earlier),
            )  # fmt: skip


def shortened(before: str, after: str) -> tuple[str, str]:
    """Two texts, of long ones the stretch from a little before the first difference on."""
    if max(len(before), len(after)) <= _SHOWN:
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(before), len(after)))
    start = max(0, same - _SHOWN // 6)

    def cut(text: str) -> str:
        shown = text[start : start + _SHOWN]
        return f"{'…' if start and shown else ''}{shown}{'…' if start + _SHOWN < len(text) else ''}"

    return cut(before), cut(after)
