"""Conflicts as triples: what cannot both be right, which reading is used, and who settled it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Conflict, Curation
from trialgraph.rdf import iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, TG, concept

__all__ = ["quality"]

Triples = Iterator[Triple]


def quality(nodes: Nodes) -> Triples:
    """Every conflict of a report."""
    several = Counter(conflict.kind for conflict in nodes.report.conflicts)
    seen: Counter[str] = Counter()
    for conflict in nodes.report.conflicts:
        seen[conflict.kind] += 1
        n = seen[conflict.kind] if several[conflict.kind] > 1 else None
        node = iris.conflict(nodes.report.source, nodes.report.row.number, conflict.kind, n)
        yield Triple(nodes.iri, TG.hasConflict, node)
        yield from _conflict(nodes, node, conflict)


def _conflict(nodes: Nodes, node: NamedNode, conflict: Conflict) -> Triples:
    yield Triple(node, RDF.type, TG.Conflict)
    yield Triple(node, RDFS.label, text(f"{conflict.kind} in {nodes.label}"))
    yield Triple(node, TG.conflictKind, concept(conflict.kind))
    yield Triple(node, TG.inReport, nodes.iri)
    yield Triple(node, TG.severity, concept(f"severity-{conflict.severity}"))
    yield Triple(node, TG.status, concept(conflict.status))
    yield Triple(node, RDFS.comment, text(conflict.message))
    for cell in nodes.report.row.cells:
        if cell.field in conflict.fields:
            yield Triple(node, TG.concernsCell, nodes.cell(cell))
    for reading in conflict.competing:
        yield Triple(node, TG.hasCompetingReading, nodes.readings[reading])
    if conflict.preferred is not None:
        yield Triple(node, TG.preferredReading, nodes.readings[conflict.competing[conflict.preferred]])
    if conflict.curation:
        decision = iris.curation(nodes.report.source, conflict.curation.row, conflict.curation.kind)
        yield Triple(node, TG.settledBy, decision)
        yield from _curation(decision, conflict.curation)


def _curation(node: NamedNode, decision: Curation) -> Triples:
    yield Triple(node, RDF.type, TG.Curation)
    yield Triple(node, RDFS.label, text(f"Decision on {decision.kind} in row {decision.row}"))
    yield Triple(node, TG.decision, text(decision.decision))
    yield Triple(node, DCTERMS.creator, text(decision.who))
    yield Triple(node, DCTERMS.date, date(decision.when))
    yield Triple(node, RDFS.comment, text(decision.why))
