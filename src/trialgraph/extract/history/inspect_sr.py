"""Facts of a trial for the checks 2.1 to 2.3 of INSPECT-SR, each with its place; the judgement is left to the reviewer.

Compared is with the first state of a record and the last one before the start, not with the latest alone; not reaching
the planned size is no concern (inspect.sr, check 2.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.extract.comparisons.pairs import SourceFacts
from trialgraph.extract.history.changes import changes_of, shortened, start_of
from trialgraph.extract.history.contradictions import contradictions
from trialgraph.extract.history.timing import is_overdue, order_of_dates, registered, registration_date
from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.extract.record_comparisons.record_comparisons import compare_reports
from trialgraph.extract.record_comparisons.series import JoinedTrial, are_linked
from trialgraph.model.record import RecordFact, RecordReport
from trialgraph.model.report import TrialReport

__all__ = ["SHEET_COLUMNS", "sheet_lines"]

#: The columns of the sheet; the last two are for the reviewer.
SHEET_COLUMNS: Final = (
    "trial", "check", "fact", "value", "source", "as_of", "location", "judgement", "reason",
)  # fmt: skip
#: What check 2.3 compares, by the property of a record.
_PLANNED: Final = {
    "enrolledTotal": "number of patients", "startDate": "start", "primaryCompletionDate": "primary completion",
    "completionDate": "completion", "allocation": "allocation", "interventionModel": "design", "masking": "masking",
    "minimumAge": "minimum age", "maximumAge": "maximum age", "eligibleSex": "sex",
}  # fmt: skip
_ETHICS: Final = {"ethicsReview": "ethics review", "ethicsApproval": "date of the ethics approval"}

Line = tuple[str, ...]
#: Check, what it is, value, the record, and the place.
Fact = tuple[str, str, str, RecordReport, str]


def sheet_lines(trial: JoinedTrial) -> Iterator[Line]:
    """The facts of a trial as lines of :data:`SHEET_COLUMNS`."""
    for states in trial.series:
        for check, fact, value, report, place in _facts(states):
            yield trial.key, check, fact, value, report.source, as_of(report), place, "", ""
    for row in trial.rows:
        for states in trial.series:
            if are_linked(row, states[-1], trial.links):
                yield from _beside(trial, row, states)


def _facts(states: Sequence[RecordReport]) -> Iterator[Fact]:
    last = states[-1]
    yield from _timing(last)
    yield from _ethics(last)
    yield from _planned(states)
    for change in changes_of(states):
        told = {
            "after": "after the start",
            "before": "before the start",
            "same day": "on the day of the start",
        }
        when = told.get(change.start or "", "before or after the start: not decidable")
        words = " → ".join(shortened(change.before or "not stated", change.after or "not stated"))
        yield (
            "2.3",
            f"change of {change.field} ({change.kind}), {when}",
            words,
            change.later,
            change.later.record.where,
        )
    for conflict in contradictions(last):
        places = "; ".join(str(r.cell.address) for r in conflict.competing)
        yield (
            "2.3",
            f"contradiction: {conflict.kind}",
            conflict.message,
            last,
            f"{last.record.where}#{places}",
        )


def _planned(states: Sequence[RecordReport]) -> Iterator[Fact]:
    """What is planned, in the first state, the last before the start, and the latest; each state once."""
    before = _before_start(states)
    chosen = {"first state": states[0], "last state before the start": before, "latest state": states[-1]}
    seen: set[int] = set()
    for which, state in chosen.items():
        if state is None:
            yield "2.3", which, "there is none among the states", states[-1], ""
        elif id(state) not in seen:
            seen.add(id(state))
            yield from _of_state(state, which)


def _of_state(state: RecordReport, which: str) -> Iterator[Fact]:
    for name, label in _PLANNED.items():
        for fact in state.of("study", name):
            kind = state.words("enrolmentType" if name == "enrolledTotal" else f"{name}Type")
            value = f"{fact.value} ({kind})" if kind else str(fact.value)
            yield "2.3", f"{label}, {which}", value, state, _place(state, fact)
    for node, name, label in (("arm", "label", "arm"), ("intervention", "name", "intervention")):
        for fact in state.of(node, name):
            yield "2.3", f"{label}, {which}", str(fact.value), state, _place(state, fact)


def _timing(record: RecordReport) -> Iterator[Fact]:
    names = {"registration": "registration number", registration_date(record)[0]: "date of registration",
             "firstPosted": "first posted", "startDate": "start of the trial"}  # fmt: skip
    for name, label in names.items():
        for fact in record.of("study", name) if name else ():
            yield "2.1", label, str(fact.value), record, _place(record, fact)
    for missing in ("date of registration", "start of the trial"):
        dates = {
            "date of registration": registration_date(record)[1],
            "start of the trial": record.words("startDate"),
        }
        if not dates[missing]:
            yield "2.1", missing, "not stated", record, record.record.where
    order = registered(record)
    if order:
        told = "on the day of the start" if order == "same day" else order
        yield "2.1", "registered, before or after the start", told, record, record.record.where
    for name in ("registeredRetrospectively", "registeredProspectively"):
        for fact in record.of("study", name):
            yield "2.1", f"the portal's flag {name}", str(fact.value).lower(), record, _place(record, fact)


def _ethics(record: RecordReport) -> Iterator[Fact]:
    found = [(label, fact) for name, label in _ETHICS.items() for fact in record.of("study", name)]
    for label, fact in found:
        yield "2.2", label, str(fact.value), record, _place(record, fact)
    if not found:
        yield (
            "2.2",
            "ethics review",
            "the record has no field for it, or states none",
            record,
            record.record.where,
        )
    for name, label in (("recruitmentStatus", "status"), ("whyStopped", "why it was stopped")):
        for fact in record.of("study", name):
            yield "2.2", label, str(fact.value), record, _place(record, fact)
    if (overdue := is_overdue(record)) in ("yes", "not decidable"):
        yield "2.2", "results overdue by dates (12 months)", overdue, record, record.record.where


def _before_start(states: Sequence[RecordReport]) -> RecordReport | None:
    start = start_of(states)
    early = [one for one in states if order_of_dates(as_of(one), start) == "before"]
    return early[-1] if early else None


def _place(record: RecordReport, fact: RecordFact) -> str:
    return f"{record.record.where}#{record.record.place(fact)}"


def _beside(trial: JoinedTrial, row: TrialReport, states: Sequence[RecordReport]) -> Iterator[Line]:
    """What the review says against the first state, the last before the start, and the latest."""
    before = _before_start(states)
    chosen = {id(one): one for one in (states[0], before, states[-1]) if one}
    for state in chosen.values():
        for one in compare_reports(row, state, _NOTHING):
            if one.verdict == "differs":
                label = f"the review differs in {one.field}, {one.severity}"
                value = f"{one.left.value} | {one.right.value}" + (f" ({one.note})" if one.note else "")
                yield trial.key, "2.3", label, value, row.source, one.right.as_of, row.label, "", ""


_NOTHING: Final[dict[str, SourceFacts]] = {}
