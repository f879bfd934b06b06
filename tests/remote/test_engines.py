"""What is told to each engine, and by what it is known."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from tests.stores import RawServer, read_request, results
from trialgraph.base.settings import DEFAULTS
from trialgraph.rdf.formats import RESULTS_JSON
from trialgraph.remote.address import store_address
from trialgraph.remote.client import StoreClient
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.engines import graph_store_address, kind_of


@pytest.mark.parametrize(
    ("server", "kind", "limit", "graphs"),
    [
        (b"Oxigraph/0.5.13", "oxigraph", None, "/a/store"),
        (b"Virtuoso/07.20.3229 (Linux) x86_64", "virtuoso", b"timeout=4400", "/a/sparql-graph-crud-auth"),
        (b"Apache Jena Fuseki (5.2.0)", "fuseki", b"timeout=4", "/a/data"),
        (b"QLever", "qlever", b"timeout=4s", "/a/query"),
        (b"nginx", "other", None, "/a/query"),
    ],
)
def test_an_engine_is_known_from_its_answer_and_told_the_limit(
    server: bytes, kind: str, limit: bytes | None, graphs: str
) -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while True:
            seen.append(read_request(connection))
            connection.sendall(results(b'{"head":{},"boolean":true}', b"Server: " + server + b"\r\n"))

    raw = RawServer(serve)
    client = StoreClient(store_address(raw.url.replace("/query", "/a/query"), DEFAULTS), 5)
    endpoint = Endpoint(client, "auto")
    for _ in range(2):  # the second request knows the engine
        endpoint.ask("ASK {}", ["urn:g"], ["urn:h"], RESULTS_JSON, 4.4).read()
    assert endpoint.kind.name == kind
    assert graph_store_address(client.address, endpoint.kind).path == graphs
    fields = seen[1].partition(b"\r\n\r\n")[2].split(b"&")
    assert fields[1:3] == [b"default-graph-uri=urn%3Ag", b"named-graph-uri=urn%3Ah"]
    assert fields[3:] == ([limit] if limit else [])
    client.close()
    raw.close()


def test_an_engine_that_is_chosen() -> None:
    assert kind_of("fuseki", "Virtuoso/7").name == "fuseki"
    assert replace(DEFAULTS, store_kind="qlever").store_kind == "qlever"
