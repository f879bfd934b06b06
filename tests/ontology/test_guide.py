"""docs/ontology.md: its examples are run, and terms are withdrawn as it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from tests.paths import ROOT
from trialgraph.base.package_data import resource
from trialgraph.graph.inferred import rules
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.vocabulary import PREFIXES, TG, compact, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

GUIDE = ROOT / "docs" / "ontology.md"
PUBLISHED = Path(__file__).with_name("published_terms.txt")
REPLACED_BY = URIRef(PREFIXES["dcterms"] + "isReplacedBy")


def test_the_examples_give_what_they_show(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIALGRAPH_RELEASES", str(release.path.parent))
    failed, run = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8")
    assert failed == 0
    assert run >= 10


@pytest.fixture(scope="module")
def ontology() -> Graph:
    made = Graph()
    for path in resource("ontology").glob("*.ttl"):
        if path.name not in ("module.ttl", "alignment.ttl"):
            made.parse(path)
    return made


def wrongly_withdrawn(graph: Graph) -> set[Node]:
    """Terms of ours that are deprecated, but not as the guide says."""
    return {
        term
        for term in graph.subjects(OWL.deprecated, Literal(True))
        if str(term).startswith((PREFIXES["tg"], PREFIXES["tgc"]))
        and not (
            graph.value(term, RDFS.label)
            and graph.value(term, SKOS.definition)
            and (graph.value(term, REPLACED_BY) or graph.value(term, RDFS.comment))
            # Types that are inferred still have their axiom and their rule, and say what gives the same trials.
            and bool(graph.value(term, OWL.equivalentClass)) == (term in inferred_classes())
            and (term not in inferred_classes() or replacing_queries(graph, term))
            and not any(
                (to, OWL.deprecated, Literal(True)) in graph for to in graph.objects(term, REPLACED_BY)
            )
        )
    }


def inferred_classes() -> set[Node]:
    """The classes that the rules of a build type trials by."""
    named = {
        iri for text in rules().values() for iri in re.findall(r"CONSTRUCT \{ \?trial a tg:(\w+) \}", text)
    }
    return {URIRef(PREFIXES["tg"] + name) for name in named}


def replacing_queries(graph: Graph, term: Node) -> list[tuple[str, str, str]]:
    """The saved queries that a deprecated class names: slug, parameter, value."""
    return re.findall(r"trialgraph query ([\w-]+) -p (\w+)=(\S+)", str(graph.value(term, RDFS.comment)))


def test_nothing_that_was_published_is_gone(ontology: Graph) -> None:
    listed = [line for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(set(listed)) == len(listed) > 200
    # Measures have their labels in the concept files.
    here = set(ontology.subjects())
    assert [name for name in listed if URIRef(expand(name).value) not in here] == []


def test_every_term_of_the_ontology_is_listed_as_published(ontology: Graph) -> None:
    """A failure prints the lines to add."""
    named = {s for s in ontology.subjects() if isinstance(s, URIRef)}
    ours = {compact(str(s)) for s in named if str(s).startswith((PREFIXES["tg"], PREFIXES["tgc"]))}
    assert sorted(ours - set(PUBLISHED.read_text(encoding="utf-8").splitlines())) == []


def test_classes_of_one_route_or_disease_are_deprecated_and_no_other(ontology: Graph) -> None:
    deprecated = set(ontology.subjects(OWL.deprecated, Literal(True))) & inferred_classes()
    one = {URIRef(TG.byRoute.value), URIRef(TG.diseaseOrBroader.value)}
    of_one = {
        term
        for term in ontology.subjects(OWL.equivalentClass)
        # cbd: the axiom with all blank nodes below it
        if one & set(ontology.cbd(term).objects(None, OWL.onProperty))
    }
    assert len(inferred_classes()) >= 15
    assert deprecated == of_one


def test_what_replaces_a_deprecated_class_gives_the_same_trials(ontology: Graph, release: Release) -> None:
    store, queries = open_store(release), load_queries()
    compared = 0
    for term in inferred_classes() & set(ontology.subjects(OWL.deprecated, Literal(True))):
        found = set()
        for slug, name, value in replacing_queries(ontology, term):
            rows = store.query(queries[slug].bind({name: value}))
            found |= {row["trial"] for row in rows}  # type: ignore[union-attr]
        typed = {row["trial"] for row in store.query(f"SELECT ?trial {{ ?trial a <{term}> }}")}  # type: ignore[union-attr]
        assert found == typed, term
        compared += len(typed)
    assert compared > 20


def test_what_is_withdrawn_says_what_to_use(ontology: Graph) -> None:
    assert wrongly_withdrawn(ontology) == set()


@pytest.mark.parametrize(
    ("more", "right"),
    [
        ('tg:old a owl:Class ; owl:deprecated true ; rdfs:label "old" ; skos:definition "d" .', False),
        ("tg:old a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy tg:Trial .", False),
        (
            'tg:old a owl:Class ; owl:deprecated true ; rdfs:label "old" ; skos:definition "d" ;'
            " dcterms:isReplacedBy tg:Trial .",
            True,
        ),
        (
            'tg:old owl:deprecated true ; rdfs:label "old" ; skos:definition "d" ;'
            " dcterms:isReplacedBy tg:older . tg:older owl:deprecated true .",
            False,
        ),
        (
            'tg:old owl:deprecated true ; rdfs:label "old" ; skos:definition "d" ; rdfs:comment "no such thing" .',
            True,
        ),
    ],
)
def test_a_wrong_withdrawal_is_seen(more: str, right: bool) -> None:
    heads = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("tg", "owl", "rdfs", "skos", "dcterms"))
    graph = Graph().parse(data=heads + more, format="turtle")
    assert (URIRef(PREFIXES["tg"] + "old") not in wrongly_withdrawn(graph)) is right


def test_every_head_has_its_version(ontology: Graph) -> None:
    heads = set(ontology.subjects(RDF.type, OWL.Ontology))
    assert URIRef(PREFIXES["tg"].rstrip("/")) in heads
    for head in heads:
        assert ontology.value(head, OWL.versionIRI), head
