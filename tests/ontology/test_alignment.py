"""``alignment.ttl``: what is aligned exists on our side, and nothing of it has a consequence in OWL."""

from __future__ import annotations

from rdflib import OWL, RDF, SKOS, Graph, URIRef

from trialgraph.resources import resource
from trialgraph.vocab import PREFIXES, TG, compact

MATCHES = {SKOS.closeMatch, SKOS.narrowMatch, SKOS.broadMatch, SKOS.relatedMatch, SKOS.exactMatch}


def test_only_our_own_terms_are_aligned_and_only_by_skos() -> None:
    graph = Graph().parse(resource("ontology") / "alignment.ttl")
    head = graph.value(predicate=RDF.type, object=OWL.Ontology)
    said = [t for t in graph if t[0] != head and t[1] != RDF.type]
    assert len(said) > 40
    for subject, predicate, target in said:
        assert str(subject).removeprefix(PREFIXES["tg"]) in TG.names(), subject
        assert predicate in MATCHES
        assert isinstance(target, URIRef)
        assert compact(str(target)) != str(target), f"{target} has no known prefix"
