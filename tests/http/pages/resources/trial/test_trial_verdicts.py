"""Verdicts on a field of several reports: differences first, what is alike counted."""

from __future__ import annotations

from trialgraph.http.pages.resources.trial.trial_comparison import compared_fields
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements
from trialgraph.http.pages.resources.trial.trial_verdicts import PairVerdict, TrialVerdicts, gathered


def verdict(mark: str, pair: str = "", note: str = "") -> PairVerdict:
    words = {
        "differs": "differs, major",
        "minor": "differs, minor",
        "agrees": "agrees",
        "one": "only in Review 1",
    }
    return PairVerdict(mark, words.get(mark, "not comparable"), pair, note, f"/comparison/{pair}")


def test_differences_stand_first_and_pairs_that_are_alike_are_counted() -> None:
    made = gathered(
        [
            verdict("agrees", "A and B"),
            verdict("one", "not in D"),
            verdict("minor", "A and C", "fewer than planned"),
            verdict("agrees", "B and C"),
            verdict("differs", "A and D", "more than planned"),
            verdict("agrees", "C and D", "one names the part of the phase"),
        ]
    )
    assert [(one.mark, one.pair, one.note) for one in made] == [
        ("differs", "A and D", "more than planned"),
        ("minor", "A and C", "fewer than planned"),
        ("agrees", "C and D", "one names the part of the phase"),
        ("agrees", "2 pairs", ""),
        ("one", "not in D", ""),
    ]
    assert made[3].href == ""
    assert made[4].href


def test_of_two_reports_each_verdict_stands_for_itself() -> None:
    both = [verdict("agrees"), verdict("agrees")]
    assert gathered(both) == both, "tissue and donor of one row"


def test_of_many_differences_the_rest_is_told_with_its_number() -> None:
    made = gathered([verdict("differs", f"1 and {n}") for n in range(2, 22)])
    assert [one.mark for one in made] == ["differs"] * 9
    assert made[-1].words == "12 more, 12 of which differ"


def test_the_sentence_counts_what_agrees_and_what_differs() -> None:
    def sentence(**counts: int) -> str:
        return TrialVerdicts({}, {}, counts).sentence

    assert sentence() == ""
    assert sentence(agrees=1) == "1 field compared: 1 agrees, 0 differ."
    assert (
        sentence(agrees=3, differs=1, minor=1, one=2, time=1)
        == "8 fields compared: 3 agree, 2 differ (1 major), 3 cannot be compared or stand on one side only."
    )
    assert TrialVerdicts({}, {}, {"agrees": 2}, pairs=True).sentence == (
        "2 comparisons of fields of two reports: 2 agree, 0 differ."
    )


def test_a_field_that_is_compared_and_has_no_row_gets_one() -> None:
    verdicts = TrialVerdicts({"Eligible sex": [verdict("differs")]}, {"Eligible sex": {"left": "female"}}, {})
    (field,) = compared_fields(TrialStatements("trial", {}), ["left", "right"], verdicts)
    assert (field.title, field.mark) == ("Eligible sex", "differs")
    assert [[value.text for value in cell.values] for cell in field.cells] == [["female"], []]
    assert field.cells[1].state == "absent"
