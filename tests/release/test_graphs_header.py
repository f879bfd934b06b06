"""One ``owl:Ontology`` in a release: in the default graph of its store and in every file that merges its graphs."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib import DCTERMS, RDFS

from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.vocabulary import HOME, OWL, RDF, VOID
from trialgraph.release.graphs import GRAPH_FILES, as_parts
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

HEADS = f"SELECT ?head {{ ?head a {OWL.Ontology} }}"
PARTS = [stem for stems in GRAPH_FILES.values() for stem in stems]


def part(stem: str) -> str:
    """The IRI that the file of that stem has as an ontology."""
    return HOME + {"trialgraph": "ontology"}.get(stem, stem)


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def test_the_default_graph_has_one(store: Store) -> None:
    assert [row["head"] for row in store.query(HEADS)] == [iris.page()]  # type: ignore[union-attr]
    named = store.query(f"SELECT ?head ?g {{ GRAPH ?g {{ ?head a {OWL.Ontology} }} }}")
    assert [row["g"] for row in named] == [iris.graph("meta")]  # type: ignore[union-attr]
    versions = f"SELECT ?head {{ ?head {OWL.versionIRI} ?version }}"
    assert [row["head"] for row in store.query(versions)] == [iris.page()]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [name for name, form in EXPORT_FORMATS.items() if not form.dataset])
def test_every_merged_export_has_one_with_version_licence_and_title(name: str, release: Release) -> None:
    form = EXPORT_FORMATS[name]
    said: dict[NamedNode, set[object]] = {}
    heads = []
    for quad in parse(path=str(release.file(f"trialgraph.{form.suffix}")), format=form.engine):
        if quad.predicate == RDF.type and quad.object == OWL.Ontology:
            heads.append(quad.subject)
        if quad.subject == iris.page():
            said.setdefault(quad.predicate, set()).add(quad.object)
    assert heads == [iris.page()]
    assert said[OWL.versionIRI] == {iris.release(release.hash)}
    assert len(said[NamedNode(str(DCTERMS.title))]) == 1
    assert len(said[NamedNode(str(DCTERMS.license))]) >= 3
    assert said[NamedNode(str(DCTERMS.hasPart))] == {NamedNode(part(stem)) for stem in PARTS}


def test_rdflib_and_the_engine_agree(release: Release) -> None:
    graph = rdflib.Graph().parse(release.file("trialgraph.ttl"))
    heads = list(graph.subjects(rdflib.RDF.type, rdflib.OWL.Ontology))
    assert [str(head) for head in heads] == [iris.page().value]
    targets = set(graph.objects(None, RDFS.isDefinedBy))
    assert len(targets) > 10
    assert {
        t for t in targets if not (graph.value(t, DCTERMS.title) and graph.value(t, DCTERMS.license))
    } == set()


@pytest.mark.parametrize("stem", PARTS)
def test_a_part_keeps_what_its_file_says_of_it(stem: str, store: Store) -> None:
    found = set(parse(path=str(resource("ontology") / f"{stem}.ttl"), format=RdfFormat.TURTLE))
    node = NamedNode(part(stem))
    stated = {(quad.predicate, quad.object) for quad in found if quad.subject == node}
    assert (RDF.type, OWL.Ontology) in stated
    (graph,) = (iris.graph(name) for name, stems in GRAPH_FILES.items() if stem in stems)
    kept = {(quad.predicate, quad.object) for quad in store.quads_for_pattern(node, None, None, graph)}
    assert {o for p, o in stated - kept} == {OWL.Ontology, *(o for p, o in stated if p == OWL.versionIRI)}
    assert (RDF.type, VOID.Dataset) in kept
    assert {o for p, o in kept - stated} == {VOID.Dataset, *(o for p, o in stated if p == OWL.versionIRI)}


def test_only_headers_change() -> None:
    head, other = NamedNode("http://x/head"), NamedNode("http://x/other")
    plain = Triple(other, RDF.type, OWL.Class)
    made = set(
        as_parts([Triple(head, RDF.type, OWL.Ontology), plain, Triple(head, OWL.versionInfo, Literal("1"))])
    )
    assert made == {Triple(head, RDF.type, VOID.Dataset), plain, Triple(head, OWL.versionInfo, Literal("1"))}
