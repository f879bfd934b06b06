"""Each rule of comparison on real wordings: its example, its counter-example, and what explains a difference."""

from __future__ import annotations

import pytest

from tests.extract.comparisons.rows import report
from trialgraph.extract.comparisons.pairs import SourceFacts, compare_pair
from trialgraph.extract.comparisons.rules import FIELDS, FieldRule
from trialgraph.model.comparison import Comparison

UNSTATED = "one does not state what the dose is per"
EACH = pytest.mark.parametrize("rule", FIELDS.values(), ids=FIELDS)


def compared(field: str, left: str, right: str, *dates: str) -> Comparison:
    name = FIELDS[field].column.replace("-", "__").replace(" ", "_")
    facts = dict(zip(("a", "b"), map(SourceFacts, dates), strict=False))
    found = compare_pair(report("a", 1, **{name: left}), report("b", 1, **{name: right}), facts)
    return next(one for one in found if one.field == field)


@EACH
def test_the_example_differs_as_the_rule_says_from_both_sides(rule: FieldRule) -> None:
    left, right, severity = rule.differ
    for one in (compared(rule.field, left, right), compared(rule.field, right, left)):
        assert (one.verdict, one.severity) == ("differs", severity)
        assert one.left.readings
        assert one.right.readings


@EACH
def test_the_counter_example_agrees(rule: FieldRule) -> None:
    for one in (compared(rule.field, *rule.agree), compared(rule.field, *rule.agree[::-1])):
        assert (one.verdict, one.severity) == ("agrees", None)


@pytest.mark.parametrize(
    ("field", "left", "right", "verdict", "severity", "note"),
    [
        ("n_total", "172 (86/86)", "164 (86/78)", "differs", "minor", ""),
        ("n_total", "20 (10/10)", "22 (11/11)", "differs", "minor", ""),
        ("n_total", "18 (9/9)", "20 (10/10)", "differs", "minor", ""),
        ("n_total", "17 (9/8)", "20 (10/10)", "differs", "major", ""),
        ("n_control", "30 (15/15)", "15 (15/0)", "differs", "major", "one has no such group"),
        ("phase", "Phase I/IIa", "Phase I/II", "agrees", None, "one names the part of the phase"),
        ("phase", "Phase III", "Phase II/III", "differs", "major", ""),
        ("disease", "Lupus nephritis", "SLE nephritis", "agrees", None, ""),
        ("disease", "SPMS", "MS", "differs", "minor", "one is narrower than the other"),
        ("disease", "SLE", "an illness without a name", "not comparable", None, "a disease is not linked to a term"),
        ("tissue_sources", "UC-MSCs, BM-MSCs", "UC-MSCs", "differs", "minor", "only one names bone marrow"),
        ("routes", "IV or intrathecal injection", "IV infusion", "differs", "minor", "only one names intrathecal"),
        ("dose", "1 × 106 cells/kg", "1 × 106 cells", "agrees", None, UNSTATED),
        ("dose", "1 × 106 cells/kg", "9 × 107 cells", "not comparable", None, UNSTATED),
        ("dose", "1 × 106 cells/kg", "1 × 106 cells/patient", "differs", "major", "they are on another basis"),
        ("dose", "1 × 106 cells/kg", "1-2 × 106 cells/kg", "differs", "minor", "they overlap"),
        ("dose", "1 × 106 cells/kg", "3 × 107 cells/kg", "differs", "major", "by a factor of 30"),
        ("dose", "1 × 106 cells/kg", "up to 5 × 106 cells/kg", "not comparable", None, "one is printed as a bound"),
        ("follow_up_months", "12", "48 weeks", "differs", "minor", ""),
        ("follow_up_months", "6", "13", "differs", "major", ""),
        ("follow_up_months", "3, 6, 12", "12", "agrees", None, ""),
        ("results_status", "Ongoing", "Safe and well tolerated", "differs", "minor", ""),
    ],
)  # fmt: skip
def test_what_a_difference_is(
    field: str, left: str, right: str, verdict: str, severity: str | None, note: str
) -> None:
    for one in (compared(field, left, right), compared(field, right, left)):
        assert (one.verdict, one.severity, one.note) == (verdict, severity, note)


def test_the_later_source_may_know_more_and_the_earlier_one_not() -> None:
    told = ("Results not yet published", "Safe and well tolerated")
    explained = compared("results_status", *told, "2021-05-01", "2025-07-26")
    assert (explained.verdict, explained.severity) == ("not comparable", None)
    assert (explained.left.as_of, explained.right.as_of) == ("2021-05-01", "2025-07-26")
    assert compared("results_status", *told, "2025-07-26", "2021-05-01").verdict == "differs"
    # A year says nothing of the order of days in it.
    assert compared("results_status", *told, "2025", "2025-07-26").verdict == "differs"


def test_silence_says_why() -> None:
    notes = {
        "empty": next(compare_pair(report("a", 1, phase="Phase I"), report("b", 2, phase=""), {})),
        "column": next(compare_pair(report("a", 1, phase="Phase I"), report("b", 2, disease="SLE"), {})),
        "unread": next(
            compare_pair(
                report("a", 1, follow__up="12"), report("b", 2, follow__up="until day +x9 of therapy"), {}
            )
        ),
    }
    assert (notes["empty"].verdict, notes["empty"].note) == ("only left", "b row 2 has an empty cell")
    assert (notes["column"].verdict, notes["column"].note) == ("only left", "b row 2 has no such column")
    assert (notes["unread"].verdict, notes["unread"].note) == (
        "not comparable",
        "b row 2 has text there that was not read",
    )


def test_what_neither_states_is_not_compared() -> None:
    assert list(compare_pair(report("a", 1, phase=""), report("b", 1, phase="-"), {})) == []


def test_a_value_that_competes_in_a_conflict_is_told_and_nothing_is_settled() -> None:
    left, right = report("a", 1, patients="244 (211/78)"), report("b", 1, patients="289 (211/78)")
    doubtful = [one for one in compare_pair(left, right, {}) if one.verdict == "differs"]
    assert [(one.field, one.severity) for one in doubtful] == [("n_total", "major")]
    assert left.conflicts[0].status == "open"
    other = report("b", 1, patients="392 (39/353)")
    footnote = report("a", 1, patients="46 (392/7)")
    notes = [one.note for one in compare_pair(footnote, other, {}) if one.field == "n_treatment"]
    assert footnote.n_treatment == 39
    assert notes == [""]
