"""``module.ttl``: the terms of others, with label and hierarchy, and what their trees really say."""

from __future__ import annotations

import csv
import re
from functools import cache

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, expand
from trialgraph.release.open import Release
from trialgraph.terminology.module import recipe

FOLDER = resource("ontology")
REPLACED_BY = URIRef(PREFIXES["IAO"] + "0100001")
PART_OF = URIRef(PREFIXES["BFO"] + "0000050")


@cache
def module() -> Graph:
    return Graph().parse(FOLDER / "module.ttl")


def node(curie: str) -> URIRef:
    return URIRef(expand(curie).value)


def evidence() -> list[dict[str, str]]:
    with (FOLDER / "concepts" / "evidence.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", evidence(), ids=lambda row: row["curie"])
def test_a_term_in_use_has_its_label_and_is_not_obsolete(row: dict[str, str]) -> None:
    term = node(row["curie"])
    assert [str(label) for label in module().objects(term, RDFS.label)] == [row["label"]]
    assert (term, OWL.deprecated, Literal(True)) not in module()
    assert module().value(term, RDF.type) is not None


def above(term: str) -> set[str]:
    start = node(term)
    return {str(iri) for iri in module().transitive_objects(start, RDFS.subClassOf)}


# What MONDO 2026-05-05 and CL 2026-03-26 say, whether or not a clinician would.
@pytest.mark.parametrize(
    ("term", "ancestor", "below"),
    [
        ("MONDO:0005301", "MONDO:0002562", True),  # multiple sclerosis is a demyelinating disease
        ("MONDO:0000450", "MONDO:0005301", True),  # SPMS is multiple sclerosis
        ("MONDO:0007915", "MONDO:0007179", True),  # SLE is autoimmune
        ("MONDO:0008383", "MONDO:0007179", True),  # RA is autoimmune
        ("MONDO:0005556", "MONDO:0007915", False),  # lupus nephritis is not below SLE
        ("MONDO:0005011", "MONDO:0007179", False),  # Crohn disease is not autoimmune
        ("MONDO:0005306", "MONDO:0008383", True),  # ankylosing spondylitis is below RA
        ("CL:0002569", "CL:0000134", True),  # umbilical cord MSC is an MSC
        ("CL:0000037", "CL:0000134", False),  # hematopoietic stem cell is not
    ],
)
def test_the_hierarchy_is_that_of_the_release(term: str, ancestor: str, below: bool) -> None:
    assert (str(node(ancestor)) in above(term)) is below


def test_an_obsolete_look_alike_leads_to_the_term_in_use() -> None:
    old = node("MONDO:0005088")
    assert str(module().value(old, RDFS.label)) == "obsolete rheumatoid arthritis"
    assert (old, OWL.deprecated, Literal(True)) in module()
    assert module().value(old, REPLACED_BY) == node("MONDO:0008383")


def test_part_of_is_a_plain_triple_between_terms() -> None:
    assert (node("CL:0002540"), PART_OF, node("UBERON:0002371")) in module()
    assert [t for t in module() if any(isinstance(term, BNode) for term in t)] == []


def test_every_parent_is_a_labelled_term() -> None:
    labelled = set(module().subjects(RDFS.label))
    loose = {o for p in (RDFS.subClassOf, PART_OF) for o in module().objects(None, p)} - labelled
    assert loose == set()


def test_every_property_in_use_is_declared() -> None:
    kinds = {OWL.AnnotationProperty, OWL.ObjectProperty}
    declared = {s for kind in kinds for s in module().subjects(RDF.type, kind)}
    builtin = (str(RDF), str(RDFS), str(OWL))
    assert {p for p in module().predicates() if not str(p).startswith(builtin)} <= declared


def test_module_is_small_and_every_ontology_in_it_has_a_licence() -> None:
    assert (FOLDER / "module.ttl").stat().st_size < 500_000
    licences = (FOLDER / "LICENCE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[A-Za-z]+", " ".join(re.findall(r"^\|[^|]*\|([^|]*)\|", licences, re.M))))
    assert {row["curie"].split(":")[0] for row in evidence()} <= named


def test_every_term_says_which_ontology_defines_it_and_that_says_release_and_licence() -> None:
    terms = {s for kind in (OWL.Class, SKOS.Concept) for s in module().subjects(RDF.type, kind)}
    undefined = {str(t) for t in terms if module().value(t, RDFS.isDefinedBy) is None}
    assert undefined == {PREFIXES["skos"] + "Concept", PREFIXES["void"] + "Dataset"}
    ontologies = set(module().objects(None, RDFS.isDefinedBy))
    assert len(ontologies) == 20
    licences = (FOLDER / "LICENCE.md").read_text(encoding="utf-8")
    for one in ontologies:
        for predicate in (RDFS.label, DCTERMS.title, DCTERMS.license, OWL.versionInfo):
            assert len(list(module().objects(one, predicate))) == 1, (one, predicate)
        version = str(module().value(one, OWL.versionInfo))
        assert version.split(" (")[0].split(" and ")[0].split(";")[0] in licences, version
    mondo = module().value(node("MONDO:0008383"), RDFS.isDefinedBy)
    assert str(module().value(mondo, OWL.versionInfo)) == "2026-05-05"


def test_the_description_of_a_release_states_the_licences_of_the_module(release: Release) -> None:
    meta = ox.parse(path=release.path / "meta.nq", format=ox.RdfFormat.N_QUADS)
    about, licence = iris.graph("module"), expand("dcterms:license")
    stated = {str(q.object).strip("<>") for q in meta if (q.subject, q.predicate) == (about, licence)}
    assert stated == {str(one) for one in module().objects(None, DCTERMS.license)}
    assert len(stated) == 7


def test_obsolete_look_alikes_are_all_obsolete_and_those_in_use_are_not() -> None:
    deprecated = set(module().subjects(OWL.deprecated, Literal(True)))
    assert {node(curie) for curie in recipe()["terms"]["obsolete"]} <= deprecated
    assert {node(row["curie"]) for row in evidence()} & deprecated == set()
