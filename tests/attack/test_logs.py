"""Whatever a client sends, no line that the server writes holds it, and each answer has an id to look for."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.small_graph import Server
from trialgraph.release.open import Release

WORD = b"zzconfidentialzz"
LONG = b"9" * 5_000
HEAD = b"Host: x\r\nConnection: close\r\n"
ASKED = b"POST /sparql HTTP/1.1\r\n" + HEAD + b"Content-Type: application/sparql-query\r\n"


def asked(query: bytes, headers: bytes = b"") -> bytes:
    return ASKED + headers + b"Content-Length: %d\r\n\r\n%s" % (len(query), query)


def got(address: bytes, headers: bytes = b"") -> bytes:
    return b"GET " + address + b" HTTP/1.1\r\n" + HEAD + headers + b"\r\n"


#: What is sent, and the status that it gets.
HOSTILE = [
    (got(b"http://[%s]/x" % WORD), 400),
    (got(b"http://[%s/x" % WORD), 400),
    (got(b"/" + WORD, b"Host: %s\r\n" % WORD), 400),
    (got(b"/" + WORD, b"%s y: z\r\n" % WORD), 400),
    (got(b"/" + WORD, b"X: y\r\n %s\r\n" % WORD), 400),
    (got(b"/%s?x=" % WORD + b"a" * 300_000), 414),
    (got(b"/", b"X: %s\r\n" % (WORD * 20_000)), 431),
    (b"GET /%s HTTP/3.0\r\n%s\r\n" % (WORD, HEAD), 505),
    (b"%s\r\n\r\n" % WORD, 400),
    (ASKED + b"Content-Length: " + LONG + b"\r\n\r\n" + WORD, 400),
    (ASKED + b"Content-Length: 99999999\r\n\r\n" + WORD, 413),
    (ASKED + b"Transfer-Encoding: %s\r\n\r\n" % WORD, 501),
    (ASKED + b"Transfer-Encoding: chunked\r\n\r\n%s\r\n" % WORD, 400),
    (asked(b"BASE <http://[%s]/> ASK {}" % WORD), 400),
    (asked(b"ASK FROM <http://[%s> {}" % WORD), 400),
    (asked(b"PREFIX a: <http://%s:x:y/> ASK FROM a:b {}" % WORD), 403),
    (asked(b"ASK { ?%s ?p" % WORD), 400),
    (asked(b"SELECT (%s AS ?%s) {}" % (LONG, WORD)), 400),
    (asked(b"SELECT * { VALUES ?%s { %s } }" % (WORD, LONG)), 400),
    (asked(b"SELECT * { ?%s ?p ?o } LIMIT %s" % (WORD, LONG)), 400),
    (got(b"/export/dataset.nq", b"Range: bytes=%s-\r\n" % LONG), 400),
    (got(b"/sparql?query=ASK%7B%7D&timeout=" + LONG), 400),
    (got(b"/store?graph=http://[%s]/" % WORD), 404),
    (got(b"/%s%%ff%%00" % WORD), 404),
]


@pytest.fixture(scope="module")
def said(small_release: Release, small_queries: Path) -> list[str]:
    """What a server wrote on standard error, its access log included, once it has ended."""
    written: list[str] = []
    with Server(small_release.path, small_queries, {"TRIALGRAPH_ACCESS_LOG": "-"}) as server:
        for raw, status in HOSTILE:
            written.append(f"{status} {reply(server, raw)}")
        written.append(server.stop())
    return written


def reply(server: Server, raw: bytes) -> str:
    """The whole response: it arrives although the server did not read all that was sent."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(raw)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=lambda number: repr(HOSTILE[number][0][:60]))
def test_a_hostile_request_gets_our_error_with_an_id(said: list[str], number: int) -> None:
    expected, _, whole = said[number].partition(" ")
    head, _, body = whole.partition("\r\n\r\n")
    assert head.split()[1] == expected, head
    problem = json.loads(body)
    assert problem["status"] == int(expected)
    assert f"X-Request-Id: {problem['request_id']}" in head
    assert "Content-Type: application/problem+json" in head


def test_no_line_holds_a_word_of_a_client(said: list[str]) -> None:
    log = said[-1]
    assert WORD.decode() not in log
    assert "127.0.0.1" not in log
    assert "Traceback" not in log
    assert "999999" not in log
    assert log.count("\n") == len(HOSTILE) + 1, "a line for each request, and for /health at the start"
