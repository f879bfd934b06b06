"""What an external store is sent: the graphs that a query names, and no function of an engine."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import QueryRejected
from trialgraph.query.guard.standard import standard

XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@pytest.mark.parametrize(
    ("query", "any_graph", "names"),
    [
        ("SELECT * { ?s ?p ?o }", False, set()),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", True, set()),
        ("SELECT * { GRAPH $g { ?s ?p ?o } GRAPH <urn:a> { } }", True, {"urn:a"}),
        ("PREFIX a: <urn:> SELECT * { graph a:b { ?s ?p ?o } GRAPH<urn:c>{} }", False, {"urn:b", "urn:c"}),
        ("BASE <http://x/y/> SELECT * { GRAPH <../z> { } }", False, {"http://x/z"}),
        ("SELECT * { GRAPH <graph/a> { } }", False, {"https://w3id.org/trialgraph/graph/a"}),
        (r"SELECT * { GRAPH <urn:\u0061> { } }", False, {"urn:a"}),
        ("SELECT * { ?s ?p 'GRAPH <urn:a>' } # GRAPH <urn:b>", False, set()),
    ],
)
def test_graphs(query: str, any_graph: bool, names: set[str]) -> None:
    found = standard(query)
    assert (found.any_graph, set(found.graphs)) == (any_graph, names)
    assert found.text == query


def test_a_graph_that_hides_in_a_prefix() -> None:
    with pytest.raises(QueryRejected, match="could be read as the word FROM"):
        standard("PREFIX fromx: <urn:a> PREFIX x: <urn:b> SELECT * fromx:g { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", "SELECT *   { ?s ?p ?o }"),
        ("ASK FROM NAMED <urn:a> FROM<urn:b>WHERE { }", "ASK    WHERE { }"),
        (
            "PREFIX a: <urn:> SELECT ?s from a:x\n# FROM\nfrom named a:y { ?s ?p 'FROM <urn:a>' }",
            "PREFIX a: <urn:> SELECT ?s  \n# FROM\n  { ?s ?p 'FROM <urn:a>' }",
        ),
    ],
)
def test_the_dataset_is_that_of_the_request(query: str, sent: str) -> None:
    assert standard(query).text == sent


@pytest.mark.parametrize(
    "query",
    [
        XSD + "SELECT (xsd:integer('1') AS ?a) { ?s ?p ?o FILTER(xsd:dateTime(?o) > 1) }",
        "SELECT (<http://www.w3.org/2001/XMLSchema#string>(1) AS ?a) {}",
        "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:b>) (<urn:c> 1) } FILTER(?a IN (<urn:a>, <urn:d>)) }",
        "SELECT * { ?s <urn:a>/(<urn:b>|^<urn:c>)+ ?o ; !(<urn:d>|<urn:e>) ?p }",
        "SELECT * { ?s <urn:not-bif:x> 'bif:' . ?o <urn:p> <http://x/sql:y> }",
        "SELECT (STRLEN(STR(<urn:a>)) AS ?n) (COUNT(*) AS ?m) {} GROUP BY ?x HAVING (COUNT(*) > 1)",
    ],
)
def test_standard_queries(query: str) -> None:
    standard(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(<http://jena.apache.org/ARQ/function#now>()) }",
        "SELECT * { ?s ?p ?o } ORDER BY ?s <urn:f>(?o)",
        "SELECT * { ?s ?p ?o } GROUP BY <urn:f>(?o)",
        "PREFIX f: <urn:> SELECT (1 + f:x (2) AS ?a) {}",
        "PREFIX f: <urn:> SELECT * { FILTER(!f:x\n# a comment\n(2)) }",
        XSD + "SELECT (xsd:anyURI('x') AS ?a) {}",
        "SELECT * { ?s <BIF:contains> 'x' }",
        "PREFIX b: <bif:> SELECT * { ?s b:contains 'x' }",
        "PREFIX b: <bif> PREFIX : <sql:> SELECT * { ?s :x 'x' }",
        "BASE <java:> SELECT * { ?s <java:a.B> ?o }",
        r"SELECT * { ?s <\u0042if:contains> 'x' }",
        r"SELECT * { ?s <j\U00000061va:x> 'x' }",
        "SELECT * { ?s <urn:list> (1 2) }",
    ],
)
def test_what_an_engine_might_run(query: str) -> None:
    with pytest.raises(QueryRejected, match="not passed on to an external store"):
        standard(query)
