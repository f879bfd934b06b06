"""The graph of a build fits the ontology: every property is declared, used as declared, and HermiT agrees."""

from __future__ import annotations

import io
from pathlib import Path

import owlready2  # type: ignore[import-untyped]  # ships no types
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from tests.graph_samples import reports, tables
from tests.sample_table import RULE, sample_source
from trialgraph.base.package_data import resource
from trialgraph.graph.quads import quads
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.ontology import FILES, rdf_xml

ONTOLOGY = [resource("ontology") / name for name in FILES]
KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The merge of all graphs of a small build with the real concept files."""
    triples = {quad.triple for quad in quads(reports(), [sample_source()], lexicon(), tables(), [RULE])}
    file = tmp_path_factory.mktemp("data") / "data.nt"
    ox.serialize(sorted(triples, key=str), output=file, format=ox.RdfFormat.N_TRIPLES)
    return file


@pytest.fixture(scope="module")
def declared() -> Graph:
    graph = Graph()
    for file in ONTOLOGY:
        graph.parse(file)
    return graph


def test_every_property_of_the_data_is_declared_and_used_as_declared(data: Path, declared: Graph) -> None:
    builtin = (str(RDF), str(RDFS), str(OWL))
    checked = 0
    for _, predicate, target in Graph().parse(data):
        if str(predicate).startswith(builtin):
            continue
        kinds = KINDS & set(declared.objects(predicate, RDF.type))
        assert len(kinds) == 1, predicate
        if kinds == {OWL.ObjectProperty}:
            assert isinstance(target, URIRef), (predicate, target)
        elif kinds == {OWL.DatatypeProperty}:
            wanted = declared.value(predicate, RDFS.range)
            assert isinstance(target, Literal), (predicate, target)
            text = target.datatype or URIRef(PREFIXES["xsd"] + "string")
            assert wanted in (None, text), (predicate, target)
        checked += 1
    assert checked > 1000


def test_every_class_of_the_data_is_declared(data: Path, declared: Graph) -> None:
    classes = set(Graph().parse(data).objects(None, RDF.type)) - {OWL.Class, OWL.NamedIndividual}
    mapping = URIRef(PREFIXES["tg"] + "Mapping")
    assert mapping in classes
    assert [c for c in classes if (c, RDF.type, OWL.Class) not in declared] == []


@pytest.mark.usefixtures("java")
def test_the_data_are_consistent_with_ontology_and_module(data: Path) -> None:
    world = owlready2.World()
    ours = world.get_ontology(PREFIXES["tg"])
    ours.load(only_local=True, fileobj=io.BytesIO(rdf_xml(*ONTOLOGY, data)))
    assert len(list(ours.Trial.instances())) == 2
    owlready2.sync_reasoner_hermit(world, debug=0)
    assert list(world.inconsistent_classes()) == []
