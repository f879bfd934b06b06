"""Brackets behind an outcome: a list of analytes, or an abbreviation, a unit, a time, a remark."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell, in_place
from trialgraph.extract.columns.outcomes import read_outcomes
from trialgraph.extract.text.brackets import abbreviates


def analytes(text: str) -> list[list[str]]:
    """Of each printed item the analytes in its brackets."""
    return [[analyte.label for analyte in item.analytes] for item in read_outcomes(cell("outcomes", text))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "serum cytokine levels (IFN-γ, IL-10, IL-6), Treg/Th17 ratio",
            [["interferon gamma level", "interleukin 10 level", "interleukin 6 level"], []],
        ),
        ("cytokines (TNF-α and IL-17A)", [["tumor necrosis factor level", "IL-17A"]]),
        ("inflammatory cytokines (IL-6)", [["interleukin 6 level"]]),
        ("inflammatory markers (e.g. CRP, ESR)", [["C-reactive protein", "erythrocyte sedimentation rate"]]),
        ("ACR response (ACR20; ACR50; ACR70)", [["ACR20 response", "ACR50 response", "ACR70 response"]]),
        ("liver function (ALT, AST)", [["ALT", "AST"]]),
        ("lymphocyte subsets (CD4+, CD8+)", [["CD4+", "CD8+"]]),
        ("complement (C3, C4), immunoglobulins (IgG, IgA, IgM)", [["C3", "C4"], ["IgG", "IgA", "IgM"]]),
        ("serum cytokines (TNF-α, IL-1β)", [["tumor necrosis factor level", "IL-1β"]]),
        ("lymphocyte subsets (Treg, Th17, B cells)", [["regulatory T cell amount", "Th17", "B cells"]]),
        ("cytokines [IL-6, TNF-α]", [["interleukin 6 level", "tumor necrosis factor level"]]),
    ],
)
def test_a_list_of_analytes_is_read(text: str, told: list[list[str]]) -> None:
    assert analytes(text) == told


@pytest.mark.parametrize(
    "text",
    [
        # an abbreviation of the head, and its variants
        "Disease Activity Score (DAS28)",
        "Disease activity score (DAS28, DAS28-CRP)",
        "C-reactive protein (CRP)",
        "Health Assessment Questionnaire (HAQ, HAQ-DI)",
        "adverse events (AEs, SAEs)",
        # units, times, ranks, methods, remarks
        "pain (VAS, 0-100 mm)",
        "proteinuria (g/L)",
        "serum albumin (g/dL, mean ± SD)",
        "EDSS (6, 12 months)",
        "EDSS (M0, M6, M12)",
        "EDSS (week 4, week 12)",
        "safety (primary)",
        "efficacy (primary, secondary)",
        "relapse rate (MRI, clinical)",
        "dose (IV, IM)",
        # one item behind what is no kind of analytes
        "inflammation (CRP)",
        # not all of them are analytes
        "cytokines (IL-6, others)",
        # nothing to stand behind
        "(IL-6, IL-10)",
    ],
)
def test_other_brackets_are_no_list_of_analytes(text: str) -> None:
    assert not any(analytes(text))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("VAS (0-10)", "VAS"),
        ("Adverse events (grade 3-4)", "Adverse events"),
        ("EDSS (6, 12 months)", "EDSS"),
        ("Health Assessment Questionnaire (HAQ)", "Health Assessment Questionnaire (HAQ)"),
        ("Disease Activity Score (DAS28)", "Disease Activity Score (DAS28)"),
        ("serum cytokine levels (IL-10, IL-6)", "serum cytokine levels (IL-10, IL-6)"),
    ],
)
def test_brackets_that_no_link_rests_on_are_left_to_be_reported(text: str, read: str) -> None:
    (item,) = read_outcomes(cell("outcomes", text))
    assert item.concept
    assert item.reading.verbatim == read


def test_an_abbreviation_in_brackets_says_what_its_words_are() -> None:
    (item,) = read_outcomes(cell("outcomes", "Disease Activity Score (DAS28)"))
    assert item.label == "DAS28"


def test_the_words_of_an_analyte_stand_where_they_are_printed() -> None:
    items = read_outcomes(cell("outcomes", "EDSS, cytokine levels (IFN-γ, IL-10, IL-6)"))
    found = [analyte.reading for item in items for analyte in item.analytes]
    assert [reading.verbatim for reading in found] == ["IFN-γ", "IL-10", "IL-6"]
    assert in_place(found)


@pytest.mark.parametrize(
    ("short", "long", "yes"),
    [
        ("DAS28", "Disease Activity Score", True),
        ("CRP", "C-reactive protein", True),
        ("AEs", "adverse events", True),
        ("IL-6", "inflammatory cytokines", False),
        ("C3", "complement", False),
    ],
)
def test_what_abbreviates_words(short: str, long: str, yes: bool) -> None:
    assert abbreviates(short, long) == yes
