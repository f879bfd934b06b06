"""Reports side by side as triples, in the graph ``comparisons``: comparisons, proposals, trials counted as one.

Nothing of the sources' own wording stands here: a value that no concept covers is told by its reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pyoxigraph import NamedNode, Quad, Triple

from trialgraph.extract.comparisons.rules import FIELDS
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.graph.provenance import rules
from trialgraph.model.comparison import Comparison, SameTrialProposal, Side
from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Report, TrialReport
from trialgraph.rdf import iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept

__all__ = ["comparison_quads"]

Triples = Iterator[Triple]
_NODES = dict[str, Nodes]


def comparison_quads(beside: SideBySide) -> set[Quad]:
    """All that is known of several sources together; nothing where there is one."""
    graph = iris.graph("comparisons")
    return {Quad(t.subject, t.predicate, t.object, graph) for t in _triples(beside)}


def _triples(beside: SideBySide) -> Triples:
    nodes: _NODES = {}
    for comparison in beside.comparisons:
        yield from _comparison(comparison, nodes)
    for proposal in beside.proposals:
        yield from _proposal(proposal, nodes)
    for report, first in beside.counts_for:
        yield Triple(_nodes(report, nodes).iri, TG.countsFor, _nodes(first, nodes).trial)
    used = {one.field for one in beside.comparisons}
    yield from rules(rule.rule for field, rule in FIELDS.items() if field in used)


def _nodes(report: Report, nodes: _NODES) -> Nodes:
    """The IRIs of a report, made once; of its products nothing is said here."""
    return nodes.setdefault(report.key, Nodes(report, frozenset()))


def _place(report: TrialReport) -> tuple[str, int | str]:
    return report.source, report.locator


def _comparison(one: Comparison, nodes: _NODES) -> Triples:
    left, right = (_nodes(cast(Report, side.report), nodes) for side in (one.left, one.right))
    node = iris.comparison(_place(one.left.report), _place(one.right.report), one.field)
    yield Triple(node, RDF.type, TG.Comparison)
    yield Triple(node, RDFS.label, text(f"{one.field} in {left.label} and {right.label}"))
    for trial in dict.fromkeys((left.trial, right.trial)):
        yield Triple(node, TG.comparesTrial, trial)
    yield Triple(node, TG.comparedField, text(one.field))
    yield Triple(node, TG.verdict, concept(f"verdict-{one.verdict.replace(' ', '-')}"))
    yield Triple(node, TG.byComparisonRule, iris.rule(one.rule))
    if one.severity:
        yield Triple(node, TG.differenceSeverity, concept(f"difference-{one.severity}"))
    yield Triple(node, TG.leftReport, left.iri)
    yield Triple(node, TG.rightReport, right.iri)
    yield from _side(node, one.left, left, (TG.leftValue, TG.leftReading, TG.leftAsOf))
    yield from _side(node, one.right, right, (TG.rightValue, TG.rightReading, TG.rightAsOf))
    if one.note:
        yield Triple(node, RDFS.comment, text(one.note))


def _side(
    node: NamedNode, side: Side, nodes: Nodes, names: tuple[NamedNode, NamedNode, NamedNode]
) -> Triples:
    value, reading, as_of = names
    if side.value and not side.printed:
        yield Triple(node, value, text(side.value))
    for one in side.readings:
        if one in nodes.readings:
            yield Triple(node, reading, nodes.readings[one])
    if side.as_of:
        yield Triple(node, as_of, date(side.as_of))


def _proposal(one: SameTrialProposal, nodes: _NODES) -> Triples:
    left, right = (_nodes(report, nodes) for report in (one.left, one.right))
    node = iris.same_trial(_place(one.left), _place(one.right))
    yield Triple(node, RDF.type, TG.SameTrialProposal)
    yield Triple(node, RDFS.label, text(f"{left.label} and {right.label}: one trial?"))
    yield Triple(node, TG.proposesReport, left.iri)
    yield Triple(node, TG.proposesReport, right.iri)
    for evidence in one.evidence:
        yield Triple(node, TG.evidenceKind, concept(f"same-trial-{evidence.kind}"))
        yield Triple(node, RDFS.comment, text(evidence.words))
    for words in one.against:
        yield Triple(node, TG.evidenceAgainst, text(words))
    yield Triple(node, TG.proposalStatus, concept(f"proposal-{one.status}"))
    if one.decision and one.decided_in:
        at, kind = one.decided_in, one.decision.kind
        decision = iris.curation(at.source, one.decision.row, kind, one.decision.number)
        yield Triple(node, TG.decidedBy, decision)
