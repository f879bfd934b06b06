"""The core of a release: self-contained, one header, the same facts as the whole, OWL 2 DL."""

from __future__ import annotations

from pathlib import Path

import owlready2  # type: ignore[import-untyped]  # ships no types
import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, parse, serialize
from rdflib import DCTERMS, OWL, RDF, RDFS, URIRef
from rdflib.compare import isomorphic

from trialgraph.base.errors import UsageError
from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.export import export
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.terminology.ontology import triples_of

TRIALS_BELOW = "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t tg:trialDisease/rdfs:subClassOf* obo:%s }"
#: Counts of the whole, which the core must give, too.
QUESTIONS = {
    "all trials": "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a tg:Trial }",
    "demyelinating": TRIALS_BELOW % "MONDO_0002562",
    "autoimmune": TRIALS_BELOW % "MONDO_0007179",
    "phase 2": "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t tg:trialPhase/tg:hasPhasePart tgc:phase-2 }",
    "MSC": "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t tg:trialCellType/rdfs:subClassOf* obo:CL_0000134 }",
    "patients": "SELECT (SUM(?p) AS ?n) { ?r tg:enrolledTotal ?p }",
    "doses per kilogram": "SELECT (COUNT(?d) AS ?n) { ?d tg:ucumCode '{cells}/kg' ; tg:doseHigh ?h }",
    "findings of benefit": "SELECT (COUNT(?f) AS ?n) { ?f tg:ofMeasure ?m ; tg:benefit ?b }",
    "values of trials": "SELECT (COUNT(*) AS ?n) { ?t tg:trialRoute|tg:trialOutcome ?v . ?v rdfs:label ?l }",
}
HEADS = "".join(
    f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("tg", "tgc", "rdfs", "obo", "owl", "skos", "oboInOwl")
)


@pytest.fixture(scope="module")
def turtle(release: Release) -> bytes:
    return b"".join(export(release, "turtle", core=True))


@pytest.fixture(scope="module")
def core(turtle: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=turtle, format="turtle")


def number(store: Store, query: str) -> str:
    (row,) = store.query(HEADS + query)  # type: ignore[misc]  # a SELECT gives rows
    return str(row["n"].value)


def members() -> set[URIRef]:
    core = f"<{PREFIXES['tg']}core>"
    return {URIRef(t.subject.value) for t in triples_of("trialgraph") if str(t.object) == core}  # type: ignore[union-attr]


def test_the_core_is_small() -> None:
    """About ten classes and twenty properties, each of them declared by the ontology."""
    graph = rdflib.Graph()
    graph.parse(data=serialize(triples_of("trialgraph"), format=RdfFormat.N_TRIPLES), format="nt")
    kinds = {term: set(graph.objects(term, RDF.type)) for term in members()}
    classes = {term for term, kind in kinds.items() if OWL.Class in kind}
    properties = {term for term, kind in kinds.items() if kind & {OWL.ObjectProperty, OWL.DatatypeProperty}}
    assert classes | properties == set(kinds)
    assert 8 <= len(classes) <= 12
    assert 16 <= len(properties) <= 24
    assert not any(graph.value(term, OWL.deprecated) for term in kinds)


def test_it_declares_these_terms_of_ours_and_no_other(core: rdflib.Graph) -> None:
    used = {p for p in core.predicates() if str(p).startswith(PREFIXES["tg"])}
    typed = {o for o in core.objects(None, RDF.type) if str(o).startswith(PREFIXES["tg"])}
    assert used <= members()
    assert typed <= members()
    declared = {s for s in core.subjects() if str(s).startswith(PREFIXES["tg"])}
    assert declared == members()


def test_one_header_with_version_licence_and_title(core: rdflib.Graph, release: Release) -> None:
    (head,) = core.subjects(RDF.type, OWL.Ontology)
    assert release.hash in str(core.value(head, OWL.versionIRI))
    assert str(core.value(head, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert core.value(head, DCTERMS.title)


def test_every_iri_that_is_a_value_has_a_label(core: rdflib.Graph) -> None:
    kinds = {RDF.type, OWL.versionIRI, RDFS.range}
    values = {o for p, o in core.predicate_objects() if isinstance(o, URIRef) and p not in kinds}
    assert len(values) > 200
    assert {v for v in values if core.value(v, RDFS.label) is None} == set()
    subjects = {s for s in core.subjects() if (s, RDF.type, OWL.AnnotationProperty) not in core}
    assert {s for s in subjects if core.value(s, RDFS.label) is None} == {
        URIRef(PREFIXES["skos"] + "Concept")
    }


def test_there_are_no_blank_nodes_and_no_verbatim_cells(core: rdflib.Graph, release: Release) -> None:
    assert not any(isinstance(node, rdflib.BNode) for node in core.all_nodes())
    query = "SELECT DISTINCT ?text { ?cell tg:cellText|tg:verbatim|tg:statement ?text FILTER (STRLEN(?text) > 40) }"
    cells = {str(row["text"].value) for row in open_store(release).query(HEADS + query)}  # type: ignore[union-attr]
    assert len(cells) > 50
    assert cells.isdisjoint(map(str, core.objects()))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_whole_does(question: str, turtle: bytes, release: Release) -> None:
    alone = Store()
    alone.bulk_load(turtle, format=RdfFormat.TURTLE)
    found = number(alone, QUESTIONS[question])
    assert found == number(open_store(release), QUESTIONS[question])
    assert found != "0"


def test_everything_above_a_value_is_there(core: rdflib.Graph, release: Release) -> None:
    whole = open_store(release)
    up = "SELECT ?a { <%s> (rdfs:subClassOf|skos:broader|tg:hasPhasePart)* ?a FILTER isIRI(?a) }"
    for shortcut in ("trialDisease", "trialCellType", "trialTissueSource", "trialOutcome", "trialPhase"):
        for value in set(core.objects(None, URIRef(PREFIXES["tg"] + shortcut))):
            above = {URIRef(row["a"].value) for row in whole.query(HEADS + up % value)}  # type: ignore[union-attr]
            path = "SELECT ?a { ?v (rdfs:subClassOf|skos:broader|tg:hasPhasePart)* ?a }"
            found = {row[0] for row in core.query(HEADS + path, initBindings={"v": value})}  # type: ignore[index,dict-item]
            assert found == above, value


def test_every_format_holds_the_same(core: rdflib.Graph, release: Release) -> None:
    for name in ("trig", "jsonld"):
        form = EXPORT_FORMATS[name]
        quads = set(parse(b"".join(export(release, name, core=True)), format=form.engine))
        assert len(quads) == len(core), name
    xml = b"".join(export(release, "rdfxml", core=True))
    assert isomorphic(core, rdflib.Graph().parse(data=xml, format="xml"))


def test_the_file_of_the_release_is_that_export(turtle: bytes, release: Release) -> None:
    assert release.file("trialgraph-core.ttl").read_bytes() == turtle


def test_owlready2_reads_it(core: rdflib.Graph, tmp_path: Path) -> None:
    file = tmp_path / "core.nt"
    core.serialize(file, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    ours = world.get_namespace(PREFIXES["tg"])
    assert len(list(ours.Trial.instances())) == 21
    assert len(list(ours.Product.instances())) == len(set(core.objects(None, URIRef(ours.ofProduct.iri)))) + 2
    world.close()


def test_a_graph_and_the_core_exclude_each_other(release: Release) -> None:
    for options in ({"core": True}, {"bridge": True}):
        with pytest.raises(UsageError, match="leave out the graph"):
            export(release, "turtle", "meta", **options)  # type: ignore[arg-type] # each is right for its name
