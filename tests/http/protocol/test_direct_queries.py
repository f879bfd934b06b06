"""A query that is answered before Flask has the answer that Flask's view gives, to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.small_graph import DEMO, META
from trialgraph.base.settings import Settings
from trialgraph.http.protocol import direct_queries
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 40"
FEW = "SELECT ?p { ?s ?p ?o } ORDER BY ?p LIMIT 2"
TURTLE = "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p ?o }"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"

#: Parameters of the address, and headers: answers of every kind, and what is no query or none that may be run.
ASKED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "rows": ({"query": ROWS}, {}),
    "truth": ({"query": "ASK {}"}, {"Accept": "application/json"}),
    "graph": ({"query": TURTLE}, {"Accept": "text/turtle;q=0.5, application/n-triples"}),
    "describe": ({"query": f"DESCRIBE <{META}>"}, {"Accept": "*/*"}),
    "csv": ({"query": FEW}, {"Accept": "text/csv"}),
    "cells for a spreadsheet": ({"query": FEW, "format": "tsv", "cells": "safe"}, {}),
    "a format by name": ({"query": FEW, "format": "xml"}, {"Accept": "image/png"}),
    "a dataset": ({"query": FEW, "default-graph-uri": DEMO, "named-graph-uri": META}, {}),
    "graphs that are not there": (
        {"query": FEW, "default-graph-uri": ["http://x.org/ü", "http://x.org/y"]},
        {},
    ),
    "one that differs each time": ({"query": "SELECT (NOW() AS ?n) {} LIMIT 0"}, {}),
    "a limit of time": ({"query": FEW, "timeout": "3"}, {}),
    "a long one, compressed": ({"query": ROWS}, {"Accept-Encoding": "br, gzip"}),
    "a short one, compressed": ({"query": "ASK {}"}, {"Accept-Encoding": "gzip"}),
    "a page": ({"query": FEW}, {"Accept": "text/html"}),
    "a page for whoever takes any text": ({"query": "ASK {"}, {"Accept": "text/*"}),
    "a page by name": ({"query": FEW, "format": "html"}, {}),
    "a workbook of a truth value": ({"query": "ASK {}", "format": "xlsx"}, {}),
    "another tag": ({"query": FEW}, {"If-None-Match": '"another"'}),
    "any tag": ({"query": FEW}, {"If-None-Match": "*"}),
    "a range": ({"query": FEW}, {"Range": "bytes=0-3"}),
    "a tag that must match": ({"query": FEW}, {"If-Match": '"another"'}),
    "no query": ({}, {"Accept": "text/turtle"}),
    "the form": ({}, {"Accept": "text/html"}),
    "two queries": ({"query": ["ASK {}", "ASK {}"]}, {}),
    "an update": ({"update": "DROP ALL"}, {}),
    "an update as a query": ({"query": "DROP ALL"}, {}),
    "a syntax error": ({"query": "SELECT * { ?s ?p }"}, {"Accept": "text/plain"}),
    "an unknown function": ({"query": "SELECT (<urn:f>(1) AS ?x) {}"}, {}),
    "a service": ({"query": "SELECT * { SERVICE <http://x.org/> {} }"}, {}),
    "a graph that cannot be named": ({"query": FEW, "default-graph-uri": "file:///etc/passwd"}, {}),
    "an unknown format": ({"query": FEW, "format": "docx"}, {}),
    "nothing acceptable": ({"query": FEW}, {"Accept": "image/png"}),
    "a time that is none": ({"query": FEW, "timeout": "soon"}, {}),
    "cells that are none": ({"query": FEW, "cells": "maybe"}, {}),
    "too many parameters": ({"query": FEW} | {f"p{n}": "" for n in range(30)}, {}),
    "too long": ({"query": FEW, "x": "y" * 5_000}, {}),
}


@pytest.fixture(scope="module")
def app(small_release: Release) -> Iterator[Flask]:
    settings = Settings(workers=1, access_log="none", parameters=20, url_bytes=4_000, body_bytes=6_000)
    with Pool(small_release, settings=settings) as pool:
        yield create_app(small_release, pool, settings=settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Whose answers come from no cache of responses."""
    site = app.extensions[LIVE].site
    site.responses.largest = -1
    return app.test_client()


def same(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, **request: Any) -> TestResponse:
    """The reply, which is the same without what answers before Flask."""
    first = client.open("/sparql", buffered=True, **request)
    with monkeypatch.context() as patched:
        patched.setattr(direct_queries, "METHODS", frozenset())
        second = client.open("/sparql", buffered=True, **request)
    assert told(first) == told(second)
    return first


def told(reply: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """What a reply says; an id differs from one request to the next."""
    own = reply.headers["X-Request-ID"].encode()
    headers = sorted(pair for pair in reply.headers if pair[0] != "X-Request-ID")
    return reply.status_code, headers, reply.data.replace(own, b"")


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_is_the_same_before_flask(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, method: str, name: str
) -> None:
    parameters, headers = ASKED[name]
    sent = urlencode(parameters, doseq=True)
    if method == "POST":
        same(client, monkeypatch, method=method, data=sent, content_type=FORM, headers=headers)
        return
    same(client, monkeypatch, method=method, query_string=sent, headers=headers)


@pytest.mark.parametrize(
    ("body", "content_type", "headers"),
    [
        (FEW.encode(), DIRECT, {}),
        (FEW.encode(), f"{DIRECT}; charset=UTF-8", {"Accept-Encoding": "identity"}),
        (FEW.encode("utf-16"), f"{DIRECT}; charset=utf-16", {}),
        (b"SELECT \xff", DIRECT, {}),
        (b"query=%ff", FORM, {}),
        (FEW.encode(), "text/plain", {}),
        (FEW.encode(), DIRECT, {"Content-Encoding": "gzip"}),
        (b"DROP ALL", "application/sparql-update", {}),
        (b"x" * 7_000, DIRECT, {}),
        (b"x" * 7_000, "text/plain", {}),
        (b"query=ASK+%7B", FORM, {"Accept": "text/*"}),
        (b"", FORM, {}),
    ],
)
def test_a_body_is_read_the_same_before_flask(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    body: bytes,
    content_type: str,
    headers: dict[str, str],
) -> None:
    same(client, monkeypatch, method="POST", data=body, content_type=content_type, headers=headers)


def test_the_tag_that_a_client_has_is_known_before_flask(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/sparql", query_string={"query": FEW}).headers["ETag"]
    for held in (tag, f'"x", {tag}'):
        reply = same(client, monkeypatch, query_string={"query": FEW}, headers={"If-None-Match": held})
        assert (reply.status_code, reply.data) == (304, b"")


def test_the_page_on_an_error_shows_the_query_that_was_posted(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for accept in ("text/html", "text/*"):
        reply = same(
            client,
            monkeypatch,
            method="POST",
            data={"query": "SELECT * { ?who"},
            headers={"Accept": accept},
        )
        assert (reply.status_code, reply.mimetype) == (400, "text/html")
        assert "?who" in reply.text


def test_what_most_programs_ask_needs_no_flask(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_self: Flask) -> Any:
        raise AssertionError

    monkeypatch.setattr(type(app), "full_dispatch_request", never)
    for headers in ({}, {"Accept": "application/json"}, {"Accept-Encoding": "identity"}):
        assert client.get("/sparql", query_string={"query": FEW}, headers=headers).status_code == 200
    assert client.post("/sparql", data={"query": FEW}).status_code == 200


def test_nothing_is_evaluated_twice(app: Flask, client: FlaskClient) -> None:
    """An error and an answer that is to be compressed are passed on, not found again."""
    pool = app.extensions[LIVE].site.pool
    for number, (text, headers, counted) in enumerate(
        [
            ("SELECT (<urn:f>(1) AS ?x) {}", {}, "refused"),
            (ROWS, {"Accept-Encoding": "gzip"}, "answered"),
        ]
    ):
        before = pool.stats()[counted]
        client.get(
            "/sparql", query_string={"query": f"{text} # once {number}"}, headers=headers, buffered=True
        )
        assert pool.stats()[counted] == before + 1
