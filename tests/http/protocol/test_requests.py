"""HTTP manners on the real server: methods, bodies, character sets, conditions, CORS, and what nobody should send."""

from __future__ import annotations

import json
import socket
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.small_graph import DEMO, META, Server

ALL: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ASK: Final = f"/sparql?query={quote('ASK {}')}"
FORM, DIRECT, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, urlencode({"query": ALL})),
        (f"{FORM}; charset=UTF-8", urlencode({"query": ALL})),
        (FORM, f"query={ALL.replace(' ', '+')}&other=%C3%A9&empty="),
        (DIRECT, ALL),
        (f"{DIRECT};charset=utf-8", ALL),
        (f'{DIRECT}; charset="UTF-8"', ALL),
        (f"{DIRECT}; charset=us-ascii", ALL),
        ("Application/SPARQL-Query", ALL),
        (DIRECT, "# größer, 日本\n" + ALL),
    ],
)
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_query_in_a_body(server: Server, method: str, content_type: str, body: str) -> None:
    reply = server.ask(method=method, body=body.encode(), headers={"Content-Type": content_type})
    assert reply.status == 200, reply.text
    assert json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] == "184"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), 415),
        (f"{DIRECT}; charset=ISO-8859-1", b"ASK {}", 415),
        (f"{FORM}; charset=ISO-8859-1", b"query=ASK%7B%7D", 415),
        (DIRECT, b"ASK { ?s ?p '\xe9' }", 400),
        (FORM, b"query=ASK+%7B+%3Fs+%3Fp+'%E9'+%7D", 400),
        (FORM, b"query=ASK { ?s ?p '\xe9' }", 400),
        (FORM, b"query=ASK%7B%7D&query=ASK%7B%7D", 400),
        (FORM, b"query=ASK%7B%7D&update=CLEAR+ALL", 403),
        (FORM, b"update=CLEAR+ALL", 403),
        (FORM, b"query=CLEAR+ALL", 400),
        (FORM, b"&".join(b"p=%d" % n for n in range(5_000)), 413),
        (UPDATE, b"CLEAR ALL", 403),
        (DIRECT, b"CLEAR ALL", 400),
        (DIRECT, b"", 400),
        (FORM, b"", 400),
        (FORM, b"ASK {}", 400),
        ("text/plain", b"ASK {}", 415),
        ("application/json", b'{"query": "ASK {}"}', 415),
        ("text/turtle", b"<a:b> <a:c> <a:d> .", 415),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK{}',
            415,
        ),
        (";;=", b"ASK {}", 415),
        ("\xff", b"ASK {}", 415),
        ("", b"ASK {}", 415),
    ],
)
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_body_that_is_no_query(
    server: Server, method: str, content_type: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    reply = server.ask(method=method, body=body, headers=headers)
    problem = json.loads(reply.body)
    assert (reply.status, problem["status"]) == (status, status), problem
    assert problem["detail"]
    if status == 415:
        assert reply.headers["Accept-Query"] == f"{DIRECT}, {FORM}"


def test_a_body_that_is_compressed_is_415(server: Server) -> None:
    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    assert server.ask(method="POST", body=b"\x1f\x8b", headers=headers).status == 415


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sparql?query=ASK%7B%FF%7D", 400),
        ("/sparql?query=ASK%20%7B%7D&default-graph-uri=%FF", 400),
        ("/sparql?query=ASK%20%7B%7D&update=CLEAR%20ALL", 403),
        ("/sparql?update=CLEAR%20ALL", 403),
        ("/sparql?query=CLEAR%20ALL", 400),
        ("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", 400),
        ("/sparql?query=ASK%20%7B%7D&format=nonsense", 400),
        ("/sparql?query=ASK%20%7B%7D&default-graph-uri=http%3A%2F%2Fexample.org%2Fnothing", 200),
        (f"/sparql?query=ASK%7B%7D&{'p=1&' * 600}", 413),
        (f"/sparql?query=ASK%7B%7D&x={'y' * 225_000}", 414),
        ("/sparql/?query=ASK%20%7B%7D", 308),
        ("/sparql?query=ASK%20%7B%7D&", 200),
        ("/sparql?&&query=ASK%20%7B%7D", 200),
        ("/sparql?QUERY=ASK%20%7B%7D", 200),
    ],
)
def test_an_address_is_read_strictly(server: Server, address: str, status: int) -> None:
    reply = server.ask(address)
    assert reply.status == status, reply.text[:300]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_door_where_others_take_updates_is_shut(server: Server, method: str) -> None:
    reply = server.ask("/update", method=method, body=b"CLEAR ALL", headers={"Content-Type": UPDATE})
    assert reply.status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW", "CONNECT"])
@pytest.mark.parametrize("path", [ASK, "/", "/queries/", "/export/dataset.nq", "/store?default", "/nowhere"])
def test_other_methods_are_405_with_those_that_are_allowed(server: Server, method: str, path: str) -> None:
    reply = server.ask(path, method=method, body=b"", headers={"Content-Type": DIRECT})
    if path == "/nowhere":
        assert reply.status in (404, 405)
        return
    assert reply.status == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(reply.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/sparql", "/store", "/queries/", "/export/dataset.nq", "/"])
@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://localhost:3000"])
def test_any_page_may_ask(server: Server, path: str, origin: str) -> None:
    preflight = server.ask(
        path,
        method="OPTIONS",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, accept, x-requested-with",
        },
    )
    assert (preflight.status, preflight.body) == (200, b"")
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Credentials"] is None
    assert {"GET", "POST", "QUERY"} <= set(preflight.headers["Access-Control-Allow-Methods"].split(", "))
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"content-type", "accept", "x-requested-with", "*"} <= set(allowed)
    assert int(preflight.headers["Access-Control-Max-Age"]) > 0
    answer = server.ask(ASK, headers={"Origin": origin})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Retry-After", "X-Trialgraph-Release", "X-Trialgraph-Unknown-Graph"} <= set(
        exposed
    )


def test_an_error_can_be_read_by_any_page_too(server: Server) -> None:
    for path in ("/sparql?query=ASK", "/nowhere", "/sparql?query=ASK%20%7B%7D&format=x"):
        reply = server.ask(path, headers={"Origin": "https://example.org"})
        assert reply.status >= 400
        assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        ASK,
        "/sparql?query=DESCRIBE%20%3Ca%3Ab%3E",
        f"/sparql?query={quote('SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }')}",
        "/sparql",
        "/sparql?query=ASK",
        "/sparql?query=ASK%20%7B%7D&format=x",
        "/",
        "/queries/",
        "/queries/largest-trials.csv",
        "/export/dataset.nq",
        "/nowhere",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/png"])
def test_head_is_get_without_a_body(server: Server, path: str, accept: str) -> None:
    get = server.ask(path, headers={"Accept": accept})
    head = server.ask(path, method="HEAD", headers={"Accept": accept})
    assert (head.status, head.body) == (get.status, b"")
    same = ["Content-Type", "ETag", "Vary", "Cache-Control", "Content-Encoding", "X-Trialgraph-Release"]
    # an error names its request, so that its length may differ
    same += ["Content-Length"] if get.status == 200 else []
    assert {name: head.headers[name] for name in same} == {name: get.headers[name] for name in same}


def test_a_condition_that_holds_is_304_by_each_safe_method(server: Server) -> None:
    asked = urlencode({"query": ALL})
    etag = server.ask(f"/sparql?{asked}").headers["ETag"]
    held = {"If-None-Match": etag, "Content-Type": FORM}
    for method, path, body in (
        ("GET", f"/sparql?{asked}", None),
        ("HEAD", f"/sparql?{asked}", None),
        ("QUERY", "/sparql", asked),
    ):
        reply = server.ask(path, method=method, body=body, headers=held)
        assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", etag)
        assert set(reply.headers["Vary"].split(", ")) == {"Accept", "Accept-Encoding"}
    assert server.ask(method="POST", body=asked, headers=held).status == 200
    several = {"If-None-Match": f'"a", W/"b", {etag}'}
    assert server.ask(f"/sparql?{asked}", headers=several).status == 304


def test_a_description_that_a_client_has_is_not_sent_again(server: Server) -> None:
    first = server.ask(headers={"Accept": "text/turtle"})
    again = server.ask(headers={"Accept": "text/turtle", "If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    other = server.ask(headers={"Accept": "application/ld+json", "If-None-Match": first.headers["ETag"]})
    assert other.status == 200


@pytest.mark.parametrize("query", ["SELECT", "ASK { SERVICE <http://e/> {} }", "CLEAR ALL"])
def test_no_condition_makes_a_wrong_query_right(server: Server, query: str) -> None:
    reply = server.ask(query=query, headers={"If-None-Match": "*"})
    assert reply.status in (400, 403)


JUNK: Final = [
    {"Accept": "\xff\x80"},
    {"Accept": ";q="},
    {"Accept-Encoding": "\xff, gzip;q=x, ;;"},
    {"Accept-Language": "\xff;q=nan"},
    {"Accept-Charset": "utf-9"},
    {"If-None-Match": '"'},
    {"If-None-Match": "\xff" * 3_000},
    {"If-Modified-Since": "yesterday"},
    {"If-Match": '"nothing"'},
    {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"If-Range": "\xff"},
    {"Range": "bytes=9-1"},
    {"Range": "lines=1-2"},
    {"Range": "bytes=" + ",".join(f"{n}-{n}" for n in range(2_000))},
    {"Host": "a b"},
    {"Host": "["},
    {"Host": "\xff"},
    {"Host": "x" * 5_000},
    {"Cookie": "\xff=;;;"},
    {"Authorization": "Basic \xff"},
    {"X-Forwarded-For": "\xff, ::g"},
    {"X-Forwarded-Host": "evil.example/"},
    {"X-Request-ID": "\xff<script>"},
    {"Origin": "\xff"},
    {"Cache-Control": "max-age=\xff"},
    {"Expect": "nothing"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"Content-Type": "\xff/\xff;=\xff"},
    {"User-Agent": ""},
]


@pytest.mark.parametrize("headers", JUNK, ids=lambda h: "-".join(f"{k}={v[:8]!a}" for k, v in h.items()))
def test_junk_in_headers_is_never_an_error_of_ours(server: Server, headers: dict[str, str]) -> None:
    for path in (ASK, "/", "/sparql", "/export/dataset.nq", "/store?default", "/nowhere"):
        for method in ("GET", "HEAD", "OPTIONS"):
            reply = server.ask(path, method=method, headers=headers)
            assert reply.status < 500, (path, method, reply.status, reply.body[:200])
    assert server.ask(ASK).status == 200


RAW: Final = [
    (b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 300_000), {414}),
    (b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 1_000_000), {414}),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"a" * 300_000), {431}),
    (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n\r\n", {200, 400}),
    (b"GET /sparql?query=ASK{} HTTP/1.0\r\n\r\n", {200}),
    (b"GET http://x/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n", {200}),
    (b"GET /sparql?query=%ff HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
    (b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
    (b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
    (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
    (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", {308, 301, 400, 404}),
    (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", {200, 204, 400, 404}),
    (b"GET\r\n\r\n", {400}),
    (b"\x16\x03\x01\x02\r\n\r\n", {400}),
    (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {200, 400, 505}),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", {400}),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", {413}),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {400}),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", {400, 501}),
]


@pytest.mark.parametrize(
    ("raw", "statuses"),
    RAW,
    ids=lambda value: ascii(value if isinstance(value, bytes) else sorted(value))[:40],
)
def test_what_is_hardly_http_gets_an_answer(server: Server, raw: bytes, statuses: set[int]) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(raw)
        line = connection.makefile("rb").readline()
    assert int(line.split()[1]) in statuses, line


ASKED: Final = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
)
GOT: Final = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\n"
SOUND: Final = [
    ASKED + b"Transfer-Encoding: chunked\r\n\r\n2\r\nAS\r\n4\r\nK {}\r\n0\r\n\r\n",
    ASKED + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\nASK {}",
    GOT + b"\r\n" + GOT + b"Connection: close\r\n\r\n",
]


@pytest.mark.parametrize("raw", SOUND, ids=["chunked", "expect", "pipelined"])
def test_rarer_ways_of_http_work(server: Server, raw: bytes) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(raw)
        said = read(connection)
    assert said.count(b'"boolean":true') == raw.count(b" HTTP/1.1"), said


def test_a_dataset_beside_the_query_goes_over_its_own(server: Server) -> None:
    query = ALL.replace("{", f"FROM <{DEMO}> {{")
    for method in ("GET", "POST", "QUERY"):
        pairs = urlencode({"query": query, "default-graph-uri": META})
        path, body = (f"/sparql?{pairs}", None) if method == "GET" else ("/sparql", pairs)
        reply = server.ask(
            path, method=method, body=body, headers={} if body is None else {"Content-Type": FORM}
        )
        assert json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] == "1"


def test_a_relative_iri_has_a_base(server: Server) -> None:
    reply = server.ask(query="CONSTRUCT { <s> <p> 1 } WHERE {}", format="nt")
    assert reply.text.startswith("<https://w3id.org/trialgraph/s> <https://w3id.org/trialgraph/p> ")


ENDLESS: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def old(server: Server, query: str, **more: str) -> socket.socket:
    """A connection in HTTP/1.0, which knows no chunks, and the request sent on it."""
    where = urlsplit(server.url)
    request = f"GET /sparql?{urlencode({'query': query, **more})} HTTP/1.0\r\n\r\n".encode()
    connection = socket.create_connection((where.hostname, where.port), timeout=20)
    connection.sendall(request)
    return connection


def read(connection: socket.socket) -> bytes:
    body = b""
    while part := connection.recv(1 << 16):
        body += part
    return body


def test_a_broken_answer_is_a_broken_connection_in_http_1_0_too(server: Server) -> None:
    with old(server, ENDLESS, timeout="0.5") as connection, pytest.raises(ConnectionResetError):
        read(connection)
    with old(server, "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", format="tsv") as connection:
        assert read(connection).count(b"\n") > 184 * 184
