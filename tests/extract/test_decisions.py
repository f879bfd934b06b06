"""What a line of ``curation.tsv`` makes of a report: the value used, the conflict settled or left open, the error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.extract.columns.cells import row
from trialgraph.base.errors import InputError
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.corrections import CORRECTABLE
from trialgraph.extract.decisions import choices, settle
from trialgraph.extract.reports import read_report
from trialgraph.extract.trials_table import flat
from trialgraph.model.report import Curation, Report

ARMS = "arms-do-not-add-up"


def decide(kind: str, decision: str, number: int = 1, evidence: str = "NCT01741857") -> Curation:
    return Curation(
        number, kind, decision, "A. Reviewer", "2026-01-31", "the registry says so", evidence, line=7
    )


def decided(*decisions: Curation, **texts: str) -> Report:
    return settle(find_conflicts([read_report(row(1, **texts))]), decisions, "curation.tsv")[0]


def statuses(report: Report) -> Sequence[str]:
    return [f"{conflict.kind} {conflict.status}" for conflict in report.conflicts]


# --- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "column", "printed", "entered", "gives"),
    [
        ("n_total", "patients", "244 (211/33)", "250", {"n_total": 250}),
        ("n_treatment", "patients", "30 (20/10)", "19", {"n_treatment": 19, "n_control": 10}),
        ("n_control", "patients", "30 (20/10)", "0", {"n_control": 0, "n_treatment": 20}),
        ("n_control", "patients", "30", "15", {"n_control": 15, "n_total": 30}),
        ("n_treatment", "patients", "63 (32 A group, 31 B group)", "30+33", {"n_treatment": 63}),
        ("follow_up_months", "follow_up", "12", "3|6 | 48 weeks", {"follow_up_months": [3, 6, 11.04]}),
        ("follow_up_months", "follow_up", "a while", "2 years", {"follow_up_months": [24]}),
        ("phase", "phase", "Phase I", "1/2", {"phase": "1/2"}),
        ("phase", "phase", "-", "Phase IIa", {"phase": "2a"}),
        ("disease", "disease", "RA", "systemic lupus erythematosus", {"disease": "MONDO:0007915"}),
        ("disease", "disease", "something odd", "MONDO:0008383", {"disease_label": "rheumatoid arthritis"}),
        (
            "dose",
            "administration",
            "1 × 107 cells/kg, IV",
            "1e6 cells/kg",
            {"dose_low": 1_000_000, "dose_unit": "cells/kg", "routes": ["intravenous"]},
        ),
        (
            "dose",
            "administration",
            "IV",
            "1-2 × 10⁶ cells/patient",
            {"dose_low": 10**6, "dose_high": 2 * 10**6},
        ),
        ("dose", "administration", "IV", "1 x 10^6 cells|2e6 cells", {"dose_levels": [10**6, 2 * 10**6]}),
        ("results_status", "conclusion", "Study ongoing", "terminated", {"results_status": "terminated"}),
        (
            "results_status",
            "conclusion",
            "Nothing of note",
            "not published",
            {"results_status": "not published"},
        ),
    ],
)
def test_a_wrong_or_unread_value_is_corrected_without_a_conflict(
    name: str, column: str, printed: str, entered: str, gives: dict[str, object]
) -> None:
    report = decided(decide(name, f"value {entered}"), **{column: printed})
    before = read_report(row(1, **{column: printed}))
    listed = flat(report, ("all",))
    assert {key: listed[key] for key in gives} == gives
    assert report.readings == before.readings
    assert report.states[CORRECTABLE[name].field] == "stated"
    (correction,) = report.corrections
    assert str(listed["corrected"]).startswith(f"['{name}=")
    assert CORRECTABLE[name].field not in listed["unread"]  # type: ignore[operator]
    assert all(reading in before.readings for reading in correction.overruled)


def test_the_printed_value_is_kept_beside_the_entered_one() -> None:
    report = decided(decide("n_control", "value 33"), patients="244 (211/78)")
    assert [(r.verbatim, r.value) for r in report.corrections[0].overruled] == [("78", 78)]
    assert flat(report, ("corrected",)) == {"corrected": ["n_control=33 (printed: 78)"]}
    assert [(arm.role, arm.enrolled, arm.reading.verbatim) for arm in report.arms] == [
        ("treatment", 211, "211"),
        ("control", 33, "78"),
    ]


def test_a_value_that_is_as_printed_overrules_nothing() -> None:
    report = decided(decide("n_control", "value 10"), patients="30 (20/10)")
    assert report.corrections[0].overruled == ()


def test_the_outcome_behind_an_ambiguous_abbreviation_is_entered() -> None:
    report = decided(decide("ambiguous-abbreviation", "value outcome=EDSS"), outcomes="ACR20, NRS")
    assert report.outcomes[1].concept is not None
    assert report.outcomes[1].reading.verbatim == "NRS"
    assert statuses(report) == ["ambiguous-abbreviation settled"]


def test_a_value_is_entered_where_the_cell_is_empty_and_not_where_there_is_no_column() -> None:
    report = decided(decide("dose", "value 1e6 cells/kg"), patients="30")
    assert report.intervention.doses[0].reading.verbatim == ""
    without = replace(row(1, patients="30"), cells=row(1, patients="30").cells[:1])
    with pytest.raises(InputError, match="the source has no column administration"):
        settle([read_report(without)], [decide("dose", "value 1e6 cells/kg")], "curation.tsv")


# --- what is settled ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["use 211", "use 78", "use 244", "keep", "value n_control=34"])
def test_a_decision_that_does_not_make_the_groups_add_up_leaves_the_conflict_open(decision: str) -> None:
    report = decided(decide(ARMS, decision), patients="244 (211/78)")
    assert statuses(report) == [f"{ARMS} open"]
    ((curation, left),) = report.unresolved
    assert (curation.decision, curation.line) == (decision, 7)
    assert left.startswith(f"{ARMS} stays open: 211 + ")


def test_a_value_that_makes_the_groups_add_up_settles_the_conflict() -> None:
    for kind, decision in ((ARMS, "value n_control=33"), ("n_control", "value 33")):
        report = decided(decide(kind, decision), patients="244 (211/78)")
        assert (statuses(report), report.unresolved) == ([f"{ARMS} settled"], ())
        assert (report.n_total, report.n_treatment, report.n_control) == (244, 211, 33)


def test_several_fields_of_one_conflict_are_several_lines() -> None:
    lines = (decide(ARMS, "value n_treatment=212"), decide(ARMS, "value n_control=32"))
    report = decided(*lines, patients="244 (211/78)")
    assert statuses(report) == [f"{ARMS} settled"]
    assert [c.number for c in report.curations] == [1, 2]


def test_a_value_in_place_of_the_preferred_reading_leaves_none_preferred() -> None:
    report = decided(decide(ARMS, "value n_treatment=38"), patients="54 (392/15)")
    assert report.conflicts[0].preferred is None
    assert {r.value for r in report.corrections[0].overruled} == {39, 392}
    assert statuses(report) == [f"{ARMS} open"]


def test_a_value_that_contradicts_the_others_is_reported_without_a_conflict() -> None:
    report = decided(decide("n_control", "value 11"), patients="30 (20/10)")
    assert [left for _, left in report.unresolved] == ["20 + 11 = 31, not 30"]


@pytest.mark.parametrize(
    ("decision", "status"),
    [("keep", "settled"), ("value 12", "settled"), ("value follow_up_months=6", "open")],
)
def test_a_follow_up_is_kept_or_entered(decision: str, status: str) -> None:
    kind = "follow-up-shorter-than-reported-time"
    report = decided(decide(kind, decision), follow_up="3", conclusion="no safety concerns at 1 year")
    assert statuses(report) == [f"{kind} {status}"]


@pytest.mark.parametrize(
    ("decision", "status"),
    [("keep", "settled"), ("value dose=1e6 cells/kg", "settled"), ("value 8e7 cells/kg", "open")],
)
def test_a_dose_out_of_line_is_kept_or_entered(decision: str, status: str) -> None:
    doses = ["1 × 106 cells/kg"] * 5 + ["9 × 107 cells/kg"]
    reports = find_conflicts([read_report(row(n, administration=dose)) for n, dose in enumerate(doses, 1)])
    report = settle(reports, [decide("dose-out-of-line", decision, 6)], "curation.tsv")[-1]
    assert statuses(report) == [f"dose-out-of-line {status}"]


def test_text_that_a_reviewer_has_dealt_with_is_no_longer_reported() -> None:
    for kind, decision in (
        ("unread-text", "keep"),
        ("unread-text", "value 12"),
        ("follow_up_months", "value 12"),
    ):
        report = decided(decide(kind, decision), follow_up="a while")
        assert (report.leftovers, statuses(report)) == ((), ["unread-text settled"])


def test_text_beside_a_value_is_not_read_by_correcting_the_value() -> None:
    report = decided(decide("follow_up_months", "value 12"), follow_up="3 months, weather permitting")
    assert statuses(report) == ["unread-text open"]
    assert report.leftovers


def test_a_disease_behind_an_abbreviation_is_chosen() -> None:
    open_ = find_conflicts([read_report(row(1, disease="DM"))])[0].conflicts[0]
    report = decided(decide("ambiguous-abbreviation", f"use {open_.competing[1].value}"), disease="DM")
    assert report.conflicts[0].preferred == 1
    assert report.condition is not None
    assert report.condition.reading.value == open_.competing[1].value


# --- which conflict -----------------------------------------------------------------------------------------


def test_the_second_conflict_of_a_kind_is_named_by_its_number() -> None:
    texts = {"registration": "pending", "follow_up": "a while"}
    assert statuses(decided(decide("unread-text/2", "keep"), **texts)) == [
        "unread-text open",
        "unread-text settled",
    ]
    assert statuses(decided(decide("unread-text", "keep"), **texts)) == [
        "unread-text settled",
        "unread-text open",
    ]
    with pytest.raises(InputError, match="no open conflict unread-text/3"):
        decided(decide("unread-text/3", "keep"), **texts)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (decide("n_control", "value 33", evidence=""), "a value is entered without evidence"),
        (decide(ARMS, "value n_control=33", evidence=""), "a value is entered without evidence"),
        (decide("n_control", "value many"), "'many' is no value of n_control; wanted: a whole number"),
        (decide("n_control", "value 1+2"), "wanted: 1 control groups are printed"),
        (decide("n_total", "value 1+2"), "wanted: a total is one number"),
        (decide("n_control", "keep"), "decision 'keep' on the field n_control is no value"),
        (decide("n_control", "value "), "is no value"),
        (decide(ARMS, "value 33"), "is not one of: keep, use 244, use 211, use 78, value n_total=…"),
        (decide(ARMS, "value n_control="), "is not one of"),
        (decide(ARMS, "value dose=1e6 cells/kg"), "is not one of"),
        (decide(ARMS, "keep | use 211"), "is not one of"),
        (decide("dose_low", "value 33"), "a kind is one of: arms-do-not-add-up"),
        (decide("n_control/2", "value 33"), "a kind is one of"),
    ],
)
def test_a_decision_that_cannot_be_is_one_line(decision: Curation, says: str) -> None:
    with pytest.raises(InputError) as error:
        decided(decision, patients="244 (211/78)")
    assert says in error.value.line()
    assert error.value.line().startswith("curation.tsv:7: ")
    assert "\n" not in error.value.line()


@pytest.mark.parametrize(
    ("name", "column", "printed", "entered"),
    [
        ("dose", "administration", "IV", "1e6 mg"),
        ("dose", "administration", "IV", "2-1 × 10^6 cells/kg"),
        ("dose", "administration", "IV", "0 cells/kg"),
        ("dose", "administration", "IV", "1e99 cells/kg"),
        ("follow_up_months", "follow_up", "12", "0"),
        ("follow_up_months", "follow_up", "12", "-3"),
        ("follow_up_months", "follow_up", "12", "long"),
        ("phase", "phase", "Phase I", "5"),
        ("phase", "phase", "Phase I", "-"),
        ("disease", "disease", "RA", "no such disease"),
        ("disease", "disease", "RA", "MONDO:9999999"),
        ("results_status", "conclusion", "Study ongoing", "done"),
    ],
)
def test_what_is_no_value_of_a_field_is_refused(name: str, column: str, printed: str, entered: str) -> None:
    with pytest.raises(InputError) as error:
        decided(decide(name, f"value {entered}"), **{column: printed})
    assert f"is no value of {name}; wanted: {CORRECTABLE[name].expects}" in error.value.line()


def test_a_field_is_decided_once() -> None:
    with pytest.raises(InputError, match="n_control is decided twice"):
        decided(decide("n_control", "value 3"), decide(ARMS, "value n_control=4"), patients="244 (211/78)")


# --- choices ------------------------------------------------------------------------------------------------


def test_the_choices_are_those_that_may_settle_the_conflict() -> None:
    counts = [("n_treatment", "39"), ("n_treatment", "392")]
    values = ["value n_total=…", "value n_treatment=…", "value n_control=…"]
    assert choices(ARMS, ["patients"], counts, preferred=True) == ["keep", "use 39", "use 392", *values]
    assert choices(ARMS, ["patients"], counts, preferred=False) == values
    assert choices(
        "follow-up-shorter-than-reported-time", ["conclusion", "follow-up"], [], preferred=False
    ) == [
        "keep",
        "value follow_up_months=…",
    ]
    meanings = [("route", "a"), ("route", "b")]
    assert choices("ambiguous-abbreviation", ["administration"], meanings, preferred=False) == ["keep"]
    assert choices("unread-text", ["mechanism"], [], preferred=False) == ["keep"]


def test_equal_readings_are_told_apart_by_their_field() -> None:
    found = [("n_treatment", "15"), ("n_control", "15"), ("n_total", "54")]
    assert choices(ARMS, ["patients"], found, preferred=True)[1:4] == [
        "use n_treatment=15",
        "use n_control=15",
        "use 54",
    ]


def test_months_are_decimal() -> None:
    assert decided(decide("follow_up_months", "value 1.5"), follow_up="2").follow_up[0][0] == Decimal("1.5")
