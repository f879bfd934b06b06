"""What a release states, one node at a time, in an order that is the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from trialgraph.rdf.literals import text_of
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.rdf.vocabulary import RDF, RDFS, SKOS, TG
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

__all__ = ["Facts"]

#: How many nodes are kept, most of them terms: what trials share is looked up once.
_KEPT: Final = 20_000
_MERGE: Final = DefaultGraph()


class Facts:
    """The merge of all graphs of a release.

    :param release: read through its store
    """

    def __init__(self, release: Release) -> None:
        self.store: Store = open_store(release)
        self.label = lru_cache(_KEPT)(self._label)
        self.kinds = lru_cache(_KEPT)(self._kinds)

    def of_kind(self, kind: NamedNode) -> list[NamedNode]:
        """The nodes of a class, sorted by their IRIs."""
        found = self.store.quads_for_pattern(None, RDF.type, kind, _MERGE)
        return sorted((q.subject for q in found if isinstance(q.subject, NamedNode)), key=_iri)

    def trials(self) -> list[NamedNode]:
        """All trials, sorted."""
        return self.of_kind(TG.Trial)

    def nodes(self, node: NamedNode, *path: NamedNode) -> list[NamedNode]:
        """What a path of properties leads to, each once, sorted at every step."""
        found = [node]
        for step in path:
            found = list(dict.fromkeys(made for at in found for made in self._nodes(at, step)))
        return found

    def _nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        found = self.store.quads_for_pattern(node, predicate, None, _MERGE)
        return sorted((q.object for q in found if isinstance(q.object, NamedNode)), key=_iri)

    def interventions(self, report: NamedNode) -> list[NamedNode]:
        """What a report says is given, with what only one of its arms receives."""
        of_arms = self.nodes(report, TG.hasArm, TG.receives)
        return list(dict.fromkeys((*self.nodes(report, TG.hasIntervention), *of_arms)))

    def readings(self, node: NamedNode) -> list[NamedNode]:
        """The readings that a node rests on; of a report those of its parts, too."""
        if TG.Report not in self.kinds(node):
            return self.nodes(node, TG.readFrom)
        found = [made for cell in self.nodes(node, TG.fromRow, TG.hasCell) for made in self._of_cell(cell)]
        return sorted((one for one in found if self._rested_on(one)), key=_iri)

    def _of_cell(self, cell: NamedNode) -> list[NamedNode]:
        found = self.store.quads_for_pattern(None, TG.fromCell, cell, _MERGE)
        return [q.subject for q in found if isinstance(q.subject, NamedNode)]

    def _rested_on(self, reading: NamedNode) -> bool:
        return any(True for _ in self.store.quads_for_pattern(None, TG.readFrom, reading, _MERGE))

    def texts(self, node: NamedNode, predicate: NamedNode) -> list[str]:
        """The literals of a property, as texts, sorted."""
        found = self.store.quads_for_pattern(node, predicate, None, _MERGE)
        return sorted({q.object.value for q in found if isinstance(q.object, Literal)})

    def text(self, node: NamedNode, predicate: NamedNode) -> str:
        """The first literal of a property; empty where there is none."""
        return next(iter(self.texts(node, predicate)), "")

    def about(self, node: NamedNode) -> Iterator[tuple[NamedNode, object]]:
        """Properties and values of a node, sorted."""
        found = ((q.predicate, q.object) for q in self.store.quads_for_pattern(node, None, None, _MERGE))
        return iter(sorted(found, key=lambda pair: (pair[0].value, text_of(pair[1]), str(pair[1]))))

    def _label(self, node: NamedNode) -> str:
        stated = self.text(node, RDFS.label) or self.text(node, SKOS.prefLabel)
        return stated or provenance_label(node.value)

    def _kinds(self, node: NamedNode) -> frozenset[NamedNode]:
        return frozenset(self._nodes(node, RDF.type))


def _iri(node: NamedNode) -> str:
    return node.value
