"""VoID linksets: how many links lead from a graph to the terms of an ontology, or the entries of a registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.literals import integer, text
from trialgraph.rdf.vocabulary import HOME, PREFIXES, RDF, RDFS, SPELLINGS, TERMS, VOID, compact

__all__ = ["EXTERNAL", "linkset_triples"]

#: Prefixes of what others keep: terms of ontologies, entries of registries, publications.
EXTERNAL: Final = TERMS | SPELLINGS.keys()


def linkset_triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    """A linkset for each graph, each property and each prefix of others.

    A link is a triple of that graph from one of our IRIs to one of theirs. Links of ``meta`` are not counted:
    it is about the data, not about trials.
    """
    curie = cache(compact)
    ours = (HOME, iris.base())
    counts: Counter[tuple[str, str, NamedNode]] = Counter()
    kept_by: dict[str, NamedNode] = {}
    for quad in quads:
        subject, link, graph = quad.subject, quad.object, quad.graph_name
        if not (
            isinstance(link, NamedNode) and isinstance(subject, NamedNode) and isinstance(graph, NamedNode)
        ):
            continue
        if quad.predicate == RDFS.isDefinedBy:
            kept_by.setdefault(curie(subject.value).partition(":")[0], link)
        elif subject.value.startswith(ours):
            counts[iris.graph_name(graph), curie(link.value).partition(":")[0], quad.predicate] += 1
    for (name, prefix, predicate), triples in counts.items():
        if prefix in EXTERNAL:
            # What the module does not name is named by its page in the Bioregistry.
            keeper = kept_by.get(prefix) or NamedNode(PREFIXES["bioregistry"] + prefix.lower())
            yield from _linkset(name, prefix, predicate, keeper, triples)


def _linkset(
    graph: str, prefix: str, predicate: NamedNode, keeper: NamedNode, triples: int
) -> Iterator[Triple]:
    property_ = compact(predicate.value)
    node = iris.linkset(graph, prefix, property_)
    yield Triple(node, RDF.type, VOID.Linkset)
    yield Triple(node, RDFS.label, text(f"{graph}: {property_} to {prefix}"))
    yield Triple(node, VOID.subjectsTarget, iris.graph(graph))
    yield Triple(node, VOID.linkPredicate, predicate)
    yield Triple(node, VOID.objectsTarget, keeper)
    yield Triple(node, VOID.triples, integer(triples))
    yield Triple(keeper, VOID.uriSpace, text(PREFIXES[prefix]))
