"""Filling real stores: complete, interrupted, not empty, replaced, and compared with what was sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from pyoxigraph import RdfFormat, Store

from tests.stores import RawServer, RunningStore, fill, oxigraph, read_request
from trialgraph.base.errors import StoreFailed, UsageError
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.remote.address import store_address
from trialgraph.remote.graph_names import store_graph
from trialgraph.remote.load import as_quads, load
from trialgraph.remote.load_record import check_record, read_record
from trialgraph.remote.verify import expected, verify


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    made = oxigraph(tmp_path)
    yield made
    made.stop()


def update(store: RunningStore, text: str) -> None:
    """A SPARQL update past the front end, as others may send one."""
    url = store.url.replace("/query", "/update")
    with urlopen(Request(url, urlencode({"update": text}).encode())) as reply:
        assert reply.status == 204


@pytest.mark.parametrize("kind", ["empty_oxigraph", "empty_virtuoso"])
def test_a_loaded_store_holds_the_release(
    kind: str, request: pytest.FixtureRequest, small_release: Release
) -> None:
    store: RunningStore = request.getfixturevalue(kind)
    with pytest.raises(StoreFailed, match=f"holds no release; expected is {small_release.hash}"):
        check_record(read_record(store.endpoint(), 60), small_release, "store")
    loaded = fill(store, small_release, load_part_lines=60)
    assert loaded.record.complete
    assert loaded.sent == loaded.record.parts - 1 > 1
    check_record(read_record(store.endpoint(), 60), small_release, "store")
    found = verify(expected(small_release), store.endpoint(), 60)
    assert found.differences == []
    assert found.compared > 100
    assert fill(store, small_release).sent == 0


class Breaking(RawServer):
    """Passes requests on to a store, and breaks the connection in the middle of the one of a number."""

    def __init__(self, store: RunningStore, at: int) -> None:
        self._left, self._lock, self._port = at, threading.Lock(), store.server.port
        super().__init__(self._pass_on)

    def _pass_on(self, connection: socket.socket) -> None:
        while True:
            data = read_request(connection)
            with self._lock:
                self._left -= 1
                broken = self._left <= 0
            with socket.create_connection(("127.0.0.1", self._port)) as store:
                store.sendall(
                    data[: len(data) // 2]
                    if broken
                    else data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
                )
                if broken:
                    return
                while part := store.recv(65_536):
                    connection.sendall(part)
            return


@pytest.mark.parametrize("at", [3, 8])
def test_a_load_that_broke_off_goes_on(store: RunningStore, small_release: Release, at: int) -> None:
    relay = Breaking(store, at)
    address = store_address(relay.url.replace("/query", "/store"), store.settings)
    settings = replace(store.settings, load_part_lines=40)
    with pytest.raises(StoreFailed):
        load(small_release, store.endpoint(), lambda: address, settings)
    relay.close()
    record = read_record(store.endpoint(), 60)
    assert record is not None
    assert not record.complete
    with pytest.raises(StoreFailed, match=f"holds {record.done} of {record.parts} parts"):
        check_record(record, small_release, "store")
    # with another size of the parts: the one that it began with counts
    loaded = fill(store, small_release, load_part_lines=77)
    assert loaded.sent == record.parts - max(record.done, 1)
    assert verify(expected(small_release), store.endpoint(), 60).differences == []


def test_a_graph_that_is_not_empty(store: RunningStore, small_release: Release) -> None:
    graph = iris.graph("demo").value
    update(store, f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    with pytest.raises(UsageError, match=f"the graph {graph} is not empty; give --replace"):
        fill(store, small_release)
    assert read_record(store.endpoint(), 60) is None
    assert fill(store, small_release, replacing=True).record.complete
    assert verify(expected(small_release), store.endpoint(), 60).differences == []


def test_another_release_is_replaced_only_when_told(store: RunningStore, small_release: Release) -> None:
    other = replace(small_release, hash="0" * 64)
    fill(store, other)
    with pytest.raises(UsageError, match=f"holds the release {'0' * 64}, not {small_release.hash}"):
        fill(store, small_release)
    with pytest.raises(StoreFailed, match=f"{'0' * 64}; expected is {small_release.hash}"):
        check_record(read_record(store.endpoint(), 60), small_release, "store")
    update(store, f"INSERT DATA {{ GRAPH <{iris.graph('gone').value}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    fill(store, small_release, replacing=True)
    check_record(read_record(store.endpoint(), 60), small_release, "store")
    assert not store.endpoint().rows("SELECT ?s { ?s ?p ?o }", [iris.graph("gone").value], 60)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DELETE WHERE {{ GRAPH <{demo}> {{ <{trial}> ?p ?o }} }}", "demo: "),
        ("INSERT DATA {{ GRAPH <{merge}> {{ <{trial}> <urn:new> 1 }} }}", "merge: urn:new: 1 instead of 0"),
        (
            "DELETE {{ GRAPH <{merge}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{merge}> {{ ?s ?p ?n }} }} "
            "WHERE {{ GRAPH <{merge}> {{ ?s ?p ?o FILTER(DATATYPE(?o) = xsd:integer) BIND(xsd:double(?o) AS ?n) }} }}",
            "literals of the type or language",
        ),
        (
            "DELETE {{ GRAPH <{merge}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{merge}> {{ ?s ?p ?n }} }} "
            "WHERE {{ GRAPH <{merge}> {{ ?s ?p ?o FILTER(DATATYPE(?o) = xsd:integer) BIND(?o + 1 AS ?n) }} }}",
            "not of the release",
        ),
    ],
)
def test_what_was_changed_is_found(store: RunningStore, small_release: Release, text: str, told: str) -> None:
    fill(store, small_release)
    names = {"demo": iris.graph("demo").value, "merge": store_graph("merge").value}
    trial = next(
        str(row[0]) for row in store.endpoint().rows("SELECT ?s { ?s a ?t } LIMIT 1", [names["demo"]], 60)
    )
    update(
        store,
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> " + text.format(trial=trial, **names),
    )
    found = verify(expected(small_release), store.endpoint(), 60).differences
    assert any(told in line for line in found), found


def test_the_file_for_a_bulk_loader_holds_the_same(store: RunningStore, small_release: Release) -> None:
    fill(store, small_release)
    whole = Store()
    whole.load(b"".join(as_quads(small_release)), format=RdfFormat.N_QUADS)
    for graph in [*whole.named_graphs()]:
        if graph == store_graph("load"):
            continue
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        ((n,),) = store.endpoint().rows(query, (), 60)
        assert int(n or 0) == sum(1 for _ in whole.quads_for_pattern(None, None, None, graph))
