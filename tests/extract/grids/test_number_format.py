"""Numbers and dates as the formats of spreadsheets show them."""

from __future__ import annotations

import datetime as dt

import pytest

from trialgraph.extract.grids.number_format import shown_value

DAY = dt.datetime(2020, 1, 31, 14, 5, 9)


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (12, "General", "12"),
        (12.0, "General", "12"),
        (1e21, "General", "1E+21"),
        (2.5, "0", "3"),
        (1234567.891, "#,##0.0", "1,234,567.9"),
        (0.5, "0%", "50%"),
        (1e6, "0.00E+00", "1.00E+06"),
        (-3, "0;(0)", "(3)"),
        (0, '0;-0;"none"', "none"),
        (5, '0" mg"', "5 mg"),
        (7, "000", "007"),
        (1.5, "0.0#", "1.5"),
        (0.25, "# ?/?", "1/4"),
        (12, "[Red]0.0", "12.0"),
        (3, '[>2]"many";0', "many"),
        (9, "[$€-407] 0.00", "€ 9.00"),
        (DAY, "yyyy-mm-dd", "2020-01-31"),
        (DAY, "mm-dd-yy", "2020-01-31"),
        (DAY, "d mmm yyyy", "31 Jan 2020"),
        (DAY, "mmm-yy", "Jan-20"),
        (DAY, "h:mm AM/PM", "2:05 PM"),
        (DAY, "hh:mm:ss", "14:05:09"),
        (dt.date(2020, 2, 1), "dddd, d mmmm", "Saturday, 1 February"),
        (dt.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (dt.time(9, 5), "h:mm", "9:05"),
        (5, "000-0000", None),
    ],
)
def test_a_format(value: object, form: str, shown: str | None) -> None:
    assert shown_value(value, form) == shown
