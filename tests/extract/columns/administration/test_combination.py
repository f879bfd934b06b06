"""What is given beside the cells."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.administration.combination import read_combination


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("IV infusion of 4 × 107 UC-MSCs in combination with DMARDs", [("DMARD", "DMARDs")]),
        (
            "UC-MSC transplantation, with some patients receiving recombinant human IFN-γ 1 × 106 cells/kg 1 dose",
            [("recombinant human interferon gamma", "recombinant human IFN-γ")],
        ),
        ("in combination with DMARDs and steroids", [("DMARD", "DMARDs"), (None, "steroids")]),
        ("UC-MSCs + DMARDs, IV", [("DMARD", "DMARDs")]),
        ("combined with methotrexate 15 mg weekly", [("methotrexate", "methotrexate")]),
        ("MSCs 1 × 106/kg plus cyclophosphamide 10 mg/kg", [(None, "cyclophosphamide")]),
        ("patients receiving MSCs and prednisone", [(None, "prednisone")]),
        ("patients treated with UC-MSCs", []),
        ("1 × 106 cells/kg, IV infusion", []),
        ("1 × 106 CD34+ cells/kg", []),
        ("IV plus " + "a" * 20_000, [(None, "a" * 300)]),
        ("", []),
    ],
)
def test_drugs_beside_the_cells(text: str, drugs: list[tuple[str | None, str]]) -> None:
    made = read_combination(cell("administration", text))
    assert [(c.label if c else None, r.verbatim) for c, r in made] == drugs
