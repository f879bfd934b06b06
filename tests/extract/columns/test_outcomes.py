"""Outcome lists, split where a curator would split them."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.outcomes import read_outcomes


def told(text: str) -> list[str]:
    return [o.label for o in read_outcomes(cell("outcomes", text))]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        # as the seed prints them
        ("Safety and efficacy, Selena SLEDAI and BILAG scores", ["safety", "efficacy", "SELENA-SLEDAI", "BILAG"]),
        ("Clinical improvement, CD1c+ DC and FLT3 L levels",
         ["clinical improvement", "CD1c+ DC amount", "FLT3 ligand level"]),
        ("SLEDAI, ANA, dsDNA urinary protein excretion, safety, and tolerability",
         ["SLEDAI", "antinuclear antibody", "anti-dsDNA antibody", "24-hour urinary protein excretion", "safety",
          "tolerability"]),
        ("clinical remission, relapse, and survival rate", ["clinical remission", "relapse", "survival rate"]),
        ("DAS28, HAQ, serum cytokine levels (IFN-γ, IL-10, IL-6), Treg/Th17 ratio",
         ["DAS28", "HAQ", "cytokine levels", "Treg/Th17 ratio"]),
        ("Safety, DAS28, ESR, and CRP levels",
         ["safety", "DAS28", "erythrocyte sedimentation rate", "C-reactive protein"]),
        ("cognitive and psychological evaluations", ["cognitive evaluation", "psychological evaluation"]),
        ("EDSS, NRS, PASAT, the nine-hole peg test, and 25-foot walking time. Short-form 36",
         ["EDSS", "NRS", "PASAT", "nine-hole peg test", "timed 25-foot walk", "SF-36"]),
        # others
        ("SLEDAI & BILAG; safety", ["SLEDAI", "BILAG", "safety"]),
        ("EDSS and/or MRI", ["EDSS", "magnetic resonance imaging"]),
        ("Safety/efficacy", ["safety", "efficacy"]),
        ("DAS28 HAQ VAS", ["DAS28", "HAQ", "visual analog scale"]),
        ("IL-6, IL-10 and TNF-α levels",
         ["interleukin 6 level", "interleukin 10 level", "tumor necrosis factor level"]),
        ("Primary: safety; secondary: EDSS, MRI etc.", ["safety", "EDSS", "magnetic resonance imaging"]),
        ("(1) EDSS; (2) MRI", ["EDSS", "magnetic resonance imaging"]),
        ("HAQ (A (B, C), D), VAS", ["HAQ (A (B, C), D)", "visual analog scale"]),
        ("safety, as well as tolerability", ["safety", "tolerability"]),
        ("Incidence of adverse events", ["adverse events"]),
        ("EDSS, EDSS", ["EDSS", "EDSS"]),
        # what no concept covers keeps its words
        ("sensitivity and specificity of the test", ["sensitivity", "specificity of the test"]),
        ("Bruising index, DAS28", ["Bruising index", "DAS28"]),
        ("1,25-(OH)2 vitamin D", ["1,25-(OH)2 vitamin D"]),
        ("", []),
        (" ,;. ", []),
        ("EDSS, -, . and MRI", ["EDSS", "magnetic resonance imaging"]),
    ],
)  # fmt: skip
def test_items(text: str, labels: list[str]) -> None:
    assert told(text) == labels


def test_a_general_noun_is_left_out_only_where_the_words_with_it_name_nothing() -> None:
    assert told("relapse rate, relapse") == ["relapse rate", "relapse"]


def test_an_ambiguous_abbreviation_is_not_linked() -> None:
    (outcome,) = read_outcomes(cell("outcomes", "NRS"))
    assert (outcome.concept, outcome.label) == (None, "NRS")
