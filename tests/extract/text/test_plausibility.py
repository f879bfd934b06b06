"""Values that cannot be meant: not read, reported with the reason; unusual values that can be meant are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.columns.cells import row
from tests.extract.plain_row import OTHERS, PLAIN, table
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.text.plausibility import IMPLAUSIBLE
from trialgraph.extract.trials_table import flat
from trialgraph.model.report import Report

VALUES = {
    "patients": ("n_total", "n_treatment", "n_control"),
    "administration": ("dose_low", "dose_high"),
    "follow-up": ("follow_up_months",),
    "reference": ("reference",),
    "age": ("minimum_age", "maximum_age"),
}


def report(field: str, text: str) -> Report:
    (made,) = find_conflicts([read_report(row(**{field.replace("-", "_"): text}))])
    return made


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("patients", "6018", "6018 is more patients than a trial of cells has"),
        ("patients", "15/15000", "15000 is more patients than a trial of cells has"),
        ("patients", "30 (60/70)", "the total 30 is less than half the sum of its groups, 130"),
        ("patients", "100 (10/10)", "the total 100 is more than twice the sum of its groups, 20"),
        (
            "patients",
            "9 (32 MSC group, 31 placebo group)",
            "the total 9 is less than half the sum of its groups, 63",
        ),
        (
            "administration",
            "11 × 10^6 cells/kg, IV infusion",
            "11 before a power of ten may begin with another",
        ),
        (
            "administration",
            "121 × 106 cells, IV infusion",
            "121 before a power of ten may begin with another",
        ),
        ("administration", "1 × 10^13 cells/kg", "more cells than are given"),
        ("administration", "1 × 10^14 cells/kg or 2 × 10^6 cells/kg", "more cells than are given"),
        ("administration", "9 × 10^2 cells", "fewer cells than are given"),
        ("follow-up", "612", "612 months is longer than trials follow patients"),
        ("follow-up", "6, 12 and 312 months", "312 months is longer than trials follow patients"),
        ("follow-up", "45 years", "540 months is longer than trials follow patients"),
        ("reference", "[2019]", "2019 is beyond the end of lists of references"),
        ("reference", "1999", "1999 is beyond the end of lists of references"),
        ("age", "18-850 years", "nobody is 850 years old"),
        ("age", "85-18", "the youngest age 85 is above the oldest, 18"),
    ],
)
def test_a_value_that_cannot_be_meant_is_unread_with_the_reason(field: str, text: str, why: str) -> None:
    made = report(field, text)
    record = flat(made, ["all"])
    assert all(record[column] in (None, []) for column in VALUES[field])
    assert record["unread"] == [field]
    (left,) = (left for left in made.leftovers if left.rule == IMPLAUSIBLE.id)
    assert made.reasons[left].startswith(why)
    assert left.value is None
    (conflict,) = made.conflicts
    assert conflict.kind == "unread-text"
    assert f"“{left.verbatim}” ({why}" in conflict.message


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("patients", "244 (211/78)", [244, 211, 78]),
        ("patients", "54 (392/15)", [54, 39, 15]),
        ("patients", "565 (283/282)", [565, 283, 282]),
        ("patients", "0 (0/0)", [0, 0, 0]),
        ("administration", "10 × 10^6 cells, IV infusion", [10_000_000, 10_000_000]),
        ("administration", "150 × 10^6 cells, IV infusion", [150_000_000, 150_000_000]),
        ("administration", "IV infusion of 11 × 10^6 cells", [11_000_000, 11_000_000]),
        ("administration", "0 × 10^6 cells/kg", [0, 0]),
        ("follow-up", "180", [[180]]),
        ("follow-up", "15 years", [[180]]),
        ("reference", "[1200]", [1200]),
        ("age", "6 months to 18 years", ["6 months", "18 years"]),
    ],
)
def test_an_unusual_value_is_read(field: str, text: str, values: list[object]) -> None:
    record = flat(report(field, text), ["all"])
    assert [record[column] for column in VALUES[field]] == values
    assert record["unread"] == []


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("60 (18–85)", 60),
        ("60 (18–85 years)", 60),
        ("60 (45.5 ± 10.2)", 60),
        ("60 patients aged 18–85", 60),
        ("6018–85", None),
        ("45 ± 10", None),
        ("45.5 ± 10.2", None),
        ("aged 45", None),
        ("≥ 18 years", None),
        ("up to 30", None),
        ("33%", None),
    ],
)
def test_an_age_is_no_count_of_patients(text: str, total: int | None) -> None:
    made = report("patients", text)
    assert (made.n_total, made.n_treatment, made.n_control, made.arms) == (total, None, None, ())
    assert made.leftovers


def test_other_values_of_the_cell_are_read() -> None:
    made = report("administration", "11 × 10^6 cells/kg, two IV infusions")
    assert [concept.label for concept, _ in made.intervention.routes if concept] == ["intravenous"]
    assert made.intervention.dose_count == 2
    assert made.intervention.dose_status == "unread"
    assert made.states["administration"] == "stated"


def test_it_is_a_finding(tmp_path: Path) -> None:
    read = table(tmp_path, *OTHERS, PLAIN | {"patients": "30 (60/70)"})
    said = [finding.message for finding in read.findings]
    assert said == [
        "row 3: not read in Patients (treatment/control): '30 (60/70)': "
        "the total 30 is less than half the sum of its groups, 130"
    ]
