"""Outcomes of two records, or of two versions of one: which were added, dropped, moved or worded anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from trialgraph.extract.comparisons.outcome import AGREES, Outcome, Stated, differs, not_comparable
from trialgraph.extract.record_comparisons.pair import Pair, record_of
from trialgraph.model.record import RecordFact, RecordReport
from trialgraph.model.report import TrialReport

__all__ = ["OutcomeChange", "RegisteredOutcome", "changed_outcomes", "compare_primary_outcomes", "outcomes_of",
           "state_primary_outcomes"]  # fmt: skip

_NODES: Final = ("primary-outcome", "secondary-outcome", "other-outcome", "outcome")
#: From here on two wordings are of one measure; among those of one record the most similar pair counts.
_SAME: Final = 0.6
#: Comparing words is quadratic; no record of an honest length is affected.
_MOST_OUTCOMES: Final = 200
_MOST_CHARS: Final = 500

Kind = Literal["added", "dropped", "moved", "time", "wording"]


@dataclass(frozen=True, slots=True)
class RegisteredOutcome:
    """An outcome as a record lists it.

    :param role: ``primary``, ``secondary`` or ``other``
    :param time: its time frame in the words of the record; empty where it has none
    """

    role: str
    measure: str
    time: str


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """What became of an outcome.

    :param before: None where it was added
    :param after: None where it was dropped
    """

    kind: Kind
    before: RegisteredOutcome | None
    after: RegisteredOutcome | None

    @property
    def words(self) -> str:
        """What happened, in words."""
        one = self.after or self.before
        named = f"“{one.measure[:80]}”" if one else ""
        if self.kind == "moved" and self.before and self.after:
            return f"{named} moved from {self.before.role} to {self.after.role}"
        if self.kind == "time" and self.before and self.after:
            return f"time of {named}: {self.before.time or 'not stated'} → {self.after.time or 'not stated'}"
        if self.kind == "wording" and self.before and self.after:
            return f"“{self.before.measure[:80]}” worded as {named}"
        return f"{named} {self.kind}"


def outcomes_of(record: RecordReport) -> tuple[RegisteredOutcome, ...]:
    """The outcomes of a record in its order."""
    made: list[RegisteredOutcome] = []
    for kind in _NODES:
        times = {fact.node: str(fact.value) for fact in record.of(kind, "timeFrame")}
        roles = {fact.node: str(fact.value) for fact in record.of(kind, "role")}
        for fact in record.of(kind, "measure"):
            role = roles.get(fact.node, "other") if kind == "outcome" else kind.removesuffix("-outcome")
            made.append(RegisteredOutcome(role, " ".join(str(fact.value).split()), times.get(fact.node, "")))
    return tuple(made)


def _primary_facts(record: RecordReport) -> Iterator[RecordFact]:
    """The measures of the primary outcomes, then their times."""
    nodes = {fact.node for fact in record.of("outcome", "role") if fact.value == "primary"}
    for name in ("measure", "timeFrame"):
        yield from record.of("primary-outcome", name)
        yield from (fact for fact in record.of("outcome", name) if fact.node in nodes)


def state_primary_outcomes(report: TrialReport) -> Stated | None:
    """The primary outcomes of a record; of a review all measures that concepts cover."""
    record = record_of(report)
    if record is not None:
        found = outcomes_of(record)
        primary = [one for one in found if one.role == "primary"]
        words = "|".join(f"{one.measure} [{one.time}]" if one.time else one.measure for one in primary)
        # Where none is primary, that is what all of them say.
        facts = tuple(_primary_facts(record)) or tuple(
            f for kind in _NODES for f in record.of(kind, "measure")
        )
        return Stated(found, words, (), printed=True, facts=facts) if found else None
    named = [one for one in report.outcomes if one.concept]
    if not named:
        return None
    words = "|".join(dict.fromkeys(one.label for one in named))
    return Stated(None, words, tuple(dict.fromkeys(one.reading for one in named)))


def compare_primary_outcomes(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """Of two records by :func:`changed_outcomes`; a review chooses among them, which says nothing."""
    if len(pair.records) < 2:
        return _beside_review(pair)
    copied = any(record.record.copy_of for record in pair.records)
    changes = [
        one
        for one in changed_outcomes(left.value, right.value)
        if _is_primary(one) and not (copied and _lacks_time(one))
    ]
    if not changes:
        return AGREES
    major = any(one.kind in ("added", "dropped", "moved") for one in changes)
    told = "; ".join(one.words for one in changes[:5])
    return differs(
        "major" if major else "minor", told + (f"; and {len(changes) - 5} more" if len(changes) > 5 else "")
    )


def _lacks_time(change: OutcomeChange) -> bool:
    """Whether the one time is not stated: the portal's copies have measures alone."""
    return change.kind == "time" and not all(one and one.time for one in (change.before, change.after))


def _is_primary(change: OutcomeChange) -> bool:
    return any(one is not None and one.role == "primary" for one in (change.before, change.after))


def _beside_review(pair: Pair) -> Outcome:
    record = pair.records[0]
    review = pair.left if record is pair.right else pair.right
    named = {one.concept.curie for one in review.outcomes if one.concept}
    primary = {fact.at for fact in record.of("primary-outcome", "measure")}
    missing = [
        one.label
        for one in record.outcomes
        if one.concept and one.reading.cell.address is not None and one.reading.cell.address.value in primary
        if one.concept.curie not in named
    ]
    if missing:
        return not_comparable(f"the review does not name {', '.join(dict.fromkeys(missing))}")
    return not_comparable("a review chooses among the measures of a trial")


# ---- outcomes of two states


def changed_outcomes(
    before: Sequence[RegisteredOutcome], after: Sequence[RegisteredOutcome]
) -> tuple[OutcomeChange, ...]:
    """What became of each outcome, primary ones first: what did not change is not in it.

    Outcomes are matched one to one: by the same words, then by the most similar ones.
    """
    return tuple(
        sorted(
            _changes(before[:_MOST_OUTCOMES], after[:_MOST_OUTCOMES]), key=lambda one: not _is_primary(one)
        )
    )


def _changes(
    before: Sequence[RegisteredOutcome], after: Sequence[RegisteredOutcome]
) -> Iterator[OutcomeChange]:
    matched = _matched(before, after)
    for n, one in enumerate(before):
        if n not in matched:
            yield OutcomeChange("dropped", one, None)
            continue
        other = after[matched[n]]
        if one.role != other.role:
            yield OutcomeChange("moved", one, other)
        if _folded(one.time) != _folded(other.time):
            yield OutcomeChange("time", one, other)
        if _folded(one.measure) != _folded(other.measure):
            yield OutcomeChange("wording", one, other)
    for m, other in enumerate(after):
        if m not in matched.values():
            yield OutcomeChange("added", None, other)


def _matched(before: Sequence[RegisteredOutcome], after: Sequence[RegisteredOutcome]) -> dict[int, int]:
    """Place before -> place after."""
    made: dict[int, int] = {}
    for same in (_with_time, _with_role, _measure):
        free: dict[object, list[int]] = {}
        for m, other in enumerate(after):
            if m not in made.values():
                free.setdefault(same(other), []).append(m)
        for n, one in enumerate(before):
            if n not in made and (places := free.get(same(one))):
                made[n] = places.pop(0)
    rest = [n for n in range(len(before)) if n not in made]
    left = [m for m in range(len(after)) if m not in made.values()]
    ranked = sorted(
        (
            (_alike(before[n].measure, after[m].measure), before[n].role == after[m].role, -n, -m)
            for n in rest
            for m in left
        ),
        reverse=True,
    )
    for alike, _, n, m in ranked:
        if alike >= _SAME and -n not in made and -m not in made.values():
            made[-n] = -m
    return made


def _with_time(one: RegisteredOutcome) -> object:
    return one.role, _folded(one.measure), _folded(one.time)


def _with_role(one: RegisteredOutcome) -> object:
    return one.role, _folded(one.measure)


def _measure(one: RegisteredOutcome) -> object:
    return _folded(one.measure)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _alike(one: str, other: str) -> float:
    """How much of the words of two measures is the same, 0 to 1."""
    words = [_folded(text[:_MOST_CHARS]).split() for text in (one, other)]
    if not all(words):
        return 0.0
    short, long = sorted(words, key=len)
    if len(short) >= 3 and set(short) <= set(long):
        return 1.0
    return float(SequenceMatcher(None, words[0], words[1], autojunk=False).ratio())
