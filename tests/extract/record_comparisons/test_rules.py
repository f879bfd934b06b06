"""Each rule for records on real wordings: its example, its counter-example, and what explains a difference."""

from __future__ import annotations

import pytest

from tests.extract.record_comparisons.made import compared, record, row, verdict
from trialgraph.extract.record_comparisons.rules import RECORD_FIELDS, Example, RecordRule
from trialgraph.model.report import TrialReport

EACH = pytest.mark.parametrize("rule", RECORD_FIELDS.values(), ids=RECORD_FIELDS)


def left_of(rule: RecordRule, example: Example) -> TrialReport:
    return (
        record(example.left, date="2020-01-01")
        if example.left.startswith("{")
        else row(rule.field, example.left)
    )


def given(rule: RecordRule, example: Example) -> str:
    return verdict(compared(left_of(rule, example), record(example.right), rule.field))


@EACH
def test_the_examples_are_what_the_rule_gives(rule: RecordRule) -> None:
    for example in filter(None, (rule.example, rule.counter_example, rule.explained)):
        assert given(rule, example) == example.gives
    assert rule.example.gives.startswith("differs")
    assert rule.counter_example.gives == "agrees"


@EACH
def test_a_rule_is_described(rule: RecordRule) -> None:
    assert rule.rule.id == f"comparison.registry.{rule.field}"
    assert rule.says.endswith(".")


SIZE = '{"designModule": {"enrollmentInfo": {"count": %d, "type": "%s"}}}'
PHASES = '{"designModule": {"phases": [%s]}}'
CONDITIONS = '{"conditionsModule": {"conditions": [%s]}}'
GIVEN = '{"armsInterventionsModule": {"interventions": [{"name": "mesenchymal stem cells", "description": "%s"}]}}'
STATUS = '{"statusModule": {"overallStatus": "%s"}}'
PAPER = '{"statusModule": {"overallStatus": "%s"}, "referencesModule": {"references": [{"pmid": "1", "type": "%s"}]}}'
DATES = (
    '{"outcomesModule": {"primaryOutcomes": [{"measure": "x", "timeFrame": "12 months"}]}, "statusModule":'
    ' {"startDateStruct": {"date": "2012-12"}, "completionDateStruct": {"date": "2014-12-31"}}}'
)


@pytest.mark.parametrize(
    ("field", "cell", "part", "expected", "note"),
    [
        ("n_total", "172 (136/36)", SIZE % (200, "ESTIMATED"), "differs, minor", "the registry planned 200"),
        ("n_total", "201 (100/101)", SIZE % (200, "ESTIMATED"), "differs, major", "more than planned"),
        ("n_total", "19 (19/0)", SIZE % (20, "ACTUAL"), "differs, minor", "the registry enrolled 20"),
        ("n_total", "18 (18/0)", '{"designModule": {"enrollmentInfo": {"count": 20}}}', "differs, minor", ""),
        ("n_total", "5 (5/0)", SIZE % (0, "ACTUAL"), "differs, major", ""),
        ("phase", "Phase I", PHASES % '"EARLY_PHASE1"', "differs, major", ""),
        ("phase", "Phase IIa", PHASES % '"PHASE2"', "agrees", "one names the part of the phase"),
        ("phase", "Phase II", PHASES % '"NA"', "only left", "no phase applies"),
        ("disease", "Lupus nephritis", CONDITIONS % '"Lupus Nephritis", "Lupus Erythematosus"', "agrees", "too"),
        ("disease", "Multiple sclerosis", CONDITIONS % '"Relapsing-Remitting MS"', "differs, minor", "narrower"),
        ("disease", "RA", CONDITIONS % '"An Illness Without a Name"', "not comparable", "not linked"),
        ("disease", "RA", CONDITIONS % '"Rheumatoid Arthritis", "An Illness Without a Name"', "agrees", "no term"),
        ("routes", "IV or intrathecal injection", GIVEN % "IV and intrathecal injection of stem cells", "agrees", ""),
        ("dose", "1, 2 or 4 × 106 cells/kg", GIVEN % "1-4 million cells/kg IV", "agrees", "a list and a range"),
        ("dose", "1 × 106 cells/kg", GIVEN % "1 million mesenchymal stem cells IV", "agrees", "what the dose is per"),
        ("dose", "1 × 106 cells/kg", GIVEN % "2x10^7 mesenchymal stem cells/kg IV", "differs, major", "factor of 20"),
        ("dose", "2 × 106 cells/kg", GIVEN % "1-3 million cells/kg IV", "differs, minor", "overlap"),
        ("follow_up_months", "24", DATES, "differs, minor", "the study ran for 24 months"),
        ("results_status", "Results not yet published", '{"referencesModule": {}}', "only left", "not stated"),
        ("results_status", "Results not yet published", PAPER % ("COMPLETED", "RESULT"), "differs, major", ""),
        ("results_status", "Safe and well tolerated", PAPER % ("COMPLETED", "BACKGROUND"), "only left", "no results"),
        ("results_status", "Safe and well tolerated", PAPER % ("UNKNOWN", "DERIVED"), "agrees", ""),
        ("status", "Recruiting", STATUS % "COMPLETED", "differs, minor", ""),
        ("status", "Ongoing", STATUS % "ACTIVE_NOT_RECRUITING", "agrees", "broader"),
        ("status", "Unknown", STATUS % "UNKNOWN", "agrees", ""),
    ],
)  # fmt: skip
def test_what_a_difference_is(field: str, cell: str, part: str, expected: str, note: str) -> None:
    found = compared(row(field, cell), record(part), field)
    assert verdict(found) == expected
    assert note in found.note


def test_time_explains_a_later_status_and_later_results_but_not_earlier_ones() -> None:
    done = record(STATUS % "COMPLETED")
    assert verdict(compared(row("status", "Recruiting"), done, "status", "2021-05")) == "not comparable"
    assert verdict(compared(row("status", "Recruiting"), done, "status", "2025-05")) == "differs, minor"
    paper = record(PAPER % ("COMPLETED", "DERIVED"))
    review = row("results_status", "Results not yet published")
    assert verdict(compared(review, paper, "results_status", "2021-05")) == "not comparable"
    assert verdict(compared(review, paper, "results_status", "2025-07-26")) == "differs, major"
    assert verdict(compared(review, paper, "results_status")) == "differs, major"


def test_how_long_the_study_ran_is_no_follow_up_where_the_review_says_so() -> None:
    said = row("follow_up_months", "24 months (study duration)")
    assert said.follow_up
    found = compared(said, record(DATES), "follow_up_months")
    assert (verdict(found), found.note) == (
        "not comparable",
        "the study ran for 24 months from its start to its completion",
    )


def test_a_time_that_only_the_summary_names_is_no_difference() -> None:
    part = (
        '{"descriptionModule": {"detailedDescription": "At months 1, 3, 6 and 12 we will examine the patients."},'
        ' "outcomesModule": {"primaryOutcomes": [{"measure": "x", "timeFrame": "6 months"}]}}'
    )
    assert verdict(compared(row("follow_up_months", "12"), record(part), "follow_up_months")) == "agrees"
    assert (
        verdict(compared(row("follow_up_months", "24"), record(part), "follow_up_months")) == "differs, major"
    )


def test_silence_says_why() -> None:
    found = compared(row("dose", "1 × 106 cells/kg"), record("{}"), "dose")
    assert (found.verdict, found.note) == (
        "only left",
        "nothing of it was read in the texts of ClinicalTrials.gov record NCT01741857",
    )
    found = compared(row("phase", ""), record(PHASES % '"PHASE2"'), "phase")
    assert (found.verdict, found.note) == ("only right", "review row 1 has an empty cell")
    found = compared(row("follow_up_months", "until day +x9 of therapy"), record(DATES), "follow_up_months")
    assert (found.verdict, found.note) == ("not comparable", "review row 1 has text there that was not read")
