"""An integer of more than 4,300 digits, and one that is none, were an internal error on pages and over MCP."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from trialgraph.cli.mcp_server import _plain
from trialgraph.http.pages.terms import display_table
from trialgraph.query.results import ResultTable
from trialgraph.rdf.vocabulary import XSD

LONG = "9" * 5_000


@pytest.mark.parametrize("text", [LONG, f"-{LONG}", "many", "", "1e5", "INF", "１２"])
@pytest.mark.parametrize("datatype", [XSD.integer, XSD.decimal])
def test_it_is_shown_as_it_is(text: str, datatype: object) -> None:
    term = Literal(text, datatype=datatype)  # type: ignore[arg-type]  # one of the two above
    ((cell,),) = display_table(ResultTable(("n",), ((term,),)), {}, readable=True)
    assert cell.text == text
    assert _plain(term, 10_000) == text


def test_numbers_are_still_set_as_numbers() -> None:
    terms = tuple(Literal(n, datatype=XSD.integer) for n in ("1027", "1500000"))
    ((one, two),) = display_table(ResultTable(("a", "b"), (terms,)), {}, readable=True)
    assert (one.text, two.text) == ("1,027", "1.5 × 10⁶")
    assert _plain(terms[0], 10) == 1027
