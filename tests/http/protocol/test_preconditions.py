"""Conditions of requests (RFC 9110, 13.1)."""

from __future__ import annotations

import pytest

from tests.small_graph import Server

FILE = "/export/dataset.nq"
QUERY = "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"nothing"'}, 412),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"nothing"'}, 200),
        ({"If-Unmodified-Since": "Sun, 01 Jan 2006 00:00:00 GMT"}, 412),
        ({"If-Unmodified-Since": "Sun, 01 Jan 2090 00:00:00 GMT"}, 200),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        ({"If-Match": "*", "If-Unmodified-Since": "Sun, 01 Jan 2006 00:00:00 GMT"}, 200),
    ],
)
def test_conditions_of_a_file(server: Server, headers: dict[str, str], status: int) -> None:
    for method in ("GET", "HEAD"):
        assert server.ask(FILE, method=method, headers=headers).status == status


def test_a_strong_tag_matches_itself(server: Server) -> None:
    etag = server.ask(FILE).headers["ETag"]
    assert server.ask(FILE, headers={"If-Match": etag}).status == 200
    assert server.ask(FILE, headers={"If-Match": f'"a", {etag}'}).status == 200
    assert server.ask(FILE, headers={"If-Match": f"W/{etag}"}).status == 412


def test_conditions_of_a_query(server: Server) -> None:
    first = server.ask(QUERY)
    known = server.ask(QUERY, headers={"If-None-Match": "*"})
    assert (known.status, known.body) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control"):
        assert known.headers[name] == first.headers[name]
    assert server.ask(QUERY, headers={"If-Match": "*"}).status == 200
    refused = server.ask(QUERY, headers={"If-Match": '"other"'})
    assert (refused.status, refused.type) == (412, "application/problem+json")
    # by comparison of strong tags, which a weak one never equals
    assert server.ask(QUERY, headers={"If-Match": first.headers["ETag"]}).status == 412


def test_an_error_stays_an_error(server: Server) -> None:
    for headers in ({"If-Match": '"other"'}, {"If-None-Match": "*"}):
        assert server.ask("/export/nothing.nq", headers=headers).status == 404
        assert server.ask(query="SELECT", headers=headers).status == 400
