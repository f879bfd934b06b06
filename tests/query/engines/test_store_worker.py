"""Queries through the worker pool to real stores, and to servers that fail in each way."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyoxigraph import parse

from tests.small_graph import DEMO, SUMMARY
from tests.stores import RawServer, RunningStore, fill, oxigraph, pretending, virtuoso
from trialgraph.base.errors import (
    QueryRejected,
    QueryTimeout,
    StoreFailed,
    WorkerFailed,
)
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.rdf.formats import GRAPH_FORMATS
from trialgraph.release.open import Release

ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[%b]}}'
ROW = b'{"s":{"type":"uri","value":"urn:a"}}'
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nTransfer-Encoding: chunked\r\n\r\n"
)
TYPES = "SELECT ?s ?t { ?s a ?t } ORDER BY ?s ?t"


@pytest.fixture(scope="module", params=["Oxigraph", "Virtuoso"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_release: Release
) -> Iterator[RunningStore]:
    make = {"Oxigraph": oxigraph, "Virtuoso": virtuoso}[request.param]
    made = make(tmp_path_factory.mktemp("store"))
    fill(made, small_release)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def remote(store: RunningStore, small_release: Release) -> Iterator[Pool]:
    with pool_on(small_release, store) as made:
        yield made


def pool_on(release: Release, store: RunningStore | RawServer, **changes: object) -> Pool:
    """A pool before a store."""
    settings = store.settings if isinstance(store, RunningStore) else DEFAULTS
    told = {"store": store.url, "workers": 2, "query_seconds": 20.0} | changes
    settings = replace(settings, **told)  # type: ignore[arg-type]
    return Pool(release, settings=settings, engine=engine_of(release, settings))


def ask(pool: Pool, query: str, form: str | None = None, **more: object) -> str:
    checked = pool.check(query, more.pop("default_graphs", ()))  # type: ignore[arg-type]
    with pool.run(checked, format=form, fresh=True, **more) as answer:  # type: ignore[arg-type]
        return b"".join(answer).decode()


@pytest.mark.parametrize(
    "query",
    [
        TYPES,
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> FROM NAMED <{SUMMARY}> {{ ?s ?p ?o GRAPH ?g {{ ?s a ?t }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{SUMMARY}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{DEMO}> {{ ?s ?p ?o }} }}",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "ASK {}",
        "ASK { ?s <urn:none> ?o }",
        "SELECT * { ?trial a ?a . ?trial ?b ?c } ORDER BY ?trial ?a ?b ?c LIMIT 5",
        'SELECT ?s { ?s ?p "frei"@de }',
        "SELECT (<trial/x> AS ?relative) {}",
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_answers_are_those_of_the_embedded_engine(pool: Pool, remote: Pool, query: str, form: str) -> None:
    ours, theirs = ask(pool, query, form), ask(remote, query, form)
    if form == "json":
        assert json.loads(ours) == json.loads(theirs)
    else:
        assert ours == theirs


@pytest.mark.parametrize("form", ["ntriples", "turtle", "rdfxml", "jsonld", "nquads"])
def test_graphs_are_those_of_the_embedded_engine(pool: Pool, remote: Pool, form: str) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{SUMMARY}> {{ ?s ?p ?o }} ?s ?p ?o FILTER(true) }}"
    ours, theirs = (
        set(parse(ask(each, query, form), format=GRAPH_FORMATS[form].engine)) for each in (pool, remote)
    )
    assert ours == theirs != set()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?s { ?s ?p }", "1:19: syntax error: unexpected }"),
        ("SELECT ?s\n{ ?s a ?t } LIMT 5", "2:13: syntax error: unexpected LIMT"),
        ("DEFINE input:grab-all 'yes' SELECT ?s { ?s ?p ?o }", "syntax error"),
        ("SELECT ?s { ?s ?p ?o FILTER(<urn:f>(?s)) }", "unknown function urn:f"),
        ("SELECT * { VALUES ?x {} FILTER(<bif:sys_stat>(?x)) }", "not passed on"),
        ("PREFIX b: <bif:> SELECT * { VALUES ?x {} FILTER(b:f(?x)) }", "not passed on"),
        ("BASE <bif:x> SELECT * { VALUES ?x {} FILTER(<y>(?x)) }", "not passed on"),
        (r"SELECT * { ?s <\u0062if:contains> ?o }", "not passed on"),
        ("SELECT * { ?s <java:java.lang.System> ?o }", "not passed on"),
        ("SELECT * { ?s <urn:p> ( 1 2 ) }", "not passed on"),
        (f"SELECT * FROM <{DEMO}> FROM <{SUMMARY}> {{ ?s ?p ?o }}", "would count twice"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "update"),
        ("SELECT * FROM <http://127.0.0.1/data> { ?s ?p ?o }", "FROM names a graph"),
    ],
)
def test_what_is_not_passed_on(remote: Pool, query: str, told: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        ask(remote, query)
    assert told in caught.value.line()


def test_an_unknown_graph_of_a_request_is_empty_and_not_fetched(remote: Pool, small_release: Release) -> None:
    asked: list[str] = []
    elsewhere = pretending(small_release, lambda _, query: asked.append(query))
    answer = ask(remote, "SELECT * { ?s ?p ?o }", "csv", default_graphs=[elsewhere.url])
    elsewhere.close()
    assert answer.split() == ["s,p,o"]
    assert not asked


def test_the_dataset_of_a_request_takes_the_place_of_that_of_the_query(pool: Pool, remote: Pool) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> FROM NAMED <{DEMO}> {{ ?s ?p ?o }}"
    ours, theirs = (ask(each, query, "csv", default_graphs=[SUMMARY]) for each in (pool, remote))
    assert ours == theirs == "n\r\n60\r\n"


def test_graphs_of_the_store_that_are_not_of_the_release_are_hidden(remote: Pool) -> None:
    found = ask(remote, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "csv").split()
    assert sorted(found[1:]) == sorted(remote.graphs)


@pytest.mark.parametrize("wrong", ["results", "store/load", "<html>"])
def test_a_part_of_an_answer_is_no_answer(small_release: Release, wrong: str) -> None:
    """An engine that stops while it streams: a reader sees the end as a failure, not as a short answer."""
    many = b",".join([ROW] * 20_000)

    def answer(connection: socket.socket, _query: str) -> None:
        body = ROWS % many
        data = {
            "results": b"%x\r\n" % len(body) + body[:600_000],
            "store/load": b"%x\r\n" % 600_000 + body[:600_000] + b"\r\n0\r\n\r\n",
            "<html>": b"%x\r\n" % (len(body) + 20)
            + body
            + b"\n<html>cancelled</html>"[:20]
            + b"\r\n0\r\n\r\n",
        }[wrong]
        connection.sendall(CHUNKED + data)
        connection.shutdown(socket.SHUT_WR)

    server = pretending(small_release, answer)
    with pool_on(small_release, server) as pool:
        with pool.run("SELECT ?s { ?s ?p ?o }", fresh=True) as parts, pytest.raises(StoreFailed) as caught:
            list(parts)
        assert caught.value.http_status == 502
        assert "127.0.0.1" not in caught.value.line()
    server.close()


def test_memory_stays_bounded_however_long_an_answer_is(small_release: Release) -> None:
    part = b",".join([ROW] * 2_000)

    def answer(connection: socket.socket, _query: str) -> None:
        connection.sendall(CHUNKED)
        for piece in (ROWS.partition(b"%b")[0], *[part + b","] * 300, ROW, ROWS.partition(b"%b")[2]):
            connection.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    server = pretending(small_release, answer)
    with pool_on(small_release, server, workers=1) as pool:
        (process,) = pool.processes()
        with pool.run("SELECT ?s { ?s ?p ?o }", fresh=True) as parts:
            size = sum(map(len, parts))
        assert size > 20_000_000
        assert pool.processes() == (process,)  # it had not grown by a good part of its room
    server.close()


def test_a_client_that_leaves_ends_the_query(small_release: Release) -> None:
    ended: list[bytes] = []
    asked = threading.Event()

    def answer(connection: socket.socket, _query: str) -> None:
        asked.set()
        ended.append(connection.recv(1))  # nothing: the connection is closed
        raise OSError

    server = pretending(small_release, answer)
    with pool_on(small_release, server) as pool:
        with pytest.raises(WorkerFailed, match="the client has disconnected"):
            ask(pool, "SELECT ?s { ?s ?p ?o }", gone=asked.is_set)
        wait_for(ended)
        with pytest.raises(QueryTimeout, match=r"stopped after 3 seconds"):
            ask(pool, "SELECT ?s { ?s ?p ?o }", seconds=3)
        wait_for(ended, 2)
    server.close()


def wait_for(things: list[bytes], number: int = 1) -> None:
    until = time.monotonic() + 10
    while len(things) < number and time.monotonic() < until:
        time.sleep(0.02)
    assert len(things) == number


def test_a_store_that_goes_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, small_release: Release
) -> None:
    store = oxigraph(tmp_path_factory.mktemp("coming"))
    with pytest.raises(StoreFailed, match="holds no release"), pool_on(small_release, store):
        pass
    fill(store, small_release)
    with pool_on(small_release, store, store_check_seconds=0.1) as pool:
        whole = ask(pool, TYPES, "csv")
        store.stop()
        with pytest.raises(StoreFailed, match="cannot be reached") as caught:
            ask(pool, TYPES)
        assert caught.value.http_status == 503
        store.start()
        assert ask(pool, TYPES, "csv") == whole
        fill(store, replace(small_release, hash="0" * 64), replacing=True)
        time.sleep(0.2)
        with pytest.raises(
            StoreFailed, match=f"holds the release {'0' * 64}; expected is {small_release.hash}"
        ):
            ask(pool, TYPES)
    store.stop()
    with pytest.raises(StoreFailed, match="cannot be reached"):
        pool_on(small_release, store)
