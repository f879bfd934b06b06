"""Claimed mechanisms, one per item."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.mechanism import read_mechanisms


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Immunomodulation", ["immunomodulation"]),
        ("Immunomodulation and anti-inflammatory effect", ["immunomodulation", "suppression of inflammatory response"]),
        ("FLT3 L production, CD1c+ DC proliferation, IFN-γ effect",
         ["FLT3 ligand production", "CD1c+ DC proliferation", "response to interferon gamma"]),
        ("Suppression of the proliferation of T and B lymphocytes, modulation of the inflammatory reaction and "
         "proliferation of Treg cells",
         ["suppression of T cell proliferation", "suppression of B cell proliferation",
          "modulation of inflammatory response", "proliferation of Treg cells"]),
        ("IFN-γ enhanced MSC therapeutic efficacy", ["IFN-γ enhanced MSC efficacy"]),
        ("Inhibition of T and B cell proliferation",
         ["suppression of T cell proliferation", "suppression of B cell proliferation"]),
        ("Immunomodulation; regulation of Treg/Th17 balance.", ["immunomodulation", "regulation of Treg/Th17 balance"]),
        ("repair and regeneration", ["repair", "regeneration"]),
        ("Upregulation of Treg (CD4+, CD25+)", ["Upregulation of Treg (CD4+, CD25+)"]),
        ("", []),
    ],
)  # fmt: skip
def test_claims(text: str, labels: list[str]) -> None:
    assert [m.label for m in read_mechanisms(cell("mechanism", text))] == labels
