"""docs/ontology.md: its examples are run, and terms are withdrawn as it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from tests.paths import ROOT
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES, expand
from trialgraph.release.open import Release

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
    """Terms of ours that are withdrawn, but not as the guide says."""
    return {
        term
        for term in graph.subjects(OWL.deprecated, Literal(True))
        if str(term).startswith((PREFIXES["tg"], PREFIXES["tgc"]))
        and not (
            graph.value(term, RDFS.label)
            and graph.value(term, SKOS.definition)
            and (graph.value(term, REPLACED_BY) or graph.value(term, RDFS.comment))
            and not graph.value(term, OWL.equivalentClass)
            and not any(
                (to, OWL.deprecated, Literal(True)) in graph for to in graph.objects(term, REPLACED_BY)
            )
        )
    }


def test_nothing_that_was_published_is_gone(ontology: Graph) -> None:
    listed = [line for line in PUBLISHED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(set(listed)) == len(listed) > 200
    # Measures have their labels in the concept files.
    here = set(ontology.subjects())
    assert [name for name in listed if URIRef(expand(name).value) not in here] == []


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
