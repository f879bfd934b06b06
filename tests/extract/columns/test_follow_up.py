"""Follow-up in months, whatever the unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.follow_up import months, read_bounds, read_follow_up


@pytest.mark.parametrize(
    ("header", "text", "found"),
    [
        ("Follow-up (months)", "12", ["12"]),
        ("Follow-up (months)", "Follow-up examinations after 3, 6, and 8 months", ["3", "6", "8"]),
        ("Follow-up (months)", "48 weeks", ["11.04"]),
        ("Follow-up (months)", "1 year", ["12"]),
        ("Follow-up (months)", "90 days", ["2.96"]),
        ("Follow-up (months)", "18.5", ["18.5"]),
        ("Follow-up (months)", "6-12", ["6", "12"]),
        ("Follow-up (months)", "1, 3 and 6", ["1", "3", "6"]),
        ("Follow-up (months)", "3/6/12", ["3", "6", "12"]),
        ("Follow-up (months)", "6, 12, and 24", ["6", "12", "24"]),
        ("Follow-up (months)", "12*", ["12"]),
        ("Follow-up (months)", "12±3", []),
        # a decimal comma, or a list of two
        ("Follow-up (months)", "0,5 years", []),
        ("Follow-up (months)", "1,5", []),
        ("Follow-up (months)", "3,6,12 months", ["3", "6", "12"]),
        ("Follow-up (months)", "2 years and 6 months", ["30"]),
        ("Follow-up (months)", "up to 24 months", ["24"]),
        ("Follow-up (weeks)", "48", ["11.04"]),
        ("Follow-up (weeks)", "12, 24", ["2.76", "5.52"]),
        ("Follow-up (weeks)", "6 months", ["6"]),
        ("Follow-up (wk)", "12", ["2.76"]),
        ("Follow-up (mo)", "12", ["12"]),
        ("Follow-up (years)", "2", ["24"]),
        # a number without a unit anywhere is no time
        ("Follow-up", "12", []),
        ("Follow-up (months)", "24 h", []),
        ("Follow-up (months)", "until death", []),
        ("Follow-up (months)", "", []),
    ],
)
def test_times_in_months(header: str, text: str, found: list[str]) -> None:
    assert [str(value) for value, _ in read_follow_up(cell("follow-up", text, header))] == found


@pytest.mark.parametrize(
    ("number", "unit", "value"),
    [
        ("12", "months", "12"),
        ("1", "yr", "12"),
        ("52", "weeks", "11.96"),
        ("30.4375", "d", "1"),
        ("0", "w", "0"),
    ],
)
def test_a_month_has_365_25_twelfths_of_a_day(number: str, unit: str, value: str) -> None:
    assert months(number, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "times", "bounds"),
    [
        ("up to 12", ["12"], [("at most", "12", "up to 12")]),
        ("≤6", ["6"], [("at most", "6", "≤6")]),
        ("up to 48 weeks", ["11.04"], [("at most", "11.04", "up to 48")]),
        ("≥12", ["12"], [("at least", "12", "≥12")]),
        (">= 24 months", ["24"], [("at least", "24", ">= 24")]),
        ("at least 1 year", ["12"], [("at least", "12", "at least 1")]),
        ("12", ["12"], []),
        ("3, 6 and 12 months", ["3", "6", "12"], []),
    ],
)
def test_a_bound_is_kept_beside_its_time(
    text: str, times: list[str], bounds: list[tuple[str, str, str]]
) -> None:
    made = cell("follow-up", text, "Follow-up (months)")
    assert [str(value) for value, _ in read_follow_up(made)] == times
    assert [(side, str(r.value), r.verbatim) for side, r in read_bounds(made)] == bounds
