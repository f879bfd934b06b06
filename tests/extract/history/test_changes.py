"""From version to version: what changed, before or after the start, on real histories."""

from __future__ import annotations

from functools import cache

import pytest

from tests.extract.history.measure import DATA, changes, counted, enrolment, primary_outcomes, steps
from tests.extract.record_comparisons.made import record
from trialgraph.extract.history.changes import changes_of, shortened, start_of
from trialgraph.model.change import Change

VERSIONS = DATA / "versions.jsonl.gz"


@cache
def found() -> list[Change]:
    return changes(VERSIONS)


@pytest.mark.parametrize(
    ("field", "value", "fewest"), [("n_total", enrolment, 10), ("n_primary_outcomes", primary_outcomes, 8)]
)
def test_every_change_of_a_real_history_is_found_and_no_other(field: str, value: object, fewest: int) -> None:
    assert callable(value)
    there, ends = counted(VERSIONS, value)
    assert len(ends) >= fewest
    assert steps(found(), field) == there


def test_a_change_says_when_it_was_made_and_whether_that_is_after_the_start() -> None:
    for one in found():
        assert one.when == str(one.later.record.data_version)
        start = start_of([one.later]) or one.start
        assert one.start in ("before", "after", "same day", "not decidable") or not start
    assert {one.start for one in found()} > {"before", "after"}


TWO = (
    '{"statusModule": {"startDateStruct": {"date": "2013-03"}}, "outcomesModule": {"primaryOutcomes":'
    ' [{"measure": "Overall survival", "timeFrame": "5 years"}, {"measure": "Response by RECIST"}],'
    ' "secondaryOutcomes": [{"measure": "Quality of life", "timeFrame": "1 year"}]}}'
)
THEN = (
    '{"statusModule": {"startDateStruct": {"date": "2013-03"}}, "outcomesModule": {"primaryOutcomes":'
    ' [{"measure": "Overall survival", "timeFrame": "3 years"}, {"measure": "Quality of life", "timeFrame": "1 year"}],'
    ' "secondaryOutcomes": [{"measure": "Best response by RECIST 1.1"}, {"measure": "Toxicity"}]}}'
)


@pytest.mark.parametrize(
    ("date", "start"), [("2013-02-28", "before"), ("2013-03-31", "not decidable"), ("2013-04-01", "after")]
)
def test_outcomes_are_followed_whatever_their_role_and_wording(date: str, start: str) -> None:
    states = record(TWO, date="2013-01-01"), record(THEN, date=date)
    told = {(one.field, one.kind, one.before, one.after) for one in changes_of(states)}
    assert told == {
        ("n_secondary_outcomes", "number", "1", "2"),
        ("primary_outcomes", "time frame", "Overall survival [5 years]", "Overall survival [3 years]"),
        (
            "primary_outcomes",
            "moved",
            "primary: Response by RECIST",
            "secondary: Best response by RECIST 1.1",
        ),
        ("primary_outcomes", "wording", "Response by RECIST", "Best response by RECIST 1.1"),
        ("primary_outcomes", "moved", "secondary: Quality of life", "primary: Quality of life"),
        ("secondary_outcomes", "added", "", "Toxicity"),
    }
    assert {one.start for one in changes_of(states)} == {start}


def test_another_order_of_the_same_values_is_no_change() -> None:
    part = '{"conditionsModule": {"conditions": ["%s", "%s"]}}'
    one, other = (
        record(part % pair, date=date)
        for pair, date in ((("SLE", "RA"), "2013-01-01"), (("RA", "SLE"), "2014-01-01"))
    )
    assert changes_of((one, other)) == ()
    another = record(part % ("RA", "MS"), date="2015-01-01")
    assert [(c.field, c.before, c.after) for c in changes_of((other, another))] == [
        ("conditions", "RA|SLE", "RA|MS")
    ]


def test_a_value_that_vanishes_is_a_change() -> None:
    one = record(
        '{"statusModule": {"whyStopped": "No money", "overallStatus": "TERMINATED"}}', date="2013-01-01"
    )
    other = record('{"statusModule": {"overallStatus": "TERMINATED"}}', date="2014-01-01")
    (change,) = changes_of([one, other])
    assert (change.field, change.kind, change.before, change.after) == (
        "why_stopped",
        "no longer stated",
        "No money",
        "",
    )
    assert change.start is None


def test_one_state_has_no_changes_and_equal_states_have_none() -> None:
    assert changes_of([record(TWO)]) == ()
    assert changes_of([record(TWO, date="2013-01-01"), record(TWO, date="2014-01-01")]) == ()


def test_of_long_texts_the_stretch_is_shown_where_they_differ() -> None:
    one, other = "x" * 1_000 + " aged 18 " + "y" * 1_000, "x" * 1_000 + " aged 16 " + "y" * 1_000
    shown = shortened(one, other)
    assert ["aged 18" in shown[0], "aged 16" in shown[1], max(map(len, shown)) < 310] == [True, True, True]
    assert shortened("a", "b") == ("a", "b")
