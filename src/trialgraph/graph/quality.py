"""Conflicts as triples: what cannot both be right, which reading is used, and who settled it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.curation import evidence_iri
from trialgraph.graph.provenance import cells_of
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Conflict, Correction, Curation
from trialgraph.model.table import Cell
from trialgraph.rdf import iris
from trialgraph.rdf.literals import date, integer, text, typed
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, TG, concept
from trialgraph.terminology.lexicon import Concept

__all__ = ["conflict_iri", "quality"]

Triples = Iterator[Triple]


def quality(nodes: Nodes) -> Triples:
    """Every conflict of a report, and every decision about it."""
    for decision in nodes.report.curations:
        yield Triple(nodes.iri, TG.hasCuration, _node(nodes, decision))
        yield from _curation(_node(nodes, decision), decision)
    for correction in nodes.report.corrections:
        yield from _correction(nodes, correction)
    for node, conflict in _numbered(nodes):
        yield Triple(nodes.iri, TG.hasConflict, node)
        yield from _conflict(nodes, node, conflict)


def conflict_iri(nodes: Nodes, conflict: Conflict) -> NamedNode:
    """The IRI of a conflict of a report."""
    return next(node for node, one in _numbered(nodes) if one == conflict)


def _numbered(nodes: Nodes) -> Iterator[tuple[NamedNode, Conflict]]:
    """The conflicts of a report with their IRIs: those of one kind are numbered."""
    several = Counter(conflict.kind for conflict in nodes.report.conflicts)
    seen: Counter[str] = Counter()
    for conflict in nodes.report.conflicts:
        seen[conflict.kind] += 1
        n = seen[conflict.kind] if several[conflict.kind] > 1 else None
        yield iris.conflict(nodes.report.source, nodes.report.locator, conflict.kind, n), conflict


def _conflict(nodes: Nodes, node: NamedNode, conflict: Conflict) -> Triples:
    yield Triple(node, RDF.type, TG.Conflict)
    yield Triple(node, RDFS.label, text(f"{conflict.kind.replace('-', ' ').capitalize()} in {nodes.label}"))
    yield Triple(node, TG.conflictKind, concept(conflict.kind))
    yield Triple(node, TG.inReport, nodes.iri)
    yield Triple(node, TG.severity, concept(f"severity-{conflict.severity}"))
    yield Triple(node, TG.status, concept(conflict.status))
    yield Triple(node, RDFS.comment, text(conflict.message))
    if conflict.brief:
        yield Triple(node, DCTERMS.title, text(conflict.brief))
    for reading in conflict.competing:
        yield Triple(node, TG.hasCompetingReading, nodes.readings[reading])
    for cell in _concerned(nodes, conflict):
        yield Triple(node, TG.concernsCell, nodes.cell(cell))
    if conflict.preferred is not None:
        yield Triple(node, TG.preferredReading, nodes.readings[conflict.competing[conflict.preferred]])
        yield from _overruled(nodes, conflict, conflict.competing[conflict.preferred])
    if conflict.curation and conflict.status == "settled":
        yield Triple(node, TG.settledBy, _node(nodes, conflict.curation))


def _concerned(nodes: Nodes, conflict: Conflict) -> Iterable[Cell]:
    """The cells of a row of the fields in question; of a record, whose texts are of no field, those that compete."""
    if isinstance(nodes.report, RecordReport):
        return dict.fromkeys(reading.cell for reading in conflict.competing)
    return (cell for cell in cells_of(nodes.report) if cell.field in conflict.fields)


def _overruled(nodes: Nodes, conflict: Conflict, used: Reading) -> Triples:
    """The readings of the same characters in whose place the preferred one is used."""
    for reading in conflict.competing:
        if (
            reading != used
            and reading.name == used.name
            and max(reading.start, used.start) < min(reading.end, used.end)
        ):
            yield Triple(nodes.readings[reading], TG.overruledBy, nodes.readings[used])
            if conflict.curation and conflict.curation.decision.startswith("use "):
                yield Triple(nodes.readings[reading], TG.overruledBy, _node(nodes, conflict.curation))


def _node(nodes: Nodes, decision: Curation) -> NamedNode:
    kind = decision.kind.partition("/")[0]
    return iris.curation(nodes.report.source, nodes.report.locator, kind, decision.number)


def _correction(nodes: Nodes, correction: Correction) -> Triples:
    node = _node(nodes, correction.curation)
    yield Triple(node, TG.correctsField, text(correction.name))
    counts = [value for value in correction.values if isinstance(value, int)]
    if counts:
        yield Triple(node, TG.enteredValue, integer(sum(counts)))
    for value in correction.values:
        if isinstance(value, Concept):
            yield Triple(node, TG.enteredConcept, term(value))
        elif not isinstance(value, int):
            yield Triple(node, TG.enteredValue, typed(value))
    if correction.name == "results_status":
        yield Triple(node, TG.enteredConcept, concept(f"results-{correction.words.replace(' ', '-')}"))
    for part in _parts(nodes, correction):
        yield Triple(part, TG.curatedBy, node)
    for reading in correction.overruled:
        yield Triple(nodes.readings[reading], TG.overruledBy, node)


def _parts(nodes: Nodes, correction: Correction) -> Iterator[NamedNode]:
    """The report, and the parts of it that state the entered value."""
    report = nodes.report
    yield nodes.iri
    if correction.name in ("n_treatment", "n_control"):
        role = correction.name.removeprefix("n_")
        yield from (nodes.numbered("arm", n) for n, arm in enumerate(report.arms, 1) if arm.role == role)
    elif correction.name == "dose":
        yield from (node for given, node, _ in nodes.dose_levels if given == nodes.intervention)
    elif correction.name == "disease":
        yield from (node for node, _ in nodes.conditions)
    elif correction.name == "outcome":
        for n, outcome in enumerate(report.outcomes, 1):
            if outcome.reading.start == correction.overruled[0].start:
                yield nodes.numbered("outcome", n)


def _curation(node: NamedNode, decision: Curation) -> Triples:
    yield Triple(node, RDF.type, TG.Curation)
    which = f", {decision.number}" if decision.number > 1 else ""
    place = f"record {decision.row}" if isinstance(decision.row, str) else f"row {decision.row}"
    yield Triple(node, RDFS.label, text(f"Decision on {decision.kind} in {place}{which}"))
    yield Triple(node, TG.decision, text(decision.decision))
    yield Triple(node, DCTERMS.creator, text(decision.who))
    yield Triple(node, DCTERMS.date, date(decision.when))
    yield Triple(node, RDFS.comment, text(decision.why))
    if decision.evidence:
        yield Triple(node, TG.evidence, text(decision.evidence))
        if document := evidence_iri(decision.evidence):
            yield Triple(node, DCTERMS.source, document)
