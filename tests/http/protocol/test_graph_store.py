"""The Graph Store Protocol's read side on the real server."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from tests.small_graph import DEMO, META, SUMMARY, Reply, Server, quads
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

NTRIPLES, TURTLE, NQUADS = "application/n-triples", "text/turtle", "application/n-quads"
DOORS = ["/store", "/sparql"]


def triples(reply: Reply) -> set[Quad]:
    assert reply.status == 200, reply.text
    return set(parse(reply.body, RdfFormat.from_media_type(reply.type) or RdfFormat.N_QUADS))


def held(graph: str) -> set[Quad]:
    return {Quad(q.subject, q.predicate, q.object) for q in quads() if q.graph_name.value == graph}  # type: ignore[union-attr]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "media_type", [TURTLE, NTRIPLES, "application/rdf+xml", "application/ld+json", "application/trig", NQUADS]
)
def test_a_named_graph_in_each_format(server: Server, door: str, media_type: str) -> None:
    by_accept = server.ask(f"{door}?{urlencode({'graph': DEMO})}", headers={"Accept": media_type})
    assert by_accept.type == media_type
    assert triples(by_accept) == held(DEMO)
    assert set(by_accept.headers["Vary"].split(", ")) == {"Accept", "Accept-Encoding"}
    by_name = server.ask(door, graph=DEMO, format=media_type)
    assert (by_name.type, triples(by_name)) == (media_type, held(DEMO))


@pytest.mark.parametrize("door", DOORS)
def test_the_default_graph_is_the_merge(server: Server, door: str) -> None:
    for path in (f"{door}?default", f"{door}?default="):
        assert len(triples(server.ask(path, headers={"Accept": NTRIPLES}))) == 184


def test_without_a_wish_turtle(server: Server) -> None:
    assert server.ask("/store", graph=SUMMARY).type == TURTLE
    assert server.ask("/store", graph=SUMMARY, headers={"Accept": "text/html,*/*;q=0.1"}).type == TURTLE


def test_a_graph_at_its_own_address(server: Server) -> None:
    for path in ("/graph/demo", "/graph/demo.ttl"):
        assert triples(server.ask(path, headers={"Accept": TURTLE})) == held(DEMO)
    assert triples(server.ask("/graph/demo.nt")) == held(DEMO)
    assert server.ask("/graph/nothing", headers={"Accept": TURTLE}).status == 404
    # nothing is said of this graph, so that there is no page on it
    assert triples(server.ask("/graph/demo", headers={"Accept": "text/html"})) == held(DEMO)


@pytest.mark.parametrize("iri", ["graph/demo", "/graph/demo", "../graph/demo", "store/../graph/demo"])
def test_a_relative_iri_is_relative_to_the_request(server: Server, iri: str) -> None:
    assert triples(server.ask("/store", graph=iri, headers={"Accept": NTRIPLES})) == held(DEMO)
    assert triples(server.ask("/store", graph=f"{server.url}graph/demo", format="nt")) == held(DEMO)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"graph": "http://example.org/nothing"}, 404),
        ({"graph": "file:///etc/hostname"}, 404),
        ({"graph": ""}, 404),
        ({"graph": "a b"}, 404),
        ({"graph": "http://[x"}, 404),
        ([("graph", DEMO), ("graph", META)], 400),
        ([("graph", DEMO), ("default", "")], 400),
        ({"graph": DEMO, "format": "csv"}, 400),
        ({"format": "turtle"}, 406),
    ],
)
def test_what_is_no_graph_says_so(server: Server, method: str, query: object, status: int) -> None:
    reply = server.ask(f"/store?{urlencode(query)}", method=method)  # type: ignore[arg-type] # pairs or a mapping
    assert reply.status == status
    if method == "GET":
        assert json.loads(reply.body)["detail"]


def test_nothing_fits_is_406(server: Server) -> None:
    assert server.ask("/store?default", headers={"Accept": "text/csv"}).status == 406
    assert server.ask("/store", headers={"Accept": TURTLE}).status == 406


def test_the_whole_dataset_keeps_its_graphs(server: Server) -> None:
    reply = server.ask("/store", headers={"Accept": NQUADS})
    assert reply.type == NQUADS
    found = triples(reply)
    assert len({q.graph_name for q in found}) == 3
    assert {q for q in found if q.graph_name.value != META} == set(quads())  # type: ignore[union-attr]
    again = server.ask("/store", headers={"Accept": NQUADS, "If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_head_is_get_without_a_body(server: Server) -> None:
    for path in ("/store?default", f"/store?{urlencode({'graph': DEMO})}", "/store", "/graph/demo"):
        get, head = server.ask(path), server.ask(path, method="HEAD")
        assert (head.status, head.body) == (get.status, b"")
        for name in ("Content-Type", "ETag", "Vary", "Content-Length", "X-Trialgraph-Release", "Link"):
            assert head.headers[name] == get.headers[name], (path, name)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_written(server: Server, method: str) -> None:
    for path in ("/store?default", f"/store?{urlencode({'graph': DEMO})}", "/graph/demo"):
        reply = server.ask(path, method=method, body="<a:b> <a:c> <a:d> .", headers={"Content-Type": TURTLE})
        assert reply.status == 405
        assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    at_sparql = server.ask(f"/sparql?{urlencode({'graph': DEMO})}", method=method, body="", headers={})
    assert 400 <= at_sparql.status < 500
    assert len(triples(server.ask("/store?default", headers={"Accept": NTRIPLES}))) == 184


@pytest.mark.parametrize(
    ("path", "file", "media_type"),
    [
        ("/store?default", "trialgraph.ttl", TURTLE),
        ("/store?default", "trialgraph.rdf", "application/rdf+xml"),
        ("/store", "trialgraph.trig", "application/trig"),
        ("/store", "trialgraph.nq", NQUADS),
    ],
)
def test_what_the_release_has_as_a_file_is_that_file(
    release: Release, path: str, file: str, media_type: str
) -> None:
    with Pool(release, size=1) as pool:
        client = create_app(release, pool).test_client()
        whole = release.file(file).read_bytes()
        asked = {"Accept": media_type}
        with client.get(path, headers=asked) as reply:
            assert reply.data == whole
        with client.get(path, headers=asked | {"Range": "bytes=0-9"}) as part:
            assert (part.status_code, part.data) == (206, whole[:10])
        with client.get(path) as unasked:
            assert unasked.mimetype == ("application/trig" if path == "/store" else TURTLE)
