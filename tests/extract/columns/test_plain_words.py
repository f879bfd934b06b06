"""Columns of one value that a report states of itself: what each reads, and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import row
from trialgraph.extract.reports import read_report
from trialgraph.extract.trials_table import flat


def value(field: str, text: str, column: str) -> object:
    return flat(read_report(row(1, **{field: text})), [column])[column]


@pytest.mark.parametrize(
    ("text", "masking"),
    [
        ("Double-blind", "double-blind"),
        ("double blinded", "double-blind"),
        ("Triple masked", "triple-blind"),
        ("Quadruple (Participant, Care Provider, Investigator, Outcomes Assessor)", "quadruple-blind"),
        ("SINGLE", "single-blind"),
        ("None (Open Label)", "open label"),
        ("NONE", "open label"),
        ("Open-label", "open label"),
        ("unblinded", "open label"),
        ("Randomized, double-blind, placebo-controlled", "double-blind"),
        ("Allocation: RANDOMIZED|Masking: DOUBLE (PARTICIPANT)", "double-blind"),
        ("none", None),
        ("Assessor-blinded", None),
        ("Not double-blind", None),
        ("Double-blind, then open label", None),
        ("Yes", None),
        ("low risk", None),
    ],
)
def test_masking(text: str, masking: str | None) -> None:
    assert value("masking", text, "masking") == masking


@pytest.mark.parametrize(
    ("text", "allocation"),
    [
        ("Randomized", "randomized"),
        ("RCT", "randomized"),
        ("Non-randomised", "non-randomized"),
        ("not randomized", "non-randomized"),
        ("Randomised controlled trial", "randomized"),
        ("quasi-randomized", None),
        ("randomized and non-randomized", None),
        ("Single arm", None),
        ("N/A", None),
    ],
)
def test_allocation(text: str, allocation: str | None) -> None:
    assert value("allocation", text, "allocation") == allocation


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020-03-15", "2020-03-15"),
        ("2020-03-15 00:00:00", "2020-03-15"),
        ("15 March 2020", "2020-03-15"),
        ("March 15, 2020", "2020-03-15"),
        ("15-Mar-2020", "2020-03-15"),
        ("25/03/2020", "2020-03-25"),
        ("03/25/2020", "2020-03-25"),
        ("05/05/2020", "2020-05-05"),
        ("Sept 2019", "2019-09"),
        ("2019/9", "2019-09"),
        ("3/2020", "2020-03"),
        ("2020", "2020"),
        ("03/04/2020", None),
        ("31.02.2020", None),
        ("2020-13", None),
        ("Mar-20", None),
        ("2019-2020", None),
        ("ongoing", None),
    ],
)
def test_dates_as_far_as_they_are_printed(text: str, date: str | None) -> None:
    assert value("start_date", text, "start_date") == date
    assert value("completion_date", text, "completion_date") == date


def test_a_date_of_two_orders_is_left_with_its_reason() -> None:
    report = read_report(row(1, start_date="03/04/2020"))
    (left,) = report.leftovers
    assert (left.verbatim, report.reasons[left]) == ("03/04/2020", "day and month may be in either order")
    assert report.states["start date"] == "unread"


@pytest.mark.parametrize(
    ("field", "text", "column", "right"),
    [
        ("sex", "Both", "sex", "all"),
        ("sex", "Male and female", "sex", "all"),
        ("sex", "F", "sex", "female"),
        ("sex", "males only", "sex", "male"),
        ("sex", "12 male, 18 female", "sex", None),
        ("sex", "45%", "sex", None),
        ("comparator", "Placebo (saline)", "comparator", ["Placebo (saline)"]),
        ("comparator", "none", "comparator", []),
        ("comparator", "20 patients", "comparator", []),
        ("comparator", "single-arm", "comparator", []),
        ("product", "CTL019 (tisagenlecleucel)", "product_names", ["CTL019 (tisagenlecleucel)"]),
        ("product", "12", "product_names", []),
        ("target", "CD19/BCMA", "targets", ["CD19", "BCMA"]),
        ("target", "IL-4Rα and IL-13", "targets", ["IL-4Rα", "IL-13"]),
        ("title", "Safety of X", "title", ["Safety of X"]),
        ("title", "2021", "title", []),
        ("sponsor", "Kangstem Biotech", "sponsor", "Kangstem Biotech"),
        ("sponsor", "NR", "sponsor", None),
        ("dose_frequency", "every 4 weeks", "dose_frequency", ["every 4 weeks"]),
        ("dose_frequency", "q2w", "dose_frequency", ["q2w"]),
        ("dose_frequency", "once daily", "dose_frequency", ["once daily"]),
        ("dose_frequency", "3 doses at 4-week intervals", "dose_frequency", ["at 4-week intervals"]),
        ("dose_frequency", "3 doses", "dose_frequency", []),
    ],
)
def test_other_columns(field: str, text: str, column: str, right: object) -> None:
    assert value(field, text, column) == right
