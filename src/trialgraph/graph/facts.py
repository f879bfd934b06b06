"""What the reports say, as triples: one graph per source, without a word of the source's own text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.graph.nodes import Nodes, term
from trialgraph.model.report import Condition, DoseLevel, Product, Registration
from trialgraph.rdf import iris
from trialgraph.rdf.literals import decimal, integer, text
from trialgraph.rdf.vocabulary import DCTERMS, QUDT, RDF, RDFS, REGISTRIES, RESOLVED, TG, UNIT, concept

__all__ = ["facts"]

_BASIS: Final = {
    "kilogram": (concept("per-kilogram"), getattr(UNIT, "NUM-PER-KiloGM"), "{cells}/kg", "cells/kg"),
    "patient": (concept("per-patient"), UNIT.NUM, "{cells}/{patient}", "cells/patient"),
    "joint": (concept("per-joint"), UNIT.NUM, "{cells}/{joint}", "cells/joint"),
    "not stated": (concept("basis-not-stated"), UNIT.NUM, "{cells}", "cells"),
}
_DOSE_STATUS: Final = {
    "stated": concept("dose-stated"),
    "not specified": concept("dose-not-specified"),
    "not stated": concept("dose-not-stated"),
}
_PHASE_STATUS: Final = {
    "stated": concept("phase-stated"),
    "not stated": concept("phase-not-stated"),
    "not applicable": concept("phase-not-applicable"),
}
_RESULTS: Final = {
    "ongoing": concept("results-ongoing"),
    "not published": concept("results-not-published"),
    "published": concept("results-published"),
}
_BENEFIT: Final = {
    "favourable": concept("favourable"),
    "unfavourable": concept("unfavourable"),
    "none": concept("no-benefit"),
}
_CERTAINTY: Final = {"trend": concept("trend"), "stated": concept("as-stated")}

Triples = Iterator[Triple]


def facts(nodes: Nodes) -> Triples:
    """All that one report says: trial, report and every part of it."""
    yield from _trial(nodes)
    yield from _report(nodes)
    yield from _numbers(nodes)
    yield from _condition(nodes)
    yield from _arms(nodes)
    yield from _intervention(nodes)
    yield from _products(nodes)
    yield from _doses(nodes)
    yield from _drugs(nodes)
    yield from _outcomes(nodes)
    yield from _findings(nodes)


def _typed(node: NamedNode, kind: NamedNode, label: str) -> Triples:
    yield Triple(node, RDF.type, kind)
    yield Triple(node, RDFS.label, text(label))


def _trial(nodes: Nodes) -> Triples:
    registration = nodes.report.registration
    name = registration.identifier if registration else nodes.label
    yield from _typed(nodes.trial, TG.Trial, name)
    yield Triple(nodes.trial, TG.hasReport, nodes.iri)
    if registration:
        yield from _registration(nodes.trial, registration)


def _registration(trial: NamedNode, registration: Registration) -> Triples:
    registry = iris.registry(registration.registry)
    yield Triple(trial, DCTERMS.identifier, text(registration.identifier))
    yield Triple(trial, TG.registry, registry)
    yield from _typed(registry, TG.Registry, registration.registry)
    if prefix := REGISTRIES.get(registration.registry):
        yield Triple(trial, TG.registeredAs, iris.bioregistry(prefix, registration.identifier))
        if prefix in RESOLVED:
            yield Triple(trial, RDFS.seeAlso, iris.resolvable(prefix, registration.identifier))


def _report(nodes: Nodes) -> Triples:
    report, iri = nodes.report, nodes.iri
    name = f"{report.registration.identifier} in {nodes.label}" if report.registration else nodes.label
    yield from _typed(iri, TG.Report, f"Report of {name}")
    yield Triple(iri, TG.aboutTrial, nodes.trial)
    yield Triple(iri, TG.fromSource, iris.source(report.source))
    yield Triple(iri, TG.fromRow, iris.row(report.source, report.row.number))
    yield Triple(iri, TG.phaseStatus, _PHASE_STATUS[report.phase_status])
    yield Triple(iri, TG.hasIntervention, nodes.intervention)
    if report.phase_concept:
        yield Triple(iri, TG.phase, term(report.phase_concept))
    if report.results_status:
        yield Triple(iri, TG.resultsStatus, _RESULTS[report.results_status])


def _numbers(nodes: Nodes) -> Triples:
    report = nodes.report
    counts = (
        (TG.enrolledTotal, report.n_total),
        (TG.enrolledTreatment, report.n_treatment),
        (TG.enrolledControl, report.n_control),
        (TG.referenceNumber, report.reference),
    )
    for name, count in counts:
        if count is not None:
            yield Triple(nodes.iri, name, integer(count))
    for months, _ in report.follow_up:
        yield Triple(nodes.iri, TG.followUpMonths, decimal(months))


def _condition(nodes: Nodes) -> Triples:
    stated = nodes.report.condition
    if stated is None:
        return
    node = nodes.condition
    yield Triple(nodes.iri, TG.condition, node)
    yield from _typed(node, TG.Condition, _condition_label(stated) or f"Condition of {nodes.label}")
    if stated.disease:
        yield Triple(node, TG.disease, term(stated.disease))
    for qualifier in stated.qualifiers:
        yield Triple(node, TG.qualifier, term(qualifier))
    if stated.site:
        yield Triple(node, TG.site, term(stated.site))


def _condition_label(stated: Condition) -> str:
    if stated.disease is None:
        return ""
    return ", ".join([stated.disease.label, *(q.label for q in stated.qualifiers)])


def _arms(nodes: Nodes) -> Triples:
    for n, arm in enumerate(nodes.report.arms, start=1):
        node = nodes.numbered("arm", n)
        treated = arm.role == "treatment"
        yield Triple(nodes.iri, TG.hasArm, node)
        kind = TG.TreatmentArm if treated else TG.ControlArm
        yield from _typed(node, kind, f"{arm.role.capitalize()} arm {n} of {nodes.label}")
        yield Triple(node, TG.enrolled, integer(arm.enrolled))
        if treated and arm.as_given:
            yield Triple(node, TG.receives, nodes.intervention)


def _intervention(nodes: Nodes) -> Triples:
    given, node = nodes.report.intervention, nodes.intervention
    yield from _typed(node, TG.Intervention, f"Intervention of {nodes.label}")
    yield Triple(node, TG.doseStatus, _DOSE_STATUS[given.dose_status])
    for n, product in enumerate(nodes.report.products, start=1):
        yield Triple(node, TG.ofProduct, nodes.product(n, product))
    for route, _ in given.routes:
        if route:
            yield Triple(node, TG.byRoute, term(route))
    for method, _ in given.methods:
        yield Triple(node, TG.deliveryMethod, term(method))
    for n, (drug, _) in enumerate(given.combined_with, start=1):
        yield Triple(node, TG.combinedWith, nodes.drug(n, drug))
    for n in range(1, len(given.doses) + 1):
        yield Triple(node, TG.hasDoseLevel, nodes.numbered("dose", n))


def _products(nodes: Nodes) -> Triples:
    for n, product in enumerate(nodes.report.products, start=1):
        node = nodes.product(n, product)
        yield from _typed(node, TG.CellProduct, _product_label(product) or f"Product {n} of {nodes.label}")
        if product.cell_type:
            yield Triple(node, TG.cellType, term(product.cell_type))
        if product.tissue:
            yield Triple(node, TG.tissueSource, term(product.tissue))
        if product.donor:
            yield Triple(node, TG.donorType, concept(product.donor))
        if product.code:
            yield Triple(node, TG.productCode, text(product.code))


def _product_label(product: Product) -> str:
    # A shared product has one label whatever its reports say of it, so the code alone.
    if product.code:
        return product.code
    name = product.cell_type.label if product.cell_type else ""
    return f"{name}, {product.donor}" if name and product.donor else name


def _doses(nodes: Nodes) -> Triples:
    for n, dose in enumerate(nodes.report.intervention.doses, start=1):
        node = nodes.numbered("dose", n)
        basis, unit, ucum, words = _BASIS[dose.basis]
        yield from _typed(node, TG.DoseLevel, f"{_amount(dose)} {words}")
        yield Triple(node, TG.doseLow, decimal(dose.low))
        yield Triple(node, TG.doseHigh, decimal(dose.high))
        yield Triple(node, TG.doseBasis, basis)
        yield Triple(node, QUDT.hasUnit, unit)
        yield Triple(node, TG.ucumCode, text(ucum))


def _amount(dose: DoseLevel) -> str:
    low, high = decimal(dose.low).value, decimal(dose.high).value
    return low if low == high else f"{low} to {high}"


def _drugs(nodes: Nodes) -> Triples:
    for n, (drug, _) in enumerate(nodes.report.intervention.combined_with, start=1):
        node = nodes.drug(n, drug)
        yield from _typed(node, TG.DrugProduct, drug.label if drug else f"Co-treatment {n} of {nodes.label}")
        if drug:
            yield Triple(node, TG.substance, term(drug))


def _outcomes(nodes: Nodes) -> Triples:
    for n, outcome in enumerate(nodes.report.outcomes, start=1):
        node = nodes.numbered("outcome", n)
        yield Triple(nodes.iri, TG.plansOutcome, node)
        label = outcome.concept.label if outcome.concept else f"Planned outcome {n} of {nodes.label}"
        yield from _typed(node, TG.PlannedOutcome, label)
        if outcome.concept:
            yield Triple(node, TG.ofMeasure, term(outcome.concept))
    for n, claim in enumerate(nodes.report.mechanisms, start=1):
        node = nodes.numbered("claim", n)
        yield Triple(nodes.iri, TG.claimsMechanism, node)
        label = claim.concept.label if claim.concept else f"Mechanism claim {n} of {nodes.label}"
        yield from _typed(node, TG.MechanismClaim, label)
        if claim.concept:
            yield Triple(node, TG.process, term(claim.concept))


def _findings(nodes: Nodes) -> Triples:
    for n, finding in enumerate(nodes.report.findings, start=1):
        node = nodes.numbered("finding", n)
        yield Triple(nodes.iri, TG.hasFinding, node)
        yield from _typed(node, TG.Finding, f"Finding {n} of {nodes.label}")
        yield Triple(node, TG.certainty, _CERTAINTY[finding.certainty])
        if finding.measure:
            yield Triple(node, TG.ofMeasure, term(finding.measure))
        if finding.value:
            yield Triple(node, TG.valueDirection, concept(finding.value))
        if finding.benefit:
            yield Triple(node, TG.benefit, _BENEFIT[finding.benefit])
        if finding.at_months is not None:
            yield Triple(node, TG.atMonths, decimal(finding.at_months))
