"""Which reports are stated together: all of a trial, and all that are compared or proposed as one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.paths import FIRST
from trialgraph.build.shards import Shard, shards_of
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.sources import Source
from trialgraph.model.comparison import SameTrialProposal
from trialgraph.model.report import Report
from trialgraph.model.table import Table, Unread
from trialgraph.pipeline import read_all


@cache
def first() -> tuple[Source, Table, tuple[Report, ...]]:
    (read,) = read_all([FIRST])
    return read.source, read.table, read.reports


def second(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """The same trials, as another source reports them."""
    return tuple(
        replace(r, source="second", row=replace(r.row, source="second", cells=r.row.cells)) for r in reports
    )


def shards(
    size: int, *sources: tuple[Source, Table, tuple[Report, ...]], beside: SideBySide | None = None
) -> tuple[Shard, ...]:
    reports = [report for _, _, held in sources for report in held]
    return shards_of(
        reports, [s for s, _, _ in sources], [t for _, t, _ in sources], beside or SideBySide(), size
    )


@pytest.mark.parametrize("size", [1, 5, 21, 500])
def test_every_report_is_in_one_shard_with_its_row_and_its_name(size: int) -> None:
    source, _, _ = first()
    made = shards(size, first())
    assert sorted(r.row.number for shard in made for r in shard.reports) == list(range(1, 22))
    assert [shard.number for shard in made] == list(range(len(made)))
    assert len(made) == -(-21 // size)
    for shard in made:
        assert [row.number for row in shard.tables[0].rows] == [r.row.number for r in shard.reports]
        assert shard.names.keys() == {r.key for r in shard.reports}
        assert shard.sources == (source,)
    names = {key: name for shard in made for key, name in shard.names.items()}
    assert names == shards(500, first())[0].names


def test_what_stands_beside_the_rows_is_in_one_shard() -> None:
    source, table, reports = first()
    left = Unread(source.slug, 22, 40, "no row", 0, 6, "too short")
    made = shards(5, (source, replace(table, unread=(left,)), reports))
    assert [len(shard.tables[0].unread) for shard in made] == [1, 0, 0, 0, 0]


def test_reports_of_one_trial_are_together_whatever_their_sources() -> None:
    source, table, reports = first()
    other = second(reports)
    made = shards(6, first(), (replace(source, slug="second"), replace(table, source="second"), other))
    trials = [{r.trial_key for r in shard.reports} for shard in made]
    assert sum(map(len, trials)) == len(set().union(*trials))
    registered = [r.trial_key for r in reports if r.registration]
    assert all(sum(r.trial_key == key for s in made for r in s.reports) == 2 for key in registered)


def test_reports_that_are_proposed_as_one_trial_are_together() -> None:
    _, _, reports = first()
    proposal = SameTrialProposal(reports[0], reports[20], (), ())
    made = shards(1, first(), beside=SideBySide(proposals=(proposal,)))
    (shard,) = [shard for shard in made if shard.beside.proposals]
    assert [r.row.number for r in shard.reports] == [1, 21]
    assert len(made) == 20


def test_a_source_without_reports_has_its_place() -> None:
    source, table, _ = first()
    (only,) = shards(5, (source, replace(table, rows=()), ()))
    assert (only.sources, only.reports) == ((source,), ())
    empty = (replace(source, slug="empty"), replace(table, source="empty", rows=()), ())
    made = shards(10, first(), empty)
    assert [len(shard.sources) for shard in made] == [2, 1, 1]


def test_messages_name_the_sources() -> None:
    source, table, _ = first()
    few = [(replace(source, slug=f"s{n}"), replace(table, rows=()), ()) for n in range(5)]
    assert shards(5, *few[:2])[0].slugs == "s0, s1"
    assert shards(5, *few)[0].slugs == "s0, … s4 (5 sources)"
