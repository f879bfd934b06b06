"""Registry numbers by their shape."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.registration import CONFUSABLE, read_look_alikes, read_registrations
from trialgraph.extract.text.confusables import find_confusables, with_plain_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NCT01741857", [("ClinicalTrials.gov", "NCT01741857")]),
        ("ChiCTR-INR-17012462", [("ChiCTR", "ChiCTR-INR-17012462")]),
        ("ChiCTR-ONC-16008770", [("ChiCTR", "ChiCTR-ONC-16008770")]),
        ("ChiCTR2000029990", [("ChiCTR", "ChiCTR2000029990")]),
        ("EudraCT 2010-024041-78", [("EU Clinical Trials Register", "2010-024041-78")]),
        ("EUCTR2010-024041-78-ES", [("EU Clinical Trials Register", "2010-024041-78")]),
        ("2010-024041-78", [("EU Clinical Trials Register", "2010-024041-78")]),
        ("ISRCTN13337865", [("ISRCTN", "ISRCTN13337865")]),
        ("UMIN000012345", [("UMIN-CTR", "UMIN000012345")]),
        ("JPRN-UMIN000012345", [("UMIN-CTR", "UMIN000012345")]),
        (
            "NCT01741857, NCT02221258",
            [("ClinicalTrials.gov", "NCT01741857"), ("ClinicalTrials.gov", "NCT02221258")],
        ),
        (
            "ChiCTR-INR-17012462/NCT01741857",
            [("ChiCTR", "ChiCTR-INR-17012462"), ("ClinicalTrials.gov", "NCT01741857")],
        ),
        ("NCT0174185", []),
        ("NCT017418571", []),
        ("XNCT01741857", []),
        ("107202", []),
        ("-", []),
        ("", []),
    ],
)
def test_a_number_is_the_registry_s_whose_shape_it_has(text: str, found: list[tuple[str, str]]) -> None:
    made = read_registrations(cell("registration", text))
    assert [(r.registry, r.identifier) for r in made] == found


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("NСT01741857", "NCT01741857", "U+0421 CYRILLIC CAPITAL LETTER ES"),
        ("NCT０1741857", "NCT01741857", "U+FF10 FULLWIDTH DIGIT ZERO"),
        ("NCT٠1741857", "NCT01741857", "U+0660 ARABIC-INDIC DIGIT ZERO"),
        ("ΝCT01741857", "NCT01741857", "U+039D GREEK CAPITAL LETTER NU"),
        ("NCT01\u200b741857", "NCT01741857", "U+200B ZERO WIDTH SPACE"),
        ("NCT\u202e01741857", "NCT01741857", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("𝐍CT01741857", "NCT01741857", "U+1D40D MATHEMATICAL BOLD CAPITAL N"),
        ("ChiCTR–INR–17012462", "ChiCTR-INR-17012462", "U+2013 EN DASH"),
        ("ongoingNСT01741857", "NCT01741857", "U+0421 CYRILLIC CAPITAL LETTER ES"),
    ],
)
def test_what_only_looks_like_a_number_is_none_and_is_told(text: str, number: str, why: str) -> None:
    assert read_registrations(cell("registration", text)) == ()
    (reading,) = read_look_alikes(cell("registration", text))
    assert (reading.value, reading.rule) == (None, CONFUSABLE.id)
    assert reading.verbatim == text.removeprefix("ongoing")
    (found,) = find_confusables(text)
    assert (found.number, found.why) == (number, why)


@pytest.mark.parametrize(
    "text", ["NCT01741857", "\u202eNCT01741857", "größer – 12 × 10⁶", "NСT0174185", "ΔΣ-2013", ""]
)
def test_true_numbers_and_other_words_are_no_look_alikes(text: str) -> None:
    assert read_look_alikes(cell("registration", text)) == ()
    assert with_plain_numbers(text) == text


def test_a_line_is_cut_as_if_the_number_were_plain() -> None:
    assert with_plain_numbers("a – ongoingNСT０1741857[3]") == "a – ongoingNCT01741857[3]"
    assert with_plain_numbers("NCT\u200b01741857") == "NCT\u200b01741857", "offsets stay true"
