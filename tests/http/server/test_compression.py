"""Content codings: which, when, and that a stream neither waits for them nor ends well when it is broken."""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Iterator

import brotli  # type: ignore[import-untyped] # ships no types
import pytest
from flask_compress.compat import compression
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from tests.small_graph import Reply, Server
from trialgraph.http.server.compression import CODINGS, chosen, coded

LONG = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"
SHORT = "SELECT * { ?s ?p ?o } LIMIT 60"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def decoded(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return zlib.decompress(body, zlib.MAX_WBITS + 16)
    if coding == "br":
        return bytes(brotli.decompress(body))
    if coding == "zstd":
        return bytes(compression.zstd.decompress(body))
    return body


def ask(server: Server, query: str, accept: str, method: str = "GET", **parameters: str) -> Reply:
    return server.ask(query=query, method=method, headers={"Accept-Encoding": accept}, **parameters)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("GZIP", "gzip"),
        ("*", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=0", ""),
        ("gzip; q=0, *", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("gzip, identity;q=0", "gzip"),
        ("compress, x-junk", ""),
        ("\xff;q=huge,,;;", ""),
        ("", ""),
    ],
)
def test_the_coding_is_what_the_client_likes_best(header: str, coding: str) -> None:
    assert chosen(parse_accept_header(header, Accept)) == coding


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("query", [SHORT, LONG])
def test_an_answer_is_the_same_in_each_coding(server: Server, query: str, coding: str) -> None:
    plain = ask(server, query, "identity", format="tsv")
    reply = ask(server, query, coding, format="tsv")
    assert (reply.status, reply.headers["Content-Encoding"]) == (200, coding)
    assert {part.strip() for part in reply.headers["Vary"].split(",")} == {"Accept", "Accept-Encoding"}
    assert len(reply.body) < len(plain.body) / 2
    assert sorted(decoded(reply.body, coding).splitlines()) == sorted(plain.body.splitlines())
    assert plain.headers["Content-Encoding"] is None
    head = ask(server, query, coding, "HEAD", format="tsv")
    assert head.body == b""
    for name in ("Content-Type", "Content-Encoding", "Vary", "ETag", "Content-Length"):
        assert head.headers[name] == reply.headers[name], name


def test_a_tiny_answer_and_an_error_stay_as_they_are(server: Server) -> None:
    assert ask(server, "ASK {}", "gzip").headers["Content-Encoding"] is None
    assert ask(server, "SELECT", "gzip").headers["Content-Encoding"] is None
    assert "Accept-Encoding" in ask(server, "ASK {}", "gzip").headers["Vary"]


def test_pages_and_files_are_coded_too_and_a_range_is_not(server: Server) -> None:
    page = server.ask("/queries/", headers={"Accept-Encoding": "br"})
    assert (page.status, page.headers["Content-Encoding"]) == (200, "br")
    plain = server.ask("/export/dataset.nq")
    file = server.ask("/export/dataset.nq", headers={"Accept-Encoding": "zstd"})
    assert decoded(file.body, "zstd") == plain.body
    assert file.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for etag in (file.headers["ETag"], plain.headers["ETag"]):
        again = {"Accept-Encoding": "zstd", "If-None-Match": etag}
        assert server.ask("/export/dataset.nq", headers=again).status == 304
    part = server.ask("/export/dataset.nq", headers={"Accept-Encoding": "zstd", "Range": "bytes=10-19"})
    assert (part.status, part.headers["Content-Encoding"], part.body) == (206, None, plain.body[10:20])


def test_a_conditional_request_is_one_in_each_coding(server: Server) -> None:
    etag = ask(server, SHORT, "gzip").headers["ETag"]
    for coding in (*CODINGS, "identity"):
        headers = {"Accept-Encoding": coding, "If-None-Match": etag}
        again = server.ask(query=SHORT, headers=headers)
        assert (again.status, again.body) == (304, b"")
        assert "Accept-Encoding" in again.headers["Vary"]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_is_passed_on_part_by_part(coding: str) -> None:
    """Each part can be read as soon as it has gone in, and nothing follows a source that fails."""

    def source() -> Iterator[bytes]:
        yield from (b"first part, ", b"", b"second part, ")
        raise RuntimeError

    parts, sent = coded(source(), coding), b""
    for expected in (b"first part, ", b"first part, second part, "):
        sent += next(parts)
        assert beginning(sent, coding) == expected
    with pytest.raises(RuntimeError):
        next(parts)
    assert b"".join(parts) == b""


def beginning(body: bytes, coding: str) -> bytes:
    """What can be read of a stream that has not ended."""
    if coding == "gzip":
        gzip = zlib.decompressobj(zlib.MAX_WBITS + 16)
        text = gzip.decompress(body)
        assert not gzip.eof
        return text
    if coding == "br":
        br = brotli.Decompressor()
        text = br.process(body)
        assert not br.is_finished()
        return bytes(text)
    zstd = compression.zstd.ZstdDecompressor()
    text = zstd.decompress(body)
    assert not zstd.eof
    return bytes(text)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_broken_answer_is_a_broken_transfer_in_each_coding(server: Server, coding: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(server, ENDLESS, coding, timeout="0.5", format="tsv")
    assert len(beginning(caught.value.partial, coding)) > 60_000
