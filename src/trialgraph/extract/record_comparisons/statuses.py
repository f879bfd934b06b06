"""Recruitment status and whether results are published, of a record beside another report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trialgraph.extract.comparisons.named import state_results
from trialgraph.extract.comparisons.outcome import AGREES, Outcome, Stated, differs, not_comparable
from trialgraph.extract.record_comparisons.pair import Pair, of_study, record_of
from trialgraph.model.comparison import Verdict
from trialgraph.model.record import RecordFact, RecordReport
from trialgraph.model.report import TrialReport
from trialgraph.terminology.lexicon import Concept

__all__ = ["compare_record_status", "compare_results_status", "state_record_status", "state_results_status"]

#: What the word of one side covers of the other: the portal's reduced list, and words of reviews.
_COVERS: Final = {
    "ongoing": {"recruiting", "not yet recruiting", "active not recruiting", "enrolling by invitation"},
    "not recruiting": {
        "active not recruiting", "completed", "enrolling by invitation", "not yet recruiting", "suspended",
        "terminated", "unknown", "withdrawn", "no longer available", "temporarily not available",
    },
    "authorised": {"recruiting", "not yet recruiting", "active not recruiting", "ongoing", "completed"},
    "complete": {"completed"},
    "other": {"suspended", "terminated", "withdrawn", "unknown"},
    "pending": {"not yet recruiting"},
    "closed": {"active not recruiting", "completed", "terminated"},
}  # fmt: skip
#: How far a trial has come: a later source may rightly give a later one.
_STAGES: Final = {
    "not yet recruiting": 0, "pending": 0, "recruiting": 1, "ongoing": 1, "enrolling by invitation": 1,
    "authorised": 1, "suspended": 1, "active not recruiting": 2, "not published": 2, "completed": 3, "complete": 3,
    "terminated": 3, "withdrawn": 3, "unknown": 3, "published": 4,
}  # fmt: skip
#: Words of the portal's list that say nothing of how far a trial has come.
_REDUCED: Final = ("not recruiting", "authorised", "other")
_IN_TIME: Final = "it may have changed between the dates of the sources"
#: Only these say that a paper reports the trial; one in the background may be about anything.
_REPORTS: Final = ("derived", "result")


def _plain(words: str) -> str:
    """A status as registries call it: ``Active, not recruiting`` and ``status unknown`` are two of theirs."""
    text = " ".join(words.casefold().replace(",", " ").split())
    return "unknown" if text in ("status unknown", "unknown status") else text


# ---- recruitment status


def state_record_status(report: TrialReport) -> Stated | None:
    """The recruitment status; of a record whose status is unknown both that and the last that is known."""
    record = record_of(report)
    if record is None:
        found = [v for v in report.values.get("status", ()) if isinstance(v.value, Concept)]
        labels = [v.value.label for v in found if isinstance(v.value, Concept)]
        if not found:
            return None
        return Stated({_plain(label) for label in labels}, "|".join(labels), tuple(v.reading for v in found))
    status, known = record.words("recruitmentStatus"), record.words("lastKnownStatus")
    if not status:
        return None
    words = f"{status}, last known: {known}" if known else status
    facts = of_study(record, "recruitmentStatus", "lastKnownStatus")
    return Stated({_plain(one) for one in (status, known) if one}, words, (), facts=facts)


def compare_record_status(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """The recruitment status: a reduced word covers others, and time explains a later one."""
    if left.value & right.value:
        shared = left.value == right.value or not any("last known" in side.words for side in (left, right))
        return AGREES if shared else Outcome("agrees", None, "the last status that is known")
    for wide, narrow in ((left.value, right.value), (right.value, left.value)):
        if any(_COVERS.get(word, set()) & narrow for word in wide):
            return Outcome("agrees", None, "one is a broader word for the other")
    if _explained(left.value, right.value, pair):
        return not_comparable(_IN_TIME)
    return differs("minor")


def _explained(left: set[str], right: set[str], pair: Pair) -> bool:
    if pair.earlier is None:
        return False
    before, after = (left, right) if pair.earlier == "left" else (right, left)
    first = min((_STAGES.get(word, 9) for word in before), default=9)
    last = max((_STAGES.get(word, -1) for word in after), default=-1)
    return first <= last and first < 3


# ---- results


def state_results_status(report: TrialReport) -> Stated | None:
    """Whether results are published; of a record with what says so, else how far the trial has come."""
    record = record_of(report)
    if record is None:
        return state_results(report)
    if record.results_status == "published":
        words = f"published ({'; '.join(_evidence(record))})"
        return Stated("published", words, (), facts=tuple(_facts_of_results(record)))
    status = record.words("recruitmentStatus")
    status = record.words("lastKnownStatus") if status == "unknown" else status
    value = record.results_status or (_plain(status) if status else None)
    if value in _REDUCED:
        return None
    facts = of_study(record, "recruitmentStatus", "lastKnownStatus", "hasResults")
    return Stated(value, f"{value}, no results", (), facts=facts) if value else None


def _facts_of_results(record: RecordReport) -> Iterator[RecordFact]:
    if record.first("hasResults") is True:
        yield from of_study(record, "hasResults", "resultsFirstPosted")
    reporting = {fact.node for fact in record.of("reference", "type") if fact.value in _REPORTS}
    for name in ("type", "pmid"):
        yield from (fact for fact in record.of("reference", name) if fact.node in reporting)


def _evidence(record: RecordReport) -> Iterator[str]:
    if record.first("hasResults") is True:
        posted = record.words("resultsFirstPosted")
        yield f"results in the registry since {posted}" if posted else "results in the registry"
    kinds = {fact.node: fact.value for fact in record.of("reference", "type")}
    for fact in record.of("reference", "pmid"):
        if (kind := kinds.get(fact.node)) in _REPORTS:
            yield f"PMID {fact.value} as {kind}"


def compare_results_status(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """Whether results are published, by the dates of the sources and of the results."""
    one, other = left.value, right.value
    if one == other:
        return AGREES
    if {one, other} == {"published", "not published"}:
        return _published(left, pair)
    if len(pair.records) == 2:
        return not_comparable(_IN_TIME) if _explained({one}, {other}, pair) else differs("minor")
    review, known = (one, other) if record_of(pair.right) else (other, one)
    only: Verdict = "only left" if record_of(pair.right) else "only right"
    if review == "not published":
        return (
            Outcome("agrees", None, f"the registry has none: {known}")
            if known != "completed"
            else Outcome(only, None, "the registry says that the trial is completed, and has no results")
        )
    if review == "published":
        if known in ("completed", "terminated", "withdrawn", "suspended"):
            return Outcome(only, None, f"the registry says that the trial is {known}, and has no results")
        return not_comparable(_IN_TIME) if _registry_is_earlier(pair) else differs("minor")
    if review == "ongoing" and known in _COVERS["ongoing"]:
        return AGREES
    return not_comparable(_IN_TIME) if _explained({one}, {other}, pair) else differs("minor")


def _registry_is_earlier(pair: Pair) -> bool:
    return pair.earlier == ("right" if record_of(pair.right) else "left")


def _published(left: Stated, pair: Pair) -> Outcome:
    """Results that the one side has and the other says are not there."""
    published, silent = (pair.left, 1) if left.value == "published" else (pair.right, 0)
    record = record_of(published)
    if record is None:
        return (
            not_comparable(_IN_TIME)
            if _explained({"not published"}, {"published"}, pair)
            else differs("major")
        )
    posted, looked = record.words("resultsFirstPosted"), pair.dates[silent]
    papers = any(fact.value in _REPORTS for fact in record.of("reference", "type"))
    if posted and looked and not papers:
        length = min(len(posted), len(looked))
        later = posted[:length] > looked[:length]
        return not_comparable(f"the registry has results since {posted}") if later else differs("major")
    its_date = pair.dates[1 - silent]
    later = bool(looked and its_date) and looked[: len(its_date)] < its_date[: len(looked)]
    return not_comparable(_IN_TIME) if later else differs("major")
