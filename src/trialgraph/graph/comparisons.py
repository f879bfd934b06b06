"""Reports side by side as triples, in the graph ``comparisons``: comparisons, proposals, trials counted as one.

Nothing of a table's own wording stands here: a value that no concept covers is told by its reading. A value of a record
that has no reading is told by its field: the line of the mapping file, and the place in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, cast

from pyoxigraph import NamedNode, Quad, Triple

from trialgraph.extract.comparisons.rules import FIELDS
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.record_comparisons.rules import RECORD_FIELDS
from trialgraph.graph.provenance import rules
from trialgraph.graph.quality import conflict_iri
from trialgraph.model.comparison import Comparison, SameTrialProposal, Side
from trialgraph.model.nodes import Nodes
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report, TrialReport
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept

__all__ = ["comparison_quads", "record_comparison_quads"]

Triples = Iterator[Triple]
_NODES = dict[str, Nodes]


class _Names(NamedTuple):
    """The properties of a side."""

    value: NamedNode
    reading: NamedNode
    field: NamedNode
    place: NamedNode
    as_of: NamedNode


_LEFT: Final = _Names(TG.leftValue, TG.leftReading, TG.leftField, TG.leftPlace, TG.leftAsOf)
_RIGHT: Final = _Names(TG.rightValue, TG.rightReading, TG.rightField, TG.rightPlace, TG.rightAsOf)


def comparison_quads(beside: SideBySide, known: Iterable[Nodes] = ()) -> set[Quad]:
    """All that is known of several tables together; nothing where there is one.

    :param known: the IRIs of reports, where they were made
    """
    return _in_graph(_triples(beside, {nodes.report.key: nodes for nodes in known}))


def record_comparison_quads(comparisons: Iterable[Comparison], known: Iterable[Nodes] = ()) -> set[Quad]:
    """The comparisons of records of registries with other reports of the same trials, and their rules.

    :param known: the IRIs of reports, where they were made
    """
    return _in_graph(_of_records(tuple(comparisons), {nodes.report.key: nodes for nodes in known}))


def _in_graph(triples: Triples) -> set[Quad]:
    graph = iris.graph("comparisons")
    return {Quad(t.subject, t.predicate, t.object, graph) for t in triples}


def _of_records(comparisons: Sequence[Comparison], nodes: _NODES) -> Triples:
    for comparison in comparisons:
        yield from _comparison(comparison, nodes)
    used = {one.field for one in comparisons}
    yield from rules(rule.rule for field, rule in RECORD_FIELDS.items() if field in used)


def _triples(beside: SideBySide, nodes: _NODES) -> Triples:
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
    yield from _side(node, one.left, left, _LEFT)
    yield from _side(node, one.right, right, _RIGHT)
    for side, nodes_of in ((one.left, left), (one.right, right)):
        yield from _entered(node, one.field, side.report)
        yield from _supported(node, side, nodes_of)
    if one.note:
        yield Triple(node, RDFS.comment, text(one.note))


def _side(node: NamedNode, side: Side, nodes: Nodes, names: _Names) -> Triples:
    record = side.report if isinstance(side.report, RecordReport) else None
    # Words of a record are facts of its report, too; those of a table stand at its cells alone.
    if side.value and (record or not side.printed):
        yield Triple(node, names.value, text(side.value))
    for one in side.readings:
        if one in nodes.readings:
            yield Triple(node, names.reading, nodes.readings[one])
    for fact in side.facts:
        if record:
            mapping = record_iris.field_mapping(record.record.mapping, fact.line.path)
            yield Triple(node, names.field, mapping)
            yield Triple(node, names.place, text(str(record.record.place(fact))))
    if side.as_of:
        yield Triple(node, names.as_of, date(side.as_of))


def _entered(node: NamedNode, field: str, report: TrialReport) -> Triples:
    """The decision by which a reviewer entered the value that is compared."""
    for correction in report.corrections:
        if correction.name == field:
            decision = correction.curation
            kind = decision.kind.partition("/")[0]
            made = iris.curation(report.source, decision.row, kind, decision.number)
            yield Triple(node, TG.comparesEntered, made)


def _supported(node: NamedNode, side: Side, nodes: Nodes) -> Triples:
    """The conflicts of a row in which a reading has the registry's value, too: they stay open."""
    for conflict, reading in side.supports:
        yield Triple(conflict_iri(nodes, conflict), TG.hasRegistryEvidence, node)
        yield Triple(node, TG.supportsReading, nodes.readings[reading])


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
