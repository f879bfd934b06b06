"""What the reports say, as triples: one graph per source, without a word of the source's own text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.model.nodes import Nodes
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report
from trialgraph.model.trial_names import described
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import DCTERMS, OWL, RDF, RDFS, SKOS, TG, concept

__all__ = ["facts", "field_concept", "field_concepts"]

Triples = Iterator[Triple]

_STATES: Final = {
    "stated": TG.fieldStated,
    "not specified": TG.fieldNotSpecified,
    "not applicable": TG.fieldNotApplicable,
    "absent": TG.fieldAbsent,
    "unread": TG.fieldUnread,
}


def facts(nodes: Nodes) -> Triples:
    """All that one report says: trial, report and intervention, and what each column states of them."""
    report, iri = nodes.report, nodes.iri
    yield from _typed(nodes.trial, TG.Trial, nodes.name)
    yield Triple(nodes.trial, TG.hasReport, iri)
    what = described(report)
    name = f"{nodes.name} in {nodes.label}" if report.registration else f"{what} ({nodes.label})"
    yield from _typed(iri, TG.Report, f"Report of {name}")
    yield Triple(iri, DCTERMS.title, text(what))
    yield Triple(iri, TG.aboutTrial, nodes.trial)
    yield Triple(iri, TG.fromSource, iris.source(report.source))
    if isinstance(report, RecordReport):
        yield Triple(iri, TG.fromRecord, record_iris.record(report.source, report.locator))
        if when := as_of(report):
            yield Triple(iri, TG.asOf, date(when))
    elif isinstance(report, Report):
        yield Triple(iri, TG.fromRow, iris.row(report.source, report.locator))
    for n, (given, _) in enumerate(nodes.interventions, start=1):
        yield Triple(iri, TG.hasIntervention, given)
        which = f"Intervention {n}" if n > 1 else "Intervention"
        yield from _typed(given, TG.Intervention, f"{which} of {nodes.label}")
    # A record has a state of every field: what it does not state is absent from it, not from its registry.
    cells = {cell.field for cell in report.row.cells} if isinstance(report, Report) else None
    for column in columns():
        yield from column.triples(nodes)
        state = report.states.get(column.field, "absent")
        if state == "absent" and cells is not None and column.field not in cells:
            yield Triple(iris.source(report.source), TG.lacksField, field_concept(column))
        else:
            yield Triple(iri, _STATES[state], field_concept(column))


def field_concept(column: ColumnType) -> NamedNode:
    """The concept of a field, by which its state in a report is queried."""
    return concept(f"field-{column.key}")


def field_concepts() -> Triples:
    """The fields as concepts, in a scheme."""
    scheme = concept("fields")
    yield Triple(scheme, RDF.type, SKOS.ConceptScheme)
    yield Triple(scheme, RDF.type, OWL.NamedIndividual)
    yield Triple(scheme, RDFS.label, text("Fields of a report"))
    for column in columns():
        node = field_concept(column)
        yield Triple(node, RDF.type, SKOS.Concept)
        yield Triple(node, RDF.type, OWL.NamedIndividual)
        yield Triple(node, RDFS.label, text(column.field))
        yield Triple(node, SKOS.prefLabel, text(column.field))
        yield Triple(node, SKOS.inScheme, scheme)


def _typed(node: NamedNode, kind: NamedNode, label: str) -> Triples:
    yield Triple(node, RDF.type, kind)
    yield Triple(node, RDFS.label, text(label))
