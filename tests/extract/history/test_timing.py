"""Dates as precise as they are stated: registered before the start, results overdue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.record_comparisons.made import record
from trialgraph.extract.history.timing import is_overdue, months_later, order_of_dates, registered

STATUS = (
    '{"statusModule": {"overallStatus": "%s", "studyFirstSubmitDate": "%s", "startDateStruct": {"date": "%s"},'
    ' "primaryCompletionDateStruct": {"date": "%s", "type": "%s"}}}'
)


@pytest.mark.parametrize(
    ("submitted", "start", "expected"),
    [
        ("2013-01-15", "2013-02", "before"),
        ("2013-01-15", "2013-01", "not decidable"),
        ("2013-01-15", "2012-12-31", "after"),
        ("2013-01-15", "2013-01-15", "same day"),
        ("2013-01-15", "2013", "not decidable"),
        ("2013-01-15", "2012", "after"),
    ],
)
def test_registered_before_or_after_the_start_by_precision(submitted: str, start: str, expected: str) -> None:
    assert registered(record(STATUS % ("COMPLETED", submitted, start, "2015-01", "ACTUAL"))) == expected


def test_without_a_date_nothing_is_said() -> None:
    assert registered(record('{"statusModule": {"studyFirstSubmitDate": "2013-01-15"}}')) is None
    assert is_overdue(record("{}")) is None
    assert (
        is_overdue(record(STATUS % ("COMPLETED", "2013-01-15", "2013-01", "2015-01", "ACTUAL"), date=""))
        is None
    )


@pytest.mark.parametrize(
    ("status", "done", "kind", "expected"),
    [
        ("COMPLETED", "2021-09", "ACTUAL", "yes"),
        ("COMPLETED", "2021-10", "ACTUAL", "not decidable"),
        ("COMPLETED", "2021-11", "ACTUAL", "no"),
        ("COMPLETED", "2021-10-09", "ACTUAL", "yes"),
        ("COMPLETED", "2021-10-11", "ACTUAL", "no"),
        ("RECRUITING", "2015-01", "ESTIMATED", "no"),
        ("WITHDRAWN", "2015-01", "ACTUAL", "no"),
        ("TERMINATED", "2020", "ACTUAL", "yes"),
        ("TERMINATED", "2021", "ACTUAL", "not decidable"),
        ("TERMINATED", "2022", "ACTUAL", "no"),
    ],
)
def test_results_are_overdue_a_year_after_the_primary_completion(
    status: str, done: str, kind: str, expected: str
) -> None:
    # The data are of 2022-10-10.
    assert is_overdue(record(STATUS % (status, "2013-01-15", "2013-02", done, kind))) == expected


def test_results_that_are_posted_or_in_a_paper_are_not_overdue() -> None:
    part = (
        '{"statusModule": {"overallStatus": "COMPLETED", "primaryCompletionDateStruct": {"date": "2015-01", "type":'
        ' "ACTUAL"}}, "referencesModule": {"references": [{"pmid": "1", "type": "%s"}]}}'
    )
    assert is_overdue(record(part % "DERIVED")) == "no"
    assert is_overdue(record(part % "BACKGROUND")) == "yes"


DATES = st.from_regex(r"\A(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?)?\Z")


@given(DATES, DATES)
def test_the_order_of_two_dates_is_that_of_the_others_turned_round(one: str, other: str) -> None:
    turned = {"before": "after", "after": "before"}
    found = order_of_dates(one, other)
    assert found is not None
    assert order_of_dates(other, one) == turned.get(found, found)
    assert order_of_dates(one, one) == ("same day" if len(one) == 10 else "not decidable")


@given(DATES, st.integers(min_value=1, max_value=40))
def test_months_later_is_later_in_the_same_precision(date: str, months: int) -> None:
    later = months_later(date, months)
    assert (
        later == "" if len(date) == 4 else (len(later), order_of_dates(date, later)) == (len(date), "before")
    )
