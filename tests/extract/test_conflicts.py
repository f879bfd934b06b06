"""Each kind of conflict beside a sound neighbour, and what a curator's line makes of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

import pytest

from tests.extract.columns.cells import in_place, row
from trialgraph.base.errors import InputError
from trialgraph.extract.conflicts import CONFLICT_KINDS, Usual, find_conflicts
from trialgraph.extract.decisions import settle
from trialgraph.extract.reports import read_report
from trialgraph.model.report import Conflict, Curation, Report


def reports(*rows: dict[str, str]) -> tuple[Report, ...]:
    return find_conflicts([read_report(row(n, **texts)) for n, texts in enumerate(rows, 1)])


def conflicts(**texts: str) -> tuple[Conflict, ...]:
    return reports(texts)[0].conflicts


def kinds(found: Sequence[Conflict]) -> list[str]:
    return [c.kind for c in found]


def decide(kind: str, decision: str, number: int = 1) -> Curation:
    return Curation(number, kind, decision, "A. Curator", "2026-01-31", "the trial's own paper says so")


# --- arms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["244 (211/78)", "54 (392/15)", "30 (20 treated, 5 placebo)", "3 (2/0)", "70 (60/0\u200b)"]
)
def test_arms_that_do_not_add_up(text: str) -> None:
    (conflict,) = conflicts(patients=text)
    assert (conflict.kind, conflict.severity, conflict.status) == ("arms-do-not-add-up", "error", "open")
    assert conflict.fields == ("patients",)
    assert in_place(conflict.competing)


@pytest.mark.parametrize("text", ["289 (211/78)", "54 (39/15)", "30", "30 (20/-)", "2 (2/0)", "0 (0/0)", "-"])
def test_arms_that_add_up_or_are_not_stated(text: str) -> None:
    assert conflicts(patients=text) == ()


def test_without_a_footnote_mark_to_blame_nothing_is_preferred() -> None:
    (conflict,) = conflicts(patients="244 (211/78)")
    assert (conflict.preferred, [r.value for r in conflict.competing]) == (None, [244, 211, 78])
    assert conflict.message == "211 + 78 = 289, not 244"


def test_a_footnote_mark_is_preferred_and_flagged_with_the_reading_as_printed_beside_it() -> None:
    (report,) = reports({"patients": "54 (392/15)"})
    (conflict,) = report.conflicts
    assert (conflict.preferred, [r.value for r in conflict.competing]) == (0, [39, 392])
    assert (report.n_total, report.n_treatment, report.n_control) == (54, 39, 15)
    assert "39 with a lost footnote mark instead of 392" in conflict.message


# --- doses --------------------------------------------------------------------------------------------------


def doses(last: str, *, peers: int = 5, peer: str = "1 × 106 cells/kg") -> list[str]:
    return kinds(reports(*[{"administration": peer}] * peers, {"administration": last})[-1].conflicts)


@pytest.mark.parametrize(
    ("dose", "flagged"),
    [
        ("10 × 106 cells/kg", False),
        ("10.1 × 106 cells/kg", True),
        ("0.1 × 106 cells/kg", False),
        ("0.09 × 106 cells/kg", True),
        ("(5-10) × 106 cells/kg", False),
        ("(5-11) × 106 cells/kg", True),
        ("1, 2 or 20 × 106 cells/kg", True),
        ("9 × 107 cells/patient", False),
        ("9 × 107 cells", False),
        ("up to 9 × 107 cells/kg", False),
        ("at least 1 × 103 cells/kg", False),
        ("Dose not specified", False),
    ],
)
def test_a_dose_is_out_of_line_beyond_ten_times_its_peers_on_the_same_basis(dose: str, flagged: bool) -> None:
    assert ("dose-out-of-line" in doses(dose)) is flagged


def test_four_peers_say_nothing_about_what_is_usual() -> None:
    assert doses("9 × 107 cells/kg", peers=4) == []
    assert doses("9 × 107 cells/kg", peers=5) == ["dose-out-of-line"]


def test_doses_without_a_basis_have_no_peers() -> None:
    assert doses("9 × 109 cells", peer="1 × 106 cells") == []


def test_a_dose_out_of_line_is_a_warning_with_its_number() -> None:
    made = reports(*[{"administration": "1 × 106 cells/kg"}] * 5, {"administration": "9 × 107 cells/kg"})
    (conflict,) = made[-1].conflicts
    assert (conflict.severity, conflict.preferred) == ("warning", None)
    assert conflict.message == ("90 × the median of 5 other reports per kilogram (9 × 10⁷ against 1 × 10⁶)")
    assert conflict.brief == "90 × the median"
    assert all(r.conflicts == () for r in made[:-1])


# --- times --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("follow_up", "conclusion", "flagged"),
    [
        ("3", "no major safety concerns at 1 year", True),
        ("up to 3", "no major safety concerns at 1 year", True),
        ("≥3", "no major safety concerns at 1 year", False),
        ("12", "no major safety concerns at 1 year", False),
        ("12", "improvement persisted for 48 weeks", False),
        ("11", "improvement persisted for 48 weeks", False),
        ("1", "Significant decrease at week 4", False),
        ("1", "Significant decrease at week 5", False),
        ("1", "Significant decrease at week 6", True),
        ("after 3, 6, and 8 months", "The effect lasted 3-6 months", False),
        ("", "no major safety concerns at 1 year", False),
        ("3", "Study ongoing", False),
    ],
)
def test_a_follow_up_shorter_than_a_time_of_the_conclusion(
    follow_up: str, conclusion: str, flagged: bool
) -> None:
    found = kinds(conflicts(follow_up=follow_up, conclusion=conclusion))
    assert ("follow-up-shorter-than-reported-time" in found) is flagged


# --- abbreviations, unread text -----------------------------------------------------------------------------


def test_an_ambiguous_abbreviation_is_linked_to_none_of_its_meanings() -> None:
    (conflict,) = conflicts(outcomes="EDSS, NRS, PASAT")
    assert (conflict.kind, conflict.preferred) == ("ambiguous-abbreviation", None)
    assert [r.value for r in conflict.competing] == [
        "numeric rating scale",
        "Scripps Neurological Rating Scale",
    ]
    assert {r.verbatim for r in conflict.competing} == {"NRS"}


def test_an_abbreviation_of_several_diseases_is_flagged_and_not_linked() -> None:
    (conflict,) = conflicts(disease="DM")
    assert conflict.preferred is None
    assert conflict.message.endswith("not linked")


def test_not_applicable_in_a_printed_table_may_mean_not_stated() -> None:
    assert kinds(conflicts(phase="N/A")) == ["ambiguous-abbreviation"]
    assert conflicts(phase="-") == conflicts(phase="Not applicable") == ()


@pytest.mark.parametrize("outcomes", ["EDSS", "pain NRS score of 10"])
def test_other_abbreviations_are_not_flagged(outcomes: str) -> None:
    assert conflicts(outcomes=outcomes) == ()


def test_text_from_which_nothing_was_read_is_a_notice() -> None:
    (conflict,) = conflicts(registration="pending", phase="Phase I")
    assert (conflict.kind, conflict.severity, conflict.fields) == ("unread-text", "notice", ("registration",))
    assert conflict.message == "not read in Trial registration number: “pending”"


def test_every_kind_is_declared_with_its_words() -> None:
    assert set(CONFLICT_KINDS) == {
        "arms-do-not-add-up",
        "dose-out-of-line",
        "follow-up-shorter-than-reported-time",
        "ambiguous-abbreviation",
        "unread-text",
    }
    assert all(words.endswith(".") for words in CONFLICT_KINDS.values())


# --- curation -----------------------------------------------------------------------------------------------


def test_keep_settles_a_conflict_and_changes_nothing_else() -> None:
    (before,) = reports({"patients": "54 (392/15)"})
    decision = decide("arms-do-not-add-up", "keep")
    (after,) = settle([before], [decision], "curation.tsv")
    (conflict,) = after.conflicts
    assert (conflict.status, conflict.curation, conflict.preferred) == ("settled", decision, 0)
    assert (after.n_total, after.n_treatment, after.n_control) == (54, 39, 15)
    assert after.readings == before.readings


@pytest.mark.parametrize(
    ("text", "decision", "counts"),
    [
        ("54 (392/15)", "use 392", (54, 392, 15)),
        ("54 (392/15)", "use 39", (54, 39, 15)),
        ("244 (211/78)", "use 211", (244, 211, 78)),
        ("244 (211/78)", "use 78", (244, 211, 78)),
    ],
)
def test_use_takes_one_of_the_competing_readings(
    text: str, decision: str, counts: tuple[int, int, int]
) -> None:
    (after,) = settle(reports({"patients": text}), [decide("arms-do-not-add-up", decision)], "curation.tsv")
    assert (after.n_total, after.n_treatment, after.n_control) == counts
    (conflict,) = after.conflicts
    assert conflict.preferred is not None
    assert str(conflict.competing[conflict.preferred].value) == decision.removeprefix("use ")
    assert {a.role: a.enrolled for a in after.arms} == {"treatment": counts[1], "control": counts[2]}


def test_a_curator_may_say_what_an_abbreviation_means() -> None:
    found = reports({"outcomes": "EDSS, NRS"})
    decision = decide("ambiguous-abbreviation", "use Scripps Neurological Rating Scale")
    (after,) = settle(found, [decision], "curation.tsv")
    assert after.outcomes[1].reading.value == "Scripps Neurological Rating Scale"
    assert after.outcomes[1].reading.verbatim == "NRS"
    assert after.conflicts[0].preferred == 1


def test_only_the_row_that_is_named_is_touched() -> None:
    found = reports({"patients": "54 (392/15)"}, {"patients": "64 (492/15)"})
    first, second = settle(found, [decide("arms-do-not-add-up", "use 492", 2)], "curation.tsv")
    assert first == found[0]
    assert second.n_treatment == 492


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (decide("arms-do-not-add-up", "use 40"), "is not one of: keep, use 39, use 392"),
        (decide("arms-do-not-add-up", "39"), "is not one of: keep, use 39, use 392"),
        (decide("dose-out-of-line", "keep"), "row 1 has no open conflict dose-out-of-line"),
        (decide("arms-do-not-add-up", "keep", 7), "row 7 has no open conflict arms-do-not-add-up"),
    ],
)
def test_a_decision_that_does_not_fit_is_one_line_with_its_file(decision: Curation, says: str) -> None:
    with pytest.raises(InputError) as error:
        settle(reports({"patients": "54 (392/15)"}), [decision], "seeds/x/curation.tsv")
    assert says in error.value.line()
    assert error.value.line().startswith("seeds/x/curation.tsv: ")
    assert "\n" not in error.value.line()


def test_a_conflict_is_settled_once() -> None:
    twice = [decide("arms-do-not-add-up", "keep")] * 2
    with pytest.raises(InputError, match="no open conflict"):
        settle(reports({"patients": "54 (392/15)"}), twice, "curation.tsv")


def test_what_is_usual_beside_a_report_is_the_median_of_the_others() -> None:
    choose = random.Random(4)  # noqa: S311 - to be repeated
    for size in range(1, 12):
        doses = {str(n): Decimal(choose.choice((0, 1, 2, 2, 5, 7, 90))) for n in range(size)}
        for key in (*doses, "none of them"):
            others = [dose for of, dose in doses.items() if of != key and dose]
            expected = (len(others), median(others) if others else None)
            assert Usual(doses).beside(key) == expected
