"""Patients: totals, groups by heading or by name, and what does not add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.patients import read_patients

Told = tuple[int | None, int | None, int | None]


def told(text: str, header: str | None = None) -> Told:
    made = read_patients(cell("patients", text, header))
    total = made.total.value if made.total else None
    assert total is None or isinstance(total, int)
    return total, made.treatment, made.control


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        # as the seed prints them
        ("2 (2/0)", (2, 2, 0)),
        ("37 (17/20)", (37, 17, 20)),
        ("244 (211/78)", (244, 211, 78)),
        ("54 (392/15)", (54, 39, 15)),
        ("63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", (63, 63, None)),
        # others
        ("30", (30, None, None)),
        ("n = 12", (12, None, None)),
        ("1,200 (600/600)", (1200, 600, 600)),
        ("30 (15 / 15)", (30, 15, 15)),
        ("30 (20 treated, 10 placebo)", (30, 20, 10)),
        ("30 (MSC: 20; control: 10)", (30, 20, 10)),
        ("40 (20 MSC and 20 placebo)", (40, 20, 20)),
        ("40 (20 MSC vs 20 standard care)", (40, 20, 20)),
        ("54 (39²/15)", (54, 39, 15)),
        ("10 (10/-)", (10, 10, None)),
        ("12 (6 vs 6)", (12, 6, 6)),
        ("40 [20/20]", (40, 20, 20)),
        # a control is what its name says, and receives no cells
        ("24 (12 active, 12 vehicle)", (24, 12, 12)),
        ("30 (20 low dose, 10 saline)", (30, 20, 10)),
        ("20 (10 MSC, 10 no MSC)", (20, 10, 10)),
        ("30 (15 sham MSC, 15 MSC)", (30, 15, 15)),
        ("40 (20 MSC + standard therapy, 20 standard therapy)", (40, 20, 20)),
        # no group, but the size of each
        ("45 (15 per group)", (45, None, None)),
        ("22 (11 each)", (22, None, None)),
        # a number that stands alone in a name is another group's
        ("12 (6 vs 4 vs 2)", (12, None, None)),
        ("30 (20 MSC 10 placebo)", (30, None, None)),
        # numbers of something else than groups of patients
        ("24 (10 M, 14 F)", (24, None, None)),
        ("30 (12 females)", (30, None, None)),
        ("30 (28 completed, 2 dropouts)", (30, None, None)),
        ("30 (15/10/5)", (30, None, None)),
        # one group's number is not the total
        ("15/15", (None, 15, 15)),
        ("20 vs 20", (None, 20, 20)),
        ("3 patients and 5 controls", (None, None, None)),
        ("10-12", (None, None, None)),
        ("20 UC-MSC + prednisone, 20 prednisone alone", (None, 40, None)),
        ("15 low-dose, 15 high-dose, 10 placebo", (None, 30, 10)),
        ("MSC group 16, control group 14", (None, 16, 14)),
        ("30 (MSC group 16, control group 14)", (30, 16, 14)),
        ("MSC group n = 16; control group n = 14", (None, 16, 14)),
        ("30 (mean age 34, median weight 60)", (30, None, None)),
        ("30 (group 1, group 2)", (30, None, None)),
        ("30 (dose level 1, dose level 2)", (30, None, None)),
        ("30 enrolled, 28 completed", (30, None, None)),
        ("not reported", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_counts_are_read_as_a_curator_would(text: str, counts: Told) -> None:
    assert told(text) == counts


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        ("Patients (treatment/control)", (30, 10, 20)),
        ("Patients (control/treatment)", (30, 20, 10)),
        ("Patients (placebo/MSC)", (30, 20, 10)),
        ("Patients (MSC/placebo)", (30, 10, 20)),
        ("Patients (treated/untreated)", (30, 10, 20)),
        ("Patients (T/C)", (30, 10, 20)),
        ("n", (30, 10, 20)),
        ("Patients (M/F)", (30, None, None)),
        ("Patients (women/men)", (30, None, None)),
        ("Patients (enrolled/completed)", (30, None, None)),
    ],
)
def test_the_heading_says_which_group_comes_first(header: str, counts: Told) -> None:
    assert told("30 (10/20)", header) == counts


def test_groups_that_are_all_treated_keep_their_names_and_are_no_controls() -> None:
    made = read_patients(cell("patients", "63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)"))
    assert [(a.role, a.label, a.enrolled) for a in made.arms] == [
        ("treatment", "MSC monotherapy group", 32),
        ("treatment", "MSC + IFN-γ group", 31),
    ]


def test_a_lost_footnote_mark_keeps_both_readings_the_preferred_one_first() -> None:
    made = read_patients(cell("patients", "54 (392/15)"))
    assert [(r.value, r.verbatim, r.rule) for r in made.competing] == [
        (39, "392", "patients.footnote-mark"),
        (392, "392", "patients.treatment-slash-control"),
    ]
    assert not made.adds_up


@pytest.mark.parametrize("text", ["30 (15/15)", "30", "30 (12 control)", "10 (10/-)", "63 (32 A, 31 B)"])
def test_what_adds_up_or_has_nothing_to_add(text: str) -> None:
    assert read_patients(cell("patients", text)).adds_up


def test_no_mark_is_seen_where_two_groups_might_have_one() -> None:
    # 22 + 15 of 37 has lost nothing; 222 + 152 of 174 could be 22 + 152 only; 110 + 110 of 121 could be either.
    assert told("174 (222/152)") == (174, 22, 152)
    assert told("121 (110/110)") == (121, 110, 110)


@given(a=st.integers(0, 999), b=st.integers(0, 999), mark=st.integers(1, 9))
def test_groups_that_add_up_are_left_as_printed(a: int, b: int, mark: int) -> None:
    assert told(f"{a + b} ({a}/{b})") == (a + b, a, b)
    marked = read_patients(cell("patients", f"{a + b} ({a}{mark}/{b})"))
    assert marked.treatment in {a, a * 10 + mark}
    assert not marked.adds_up
