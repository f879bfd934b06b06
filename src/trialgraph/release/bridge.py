"""The bridge to classes of trials of others (``ontology/bridge.ttl``), for an export; no release holds it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

from trialgraph.rdf.vocabulary import OWL, RDF, RDFS
from trialgraph.terminology.ontology import triples_of

__all__ = ["bridge_triples"]


def bridge_triples(triples: Iterable[Triple]) -> set[Triple]:
    """What the bridge states, without its header, and the types that follow from it for some triples.

    The types are stated so that ``?x a schema:MedicalTrial`` finds trials without a reasoner, too.

    :param triples: those of the graph that the bridge is added to
    :raises InputError: the file of the installation is missing or malformed
    """
    found = set(triples_of("bridge"))
    heads = {t.subject for t in found if t.predicate == RDF.type and t.object == OWL.Ontology}
    stated = {t for t in found if t.subject not in heads}
    above = [(t.subject, t.object) for t in stated if t.predicate == RDFS.subClassOf]
    kinds = {narrow for narrow, _ in above}
    typed = [(t.subject, t.object) for t in triples if t.predicate == RDF.type and t.object in kinds]
    return stated | {
        Triple(node, RDF.type, broad) for node, kind in typed for narrow, broad in above if kind == narrow
    }
