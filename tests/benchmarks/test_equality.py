"""Two answers are the same or not, and the note says in what they differ."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from pyoxigraph import RdfFormat

from benchmarks.bench.equality import Answer, compare, graph_answer, select_answer

XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def text(value: str, datatype: str = "", language: str = "") -> dict[str, str]:
    term = {"type": "literal", "value": value}
    if datatype:
        term["datatype"] = XSD + datatype
    return term | ({"xml:lang": language} if language else {})


def blank(name: str) -> dict[str, str]:
    return {"type": "bnode", "value": name}


def answer(*rows: dict[str, Any]) -> Answer:
    return select_answer(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode())


def note(ours: Answer, other: Answer) -> str:
    verdict = compare(ours, other)
    assert verdict.same == (verdict.note == "")
    return verdict.note


def test_the_order_of_rows_does_not_count_and_their_number_does() -> None:
    one, two = {"x": iri("urn:1")}, {"x": iri("urn:2")}
    assert note(answer(one, two, one), answer(two, one, one)) == ""
    assert note(answer(one, two), answer(one, two, two, two)) == "the same rows, 2 more repeated"
    assert note(answer(one, one), answer(one)) == "the same rows, 1 fewer repeated"
    assert note(answer(one, two), answer(one)) == "1 of 2 rows missing, 0 others"


@pytest.mark.parametrize(
    ("ours", "other", "expected"),
    [
        (text("1.50", "decimal"), text("1.5", "decimal"), ""),
        (text("10", "integer"), text("+10", "integer"), ""),
        (text("1E1", "double"), text("10", "double"), ""),
        (text("NaN", "double"), text("NaN", "double"), ""),
        (text("a"), text("a", "string"), ""),
        (text("a", language="en-GB"), text("a", language="en-gb"), ""),
        (text("1", "boolean"), text("true", "boolean"), ""),
        (text("1", "integer"), text("1", "int"), "datatypes differ"),
        (text("1.0", "decimal"), text("1", "integer"), "datatypes differ"),
        (text("2020-01-01", "date"), text("2020-01-01"), "datatypes differ"),
        (text("true", "boolean"), text("1", "integer"), "datatypes differ"),  # Virtuoso
        (text("true", "boolean"), text("0", "integer"), "1 of 1 rows missing, 1 others"),
        (text("a | b"), text("b | a"), "the order of joined texts differs"),
        (text("a", language="en"), text("a"), "1 of 1 rows missing, 1 others"),
        (text("urn:1"), iri("urn:1"), "1 of 1 rows missing, 1 others"),
        (text("1", "integer"), text("2", "integer"), "1 of 1 rows missing, 1 others"),
        (text("1"), text("01"), "1 of 1 rows missing, 1 others"),
    ],
)
def test_terms_are_compared_by_value(ours: dict[str, str], other: dict[str, str], expected: str) -> None:
    assert note(answer({"x": ours}), answer({"x": other})) == expected


def test_an_unbound_variable_is_no_empty_text() -> None:
    assert note(answer({"x": iri("urn:1")}), answer({"x": iri("urn:1"), "y": text("")}))


def test_blank_nodes_are_compared_by_what_is_said_of_them() -> None:
    ours = answer(
        {"x": blank("a"), "y": text("1")},
        {"x": blank("a"), "y": text("2")},
        {"x": blank("b"), "y": text("3")},
    )
    renamed = answer(
        {"x": blank("q"), "y": text("3")},
        {"x": blank("b"), "y": text("2")},
        {"x": blank("b"), "y": text("1")},
    )
    split = answer(
        {"x": blank("a"), "y": text("1")},
        {"x": blank("b"), "y": text("2")},
        {"x": blank("b"), "y": text("3")},
    )
    twice = answer(*({"x": blank("a"), "y": text("1")},) * 2, {"x": blank("a"), "y": text("2")})
    assert note(ours, renamed) == ""
    assert note(ours, split)
    assert note(ours, twice)
    # Nodes that nothing tells apart are still as many as there are.
    assert (
        note(answer({"x": blank("a")}, {"x": blank("b")}), answer({"x": blank("c")}, {"x": blank("d")})) == ""
    )
    assert note(answer({"x": blank("a")}, {"x": blank("b")}), answer({"x": blank("c")}, {"x": blank("c")}))


def test_blank_nodes_that_refer_to_each_other() -> None:
    def chain(*names: str) -> Answer:
        return answer(*({"x": blank(a), "y": blank(b)} for a, b in pairwise(names)))

    assert note(chain("a", "b", "c"), chain("z", "x", "y")) == ""
    assert note(chain("a", "b", "c"), chain("a", "b", "a"))


def test_asks_and_the_row_by_which_virtuoso_answers_them() -> None:
    yes, no = (select_answer(json.dumps({"head": {}, "boolean": it}).encode()) for it in (True, False))
    term = {"type": "typed-literal", "datatype": f"{XSD}integer", "value": "1"}
    rows = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": term}]}}
    assert note(yes, select_answer(json.dumps(rows).encode())) == ""
    assert note(no, select_answer(json.dumps(rows).encode()))
    assert note(yes, no)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[]", b'{"results": {}}', b'{"head": {}, "results": 1}']
)
def test_what_is_no_answer_is_never_the_same(body: bytes) -> None:
    broken = select_answer(body)
    assert broken.error
    assert note(broken, broken)


def test_graphs_are_sets_of_triples() -> None:
    ours = graph_answer(
        b'<urn:s> <urn:p> "1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>, _:b .', RdfFormat.TURTLE
    )
    same = b"<urn:s> <urn:p> _:z .\n" + b"<urn:s> <urn:p> 1.00 .\n" * 2
    assert note(ours, graph_answer(same, RdfFormat.TURTLE)) == ""
    more = graph_answer(same + b"<urn:s> <urn:p> <urn:o> .\n", RdfFormat.TURTLE)
    assert note(ours, more) == "0 of 2 rows missing, 1 others"
    cut = graph_answer(b"<urn:s> <urn:p> ", RdfFormat.TURTLE)
    assert "no RDF" in note(ours, cut)
