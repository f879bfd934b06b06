"""All sources together: the join by trial, several rows of one trial, and the decisions of reviewers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.extract.comparisons.rows import a_source, report
from trialgraph.base.errors import InputError
from trialgraph.extract.comparisons.pairs import MOST_PAIRS, compare_group
from trialgraph.extract.comparisons.side_by_side import SideBySide, side_by_side
from trialgraph.extract.decisions import settle
from trialgraph.model.report import Curation, Report

ROW = {"disease": "SLE", "cell_source": "UC-MSCs", "patients": "30 (15/15)"}
SOURCES = [a_source(slug) for slug in ("a", "b", "c")]


def decided(made: Report, *decisions: str) -> Report:
    lines = [
        Curation(made.row.number, "same-trial", text, "me", "2026-11-29", "so", line=n)
        for n, text in enumerate(decisions, start=2)
    ]
    return settle([made], lines, "curation.tsv")[0]


def beside(*reports: Report) -> SideBySide:
    return side_by_side(reports, SOURCES)


def verdicts(found: SideBySide, field: str) -> list[tuple[str, str, str]]:
    return [(c.left.report.key, c.right.report.key, c.verdict) for c in found.comparisons if c.field == field]


def test_each_pair_of_reports_of_one_trial_is_compared_once_in_any_order() -> None:
    rows = [report(s, 1, registration="NCT01741857", **ROW) for s in ("c", "a", "b")]
    found = beside(*rows)
    pairs = [("a/1", "b/1", "agrees"), ("a/1", "c/1", "agrees"), ("b/1", "c/1", "agrees")]
    assert verdicts(found, "disease") == pairs
    assert found == beside(*rows[::-1])
    assert found.proposals == ()
    assert {(r.key, first.key) for r, first in found.counts_for} == {
        ("a/1", "a/1"),
        ("b/1", "a/1"),
        ("c/1", "a/1"),
    }


def test_one_source_has_nothing_beside_it() -> None:
    rows = [report("a", n, registration="NCT01741857", **ROW) for n in (1, 2)]
    assert side_by_side(rows, SOURCES[:1]) == SideBySide()


def test_a_source_that_lists_a_trial_by_cohort_does_not_differ_where_one_of_its_rows_agrees() -> None:
    cohorts = [
        report("a", n, registration="NCT01741857", patients=f"{n}0 ({n}0/0)", phase="Phase I") for n in (1, 2)
    ]
    found = beside(
        *cohorts, report("b", 1, registration="NCT01741857", patients="20 (20/0)", phase="Phase II")
    )
    assert verdicts(found, "n_total") == [("a/1", "b/1", "not comparable"), ("a/2", "b/1", "agrees")]
    note = next(c.note for c in found.comparisons if c.verdict == "not comparable")
    assert note == "row 2 of a is of this trial too, and agrees"
    assert {v for *_, v in verdicts(found, "phase")} == {"differs"}


def test_a_trial_of_very_many_rows_is_bounded_and_what_is_left_out_is_told() -> None:
    one = report("a", 1, registration="NCT01741857", phase="Phase I")
    many = [
        replace(one, source=s, row=replace(one.row, source=s, number=n)) for s in "ab" for n in range(1, 31)
    ]
    found, left_out = compare_group(many, {})
    assert (len({(c.left.report.key, c.right.report.key) for c in found}), left_out) == (MOST_PAIRS, 700)
    assert beside(*many).remarks == (
        ("NCT01741857", "60 reports of one trial: 700 pairs of them are not compared"),
    )


def test_a_confirmed_pair_is_compared_and_counts_once_but_is_not_merged() -> None:
    known = report("a", 1, registration="NCT01741857", **ROW)
    other = decided(report("b", 4, **ROW), "confirm a/1")
    found = beside(known, other)
    (proposal,) = found.proposals
    assert (proposal.status, proposal.decided_in, proposal.decision) == (
        "confirmed",
        other,
        other.curations[0],
    )
    assert ("a/1", "b/4", "agrees") in verdicts(found, "n_total")
    assert found.comparisons[0].trials == ("NCT01741857", "b/4")
    assert {(r.trial_key, first.trial_key) for r, first in found.counts_for} == {
        ("NCT01741857", "NCT01741857"), ("b/4", "NCT01741857"),
    }  # fmt: skip


def test_the_registry_number_is_what_confirmed_trials_count_for_wherever_it_stands() -> None:
    found = beside(
        decided(report("a", 1, **ROW), "confirm b/1"),
        decided(report("b", 1, **ROW), "confirm c/1"),
        report("c", 1, registration="NCT01741857", **ROW),
    )
    assert {first.trial_key for _, first in found.counts_for} == {"NCT01741857"}
    assert [p.status for p in found.proposals] == ["confirmed", "proposed", "confirmed"]


def test_a_rejected_pair_stays_apart_and_a_decision_needs_no_proposal() -> None:
    found = beside(report("a", 1, **ROW), decided(report("b", 1, **ROW), "reject a/1"))
    assert [p.status for p in found.proposals] == ["rejected"]
    assert found.comparisons == ()
    by_hand = beside(report("a", 1, disease="SLE"), decided(report("b", 1, disease="SLE"), "confirm a/1"))
    assert [one.kind for one in by_hand.proposals[0].evidence] == ["reviewer"]
    assert verdicts(by_hand, "disease") == [("a/1", "b/1", "agrees")]


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        (["merge a/1"], "b: row 1: 'merge a/1' decides on no report of another source"),
        (["confirm b/2"], "decides on no report of another source"),
        (["confirm a/9"], "a has no row 9"),
        (["confirm a/1", "reject a/1"], "a/1 is rejected here and confirmed in "),
        (["reject c/1"], "b/1 and c/1 are rejected as one trial and have one registry number"),
    ],
)
def test_a_wrong_decision_is_one_line(decisions: list[str], message: str) -> None:
    rows = [report(s, 1, registration="" if s == "a" else "NCT01741857") for s in "abc"]
    with pytest.raises(InputError) as error:
        beside(rows[0], decided(rows[1], *decisions), rows[2])
    assert message.removeprefix("b: ") in error.value.line()
    assert str(Path("seeds/b/curation.tsv:")) in error.value.line()


def test_a_decision_on_a_source_that_is_not_read_is_told() -> None:
    made = decided(report("a", 1, **ROW), "confirm elsewhere/1")
    told = (
        ("seeds/a/curation.tsv:2", "elsewhere is not read here: the decision on elsewhere/1 is not applied"),
    )
    assert side_by_side([made], SOURCES[:1]).remarks == told
    assert beside(made).remarks == told


def test_a_decision_on_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="there is no row 7"):
        settle(
            [report("a", 1, **ROW)], [Curation(7, "same-trial", "confirm b/1", "me", "2026-11-29", "so")], "f"
        )


def test_a_contradiction_between_lines_is_refused() -> None:
    rows = [report(s, 1, **ROW) for s in "abc"]
    with pytest.raises(InputError, match="are confirmed to be one trial by other lines"):
        beside(decided(rows[0], "confirm b/1", "reject c/1"), decided(rows[1], "confirm c/1"), rows[2])
