"""Doses and times of follow-up of a record beside those of another report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from trialgraph.extract.comparisons.amounts import WEEK, compare_doses, compare_follow_up
from trialgraph.extract.comparisons.outcome import Outcome, Stated, not_comparable
from trialgraph.extract.record_comparisons.pair import Pair, record_of
from trialgraph.extract.registries.prose.texts import sentences, texts_of
from trialgraph.extract.registries.prose.times import times_in
from trialgraph.model.record import RecordReport, facts_by_property
from trialgraph.model.report import DoseLevel, Report

__all__ = ["compare_doses_of_records", "compare_longest_follow_up", "months_between"]

#: A review's words for how long the trial ran, where its follow-up was asked for.
_OF_STUDY: Final = re.compile(
    r"\b(?:study|trial|total) (?:period|duration|length)\b|\bduration of the (?:study|trial)\b", re.I
)

#: Words for what is done at a time of follow-up.
_LOOKED_AT: Final = re.compile(r"\b(?:follow|assess|examin|evaluat|visit|observ|monitor)", re.IGNORECASE)


def compare_doses_of_records(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """Dose levels as of two reviews, on the bases that both sides have."""
    sides = [left.value, right.value]
    kinds = [{(level.unit, level.basis) for level in side} for side in sides]
    shared = kinds[0] & kinds[1]
    if shared and kinds[0] != kinds[1]:
        both = [tuple(level for level in side if (level.unit, level.basis) in shared) for side in sides]
        found = compare_doses(replace(left, value=both[0]), replace(right, value=both[1]), None)
        more = "the registry" if (kinds[1] if record_of(pair.right) else kinds[0]) - shared else "the review"
        return replace(
            found, note="; ".join(filter(None, (found.note, f"{more} has doses on another basis, too")))
        )
    found = compare_doses(left, right, None)
    if found.verdict == "differs" and not any(_is_list(side) for side in sides):
        return found
    if found.verdict == "differs" and _same_set(*sides):
        return Outcome("agrees", None, "a list and a range")
    return found


def _is_list(levels: tuple[DoseLevel, ...]) -> bool:
    return len(levels) > 1


def _same_set(one: tuple[DoseLevel, ...], other: tuple[DoseLevel, ...]) -> bool:
    ends = [{end for level in side for end in (level.low, level.high)} for side in (one, other)]
    return ends[0] == ends[1]


def compare_longest_follow_up(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """The longest times; how long the study ran is no follow-up where a review's words show that this is meant."""
    found = compare_follow_up(left, right, None)
    if found.verdict != "differs":
        return found
    record = record_of(pair.right) or record_of(pair.left)
    review = next((one for one in (pair.left, pair.right) if isinstance(one, Report)), None)
    if record is None or review is None:
        return found
    mine, theirs = (left, right) if review is pair.left else (right, left)
    (stated, _), (longest, _) = mine.value, theirs.value
    if stated > longest and any(_same_time(stated, time) for time in _times_in_texts(record)):
        return Outcome(
            "agrees", None, "the registry's text names this time, the time frames of its outcomes do not"
        )
    ran = _ran(record)
    if ran is None or abs(stated - ran) > 1:
        return found
    told = f"the study ran for {ran} months from its start to its completion"
    if any(_OF_STUDY.search(f"{one.cell.header} {one.cell.text or ''}") for one in mine.readings):
        return not_comparable(told)
    return replace(found, note=told)


def _same_time(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= WEEK * max(one, other) / 6


def _times_in_texts(record: RecordReport) -> Iterator[Decimal]:
    """The times at which patients are looked at, as the summaries and the texts of arms say, in months."""
    for text in texts_of(record.record, facts_by_property(record.facts)):
        for part in sentences(text) if text.kind in ("arm", "summary", "description") else ():
            if _LOOKED_AT.search(part.text):
                yield from (value for value, _, _ in times_in(part.text))


def _ran(record: RecordReport) -> int | None:
    return months_between(record.words("startDate"), record.words("completionDate"))


def months_between(start: str, end: str) -> int | None:
    """Whole months from one date to another; None where a month of one is not stated or they are out of order."""
    if start.count("-") < 1 or end.count("-") < 1:
        return None
    (year, month), (to_year, to_month) = (tuple(map(int, date.split("-")[:2])) for date in (start, end))
    months = (to_year - year) * 12 + to_month - month
    return months if months >= 0 else None
