"""Where an answer ends: by its length, by its last chunk, or by a close, and the connection is kept where it can be."""

from __future__ import annotations

import http.client
import io
import socket
from urllib.parse import quote, urlsplit

import pytest

from tests.small_graph import Server

SMALL = f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 3')}"
#: More than a worker gives in one part, so its length is not known when it begins.
LONG = f"/sparql?query={quote('SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 9000')}"


def received(server: Server, *requests: str) -> bytes:
    """All that comes back on one connection, which the last request closes."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        for request in requests:
            connection.sendall(request.encode())
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def test_a_connection_is_kept_after_304_and_after_an_answer_in_chunks(server: Server) -> None:
    connection = server.connect()
    sockets = []
    for path, headers, status in (
        (SMALL, {}, 200),
        (SMALL, {"If-None-Match": "*"}, 304),
        (LONG, {}, 200),
        ("/health", {}, 200),
        (LONG, {"Accept-Encoding": "gzip"}, 200),
        (SMALL, {}, 200),
    ):
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        assert (reply.status, reply.headers["Connection"]) == (status, None)
        assert bool(body) == (status == 200)
        sockets.append(connection.sock.getsockname())
    connection.close()
    assert len(set(sockets)) == 1


def test_head_has_the_headers_and_no_byte_of_a_body(server: Server) -> None:
    for path in (SMALL, LONG):
        whole = received(server, f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head, end, body = whole.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert (end, body.strip(b"0\r\n")) == (b"\r\n\r\n", b"")


def test_answers_to_requests_that_were_sent_at_once_come_in_order(server: Server) -> None:
    ask = "GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n"
    paths = (SMALL, LONG, SMALL, "/health/live")
    whole = received(
        server,
        "".join(ask.format(path, "" if path != paths[-1] else "Connection: close\r\n") for path in paths),
    )
    assert whole.count(b"HTTP/1.1 200 OK\r\n") == len(paths)
    assert whole.count(b"\r\n0\r\n\r\n") == 1
    assert whole.rindex(b'"status":"live"') > whole.index(b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("kept", [False, True])
def test_in_http_1_0_a_close_ends_what_has_no_length(server: Server, kept: bool) -> None:
    wish = "Connection: keep-alive\r\n" if kept else ""
    whole = received(server, f"GET {LONG} HTTP/1.0\r\nHost: x\r\n{wish}\r\n")
    head, _, body = whole.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding" not in head
    assert b"Connection: close" in head
    assert body.rstrip().endswith(b"}")


def test_head_and_body_come_in_one_piece(server: Server) -> None:
    """A client that reads once has both."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(f"GET {SMALL} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        piece = connection.recv(65_536)
    head, _, body = piece.partition(b"\r\n\r\n")
    reply = http.client.parse_headers(io.BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n"))
    assert len(body) == int(reply["Content-Length"])
    assert reply["Server"] == "trialgraph"
    assert reply["Date"]
