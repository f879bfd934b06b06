"""Whole graphs and prepared answers over HTTP: files with ranges and tags, whatever asks for them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from trialgraph.http.site import LIVE
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.release.open import Release

ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
TURTLE, NTRIPLES = "text/turtle", "application/n-triples"
SLUG = "find-trials"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_whole_graph_is_a_file_of_the_release(
    two_client: FlaskClient, two_sources: Release, method: str
) -> None:
    for media_type, file in (
        (NTRIPLES, "trialgraph.nt"),
        ("application/n-quads", "trialgraph.nt"),
        (TURTLE, "trialgraph.ttl"),
        ("application/trig", "trialgraph.ttl"),
        ("application/rdf+xml", "trialgraph.rdf"),
        ("application/ld+json", "trialgraph.jsonld"),
    ):
        ask = getattr(two_client, method)
        key = "query_string" if method == "get" else "data"
        reply = ask("/sparql", **{key: {"query": ALL}}, headers={"Accept": media_type})
        assert reply.mimetype == media_type
        assert reply.data == (two_sources.path / file).read_bytes()
        assert reply.content_length == len(reply.data)
        assert "Accept" in reply.headers["Vary"]
        reply.close()


def test_ranges_tags_and_conditions(two_client: FlaskClient, two_sources: Release) -> None:
    whole = (two_sources.path / "trialgraph.nt").read_bytes()
    graph = {"graph": iris.graph("ontology").value}
    block = two_client.get("/store", query_string=graph, headers={"Accept": TURTLE}).data
    for path, query, media_type, content in (
        ("/sparql", {"query": ALL}, NTRIPLES, whole),
        ("/store", graph, TURTLE, block),
    ):

        def ask(
            _path: str = path, _query: dict[str, str] = query, _type: str = media_type, **headers: str
        ) -> object:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return two_client.get(
                _path, query_string=_query, headers={"Accept": _type, **named}, buffered=True
            )

        first = ask()
        tag = first.headers["ETag"]  # type: ignore[attr-defined]
        assert not tag.startswith("W/")
        assert first.headers["Accept-Ranges"] == "bytes"  # type: ignore[attr-defined]
        part = ask(Range="bytes=100-299", If_Range=tag)
        assert (part.status_code, part.data) == (206, content[100:300])  # type: ignore[attr-defined]
        assert part.headers["Content-Range"] == f"bytes 100-299/{len(content)}"  # type: ignore[attr-defined]
        last = ask(Range="bytes=-50")
        assert (last.status_code, last.data) == (206, content[-50:])  # type: ignore[attr-defined]
        changed = ask(Range="bytes=100-299", If_Range='"another"')
        assert (changed.status_code, changed.data) == (200, content)  # type: ignore[attr-defined]
        beyond = ask(Range=f"bytes={len(content)}-")
        assert beyond.status_code == 416  # type: ignore[attr-defined]
        same = ask(If_None_Match=tag)
        assert (same.status_code, same.data) == (304, b"")  # type: ignore[attr-defined]
        head = two_client.head(path, query_string=query, headers={"Accept": media_type}, buffered=True)
        assert (head.status_code, head.data, head.content_length) == (200, b"", len(content))


def test_two_formats_of_one_file_have_two_tags(two_client: FlaskClient) -> None:
    replies = [
        two_client.head("/sparql", query_string={"query": ALL}, headers={"Accept": media_type}, buffered=True)
        for media_type in (TURTLE, "application/trig", "text/n3")
    ]
    assert len({reply.headers["ETag"] for reply in replies}) == 3


def test_a_whole_graph_is_compressed_as_asked(two_client: FlaskClient, two_sources: Release) -> None:
    reply = two_client.get(
        "/sparql", query_string={"query": ALL}, headers={"Accept": TURTLE, "Accept-Encoding": "gzip"}
    )
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.headers["ETag"].startswith("W/")
    assert len(reply.data) < (two_sources.path / "trialgraph.ttl").stat().st_size / 3
    reply.close()


def test_a_named_graph_holds_what_the_dataset_says(two_client: FlaskClient, two_sources: Release) -> None:
    counts = two_sources.manifest["counts"]["graphs"]
    for name, number in list(counts.items())[:3]:
        for media_type in (TURTLE, NTRIPLES):
            reply = two_client.get(
                "/sparql",
                query_string={"query": ALL, "default-graph-uri": iris.graph(name).value},
                headers={"Accept": media_type},
            )
            found = set(parse(reply.data, RdfFormat.from_media_type(media_type)))
            assert len(found) == number
            reply.close()


@pytest.mark.parametrize("suffix", ["json", "csv", "tsv", "xml"])
def test_the_page_of_a_saved_query_and_the_endpoint_give_the_prepared_answer(
    two_client: FlaskClient, two_app: Flask, two_sources: Release, suffix: str
) -> None:
    pool = two_app.extensions[LIVE].site.pool
    before = pool.stats()["answered"]
    prepared = (two_sources.path / "answers" / f"{SLUG}.{suffix}").read_bytes()
    reply = two_client.get(f"/queries/{SLUG}.{suffix}?cells=exact")
    assert reply.data == prepared
    asked = two_client.get(
        "/sparql", query_string={"query": load_queries()[SLUG].bind(), "format": suffix, "cells": "exact"}
    )
    assert (asked.data, asked.headers["ETag"]) == (prepared, reply.headers["ETag"])
    assert pool.stats()["answered"] == before


def test_cells_for_spreadsheets_are_safe_in_a_prepared_answer_too(two_client: FlaskClient) -> None:
    reply = two_client.get(f"/queries/{SLUG}.csv")
    assert reply.headers["X-Trialgraph-Cells"] == "safe"
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.data.startswith(b"trial,")


def test_a_query_whose_answer_was_left_out_says_why(
    two_client: FlaskClient, two_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = two_app.extensions[LIVE].site.pool.stored.prepared
    assert "computed on request" not in two_client.get(f"/queries/{SLUG}").text
    monkeypatch.setattr(prepared, "left_out", {SLUG: "it takes more than 120 seconds"})
    assert "computed on request: it takes more than 120 seconds" in two_client.get(f"/queries/{SLUG}").text
