"""Effects: values of measures in conclusions, their arms and what they are compared with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.extract.columns.cells import cell, in_place, row
from trialgraph.extract.columns.conclusion import read_findings
from trialgraph.extract.reports import read_report
from trialgraph.model.report import Effect, Finding

SEED = (
    "The combination therapy of MSC and IFN-γ improved RA outcomes with an ACR20 response of 93.3% at 3 months vs "
    "53.3% with MSC alone, with no major safety concerns at 1 year"
)
PATIENTS = "63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)"
SOME = "UC-MSC transplantation, with some patients receiving recombinant human IFN-γ 1 × 106 cells/kg"


def findings(text: str) -> list[Finding]:
    return [finding for finding in read_findings(cell("conclusion", text)) if finding.effect]


def told(text: str) -> list[tuple[str, ...]]:
    """Of each effect its measure, value, unit, and where printed comparator, baseline, arm, comparator's arm."""
    made = []
    for finding in findings(text):
        effect = finding.effect
        assert effect
        assert in_place(effect.readings)
        parts = (effect.comparator, effect.baseline, effect.arm, effect.comparator_arm)
        words = (reading.verbatim if reading else "" for reading in parts)
        assert finding.measure
        made.append((finding.measure.label, str(effect.value), effect.unit, *words))
    return made


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        (
            SEED,
            [
                (
                    "ACR20 response",
                    "93.3",
                    "%",
                    "53.3%",
                    "",
                    "combination therapy of MSC and IFN-γ",
                    "MSC alone",
                )
            ],
        ),
        (
            "ACR20 response was 60% in the MSC group compared with 30% in the control group (p < 0.05)",
            [("ACR20 response", "60", "%", "30%", "", "MSC group", "control group")],
        ),
        (
            "Higher ACR20 response with MSC (93.3%) than with placebo (53.3%)",
            [("ACR20 response", "93.3", "%", "53.3%", "", "MSC", "placebo")],
        ),
        (
            "HAQ score was 1.2 ± 0.3 in the MSC group and 1.8 ± 0.4 in the control group at week 24",
            [("HAQ", "1.2", "1", "1.8", "", "MSC group", "control group")],
        ),
        ("EDSS improved (5.5 vs 6.2, p=0.03)", [("EDSS", "5.5", "1", "6.2", "", "", "")]),
        ("Relapse rate 20% vs 45%", [("relapse rate", "20", "%", "45%", "", "", "")]),
        # before and after treatment
        ("DAS28 decreased from 5.6 to 3.1 at 12 months", [("DAS28", "3.1", "1", "", "5.6", "", "")]),
        ("EDSS 4.5 at baseline vs 3.5 at 12 months", [("EDSS", "3.5", "1", "", "4.5", "", "")]),
        (
            "SLEDAI fell from 8.2 to 3.1 in the treatment group versus 8.0 to 7.5 in controls",
            [("SLEDAI", "3.1", "1", "7.5", "8.2", "treatment group", "controls")],
        ),
        # one value
        ("Adverse events occurred in 5% of patients", [("adverse events", "5", "%", "", "", "", "")]),
        ("IL-6 decreased to 12.5 pg/mL", [("interleukin 6 level", "12.5", "pg/mL", "", "", "", "")]),
        ("ACR20 response at 12 weeks 55%", [("ACR20 response", "55", "%", "", "", "", "")]),
        ("survival rate of 92% (95% CI 80-99)", [("survival rate", "92", "%", "", "", "", "")]),
        (
            "Clinical remission was achieved in 12 of 20 patients (60%) in the MSC arm",
            [("clinical remission", "60", "%", "", "", "MSC arm", "")],
        ),
        # each measure with its own
        (
            "ACR20 60% vs 30%, ACR50 40% vs 10%",
            [
                ("ACR20 response", "60", "%", "30%", "", "", ""),
                ("ACR50 response", "40", "%", "10%", "", "", ""),
            ],
        ),
        # a value of remission, not of the score
        ("DAS28 remission in 40% of patients", [("clinical remission", "40", "%", "", "", "", "")]),
    ],
)
def test_an_effect_is_read(text: str, effects: list[tuple[str, ...]]) -> None:
    assert told(text) == effects


@pytest.mark.parametrize(
    "text",
    [
        "60% of patients improved",
        "SLEDAI decreased significantly (p<0.05)",
        "EDSS did not change (p = 0.4)",
        "IL-6 levels decreased by 35% compared with baseline",
        "Improvement in EDSS of 1.5 points",
        "mean change in EDSS was 0.5",
        "DAS28 < 2.6 in 40% of patients",
        "ACR20 response of at least 50%",
        "Survival rate 95% CI 80-99",
        "EDSS improved in 12 of 20 patients",
        "Relapse rate: hazard ratio 0.5",
        "ACR20/50/70 in 83.3%, 54.2%, and 12.5%",
        "ACR20 response rates were 93.3% and 53.3% in the first and second group, respectively",
        "DAS28 improved in 60% of patients",
        "Safe and well tolerated at 12 months",
        "Reduced relapse rate 1.5fold",
        "Proteinuria fell to 1.2 g/day",
        "HAQ score of 10^3 vs 5",
        "IL-6 was 1 200 pg/mL",
        "SLEDAI score 1,200 decreased",
    ],
)
def test_what_is_no_value_of_the_measure_is_none(text: str) -> None:
    assert told(text) == []


def effect(conclusion: str, patients: str = PATIENTS, administration: str = SOME) -> Effect:
    texts = {
        "conclusion": conclusion,
        "patients": patients,
        "administration": administration,
        "cell_source": "UC-MSCs",
    }
    (found,) = (f.effect for f in read_report(row(**texts)).findings if f.effect)
    return found


PLAIN = "1 × 10^6 cells/kg"


@pytest.mark.parametrize(
    ("conclusion", "patients", "administration", "arms"),
    [
        (SEED, PATIENTS, SOME, (2, 1)),
        ("ACR20 response of 60% with MSC vs 30% with placebo", "40 (20 MSC, 20 placebo)", PLAIN, (1, 2)),
        ("ACR20 response was 60% in the MSC group vs 30% in controls", "40 (20/20)", PLAIN, (1, 2)),
        ("EDSS was 3.5 in the treatment group vs 5.5 in the control group", "40 (20/20)", PLAIN, (1, 2)),
        (
            "EDSS was 3.5 in the high-dose group vs 5.5 in the low-dose group",
            *("30 (15 low-dose, 15 high-dose)", "1 or 2 × 10^6 cells/kg"),
            (2, 1),
        ),
        # which of them nobody can say
        ("EDSS was 3.5 in the MSC group vs 5.5 with hydrogel", PATIENTS, SOME, (1, None)),
        ("EDSS was 3.5 in the MSC group vs 5.5 in the sham group", PATIENTS, SOME, (1, None)),
        ("EDSS was 3.5 in the treatment group vs 5.5 in controls", PATIENTS, SOME, (None, None)),
        ("EDSS was 3.5 in the MSC group vs 5.5 in controls", "40", PLAIN, (None, None)),
        ("EDSS 3.5 vs 5.5", "40 (20/20)", PLAIN, (None, None)),
    ],
)
def test_arms_are_linked_where_the_words_name_one(
    conclusion: str, patients: str, administration: str, arms: tuple[int | None, int | None]
) -> None:
    found = effect(conclusion, patients, administration)
    assert (found.in_arm, found.compared_with) == arms


def test_the_effect_does_not_change_what_the_clause_says() -> None:
    first, second = read_findings(cell("conclusion", SEED))
    assert (first.benefit, first.at_months) == ("favourable", Decimal(3))
    assert first.reading.verbatim == SEED[: SEED.index(", with no")]
    assert second.effect is None
