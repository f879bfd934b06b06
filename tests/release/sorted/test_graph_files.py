"""Files of one named graph: those of large graphs, and what is answered from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, Quad, RdfFormat, Triple, parse

from trialgraph.base.settings import DEFAULTS
from trialgraph.graph.description import describer
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.rdf import iris
from trialgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, GraphFormat
from trialgraph.rdf.vocabulary import RDFS
from trialgraph.release.open import Release, damaged
from trialgraph.release.sorted.graph_files import graph_file_name
from trialgraph.release.write import write_release

FORMATS = (N_TRIPLES, N_QUADS, RDF_XML, JSON_LD)
NAMES = ("provenance", "ontology", "meta")


def of(sample: Release, folder: Path, most: int, *more: Quad) -> Release:
    made = {*parse(path=str(sample.path / "dataset.nq"), format=RdfFormat.N_QUADS), *more}
    settings = replace(DEFAULTS, graph_file_bytes=most)
    return write_release(made, describe=describer(made, [], settings), releases=folder, settings=settings)


@pytest.fixture(scope="module")
def by_itself(sample: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return of(sample, tmp_path_factory.mktemp("graphs"), 1)


@pytest.fixture(scope="module")
def client(by_itself: Release) -> Iterator[FlaskClient]:
    with Pool(by_itself, size=1) as pool:
        yield create_app(by_itself, pool).test_client()


def named_alike(triples: set[Triple]) -> set[Quad]:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def stated(release: Release, graph: str) -> set[Quad]:
    quads = parse(path=str(release.path / "trialgraph.nq"), format=RdfFormat.N_QUADS)
    return named_alike({quad.triple for quad in quads if quad.graph_name == iris.graph(graph)})


def read(content: bytes, form: GraphFormat) -> set[Quad]:
    return named_alike({quad.triple for quad in parse(content, format=form.engine)})


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("name", NAMES)
def test_a_large_graph_is_sent_from_its_file(
    client: FlaskClient, by_itself: Release, name: str, form: GraphFormat
) -> None:
    expected = stated(by_itself, name)
    assert expected
    asked = {"Accept": form.media_type}
    graph = iris.graph(name).value
    query = {"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}
    for path, values in (("/store", {"graph": graph}), ("/sparql", query), (f"/graph/{name}", {})):
        with client.get(path, headers=asked, query_string=values) as reply:
            assert reply.status_code == 200
            assert read(reply.data, form) == expected
            whole, tag = reply.data, reply.headers["ETag"]
            assert not tag.startswith("W/")
            assert reply.content_length == len(whole)
            assert reply.mimetype == form.media_type
        within = asked | {"Range": "bytes=5-24", "If-Range": tag}
        with client.get(path, headers=within, query_string=values) as part:
            assert (part.status_code, part.data) == (206, whole[5:25])
        with client.get(path, headers=asked | {"If-None-Match": tag}, query_string=values) as known:
            assert known.status_code == 304


def test_its_files_are_files_of_the_release(client: FlaskClient, by_itself: Release) -> None:
    files = by_itself.manifest["files"]
    names = {graph_file_name(iris.graph("meta").value, form) for form in (N_TRIPLES, RDF_XML, JSON_LD)}
    assert names == {"graph-meta.nt", "graph-meta.rdf", "graph-meta.jsonld"} <= files.keys()
    assert not damaged(by_itself)
    with client.get("/export/graph-meta.nt") as reply:
        assert read(reply.data, N_TRIPLES) == stated(by_itself, "meta")
    page = client.get("/dataset", headers={"Accept": "text/html"}).text
    assert "/export/graph-meta.nt" in page
    assert "The graph meta alone" in page


def test_a_small_graph_has_none(sample: Release, tmp_path: Path) -> None:
    made = of(sample, tmp_path, DEFAULTS.graph_file_bytes)
    assert made.hash == sample.hash
    assert not [name for name in made.manifest["files"] if name.startswith("graph-")]


def test_without_its_file_a_graph_is_answered_all_the_same(sample: Release, tmp_path: Path) -> None:
    made = of(sample, tmp_path, 1)
    for form in (N_TRIPLES, RDF_XML, JSON_LD):
        (made.path / graph_file_name(iris.graph("meta").value, form)).unlink()
    with Pool(made, size=1) as pool:
        client = create_app(made, pool).test_client()
        for form in FORMATS:
            with client.get("/graph/meta", headers={"Accept": form.media_type}) as reply:
                assert read(reply.data, form) == stated(made, "meta")


def test_rdf_xml_with_a_replacement_is_not_the_graph(sample: Release, tmp_path: Path) -> None:
    bell = Quad(iris.source("a"), RDFS.comment, Literal("bell \x07"), iris.graph("a"))
    made = of(sample, tmp_path, 1, bell)
    with Pool(made, size=1) as pool:
        client = create_app(made, pool).test_client()
        with client.get("/graph/a", headers={"Accept": RDF_XML.media_type}) as reply:
            assert reply.status_code == 406
        with client.get("/graph/a", headers={"Accept": JSON_LD.media_type}) as reply:
            assert read(reply.data, JSON_LD) == stated(made, "a")
