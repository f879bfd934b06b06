"""Routes and ways of delivery."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.administration.route import read_methods, read_routes


@pytest.mark.parametrize(
    ("text", "routes", "methods"),
    [
        ("1 × 106 cells/kg, IV infusion", ["intravenous"], ["infusion"]),
        ("1 × 106 cells/kg, IV or intrathecal injection", ["intravenous", "intrathecal"], ["injection"]),
        (
            "Intra-articular implantation of 40 million autologous BM-MSCs per knee joint",
            ["intra-articular"],
            ["implantation"],
        ),
        ("UC-MSC transplantation, with some patients receiving IFN-γ", [], ["transplantation"]),
        ("Dose not specified IV injection", ["intravenous"], ["injection"]),
        ("IV/IT", ["intravenous", "intrathecal"], []),
        ("i.v. infusion, then intravenous infusion", ["intravenous"], ["infusion"]),
        ("IT injection", ["intrathecal"], ["injection"]),
        ("it was given once", [], []),
        ("given iv times, it is said", [], []),
        ("CIVIC ITALY", [], []),
        # an organ, a device or a place; letters of a code
        ("Liposuction with local anesthesia", [], []),
        ("local bone graft", [], []),
        ("local injection", ["intralesional"], ["injection"]),
        ("local ablative therapy", [], []),
        ("subcutaneous adipose tissue", [], []),
        ("intravenous adipose-derived stem cells", ["intravenous"], []),
        ("SMUP-IA-01", [], []),
        ("IV, 5 mg", ["intravenous"], []),
        ("", [], []),
    ],
)
def test_routes_are_alternatives_and_ways_of_delivery_are_no_routes(
    text: str, routes: list[str], methods: list[str]
) -> None:
    made = cell("administration", text)
    assert [c.label for c, _ in read_routes(made) if c] == routes
    assert [c.label for c, _ in read_methods(made)] == methods
