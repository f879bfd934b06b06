"""The records of a shard beside its other reports: what is compared, what changed, what contradicts itself.

Only the last state of a record is looked at for contradictions and is compared with other sources; from state to state
there are changes. In memory are the reports of the shard, which has all reports of its trials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from trialgraph.build.records import ReadRecord
from trialgraph.build.shards import Shard
from trialgraph.extract.comparisons.pairs import SourceFacts, facts_of
from trialgraph.extract.history.changes import changes_of
from trialgraph.extract.history.contradictions import contradictions
from trialgraph.extract.record_comparisons.record_comparisons import RecordComparisons, record_comparisons
from trialgraph.extract.record_comparisons.series import JoinedTrial
from trialgraph.model.change import Change
from trialgraph.model.comparison import Comparison
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport

__all__ = ["ShardRecords", "shard_records"]


@dataclass(frozen=True, slots=True)
class ShardRecords:
    """What is known of the records of a shard.

    :param records: as they are stated: their fields of the layers that are built, with their contradictions
    :param changes: from each state of a record to the next
    :param later: each state that is not the last one, with the next
    :param remarks: what is not compared, and which records are the same: where, and in words
    """

    records: tuple[ReadRecord, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    changes: tuple[Change, ...] = ()
    later: tuple[tuple[RecordReport, RecordReport], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


def shard_records(shard: Shard, records: Sequence[ReadRecord]) -> ShardRecords:
    """Compare the records of a shard with its rows and with one another.

    :param records: with their longer texts
    """
    if not records:
        return ShardRecords()
    found = _compared(shard, [one.report for one in records])
    trials = tuple(chain.from_iterable(one.trials for one in found))
    later = dict(chain.from_iterable(map(_later, trials)))
    by_key = {one.report.key: one.report for one in records}
    stated = tuple(
        replace(one, report=_stated(one.report, shard, last=one.report.key not in later)) for one in records
    )
    return ShardRecords(
        stated,
        tuple(chain.from_iterable(one.comparisons for one in found)),
        tuple(change for trial in trials for states in trial.series for change in changes_of(states)),
        tuple((by_key[key], by_key[next_one]) for key, next_one in later.items()),
        tuple(chain.from_iterable(one.remarks for one in found)),
    )


def _compared(shard: Shard, records: Sequence[RecordReport]) -> list[RecordComparisons]:
    """The comparisons; those of numbers that are linked with too many others by number."""
    groups: dict[str, list[TrialReport]] = {}
    for report in chain(shard.reports, records):
        apart = report.trial_key if report.trial_key in shard.apart else ""
        groups.setdefault(apart, []).append(report)
    facts: Mapping[str, SourceFacts] = facts_of(shard.sources)
    return [record_comparisons(some, facts) for some in groups.values()]


def _later(trial: JoinedTrial) -> Iterable[tuple[str, str]]:
    """Each state of a record that is not the last one with the next, by their keys.

    A record that stands twice in the sources is of the same state as the first of the two.
    """
    made = {one.key: other.key for states in trial.series for one, other in pairwise(states)}
    made |= {one.key: made[first.key] for one, first in trial.same if first.key in made}
    return made.items()


def _stated(report: RecordReport, shard: Shard, *, last: bool) -> RecordReport:
    """A record as it is stated: the layers that are built, and its contradictions with what competes in them."""
    layers = {"core", *shard.wanted.layers}
    facts = tuple(fact for fact in report.facts if fact.line.layer in layers)
    conflicts = contradictions(report) if last else ()
    competing = (reading.cell for conflict in conflicts for reading in conflict.competing)
    return replace(
        report,
        facts=facts,
        conflicts=(*report.conflicts, *conflicts),
        prose=tuple(dict.fromkeys((*report.prose, *competing))),
    )
