"""Which queries ask for all triples of a graph, in any spelling, and which only look like it."""

from __future__ import annotations

import pytest

from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard.dataset import check_with_dataset
from trialgraph.query.guard.whole_graph import DEFAULT_GRAPH, whole_graph

A, B = "http://example.org/graph/a", "http://example.org/graph/b"
GRAPHS = (A, B)
PLAIN = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def asked(query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> str | None:
    return whole_graph(check_with_dataset(query, default, named, GRAPHS, settings=DEFAULTS), GRAPHS)


@pytest.mark.parametrize(
    "query",
    [
        PLAIN,
        "construct{?s ?p ?o}where{?s ?p ?o}",
        "CONSTRUCT { ?s ?p ?o . } WHERE { ?s ?p ?o . }",
        "CONSTRUCT { $x ?y $z } { ?x $y ?z ; }",
        "CONSTRUCT WHERE { ?a ?b ?c }",
        "# all\nBASE <http://e.org/> PREFIX e: <http://e.org/>\nCONSTRUCT\n{?s ?p ?o}\n{ { ?s ?p ?o } . }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{A}> FROM <{B}> FROM <{A}> WHERE {{ ?s ?p ?o }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM NAMED <{A}> FROM NAMED <{B}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_the_merge_of_all(query: str) -> None:
    assert asked(query) == DEFAULT_GRAPH


@pytest.mark.parametrize(
    "query",
    [
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{A}> WHERE {{ ?s ?p ?o }}",
        "PREFIX g: <http://example.org/graph/> CONSTRUCT { ?s ?p ?o } FROM g:a { ?s ?p ?o }",
        "PREFIX g: <http://example.org/graph/> CONSTRUCT { ?s ?p ?o } WHERE { GRAPH g:a { ?s ?p ?o } }",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ GRAPH <{A}> {{ {{ ?s ?p ?o . }} }} }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM NAMED <{A}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{B}> FROM NAMED <{A}> WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}",
        f"CONSTRUCT FROM <{A}> WHERE {{ ?s ?p ?o }}",
    ],
)
def test_one_named_graph(query: str) -> None:
    assert asked(query) == A


def test_the_dataset_of_the_request_comes_first() -> None:
    assert asked(PLAIN, (A,)) == A
    assert asked(f"CONSTRUCT {{ ?s ?p ?o }} FROM <{B}> {{ ?s ?p ?o }}", (A,)) == A
    assert asked(PLAIN, (A, B)) == DEFAULT_GRAPH
    assert asked(PLAIN, (), (A,)) is None
    assert asked("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", (), (B,)) == B


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "DESCRIBE ?s { ?s ?p ?o }",
        "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?p } WHERE { ?s ?p ?p }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?o ?q ?r }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o , ?x }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 10",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } OFFSET 1",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } VALUES ?s { <http://example.org/x> }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER (isIRI(?o)) }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p+ ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o MINUS { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?p { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <http://example.org/graph/none> { ?s ?p ?o } }",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{A}> {{ GRAPH <{B}> {{ ?s ?p ?o }} }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{A}> WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM NAMED <{A}> WHERE {{ ?s ?p ?o }}",
        "CONSTRUCT WHERE { { ?s ?p ?o } }",
        f"CONSTRUCT WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}",
        "CONSTRUCT { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }",
        'CONSTRUCT { ?s ?p "x" } WHERE { ?s ?p "x" }',
    ],
)
def test_anything_else_is_evaluated(query: str) -> None:
    assert asked(query) is None
