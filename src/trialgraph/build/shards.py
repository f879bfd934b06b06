"""Shards: reports that are stated and checked together, in a process of their own.

What is said of one trial, and of reports that are compared or proposed as one trial, is in one shard, whatever its
sources: so a shard is checked as a whole graph is, and the graph is the union of its shards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from trialgraph.build.joined import JoinedNumbers
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.registries.numbers.link_decisions import LinkDecisions
from trialgraph.extract.registries.selection import Selection
from trialgraph.extract.sources import Source
from trialgraph.model.disjoint_sets import DisjointSets
from trialgraph.model.nodes import contested
from trialgraph.model.record import Layer
from trialgraph.model.report import Report, TrialReport
from trialgraph.model.table import Table
from trialgraph.model.trial_names import trial_names

__all__ = ["Shard", "Wanted", "shards_of"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of registry files is built.

    :param layers: of fields, besides the core
    :param only: which records
    """

    layers: tuple[Layer, ...] = ()
    only: Selection = field(default_factory=Selection)

    def described(self) -> dict[str, str]:
        """The same in words, by which the next build knows whether anything has changed; nothing where all is built."""
        if self == Wanted():
            return {}
        only = self.only
        chosen = (sorted(only.numbers), sorted(only.mesh), sorted(only.diseases), only.cells)
        return {"layers": ",".join(sorted(self.layers)), "only": repr(chosen)}


@dataclass(frozen=True, slots=True)
class Shard:
    """Some reports, with all that is stated of them.

    :param number: from 0
    :param names: what the trial of each report is called, by the report's key
    :param contested: product codes whose donors are contradictory, in any shard
    :param sources: those of the reports
    :param tables: theirs, with the rows of the reports
    :param beside: the comparisons and proposals of the reports
    :param records: file of the records of registries that it has, too
    :param wanted: what of them is built
    :param apart: numbers of trials that are linked with too many others: see :mod:`trialgraph.build.joined`
    :param current: the current numbers of trials by their former ones
    :param decisions: by source, reviewers' decisions on links of its records
    """

    number: int
    reports: tuple[Report, ...]
    names: Mapping[str, str]
    contested: frozenset[str]
    sources: tuple[Source, ...]
    tables: tuple[Table, ...]
    beside: SideBySide
    records: Path | None = None
    wanted: Wanted = field(default_factory=Wanted)
    apart: frozenset[str] = frozenset()
    current: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, LinkDecisions] = field(default_factory=dict)

    @property
    def slugs(self) -> str:
        """The sources, for messages."""
        names = [source.slug for source in self.sources]
        return ", ".join(names) if len(names) < 4 else f"{names[0]}, … {names[-1]} ({len(names)} sources)"


def shards_of(
    reports: Sequence[Report],
    sources: Sequence[Source],
    tables: Sequence[Table],
    beside: SideBySide,
    size: int,
    joined: JoinedNumbers | None = None,
) -> tuple[Shard, ...]:
    """The shards of a build, at least one.

    :param tables: those of the sources, in their order
    :param size: how many reports a shard has; one of a trial with more has more
    :param joined: numbers that rows and records say are of one trial
    """
    joined = joined or JoinedNumbers()
    apart, names = contested(tuple(reports)), trial_names(reports)
    groups = _filled(_together(reports, beside, joined), size) or [[]]
    number = {report.key: n for n, group in enumerate(groups) for report in group}
    between = _divided(beside, number)
    first: dict[str, int] = {source.slug: 0 for source in sources}
    for report in reversed(reports):
        first[report.source] = number[report.key]
    made: list[Shard] = []
    for n, group in enumerate(groups):
        rows: dict[str, set[int]] = {slug: set() for slug, at in first.items() if at == n}
        for report in group:
            rows.setdefault(report.source, set()).add(report.row.number)
        held = [(s, t) for s, t in zip(sources, tables, strict=True) if s.slug in rows]
        made.append(
            Shard(
                n,
                tuple(group),
                {report.key: names[report.key] for report in group},
                apart,
                tuple(source for source, _ in held),
                tuple(_part(table, rows[source.slug], first[source.slug] == n) for source, table in held),
                between.get(n, SideBySide()),
                apart=joined.apart,
            )
        )
    return tuple(made)


def _part(table: Table, rows: set[int], first: bool) -> Table:
    """A table with some of its rows; what stands beside the rows is with the first of them."""
    kept = tuple(row for row in table.rows if row.number in rows)
    return replace(table, rows=kept, unread=table.unread if first else ())


def _together(reports: Sequence[Report], beside: SideBySide, joined: JoinedNumbers) -> Iterator[list[Report]]:
    """The reports that must be in one shard, in the order of the first of them."""
    sets = DisjointSets()
    for report in reports:
        sets.join(f"trial {joined.root(report.trial_key)}", report.key)
    for one, other in _pairs(beside):
        sets.join(other.key, one.key)
    groups: dict[str, list[Report]] = {}
    for report in reports:
        groups.setdefault(sets.root(report.key), []).append(report)
    yield from groups.values()


def _pairs(beside: SideBySide) -> Iterator[tuple[TrialReport, TrialReport]]:
    yield from ((one.left.report, one.right.report) for one in beside.comparisons)
    yield from ((one.left, one.right) for one in beside.proposals)
    yield from beside.counts_for


def _filled(groups: Iterable[list[Report]], size: int) -> list[list[Report]]:
    made: list[list[Report]] = []
    for group in groups:
        if not made or len(made[-1]) + len(group) > size:
            made.append([])
        made[-1] += group
    return [some for some in made if some]


def _divided(beside: SideBySide, number: Mapping[str, int]) -> dict[int, SideBySide]:
    """The comparisons of each shard."""
    comparisons, proposals, counts = (
        _by(number, beside.comparisons, lambda one: one.left.report),
        _by(number, beside.proposals, lambda one: one.left),
        _by(number, beside.counts_for, lambda one: one[0]),
    )
    numbers = {*comparisons, *proposals, *counts}
    return {
        n: SideBySide(tuple(comparisons.get(n, ())), tuple(proposals.get(n, ())), tuple(counts.get(n, ())))
        for n in numbers
    }


def _by(
    number: Mapping[str, int], items: Iterable[T], report: Callable[[T], TrialReport]
) -> dict[int, list[T]]:
    made: dict[int, list[T]] = {}
    for one in items:
        made.setdefault(number[report(one).key], []).append(one)
    return made
