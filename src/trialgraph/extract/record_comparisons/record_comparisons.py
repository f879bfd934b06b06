"""Trials to comparisons: each pair of a review and a record, of two registries, of a record's first and last state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice
from typing import Final

from trialgraph.extract.comparisons.outcome import Outcome, Stated
from trialgraph.extract.comparisons.pairs import MOST_PAIRS, SourceFacts
from trialgraph.extract.record_comparisons.pair import Pair, as_of, earlier_of, record_of
from trialgraph.extract.record_comparisons.rules import RECORD_FIELDS, RecordRule
from trialgraph.extract.record_comparisons.series import JoinedTrial, are_linked, joined_trials
from trialgraph.model.comparison import Comparison, Side
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Conflict, Report, TrialReport

__all__ = ["RecordComparisons", "compare_reports", "record_comparisons"]

Series = tuple[RecordReport, ...]
Supports = tuple[tuple[Conflict, Reading], ...]
#: No more states of a record are looked at for one that agrees.
_MOST_STATES: Final = 500


@dataclass(frozen=True, slots=True)
class RecordComparisons:
    """What records and other reports say of the same trials.

    :param remarks: what is left out: where, and in words
    """

    comparisons: tuple[Comparison, ...] = ()
    trials: tuple[JoinedTrial, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


def record_comparisons(reports: Iterable[TrialReport], facts: Mapping[str, SourceFacts]) -> RecordComparisons:
    """Compare records with the reports of the same trials. Rows are not compared with rows here.

    :param facts: what is known of the tables, by slug
    """
    trials = joined_trials(reports)
    made: list[Comparison] = []
    remarks: list[tuple[str, str]] = []
    for trial in trials:
        pairs = list(_pairs(trial))
        for left, right, states in islice(pairs, MOST_PAIRS):
            made += _explained(compare_reports(left, right, facts), states, trial, facts)
        if len(pairs) > MOST_PAIRS:
            what = f"{len(pairs)} pairs of reports of one trial: {len(pairs) - MOST_PAIRS} are not compared"
            remarks.append((trial.key, what))
        for one, first in trial.same:
            remarks.append(
                (one.record.where, f"{one.record.identifier} is the same record as at {first.record.where}")
            )
    return RecordComparisons(tuple(made), trials, tuple(remarks))


def _pairs(trial: JoinedTrial) -> Iterator[tuple[TrialReport, TrialReport, Series]]:
    """Each pair once, with the other states of the right record: a review stands left, of records the first registry.

    Of a record with several states the latest is compared with others, and with the first of them.
    """
    for row in trial.rows:
        for series in trial.series:
            if are_linked(row, series[-1], trial.links):
                yield row, series[-1], series[:-1]
    for one, other in combinations(trial.series, 2):
        if are_linked(one[-1], other[-1], trial.links):
            yield one[-1], other[-1], other[:-1]
    for series in trial.series:
        if len(series) > 1:
            yield series[0], series[-1], ()


def compare_reports(
    left: TrialReport, right: TrialReport, facts: Mapping[str, SourceFacts]
) -> Iterator[Comparison]:
    """Every field that at least one of two reports states; one of them is a record."""
    pair = Pair(left, right, (_date(left, facts), _date(right, facts)))
    for rule in RECORD_FIELDS.values():
        one, other = rule.state(left), rule.state(right)
        if not any(side and side.words for side in (one, other)):
            continue
        found = rule.compare(one, other, pair) if one and other else _silent(rule, pair, one is None)
        sides = (
            _side(left, one, pair.dates[0], found, tuple(_supported(rule, left, other))),
            _side(right, other, pair.dates[1], found, tuple(_supported(rule, right, one))),
        )
        told = (_support(side) for side in sides)
        notes = (found.note, *chain.from_iterable(told), *_of_reports(rule, pair))
        yield Comparison(
            rule.field, found.verdict, found.severity, rule.rule.id, *sides, "; ".join(filter(None, notes))
        )


def _date(report: TrialReport, facts: Mapping[str, SourceFacts]) -> str:
    record = record_of(report)
    return as_of(record) if record else facts.get(report.source, SourceFacts()).as_of


def _side(report: TrialReport, stated: Stated | None, date: str, found: Outcome, supports: Supports) -> Side:
    if stated is None:
        return Side(report, "", (), date, supports=supports)
    facts = (*stated.facts, *(found.facts if record_of(report) else ()))
    return Side(report, stated.words, stated.readings, date, stated.printed, facts, supports)


def _silent(rule: RecordRule, pair: Pair, left_is: bool) -> Outcome:
    """Why one report states nothing."""
    silent = pair.left if left_is else pair.right
    verdict: Final = "only right" if left_is else "only left"
    record = record_of(silent)
    if record is not None:
        if rule.field == "phase" and record.phase_status in ("not applicable", "unread"):
            why = (
                "that no phase applies"
                if record.phase_status == "not applicable"
                else "a phase that was not read"
            )
            return Outcome(verdict, None, f"{record.label} says {why}")
        why = "nothing of it was read in the texts of" if rule.from_prose else "not stated by"
        return Outcome(verdict, None, f"{why} {record.label}")
    if any(r.cell.field == rule.column for r in silent.leftovers):
        return Outcome("not comparable", None, f"{silent.label} has text there that was not read")
    state = silent.states.get(rule.column, "absent")
    has_column = isinstance(silent, Report) and any(cell.field == rule.column for cell in silent.row.cells)
    why = {
        "absent": "has an empty cell" if has_column else "has no such column",
        "not specified": "says that it is not specified",
        "not applicable": "says that it does not apply",
    }.get(state, "says nothing of it")
    return Outcome(verdict, None, f"{silent.label} {why}")


def _supported(
    rule: RecordRule, report: TrialReport, stated: Stated | None
) -> Iterator[tuple[Conflict, Reading]]:
    """Open conflicts of a row with the competing reading whose number the registry has, too.

    :param stated: by the registry
    """
    count = getattr(stated.value, "count", None) if stated else None
    if record_of(report) or count is None:
        return
    for conflict in report.conflicts:
        mine = [r for r in conflict.competing if r.name == rule.field and r.value == count]
        if conflict.status == "open" and mine:
            yield conflict, mine[0]


def _support(side: Side) -> Iterator[str]:
    for conflict, reading in side.supports:
        yield f"supports {reading.verbatim} in an open conflict of {side.report.label} ({conflict.kind})"


def _of_reports(rule: RecordRule, pair: Pair) -> Iterator[str]:
    """What a reader should know of the two reports themselves."""
    for report in (pair.left, pair.right):
        for correction in report.corrections:
            if correction.name == rule.field:
                yield f"{correction.words} in {report.label} was entered by a reviewer"
    for record in pair.records:
        if rule.field == "n_total" and record.words("recruitmentStatus") == "withdrawn":
            yield f"{record.label} was withdrawn"
        if record.record.copy_of:
            yield f"a copy of a record of {record.record.copy_of}, no second opinion"


def _explained(
    made: Iterable[Comparison],
    states: Sequence[RecordReport],
    trial: JoinedTrial,
    facts: Mapping[str, SourceFacts],
) -> Iterator[Comparison]:
    """The comparisons, with a former state of the record that agrees, and who says that two numbers are one trial."""
    for one in made:
        left, right = one.left.report, one.right.report
        told = one
        if one.verdict == "differs":
            told = _former(one, states, facts) if states else _of_copy(one)
        if left.trial_key != right.trial_key and (said := _link(trial, left, right)):
            told = replace(told, note="; ".join(filter(None, (told.note, said))))
        yield told


def _former(one: Comparison, states: Sequence[RecordReport], facts: Mapping[str, SourceFacts]) -> Comparison:
    rule = RECORD_FIELDS[one.field]
    left = one.left.report
    stated = rule.state(left)
    for state in reversed(states[-_MOST_STATES:]):
        other = rule.state(state)
        if stated is None or other is None:
            continue
        pair = Pair(left, state, (_date(left, facts), as_of(state)))
        if rule.compare(stated, other, pair).verdict == "agrees":
            note = f"as of {as_of(state) or 'an undated state'} the registry had {other.words}"
            return replace(
                one, verdict="not comparable", severity=None, note="; ".join(filter(None, (note, one.note)))
            )
    return one


def _of_copy(one: Comparison) -> Comparison:
    """A copy of an earlier or later state of a record is no difference of two sources."""
    records = [record for side in (one.left, one.right) if (record := record_of(side.report))]
    registries = {record.record.registry for record in records}
    of = {record.record.copy_of for record in records}
    dates = [as_of(record) for record in records]
    if len(records) < 2 or not of & registries or earlier_of(*dates) is None:
        return one
    which = ["the copy" if record.record.copy_of else "the record" for record in records]
    note = f"{which[0]} is of {dates[0]}, {which[1]} of {dates[1]}"
    return replace(
        one, verdict="not comparable", severity=None, note="; ".join(filter(None, (note, one.note)))
    )


def _link(trial: JoinedTrial, left: TrialReport, right: TrialReport) -> str:
    """Who states that the numbers of two reports are of one trial."""
    keys = {left.trial_key, right.trial_key}
    for link in trial.links:
        if link.status != "rejected" and {link.identifier, link.other} == keys:
            return f"{link.identifier} names {link.other} as its {link.kind}"
    return "other records name both numbers as one trial"
