"""A small part of the long runs (``make soak``): hostile queries over HTTP, spoilt rows, every regular expression."""

from __future__ import annotations

import pytest

from tools.soak import hostile, lines, patterns


def test_hostile_queries_are_answered_or_refused_and_the_server_lives() -> None:
    # ten times the slack of the long run: a machine that runs a suite does much else
    report = hostile.main(600, seed=20261123, again=120, slack=10 * hostile.SLACK)
    assert not report.faults, "\n".join(report.examples)
    statuses = {name.split()[1] for name in report.counts if name.startswith("status ")}
    assert {"200", "400", "403", "413"} <= statuses


def test_spoilt_rows_are_read_or_refused_and_every_offset_lies_in_the_text() -> None:
    report = lines.main(300, seed=20261123, measure=False)
    assert not report.faults, "\n".join(report.examples)
    assert report.counts["readings"] > 500


PATTERNS = patterns.patterns()


def test_the_patterns_of_the_package_are_found() -> None:
    assert {
        "trialgraph.query.guard.tokenizer.TOKEN",
        "trialgraph.extract.columns.administration.DOSE",
    } <= PATTERNS.keys()


@pytest.mark.parametrize("name", [name for name in PATTERNS if not patterns.reads_cells(name)])
def test_a_pattern_comes_to_an_end_on_a_hostile_text(name: str) -> None:
    """The alarm is for a machine that does much beside it; a careless pattern takes minutes."""
    patterns.seconds(
        PATTERNS[name], 10, patterns.longest(name), misfits=1, search=name not in patterns.MATCHED
    )


def test_patterns_that_are_only_matched_are_there() -> None:
    assert patterns.MATCHED.keys() <= PATTERNS.keys()
