"""VoID linksets: how many links lead from a graph to the terms of an ontology, or the entries of a registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.lines import Statement, in_line, iri
from trialgraph.rdf.literals import integer, text
from trialgraph.rdf.vocabulary import HOME, PREFIXES, RDF, RDFS, SPELLINGS, TERMS, VOID, compact

__all__ = ["EXTERNAL", "Linksets"]

#: Prefixes of what others keep: terms of ontologies, entries of registries, publications.
EXTERNAL: Final = TERMS | SPELLINGS.keys()
_DEFINED_BY: Final = in_line(RDFS.isDefinedBy)


class Linksets:
    """A linkset for each graph, each property and each prefix of others, counted subject by subject.

    A link is a triple of that graph from one of our IRIs to one of theirs. Links of ``meta`` are not counted:
    it is about the data, not about trials.
    """

    def __init__(self) -> None:
        self._ours = tuple(f"<{space}".encode() for space in (HOME, iris.base()))
        self._counts: Counter[tuple[bytes, str, bytes]] = Counter()
        self._kept_by: dict[str, set[bytes]] = {}

    def add(self, subject: bytes, about: list[Statement]) -> None:
        """All that is stated of a subject."""
        if not subject.startswith(b"<"):
            return
        ours = subject.startswith(self._ours)
        for predicate, value, graph in about:
            if not value.startswith(b"<"):
                continue
            if predicate == _DEFINED_BY:
                self._kept_by.setdefault(_prefix(subject), set()).add(value)
            elif ours and not value.startswith(self._ours) and (prefix := _prefix(value)) in EXTERNAL:
                self._counts[graph, prefix, predicate] += 1

    def triples(self) -> Iterator[Triple]:
        """What is stated of the counts."""
        for (graph, prefix, predicate), triples in self._counts.items():
            # What the module does not name is named by its page in the Bioregistry.
            kept_by = self._kept_by.get(prefix)
            keeper = NamedNode(iri(min(kept_by)) if kept_by else PREFIXES["bioregistry"] + prefix.lower())
            name = iris.graph_name(NamedNode(iri(graph)))
            yield from _linkset(name, prefix, NamedNode(iri(predicate)), keeper, triples)


@lru_cache(maxsize=1 << 16)
def _prefix(term: bytes) -> str:
    return compact(iri(term)).partition(":")[0]


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
