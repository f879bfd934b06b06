"""Administration: dose, route, way of delivery, and what is given beside the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.column_type import (
    CellShape,
    ColumnType,
    Extracted,
    FlatColumn,
    FlatValue,
    Link,
    Statement,
    flat_number,
)
from trialgraph.extract.columns.administration.combination import read_combination
from trialgraph.extract.columns.administration.count import read_count
from trialgraph.extract.columns.administration.dose import DOSE, NUMBER_OF_CELLS
from trialgraph.extract.columns.administration.plausible_doses import plausible_dosings
from trialgraph.extract.columns.administration.route import read_methods, read_routes
from trialgraph.extract.text.fit import blank_weight, whole_cell
from trialgraph.extract.text.leftovers import leftovers
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Reading
from trialgraph.model.report import DoseBasis, DoseLevel, DoseStatus, Intervention, Report
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import decimal, integer
from trialgraph.rdf.literals import text as literal
from trialgraph.rdf.vocabulary import QUDT, RDF, RDFS, TG, UNIT, concept
from trialgraph.terminology.lexicon import lexicon

__all__ = ["COLUMN", "dose_status"]

_UNIT_WORD: Final = re.compile(
    r"cells?|/ ?kg|per (?:kg|kilogram|patient|joint|knee|body|infusion|dose|injection)|dose|mL", re.IGNORECASE
)
_ROUTE_WORD: Final = re.compile(
    r"\b(?:IV|i\.v\.|IT|IA|IM|SC)\b|intra-?\w+|infusions?|injections?|implant\w*|transplant\w*|"
    r"subcutaneous\w*|inhal\w*|topical\w*|deliver\w*|administ\w*",
    re.IGNORECASE,
)
_START: Final = re.compile(
    r"[\d(≥≤~]|Dose|[A-Z]|i\.v|intra|sub|mean|total|up to|at (?:least|most)|single", re.IGNORECASE
)
_FOREIGN: Final = re.compile(
    r"\b(?:improv\w*|significan\w*|reduc\w*|increas\w*|decreas\w*|was|were|observed|scores?|"
    r"levels?)\b|\[\d+\]|NCT\d|\d \(\d+/\d+\)"
)


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    score = -3.0 if not _START.match(text) else 0.0
    dose, route = DOSE.search(text), _ROUTE_WORD.search(text)
    if not dose and NUMBER_OF_CELLS.search(text):
        score += 5.0
    if dose:
        score += 5.0
        if dose.start() <= 1 and (dose["low"] is None):
            # 41 × 10^6 is more likely 4|1 × 10^6: mantissas of one digit are the rule.
            first = re.match(r"\(?(\d+)", text)
            score += 0.0 if first is None or len(first[1]) == 1 else -1.5
        exponent = next((v for k, v in dose.groupdict().items() if v and k.endswith("lost")), None)
        score += 0.0 if exponent is None or exponent in "5678" else -1.5
    if route:
        score += 3.5
    if re.search(r"[Dd]ose (?:not|un)\w*|not (?:specified|stated|reported)", text):
        score += 3.0
    if _UNIT_WORD.search(text):
        score += 0.8
    if not dose and not route and score < 5.0:
        score -= 5.0
    return score - 2.5 * len(_FOREIGN.findall(text)) - 0.004 * len(text)


def _read(cells: Sequence[Cell]) -> Extracted:
    dosings, beyond = plausible_dosings(cells)
    doses = tuple(level for dosing in dosings for level in dosing.levels)
    unspecified = [dosing.not_specified for dosing in dosings if dosing.not_specified]
    counts = [count for cell in cells if (count := read_count(cell))]
    given = Intervention(
        doses=doses,
        dose_status="stated" if doses else "not specified" if unspecified else "not stated",
        routes=tuple(route for cell in cells for route in read_routes(cell)),
        methods=tuple(method for cell in cells for method in read_methods(cell)),
        combined_with=tuple(drug for cell in cells for drug in read_combination(cell)),
        dose_count=_whole(counts[0]) if counts else None,
    )
    readings = (
        *(dose.reading for dose in doses),
        *(basis for dosing in dosings for basis in dosing.bases),
        *unspecified,
        *(reading for _, reading in (*given.routes, *given.methods, *given.combined_with)),
        *counts[:1],
    )
    if given.dose_status == "not stated" and beyond:
        given = replace(given, dose_status="unread")
    if given.dose_status == "not stated" and any(_has_number(cell, readings) for cell in cells):
        given = replace(given, dose_status="unread")
    spans = tuple(cell.place(*at) for cell, dosing in zip(cells, dosings, strict=True) for at in dosing.spans)
    return Extracted({"intervention": given}, readings, covered=spans, implausible=tuple(beyond))


def _has_number(cell: Cell, readings: Iterable[Reading]) -> bool:
    """Whether a number is left of a cell that no reading covers: it may be the dose."""
    whole = cell.original or cell
    text = whole.text or ""
    spans = [(r.start - whole.start, r.end - whole.start) for r in readings if r.cell == whole]
    return any(char.isdigit() for start, end in leftovers(text, spans) for char in text[start:end])


def _whole(reading: Reading) -> int | None:
    return reading.value if isinstance(reading.value, int) else None


def _restates(report: Report, cell: Cell) -> Iterator[tuple[int, int]]:
    """Names of the cells and the product that are given, where another column states the product."""
    text = cell.text or ""
    if not report.products:
        return
    for name in ("cell_type", "donor"):
        yield from ((start, end) for start, end, _ in lexicon().find(name, text))
    for code in {product.code for product in report.products if product.code}:
        yield from ((m.start(), m.end()) for m in re.finditer(re.escape(code), text))


_BASIS: Final = {
    "kilogram": (concept("per-kilogram"), getattr(UNIT, "NUM-PER-KiloGM"), "{cells}/kg", "cells/kg"),
    "patient": (concept("per-patient"), UNIT.NUM, "{cells}/{patient}", "cells/patient"),
    "joint": (concept("per-joint"), UNIT.NUM, "{cells}/{joint}", "cells/joint"),
    "not stated": (concept("basis-not-stated"), UNIT.NUM, "{cells}", "cells"),
}
_DOSE_STATUS: Final[dict[DoseStatus, NamedNode]] = {
    "stated": concept("dose-stated"),
    "not specified": concept("dose-not-specified"),
    "not stated": concept("dose-not-stated"),
    "unread": concept("dose-unread"),
}


def dose_status(status: DoseStatus) -> NamedNode:
    """The concept of what a source does about the dose."""
    return _DOSE_STATUS[status]


def _triples(nodes: Nodes) -> Iterator[Triple]:
    given, node = nodes.report.intervention, nodes.intervention
    yield Triple(node, TG.doseStatus, _DOSE_STATUS[given.dose_status])
    for route, _ in given.routes:
        if route:
            yield Triple(node, TG.byRoute, term(route))
    for method, _ in given.methods:
        yield Triple(node, TG.deliveryMethod, term(method))
    if given.dose_count is not None:
        yield Triple(node, TG.doseCount, integer(given.dose_count))
    for n, dose in enumerate(given.doses, start=1):
        yield Triple(node, TG.hasDoseLevel, nodes.numbered("dose", n))
        yield from _dose(nodes.numbered("dose", n), dose)
    for n, (drug, _) in enumerate(given.combined_with, start=1):
        product = nodes.drug(n, drug)
        yield Triple(node, TG.combinedWith, product)
        yield Triple(product, RDF.type, TG.DrugProduct)
        yield Triple(
            product, RDFS.label, literal(drug.label if drug else f"Co-treatment {n} of {nodes.label}")
        )
        if drug:
            yield Triple(product, TG.substance, term(drug))


def _dose(node: NamedNode, dose: DoseLevel) -> Iterator[Triple]:
    basis, unit, ucum, words = _BASIS[dose.basis]
    yield Triple(node, RDF.type, TG.DoseLevel)
    yield Triple(node, RDFS.label, literal(f"{_amount(dose)} {words}"))
    if dose.low is not None:
        yield Triple(node, TG.doseLow, decimal(dose.low))
    if dose.high is not None:
        yield Triple(node, TG.doseHigh, decimal(dose.high))
    if dose.low is None or dose.high is None:
        yield Triple(node, TG.doseBound, concept("upper-bound" if dose.low is None else "lower-bound"))
    yield Triple(node, TG.doseBasis, basis)
    yield Triple(node, QUDT.hasUnit, unit)
    yield Triple(node, TG.ucumCode, literal(ucum))


def _amount(dose: DoseLevel) -> str:
    low, high = (decimal(end).value if end is not None else "" for end in (dose.low, dose.high))
    if not (low and high):
        return f"at least {low}" if low else f"up to {high}"
    return low if low == high else f"{low} to {high}"


def _links(nodes: Nodes) -> Iterator[Link]:
    given = nodes.report.intervention
    for pairs in (given.routes, given.methods, given.combined_with):
        for _, reading in pairs:
            yield nodes.intervention, reading
    for n, (drug, reading) in enumerate(given.combined_with, start=1):
        yield nodes.drug(n, drug), reading
    doses = [nodes.numbered("dose", n) for n in range(1, len(given.doses) + 1)]
    yield from zip(doses, (dose.reading for dose in given.doses), strict=True)
    for reading in nodes.report.readings:
        if reading.name in ("dose_status", "dose_count"):
            yield nodes.intervention, reading
        elif reading.name == "dose_basis":
            yield from ((dose, reading) for dose in doses)


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for n, dose in enumerate(nodes.report.intervention.doses, start=1):
        yield Triple(nodes.numbered("dose", n), TG.asReported, literal(dose.reading.verbatim))


_UNITS: Final[dict[DoseBasis, str | None]] = {
    "kilogram": "cells/kg",
    "patient": "cells/patient",
    "joint": "cells/joint",
    "not stated": None,
}


def _dose_low(report: Report) -> FlatValue:
    ends = [dose.low for dose in report.intervention.doses if dose.low is not None]
    return flat_number(min(ends)) if ends else None


def _dose_high(report: Report) -> FlatValue:
    ends = [dose.high for dose in report.intervention.doses if dose.high is not None]
    return flat_number(max(ends)) if ends else None


def _dose_levels(report: Report) -> FlatValue:
    ends = [dose.low for dose in report.intervention.doses if dose.low is not None]
    return [flat_number(end) for end in ends] if len(ends) > 1 else []


def _dose_unit(report: Report) -> FlatValue:
    bases = {dose.basis for dose in report.intervention.doses}
    return _UNITS[bases.pop()] if len(bases) == 1 else None


def _routes(report: Report) -> FlatValue:
    return [c.label if c else reading.verbatim for c, reading in report.intervention.routes]


def _combined_with(report: Report) -> FlatValue:
    return [c.label if c else reading.verbatim for c, reading in report.intervention.combined_with]


def _whole_value(text: str) -> bool:
    """Whether a dose with a mantissa of one digit begins or ends it, where a digit does."""
    first = (
        text[:1].isalpha()
        or re.match(r"(?:[1-9](?:\.\d+)?|0\.0*[1-9]\d*)(?: ?[-–] ?\d(?:\.\d+)?)? ?[×xX*·] ?10", text)
        is not None
    )
    last = not text[-1:].isdigit() or any(m.end() == len(text) for m in DOSE.finditer(text))
    return first and last


COLUMN: Final = ColumnType(
    field="administration",
    order=50,
    headings=r"(?:(?:cell )?(?:dose|doses|dosage|dosing)|(?:route|mode|method)(?: of (?:administration|"
    r"delivery))?|administration(?: route)?|delivery(?: route)?|delivery method|route|regimen|"
    r"protocol|treatment|treatment protocol|intervention|interventions)"
    r"(?: ?(?:and|/|,|&) ?(?:cell )?(?:dose|dosage|route|administration|delivery|frequency|"
    r"administration route|route of administration))?",
    shape=CellShape(empty=-2.5, longest=400, fits=whole_cell(_fit)),
    read=_read,
    flat=(
        FlatColumn("dose_low", "lowest dose in cells; empty for an upper bound", _dose_low, number=True),
        FlatColumn(
            "dose_high",
            "highest dose in cells; the same as the lowest for a single dose, empty for a lower bound",
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
            "cells/kg, cells/patient, cells/joint; empty where the basis is not stated",
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
    ),
    whole=_whole_value,
    restates=_restates,
    filler=frozenset(
        [
            "cell",
            "cells",
            "dose",
            "doses",
            "dosage",
            "dosages",
            "dosing",
            "total",
            "viable",
            "live",
            "bodyweight",
            "combination",
            "some",
            "patient",
            "patients",
            "receiving",
            "received",
            "administered",
            "administration",
            "route",
            "body",
            "weight",
            "bw",
            "over",
            "followed",
            "then",
            "single",
        ]
    ),
    triples=_triples,
    links=_links,
    wording=_wording,
    statements=(
        Statement("dose", TG.DoseLevel),
        Statement("dose_status", TG.Intervention),
        Statement("dose_count", TG.Intervention, TG.doseCount, "value"),
        Statement("route", TG.Intervention),
        Statement("route", TG.Intervention, TG.byRoute, "concept"),
        Statement("method", TG.Intervention),
        Statement("method", TG.Intervention, TG.deliveryMethod, "concept"),
        Statement("combined_with", TG.Intervention),
        Statement("combined_with", TG.DrugProduct),
        Statement("combined_with", TG.DrugProduct, TG.substance, "concept"),
    ),
    valued=("dose", "dose_count", "dose_basis", "dose_status", "combined_with"),
    gates=(
        # What a reading says of all doses, these rest on.
        """?report a tg:Report ; tg:readFrom ?reading ; tg:hasIntervention/tg:hasDoseLevel ?focus .
    ?reading tg:readsField "dose_basis" .
    FILTER NOT EXISTS { ?focus tg:readFrom ?reading }
    BIND ("a basis was read that the dose does not rest on" AS ?message)""",
    ),
    lexicons=("route", "method"),
    patterns={"dose": DOSE, "number": NUMBER_OF_CELLS},
)
