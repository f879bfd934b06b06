"""Reports of one trial to comparisons: each pair once, states of a record, records without a date, entered values."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.comparisons.rows import report
from tests.extract.record_comparisons.made import NUMBER, compared, record, row, verdict
from tests.extract.registries.records import DATA, read
from trialgraph.extract.comparisons.pairs import MOST_PAIRS, SourceFacts
from trialgraph.extract.decisions import settle
from trialgraph.extract.record_comparisons.record_comparisons import (
    RecordComparisons,
    compare_reports,
    record_comparisons,
)
from trialgraph.extract.record_comparisons.series import named_numbers
from trialgraph.model.comparison import Comparison
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Curation, TrialReport

SIZE = '{"designModule": {"enrollmentInfo": {"count": %d, "type": "%s"}}}'


def beside(*reports: TrialReport) -> RecordComparisons:
    return record_comparisons(reports, {"review": SourceFacts("2025-07-26")})


def sizes(found: RecordComparisons) -> list[Comparison]:
    return [one for one in found.comparisons if one.field == "n_total"]


def test_a_report_is_never_compared_with_itself() -> None:
    one = record(SIZE % (20, "ACTUAL"))
    assert beside(one) == RecordComparisons((), beside(one).trials)
    # The same bytes in a second file are told, not compared.
    found = beside(one, replace(one, source="again"))
    assert found.comparisons == ()
    assert [what for _, what in found.remarks] == [f"{NUMBER} is the same record as at ctgov.json:1"]


def test_pairs_of_three_reports_are_compared_once_each_with_the_review_at_the_left() -> None:
    reports = (
        record(SIZE % (20, "ACTUAL")),
        row("n_total", "22 (22/0)"),
        row("n_total", "20 (20/0)", source="other"),
    )
    found = [
        (one.left.report.source, one.right.report.source, one.verdict) for one in sizes(beside(*reports))
    ]
    assert found == [("other", "ctgov", "agrees"), ("review", "ctgov", "differs")]


def test_other_trials_are_not_joined_and_a_number_that_a_record_names_joins_and_is_told() -> None:
    part = (
        '{"identificationModule": {"secondaryIdInfos": [{"id": "ChiCTR-INR-17012462", "type": "REGISTRY"}]},'
        ' "designModule": {"enrollmentInfo": {"count": 20}}}'
    )
    mine = row("n_total", "20 (20/0)", number="ChiCTR-INR-17012462")
    (one,) = sizes(beside(mine, record(part), row("n_total", "9 (9/0)", number="NCT01873625")))
    assert one.trials == ("ChiCTR-INR-17012462", NUMBER)
    assert one.note == "NCT01741857 names ChiCTR-INR-17012462 as its secondary id"
    words = part.replace("ChiCTR-INR-17012462", "see ChiCTR-INR-17012462 and others")
    assert beside(mine, record(words)).comparisons == ()


def test_two_trials_that_share_a_third_number_are_not_compared_with_each_others_records() -> None:
    shared = '{"identificationModule": {"secondaryIdInfos": [{"id": "EUCTR2010-018451-24-ES"}]}, "designModule": %s}'
    one = record(shared % '{"enrollmentInfo": {"count": 20}}')
    other = record(shared % '{"enrollmentInfo": {"count": 90}}', number="NCT01873625")
    found = sizes(
        beside(row("n_total", "20 (20/0)"), row("n_total", "90 (90/0)", "NCT01873625", "other"), one, other)
    )
    assert [(c.left.report.trial_key, c.right.report.trial_key, c.verdict) for c in found] == [
        ("NCT01873625", "NCT01873625", "agrees"), (NUMBER, NUMBER, "agrees"),
    ]  # fmt: skip


def test_a_row_that_prints_numbers_of_two_registries_is_compared_with_both_records() -> None:
    both = report("review", 1, patients="20 (20/0)", registration="NCT01741857, ChiCTR-INR-17012462")
    assert [one.identifier for one in both.registrations] == [NUMBER, "ChiCTR-INR-17012462"]
    (one,) = sizes(beside(both, record(SIZE % (20, "ACTUAL"))))
    assert one.verdict == "agrees"
    assert named_numbers(both) == (NUMBER, "ChiCTR-INR-17012462")
    twice = report("review", 1, patients="20 (20/0)", registration="NCT01741857, NCT01873625")
    assert named_numbers(twice) == (NUMBER,)


def test_a_former_state_of_the_record_explains_a_difference() -> None:
    states = [record(SIZE % (n, kind), date=date) for n, kind, date in (
        (30, "ESTIMATED", "2013-07-01"), (40, "ESTIMATED", "2014-01-01"), (60, "ACTUAL", "2016-01-01"),
    )]  # fmt: skip
    told = {
        text: sizes(beside(row("n_total", text), *reversed(states)))[0]
        for text in ("30 (30/0)", "60 (60/0)", "50 (50/0)")
    }
    assert {text: verdict(one) for text, one in told.items()} == {
        "30 (30/0)": "not comparable", "60 (60/0)": "agrees", "50 (50/0)": "differs, major",
    }  # fmt: skip
    assert told["30 (30/0)"].note.startswith("as of 2013-07-01 the registry had 30 (planned)")
    # The first state beside the latest: neither is right.
    (first,) = [one for one in sizes(beside(*states)) if one.left.report is states[0]]
    assert (verdict(first), first.left.as_of, first.right.as_of) == (
        "differs, major",
        "2013-07-01",
        "2016-01-01",
    )
    assert "the record of 2013-07-01 planned 30" in first.note


def test_records_without_a_date_explain_nothing_by_time_and_are_compared_all_the_same() -> None:
    dated, undated = record(SIZE % (20, "ACTUAL")), record(SIZE % (25, "ACTUAL"), date="")
    (one, two) = sizes(beside(row("n_total", "20 (20/0)"), undated, dated))
    assert (verdict(one), one.right.as_of) == ("agrees", "2022-10-10")
    assert (one.right.report, two.left.report) == (dated, undated)
    status = record('{"statusModule": {"overallStatus": "COMPLETED"}}', date="")
    assert verdict(compared(row("status", "Recruiting"), status, "status", "2021-01-01")) == "differs, minor"


def test_a_record_that_was_withdrawn_later_says_so() -> None:
    withdrawn = (
        '{"statusModule": {"overallStatus": "WITHDRAWN"},'
        ' "designModule": {"enrollmentInfo": {"count": 0, "type": "ACTUAL"}}}'
    )
    one = sizes(beside(row("n_total", "30 (30/0)"), record(withdrawn)))[0]
    assert verdict(one) == "differs, major"
    assert "NCT01741857 was withdrawn" in one.note
    before = record(SIZE % (30, "ESTIMATED"), date="2013-07-01")
    one = sizes(beside(row("n_total", "30 (30/0)"), before, record(withdrawn)))[0]
    assert verdict(one) == "not comparable"
    assert "as of 2013-07-01" in one.note


def test_a_value_that_a_reviewer_entered_is_used_and_told() -> None:
    read = report("review", 1, patients="54 (392/15)", registration=NUMBER)
    line = Curation(1, "n_total", "value 60", "me", "2026-11-29", "so", evidence=NUMBER, line=2)
    (entered,) = settle([read], [line], "curation.tsv")
    one = sizes(beside(entered, record(SIZE % (60, "ACTUAL"))))[0]
    assert verdict(one) == "agrees"
    assert "60 in review row 1 was entered by a reviewer" in one.note


def test_a_number_of_the_registry_supports_a_reading_in_an_open_conflict_and_settles_nothing() -> None:
    review = row("n_total", "244 (211/78)")
    assert review.conflicts[0].status == "open"
    one = sizes(beside(review, record(SIZE % (244, "ACTUAL"))))[0]
    assert one.note == "supports 244 in an open conflict of review row 1 (arms-do-not-add-up)"
    assert review.conflicts[0].status == "open"
    assert "supports" not in sizes(beside(review, record(SIZE % (250, "ACTUAL"))))[0].note


def test_a_sum_of_groups_rests_on_the_readings_of_all_of_them() -> None:
    arms = [{"label": f"MSC {n}", "description": "20 subjects receive stem cells"} for n in (1, 2)]
    part = {
        "designModule": {"enrollmentInfo": {"count": 40}},
        "armsInterventionsModule": {"armGroups": arms, "interventions": [{"name": "Mesenchymal stem cells"}]},
    }
    one = compared(row("n_treatment", "40 (20/20)"), record(part), "n_treatment")
    assert one.right.value == "40"
    assert len(one.right.readings) == 2


def test_a_trial_of_very_many_rows_is_bounded_and_what_is_left_out_is_told() -> None:
    one = row("n_total", "20 (20/0)")
    rows = [replace(one, row=replace(one.row, number=n)) for n in range(1, MOST_PAIRS + 4)]
    found = beside(*rows, record(SIZE % (20, "ACTUAL")))
    assert len(sizes(found)) == MOST_PAIRS
    assert found.remarks == ((NUMBER, f"{MOST_PAIRS + 3} pairs of reports of one trial: 3 are not compared"),)


@pytest.mark.parametrize("reports", [(), (row("n_total", "20 (20/0)"),)])
def test_without_a_record_there_is_nothing(reports: tuple[TrialReport, ...]) -> None:
    assert beside(*reports) == RecordComparisons()


@cache
def sample() -> list[RecordReport]:
    """Real records of all kinds."""
    return read(DATA / "studies.jsonl.gz")[0]


@given(st.data())
def test_whatever_two_records_are_the_verdict_is_the_same_from_both_sides(data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(sample())) for _ in range(2))
    turned = {"only left": "only right", "only right": "only left"}
    made = {c.field: c for c in compare_reports(one, other, {})}
    back = {c.field: c for c in compare_reports(other, one, {})}
    assert made.keys() == back.keys()
    for field, found in made.items():
        assert back[field].verdict == turned.get(found.verdict, found.verdict), field
        assert back[field].severity == found.severity, field
        assert (found.severity is not None) == (found.verdict == "differs")
        assert found.verdict != "agrees" or (found.left.value and found.right.value)
        sides = (found.left, found.right) if found.verdict in ("agrees", "differs") else ()
        assert all(side.readings or side.facts for side in sides), field
    assert {c.verdict for c in compare_reports(one, one, {})} <= {"agrees", "not comparable"}
