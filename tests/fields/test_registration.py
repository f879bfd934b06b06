"""Registry numbers by their shape."""

from __future__ import annotations

import pytest

from tests.fields.cells import cell
from trialgraph.fields.registration import read_registrations


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
