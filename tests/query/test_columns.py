"""Columns of ``SELECT *`` come as the query has them."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import QuerySolutions, Store

from trialgraph.query.columns import with_columns
from trialgraph.query.pool import Pool

BASE = "https://w3id.org/trialgraph/"
STARS = {
    "SELECT * { ?z ?a ?m }": "z a m",
    "select*{ ?z ?a ?m }": "z a m",
    "SELECT DISTINCT * { ?z ?a ?m } ORDER BY ?a": "z a m",
    "SELECT REDUCED * { $z ?a $m }": "z a m",
    "PREFIX x: <http://x/> SELECT # ?a\n * { ?z x:a ?m . ?m ?a '?b' }": "z m a",
    "SELECT * { ?z ?a ?m OPTIONAL { ?m ?k ?b } BIND(1 AS ?aa) }": "z a m k b aa",
    "SELECT * { { ?z a ?m } UNION { ?b a ?a } GRAPH ?g { ?z ?p ?c } }": "z m b a g p c",
    "SELECT * { { SELECT ?z ?k { ?hidden ?k ?z } } VALUES (?q ?b) { (1 2) } ?r ?k ?z }": "z k q b r",
    "SELECT * { ?s ?p [ ?y ?x ] FILTER(?k = 1) FILTER NOT EXISTS { ?e ?f ?s } }": "s p y x",
    "SELECT * { ?z ?a ?m MINUS { ?z ?b ?c } } VALUES ?y { 1 }": "z a m y",
    "SELECT * { { SELECT * { ?z ?y ?x } } ?a ?b ?z }": "z y x a b",
}
OTHERS = [
    "SELECT ?b ?a { ?a ?c ?b }",
    "SELECT (COUNT(*) AS ?n) { ?z ?y ?a }",
    "ASK { ?z ?a ?m }",
    "DESCRIBE * { ?z ?a ?m }",
    "CONSTRUCT { ?z ?a ?m } WHERE { ?z ?a ?m }",
    "SELECT ?z { { SELECT * { ?z ?a ?m } } }",
    "SELECT * {}",
    "SELECT * { ?a ?b ?c }",
]


def columns(query: str) -> list[str]:
    found = Store().query(query, base_iri=BASE)
    assert isinstance(found, QuerySolutions)
    return [variable.value for variable in found.variables]


@pytest.mark.parametrize(("query", "order"), STARS.items())
def test_columns_come_in_the_order_of_the_query(query: str, order: str) -> None:
    changed = with_columns(query, BASE)
    assert columns(changed) == order.split()
    assert sorted(columns(query)) == sorted(order.split())


@pytest.mark.parametrize("query", OTHERS)
def test_other_queries_stay_as_they_are(query: str) -> None:
    assert with_columns(query, BASE) == query


def test_a_syntax_error_keeps_its_place(pool: Pool) -> None:
    with pytest.raises(Exception, match=r"1:23: syntax error"):
        pool.run("SELECT * { ?z ?a ?m } LIMT 5")


@pytest.mark.parametrize("format_", ["json", "csv", "tsv", "xml"])
def test_in_each_format_of_results(pool: Pool, format_: str) -> None:
    with pool.run("SELECT * { VALUES (?z ?a) { (1 2) } }", format=format_) as answer:
        text = b"".join(answer).decode()
    if format_ == "json":
        assert json.loads(text)["head"]["vars"] == ["z", "a"]
    else:
        head = {"csv": "z,a\r\n1,2", "tsv": "?z\t?a\n1\t2", "xml": '<variable name="z"/><variable name="a"/>'}
        assert head[format_] in text
