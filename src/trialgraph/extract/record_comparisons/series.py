"""Reports to trials: joined by the numbers that they state, records of one number in the order of their dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.model.disjoint_sets import DisjointSets
from trialgraph.model.record import RecordReport, TrialLink
from trialgraph.model.report import Report, TrialReport

__all__ = ["JoinedTrial", "are_linked", "joined_trials", "named_numbers", "series_key"]


@dataclass(frozen=True, slots=True)
class JoinedTrial:
    """The reports of one trial.

    :param rows: of tables, in their order
    :param series: the records of each number of each registry, the oldest first; copies apart from originals
    :param links: by number, what states that it is of this trial
    :param same: records that are left out as their bytes are those of another, with that one
    """

    key: str
    rows: tuple[Report, ...]
    series: tuple[tuple[RecordReport, ...], ...]
    links: tuple[TrialLink, ...] = ()
    same: tuple[tuple[RecordReport, RecordReport], ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The identities of its reports, each once."""
        records = (series[0].trial_key for series in self.series)
        return tuple(dict.fromkeys((*(row.trial_key for row in self.rows), *records)))


def series_key(record: RecordReport) -> tuple[str, str]:
    """What tells states of one record from other records: who published it, and its number without a version.

    EUCTR has a record for each country under one number.
    """
    number = record.record.identifier.partition(" version ")[0]
    return record.record.registry, number


def joined_trials(reports: Iterable[TrialReport]) -> tuple[JoinedTrial, ...]:
    """The trials that at least one record is of, in the order of their first report: rows first, by source and number.

    A row joins its first number and those of other registries that it prints; a record its own number, former numbers,
    and numbers of other registries that it names as a whole. Each statement of a record is kept: which reports of a
    group state that they are of one trial is for :func:`are_linked`.
    """
    found, numbers = sorted(reports, key=_order), DisjointSets()
    for report in found:
        for other in named_numbers(report)[1:]:
            numbers.join(report.trial_key, other)
    groups: dict[str, list[TrialReport]] = defaultdict(list)
    for report in found:
        groups[numbers.root(report.trial_key)].append(report)
    return tuple(
        _trial(group) for group in groups.values() if any(isinstance(r, RecordReport) for r in group)
    )


def named_numbers(report: TrialReport) -> tuple[str, ...]:
    """The number of a report's trial, then the others that it says are of the same trial.

    Two numbers of one registry in a row are two trials.
    """
    if isinstance(report, RecordReport):
        joined = (link.other for link in report.links if link.status != "rejected")
        return (report.trial_key, *joined)
    first = report.registration
    others = (one.identifier for one in report.registrations[1:] if first and one.registry != first.registry)
    return (report.trial_key, *others)


def are_linked(one: TrialReport, other: TrialReport, links: Iterable[TrialLink]) -> bool:
    """Whether two reports are of one trial by a statement, not by way of a third number that both share.

    :param links: what the records of the group state
    """
    if isinstance(one, RecordReport) and isinstance(other, RecordReport):
        numbers, others = {one.trial_key}, {other.trial_key}
        if _register(one) == _register(other):
            # Two numbers of one registry are two trials, and EUCTR's records of one number are of its countries.
            return series_key(one)[1] == series_key(other)[1]
    else:
        numbers, others = (
            {report.trial_key} if isinstance(report, RecordReport) else set(named_numbers(report))
            for report in (one, other)
        )
    if numbers & others:
        return True
    ends = ((link.identifier, link.other) for link in links if link.status != "rejected")
    return any((a in numbers and b in others) or (b in numbers and a in others) for a, b in ends)


def _register(record: RecordReport) -> str:
    """The registry whose record it is, or is a copy of."""
    return record.record.copy_of or record.record.registry


def _order(report: TrialReport) -> tuple[bool, str, int, str]:
    place = report.locator
    return (True, report.source, 0, place) if isinstance(place, str) else (False, report.source, place, "")


def _trial(group: Sequence[TrialReport]) -> JoinedTrial:
    series: dict[tuple[str, str], list[RecordReport]] = defaultdict(list)
    known: dict[tuple[str, ...], RecordReport] = {}
    same: list[tuple[RecordReport, RecordReport]] = []
    for one in (report for report in group if isinstance(report, RecordReport)):
        first = known.setdefault((*series_key(one), one.record.sha256), one)
        if first is one:
            series[series_key(one)].append(one)
        else:
            same.append((one, first))
    rows = tuple(report for report in group if isinstance(report, Report))
    records = [tuple(sorted(some, key=_age)) for some in series.values()]
    links = tuple(link for some in records for one in some for link in one.links)
    key = rows[0].trial_key if rows else records[0][0].trial_key
    return JoinedTrial(key, rows, tuple(records), links, tuple(same))


def _age(record: RecordReport) -> tuple[str, int]:
    """A record without a date stands before all that have one: nothing says that it is newer."""
    number = record.first("versionNumber")
    return as_of(record), number if isinstance(number, int) else 0
