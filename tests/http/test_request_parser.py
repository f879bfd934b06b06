"""Requests that waitress's own reader takes for something else, or fails at."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from trialgraph.http.request_parser import Parser

HOST = b"Host: a\r\n"
LONG = b"9" * 5_000
ADJUSTMENTS = Adjustments(max_request_body_size=1_000)


def read(raw: bytes) -> Parser:
    parser = Parser(ADJUSTMENTS)
    while raw and not parser.completed:
        raw = raw[parser.received(raw) :]
    return parser


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"GET http://[word]/x HTTP/1.1\r\n" + HOST, 400),
        (b"GET http://[/x HTTP/1.1\r\n" + HOST, 400),
        ("GET http://\u2100/x HTTP/1.1\r\nHost: a\r\n".encode(), 400),
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n Host: b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a, b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: [word]\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a:" + LONG + b"\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LONG + b"\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"GET / HTTP/2.0\r\n" + HOST, 505),
        (b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST, 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 300_000 + b"\r\n", 431),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_what_is_refused(raw: bytes, code: int) -> None:
    parser = read(raw + b"\r\n")
    assert parser.error is not None
    assert parser.error.code == code
    assert not parser.expect_continue


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.0\r\n",
        b"GET http://a:80/x HTTP/1.1\r\n" + HOST,
        b"GET http://[::1]/x HTTP/1.1\r\nHost: [::1]:80\r\n",
        b"GET / HTTP/1.1\r\nHost: a.example:8000\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n",
        b"OPTIONS * HTTP/1.1\r\n" + HOST,
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
    ],
)
def test_what_is_read(raw: bytes) -> None:
    parser = read(raw + b"\r\n")
    assert parser.completed
    assert parser.error is None


def test_a_chunk_that_is_too_long_is_refused_before_it_arrives() -> None:
    parser = read(
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"F" * 6_000 + b"\r\nab"
    )
    assert parser.error is not None
    assert parser.error.code == 413


def test_a_body_that_is_refused_is_not_asked_for() -> None:
    parser = read(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n")
    assert parser.error is not None
    assert not parser.expect_continue
