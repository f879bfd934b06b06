"""The bridge: with it, the classes of others find all trials, by reasoning and by what an export states."""

from __future__ import annotations

import io

import owlready2  # type: ignore[import-untyped]  # ships no types
import owlrl  # type: ignore[import-untyped]  # ships no types
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import OWL, RDF, RDFS, URIRef

from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.vocabulary import HOME, PREFIXES
from trialgraph.release.export import export
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

BRIDGE = resource("ontology") / "bridge.ttl"
CLASSES = ("schema:MedicalTrial", "CTO:0000220", "OBI:0000066")
#: Completely executed in OBI: a trial that is going on is none.
NEVER = "OBI:0003699"


def iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def trials(release: Release) -> set[str]:
    found = open_store(release).query(f"SELECT ?t {{ ?t a <{PREFIXES['tg']}Trial> }}")
    return {row["t"].value for row in found}  # type: ignore[union-attr]


@pytest.mark.parametrize("curie", CLASSES)
def test_a_path_finds_all_trials_in_export_and_bridge(curie: str, release: Release) -> None:
    store = Store()
    store.bulk_load(path=str(release.file("trialgraph.ttl")), format=RdfFormat.TURTLE)
    query = f"SELECT DISTINCT ?t {{ ?t a/<{RDFS.subClassOf}>* <{iri(curie)}> }}"
    assert not list(store.query(query))  # type: ignore[arg-type]
    store.bulk_load(path=str(BRIDGE), format=RdfFormat.TURTLE)
    found = {row["t"].value for row in store.query(query)}  # type: ignore[union-attr]
    assert found == trials(release)
    assert len(found) == 21


def test_rdfs_reasoning_finds_them(release: Release) -> None:
    graph = rdflib.Graph().parse(data=b"".join(export(release, "turtle", core=True)), format="turtle")
    graph.parse(BRIDGE)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    for curie in CLASSES:
        assert {str(s) for s in graph.subjects(RDF.type, URIRef(iri(curie)))} == trials(release)
    assert not list(graph.subjects(RDF.type, URIRef(iri(NEVER))))


@pytest.mark.usefixtures("java")
def test_hermit_finds_them(release: Release) -> None:
    world = owlready2.World()
    graph = rdflib.Graph().parse(data=b"".join(export(release, "turtle", core=True)), format="turtle")
    for trial in trials(release):  # owlready2 lists named individuals only
        graph.add((URIRef(trial), RDF.type, OWL.NamedIndividual))
    graph.parse(BRIDGE)
    (head,) = (h for h in graph.subjects(RDF.type, OWL.Ontology) if str(h).endswith("/core"))
    graph.remove((URIRef(f"{HOME}bridge"), RDF.type, OWL.Ontology))
    made = graph.serialize(format="nt", encoding="utf-8")
    onto = world.get_ontology(str(head)).load(only_local=True, fileobj=io.BytesIO(made))
    with onto:
        owlready2.sync_reasoner_hermit(world, debug=0)
    for curie in CLASSES:
        assert {one.iri for one in world[iri(curie)].instances()} == trials(release)
    world.close()


@pytest.mark.parametrize(("name", "core"), [("nquads", False), ("turtle", True)])
def test_an_export_with_the_bridge_states_the_types(name: str, core: bool, release: Release) -> None:
    quads = set(
        parse(b"".join(export(release, name, core=core, bridge=True)), format=EXPORT_FORMATS[name].engine)
    )
    plain = set(parse(b"".join(export(release, name, core=core)), format=EXPORT_FORMATS[name].engine))
    added = quads - plain
    if not core:  # blank nodes are other ones at each reading
        added = {quad for quad in added if isinstance(quad.subject, NamedNode)}
    kind = NamedNode(str(RDF.type))
    typed = {quad for quad in added if quad.predicate == kind and quad.subject.value in trials(release)}
    for curie in CLASSES:
        assert {quad.subject.value for quad in typed if quad.object.value == iri(curie)} == trials(release)
    assert len(typed) == 3 * 21
    heads = {q.subject for q in quads if q.predicate == kind and q.object.value == str(OWL.Ontology)}
    assert len(heads) == 1
    if name == "nquads" and not core:
        assert {quad.graph_name for quad in typed} == {iris.graph("bridge")}


def test_no_release_holds_it(release: Release) -> None:
    assert all(
        NamedNode(iri("schema:MedicalTrial")) != q.object or "Match" in q.predicate.value for q in _stated()
    )
    assert not open_store(release).query(f"ASK {{ ?x a <{iri('schema:MedicalTrial')}> }}")


def _stated() -> set[Quad]:
    return {quad for quad in ontology_quads() if "annotatedTarget" not in quad.predicate.value}
