"""Queries that crash, stall or fill up an engine: each gets an answer, and the next one does too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import Server
from trialgraph.base.errors import QueryTimeout, WorkerFailed
from trialgraph.query.guard import Checked
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

ROWS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BOMBS = {
    "parentheses": "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "braces": "ASK " + "{" * 5_000 + "}" * 5_000,
    "brackets": "ASK { ?s ?p " + "[ ?p " * 5_000 + "1" + "]" * 5_000 + " }",
    "lists": "ASK { ?s ?p " + "(" * 5_000 + ")" * 5_000 + " }",
    "quoted triples": "ASK { " + "<< " * 5_000 + " }",
    "negations": "ASK { FILTER(" + "!" * 50_000 + "true) }",
    "signs": "ASK { FILTER(" + "- " * 25_000 + "1) }",
    "paths": "ASK { ?s " + "/".join(["<a:p>"] * 5_000) + " ?o }",
    "inverse paths": "ASK { ?s " + "^" * 20_000 + "<a:p> ?o }",
    "unions": "ASK { {} " + "UNION {} " * 6_000 + " }",
    "optionals": "ASK { " + "OPTIONAL { ?a ?b ?c } " * 2_500 + " }",
    "comparisons": "ASK { FILTER(" + "||".join(["1=2"] * 10_000) + ") }",
    "triples": "ASK { " + " ".join(f"?a{n} ?p ?a{n + 1} ." for n in range(1_000)) + " }",
    "product": f"SELECT (COUNT(*) AS ?n) {ROWS}",
    "sorted product": f"SELECT * {ROWS} ORDER BY ?a ?d ?g ?j",
    "distinct product": f"SELECT DISTINCT * {ROWS} ORDER BY ?l",
    "grouped product": f"SELECT ?a (GROUP_CONCAT(?c) AS ?all) {ROWS} GROUP BY ?a",
    "long text": "SELECT ?x { BIND('0123456789' AS ?x0) "
    + " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 10)}) AS ?x{n + 1})" for n in range(9))
    + " BIND(STRLEN(?x9) AS ?x) }",
    "long path": "SELECT (COUNT(*) AS ?n) { ?a (!<a:p>|^!<a:p>)* ?b . ?c (!<a:q>|^!<a:q>)* ?d . ?e (!<a:q>)* ?f }",
    "regular expression": "SELECT * { BIND('" + "a" * 30_000 + "b' AS ?x) FILTER(REGEX(?x, '(a+)+$')) }",
    "unended string": "ASK { ?s ?p '''" + "\\'" * 25_000,
    "undone names": "ASK { " + "a." * 30_000,
}


@pytest.fixture(scope="module")
def quick(small_release: Release, small_queries: Path) -> Iterator[Server]:
    settings = {"TRIALGRAPH_QUERY_SECONDS": "1", "TRIALGRAPH_WORKER_MEMORY_BYTES": "1000000000"}
    with Server(small_release.path, small_queries, settings) as made:
        yield made


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
def test_a_bomb_gets_an_answer_and_so_does_the_next_query(quick: Server, query: str) -> None:
    reply = quick.ask(method="POST", body=query, headers={"Content-Type": "application/sparql-query"})
    assert reply.status in (200, 400, 413, 500, 503)
    if reply.status != 200:
        assert json.loads(reply.body)["detail"]
    if reply.status == 503:
        assert "Retry-After" in reply.headers
    assert quick.process.poll() is None
    for _ in range(2):
        assert quick.ask(query="ASK { ?s ?p ?o }").body == b'{"head":{},"boolean":true}'


def test_products_are_stopped_for_time_or_memory(quick: Server) -> None:
    assert {quick.ask(query=BOMBS[name]).status for name in ("product", "long path")} == {503}
    assert quick.ask(query=BOMBS["sorted product"]).status in (500, 503)


@pytest.mark.parametrize("name", ["parentheses", "braces", "negations", "paths"])
def test_a_bomb_past_the_guard_kills_a_worker_and_no_more(small_release: Release, name: str) -> None:
    with Pool(small_release, size=1, seconds=2) as pool:
        with pytest.raises((WorkerFailed, QueryTimeout)):
            pool.run(Checked(BOMBS[name], "ASK"))
        with pool.run("ASK { ?s ?p ?o }") as answer:
            assert b"true" in b"".join(answer)
