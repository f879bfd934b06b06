"""``alignment.ttl``: our side exists, each match has its reason, and none has a consequence in OWL."""

from __future__ import annotations

from functools import cache

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import PREFIXES, TG, compact

MATCHES = {SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, SKOS.relatedMatch, SKOS.exactMatch}


@cache
def graph() -> Graph:
    return Graph().parse(resource("ontology") / "alignment.ttl")


def matches() -> list[tuple[Node, Node, Node]]:
    return [t for t in graph() if t[1] in MATCHES]


def test_only_our_own_terms_are_aligned() -> None:
    assert len(matches()) > 40
    for subject, _, target in matches():
        assert str(subject).removeprefix(PREFIXES["tg"]) in TG.names(), subject
        assert isinstance(target, URIRef)
        assert compact(str(target)) != str(target), f"{target} has no known prefix"


def test_nothing_has_a_consequence_in_owl() -> None:
    """Matches, their reasons, declarations and the head: no axiom but of annotations."""
    head = graph().value(predicate=RDF.type, object=OWL.Ontology)
    reasons = {OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget, RDFS.comment}
    kinds = {OWL.Axiom, OWL.AnnotationProperty}
    for subject, predicate, target in graph():
        known = predicate in MATCHES | reasons or (predicate == RDF.type and target in kinds)
        assert known or subject == head, (subject, predicate, target)


def test_every_match_that_is_not_exact_says_why() -> None:
    said = {}
    for axiom in graph().subjects(RDF.type, OWL.Axiom):
        (subject,) = graph().objects(axiom, OWL.annotatedSource)
        (predicate,) = graph().objects(axiom, OWL.annotatedProperty)
        (target,) = graph().objects(axiom, OWL.annotatedTarget)
        assert (subject, predicate, target) in graph(), f"a reason for what is not stated: {target}"
        said[subject, predicate, target] = str(graph().value(axiom, RDFS.comment))
    for match in matches():
        assert match[1] == SKOS.exactMatch or len(said[match]) > 15, match


def test_no_two_matches_of_a_pair() -> None:
    pairs = [(subject, target) for subject, _, target in matches()]
    assert len(set(pairs)) == len(pairs)


def test_a_clinical_trial_of_obi_is_only_close() -> None:
    """It is a completed process: a trial that goes on would be none."""
    ours, theirs = URIRef(PREFIXES["tg"] + "Trial"), URIRef(PREFIXES["OBI"] + "0003699")
    assert list(graph().predicates(ours, theirs)) == [SKOS.closeMatch]
