"""The HTTP client of stores before servers that answer what none should; each error names store and reason."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import pytest

from tests.stores import RawServer, RunningStore, answering, read_request
from trialgraph.base.errors import QueryTimeout, StoreFailed, TrialgraphError, WorkerFailed
from trialgraph.base.settings import DEFAULTS
from trialgraph.remote.address import store_address
from trialgraph.remote.client import StoreClient
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.load_record import read_record

JSON = b"Content-Type: application/sparql-results+json\r\n"
ROW = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'


def ok(body: bytes, headers: bytes = JSON) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def status(line: bytes, body: bytes = b"", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + line + b"\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def rows(url: str, seconds: float = 5, **settings: str) -> object:
    """The rows of a query; the client is closed after it."""
    client = StoreClient(store_address(url, replace(DEFAULTS, **settings)), seconds)  # type: ignore[arg-type]
    try:
        return Endpoint(client, "auto").rows("SELECT ?s { ?s ?p ?o }", [], seconds)
    finally:
        client.close()


CHUNKED = b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
VIRTUOSO = b"Server: Virtuoso/07.20.3229 (Linux)\r\n" + JSON


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (ok(b"<html>", b"Content-Type: text/html; charset=utf-8\r\n"), StoreFailed, "answers with text/html"),
        (ok(b"{}", b""), StoreFailed, "answers with no media type"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", StoreFailed, "does not answer in HTTP"),
        (b"\x00\xff" * 50_000, StoreFailed, "does not answer in HTTP"),
        (b"", StoreFailed, "cannot be reached (it closed the connection)"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", StoreFailed, "does not answer in HTTP"),
        (ok(b"garbage"), StoreFailed, "results that are malformed"),
        (ok(ROW[:-20]), StoreFailed, "results that are malformed"),
        (ok(ROW + b"\nThe SPARQL operation has been cancelled"), StoreFailed, "results that are malformed"),
        (ok(b'{"head":{},"boolean":true}'), StoreFailed, "results that are malformed"),
        (ok(b"[" * 100_000), StoreFailed, "results that are malformed"),
        (ok(ROW)[:-20], StoreFailed, "stops in the middle of its answer"),
        (CHUNKED + b"%x\r\n" % len(ROW) + ROW, StoreFailed, "stops in the middle of its answer"),
        (CHUNKED + b"ffff\r\n" + ROW, StoreFailed, "stops in the middle of its answer"),
        (CHUNKED + b"nonsense\r\n" + ROW, StoreFailed, "stops in the middle of its answer"),
        (
            status(b"301 Moved Permanently", headers=b"Location: http://127.0.0.1:1/\r\n"),
            StoreFailed,
            "redirects",
        ),
        (status(b"404 Not Found"), StoreFailed, "answers with status 404"),
        (status(b"503 Service Unavailable"), StoreFailed, "answers with status 503"),
        (status(b"403 Forbidden"), StoreFailed, "does not allow this"),
        (status(b"401 Unauthorized"), StoreFailed, "wants a name and a password; set TRIALGRAPH_STORE_USER"),
        (status(b"400 Bad Request", b"no such function"), WorkerFailed, "status 400: no such function"),
        (
            status(b"500 Oops", b"Virtuoso S1T00 Error SR171: Transaction timed out"),
            QueryTimeout,
            "at its limit",
        ),
        (
            status(b"503 Service Unavailable", b"Query timed out"),
            QueryTimeout,
            "stopped the query at its limit",
        ),
        (ok(ROW, VIRTUOSO + b"X-SPARQL-MaxRows: 1\r\n"), StoreFailed, "cuts its answers after 1 rows"),
        (ok(ROW, VIRTUOSO + b"X-SQL-State: S1TAT\r\n"), QueryTimeout, "stopped the query at its limit"),
    ],
)
def test_what_is_no_answer(answer: bytes, error: type[TrialgraphError], told: str) -> None:
    with answering(answer) as server, pytest.raises(error) as caught:
        rows(server.url)
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()


def test_what_is_an_answer() -> None:
    half = len(ROW) // 2
    chunks = b"%x\r\n%b\r\n%x;x=y\r\n%b\r\n0\r\nTrailer: x\r\n\r\n"
    for answer in (
        ok(ROW),
        ok(ROW, b"Content-Type: application/json; charset=utf-8\r\n"),
        CHUNKED + chunks % (half, ROW[:half], len(ROW) - half, ROW[half:]),
    ):
        with answering(answer) as server:
            assert len(rows(server.url)) == 1  # type: ignore[arg-type]


def test_a_store_that_is_silent() -> None:
    def serve(connection: socket.socket) -> None:
        read_request(connection)
        time.sleep(3)

    server = RawServer(serve)
    with pytest.raises(StoreFailed, match="did not answer within"):
        rows(server.url, 0.2)
    server.close()


def test_a_store_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(StoreFailed, match=r"cannot be reached \(Connection refused\)"):
        rows(f"http://127.0.0.1:{port}/query")
    with pytest.raises(StoreFailed, match="cannot be reached"):
        rows("http://no-such-host.invalid/query")


def test_a_connection_that_was_closed_meanwhile_is_made_again() -> None:
    with answering(ok(ROW)) as server:
        client = StoreClient(store_address(server.url, DEFAULTS), 5)
        endpoint = Endpoint(client, "auto")
        for number in (1, 2, 3):
            assert len(endpoint.rows("SELECT ?s { ?s ?p ?o }", [], 5)) == 1
            assert client.connected == number
            time.sleep(0.05)  # until the end of the connection has come
        client.close()


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one() -> None:
    """Oxigraph's server sends a 500 on a connection that was idle for a minute."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(ok(ROW))
        time.sleep(0.1)
        connection.sendall(status(b"500 Internal Server Error", b"Resource temporarily unavailable"))
        time.sleep(2)

    server = RawServer(serve)
    client = StoreClient(store_address(server.url, DEFAULTS), 5)
    for number in (1, 2):
        assert len(Endpoint(client, "auto").rows("SELECT ?s { ?s ?p ?o }", [], 5)) == 1
        assert client.connected == number
        time.sleep(0.3)
    client.close()
    server.close()


def test_name_and_password(empty_virtuoso: RunningStore) -> None:
    """Digest, as Virtuoso's guarded endpoint wants it; Basic, as others do."""
    url = empty_virtuoso.url.replace("/sparql", "/sparql-auth")
    with pytest.raises(StoreFailed, match="wants a name and a password"):
        rows(url)
    with pytest.raises(StoreFailed, match="refuses the name or the password") as caught:
        rows(url, store_user="dba", store_password="wrong-secret")  # noqa: S106
    assert "wrong-secret" not in caught.value.line()
    client = StoreClient(store_address(url, empty_virtuoso.settings), 20)
    for _ in range(3):
        assert read_record(Endpoint(client, "auto"), 20) == read_record(empty_virtuoso.endpoint(), 20)
    client.close()

    challenge = status(b"401 Unauthorized", headers=b'WWW-Authenticate: Basic realm="x"\r\n')
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while True:
            seen.append(read_request(connection))
            authorized = b"Authorization: Basic dTpw" in seen[-1]
            connection.sendall(ok(ROW) if authorized else challenge)

    server = RawServer(serve)
    assert len(rows(server.url, store_user="u", store_password="p")) == 1  # type: ignore[arg-type]  # noqa: S106
    assert [b"Authorization" in one for one in seen] == [False, True]
    with pytest.raises(StoreFailed, match="refuses the name or the password"):
        rows(server.url, store_user="u", store_password="q")  # noqa: S106
    server.close()
