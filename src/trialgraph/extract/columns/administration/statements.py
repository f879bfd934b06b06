"""What the graph and the flat table state of doses, routes and what is given beside the products."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.base.readable import dose as dose_words
from trialgraph.extract.column_type import FlatColumn, FlatValue, Link, flat_number
from trialgraph.extract.product_statements import drug_triples
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.report import DoseLevel, DoseStatus, Intervention, Report
from trialgraph.rdf.literals import decimal, integer, text
from trialgraph.rdf.vocabulary import QUDT, RDF, RDFS, TG, concept
from trialgraph.terminology.dose_units import CELLS, basis_concept, dose_unit

__all__ = ["FLAT", "delivery_triples", "dose_status", "links", "triples", "wording"]

_DOSE_STATUS: Final[dict[DoseStatus, NamedNode]] = {
    "stated": concept("dose-stated"),
    "not specified": concept("dose-not-specified"),
    "not stated": concept("dose-not-stated"),
    "unread": concept("dose-unread"),
}


def dose_status(status: DoseStatus) -> NamedNode:
    """The concept of what a source does about the dose."""
    return _DOSE_STATUS[status]


def triples(nodes: Nodes) -> Iterator[Triple]:
    """How each intervention is given."""
    for node, given in nodes.interventions:
        yield Triple(node, TG.doseStatus, _DOSE_STATUS[given.dose_status])
        yield from delivery_triples(node, given)
    for given_as, node, dose in nodes.dose_levels:
        yield Triple(given_as, TG.hasDoseLevel, node)
        yield from _dose(node, dose)
    for given_as, n, drug, _ in nodes.co_treatments:
        yield Triple(given_as, TG.combinedWith, nodes.drug(n, drug))
        yield from drug_triples(nodes, n, drug)


def delivery_triples(node: NamedNode, given: Intervention) -> Iterator[Triple]:
    """By which routes and methods, and how often, a node gives what an intervention gives."""
    for route, _ in given.routes:
        if route:
            yield Triple(node, TG.byRoute, term(route))
    for method, _ in given.methods:
        yield Triple(node, TG.deliveryMethod, term(method))
    if given.dose_count is not None:
        yield Triple(node, TG.doseCount, integer(given.dose_count))


def _dose(node: NamedNode, dose: DoseLevel) -> Iterator[Triple]:
    unit = dose_unit(dose.unit)
    yield Triple(node, RDF.type, TG.DoseLevel)
    yield Triple(node, RDFS.label, text(f"{dose_words(dose.low, dose.high)} {unit.words(dose.basis)}"))
    if dose.low is not None:
        yield Triple(node, TG.doseLow, decimal(dose.low))
    if dose.high is not None:
        yield Triple(node, TG.doseHigh, decimal(dose.high))
    if dose.low is None or dose.high is None:
        yield Triple(node, TG.doseBound, concept("upper-bound" if dose.low is None else "lower-bound"))
    yield Triple(node, TG.doseBasis, basis_concept(dose.basis))
    yield Triple(node, TG.doseUnit, concept(unit.slug))
    yield Triple(node, TG.doseQuantity, unit.quantity)
    if qudt := unit.qudt_unit(dose.basis):
        yield Triple(node, QUDT.hasUnit, qudt)
    yield Triple(node, TG.ucumCode, text(unit.per(dose.basis)))


def links(nodes: Nodes) -> Iterator[Link]:
    """The readings that interventions, their doses and drugs rest on."""
    for node, given in nodes.interventions:
        for pairs in (given.routes, given.methods, given.combined_with):
            for _, reading in pairs:
                yield node, reading
    for _, n, drug, reading in nodes.co_treatments:
        yield nodes.drug(n, drug), reading
    for _, node, dose in nodes.dose_levels:
        yield node, dose.reading
    # Where several things are given, these do not say which of them they are about.
    if len(nodes.interventions) > 1:
        return
    for reading in nodes.report.readings:
        if reading.name in ("dose_status", "dose_count"):
            yield nodes.intervention, reading
        elif reading.name == "dose_basis":
            yield from ((node, reading) for _, node, _ in nodes.dose_levels)


def wording(nodes: Nodes) -> Iterator[Triple]:
    """The doses as printed."""
    for _, node, dose in nodes.dose_levels:
        yield Triple(node, TG.asReported, text(dose.reading.verbatim))


def _doses(report: Report) -> tuple[DoseLevel, ...]:
    """The doses of what the trial is about; none where they are in several units, which no column can show."""
    doses = report.intervention.doses
    return doses if len({dose.unit for dose in doses}) == 1 else ()


def _lows(report: Report) -> list[Decimal]:
    return [dose.low for dose in _doses(report) if dose.low is not None]


def _dose_low(report: Report) -> FlatValue:
    ends = _lows(report)
    return flat_number(min(ends)) if ends else None


def _dose_high(report: Report) -> FlatValue:
    ends = [dose.high for dose in _doses(report) if dose.high is not None]
    return flat_number(max(ends)) if ends else None


def _dose_levels(report: Report) -> FlatValue:
    ends = _lows(report)
    return [flat_number(end) for end in ends] if len(ends) > 1 else []


def _dose_unit(report: Report) -> FlatValue:
    units = {(dose.unit, dose.basis) for dose in _doses(report)}
    if len(units) != 1 or units == {(CELLS, "not stated")}:
        return None
    ((unit, basis),) = units
    return dose_unit(unit).words(basis)


def _routes(report: Report) -> FlatValue:
    return [c.label if c else reading.verbatim for c, reading in report.intervention.routes]


def _combined_with(report: Report) -> FlatValue:
    return [c.label if c else reading.verbatim for c, reading in report.intervention.combined_with]


FLAT: Final = (
    FlatColumn("dose_low", "lowest dose, in dose_unit; empty for an upper bound", _dose_low, number=True),
    FlatColumn(
        "dose_high",
        "highest dose; the same as the lowest for a single dose, empty for a lower bound",
        _dose_high,
        number=True,
    ),
    FlatColumn(
        "dose_levels",
        "all levels of a printed list of doses; empty for one dose and for a range",
        _dose_levels,
        several=True,
        number=True,
    ),
    FlatColumn(
        "dose_unit",
        "cells/kg, cells/patient, cells/joint, mg, mg/kg, …; empty where cells are given and no basis is stated",
        _dose_unit,
    ),
    FlatColumn(
        "dose_count",
        "how often the product is given, where one number is printed",
        lambda report: report.intervention.dose_count,
        number=True,
    ),
    FlatColumn(
        "routes",
        "routes of administration; several are alternatives as the source words them",
        _routes,
        several=True,
    ),
    FlatColumn(
        "combined_with",
        "what is given beside the cells: concept labels, else the words as printed",
        _combined_with,
        several=True,
    ),
)
