"""Administration: dose, route, way of delivery, and what is given beside the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, Statement
from trialgraph.extract.columns.administration.combination import read_combination
from trialgraph.extract.columns.administration.count import read_count
from trialgraph.extract.columns.administration.dose import DOSE
from trialgraph.extract.columns.administration.headings import HEADINGS
from trialgraph.extract.columns.administration.plausible_doses import plausible_dosings
from trialgraph.extract.columns.administration.route import read_methods, read_routes
from trialgraph.extract.columns.administration.statements import FLAT, links, triples, wording
from trialgraph.extract.columns.administration.written_numbers import NUMBER_OF_CELLS
from trialgraph.extract.text.fit import blank_weight, whole_cell
from trialgraph.extract.text.leftovers import leftovers
from trialgraph.model.reading import Reading
from trialgraph.model.report import Intervention, Report
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import lexicon

__all__ = ["COLUMN"]

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
    return Extracted({"interventions": (given,)}, readings, covered=spans, implausible=tuple(beyond))


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
    headings=HEADINGS,
    shape=CellShape(empty=-2.5, longest=400, fits=whole_cell(_fit), most=12.3),
    read=_read,
    flat=FLAT,
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
    triples=triples,
    links=links,
    wording=wording,
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
        """?report a tg:Report ; FROM/tg:hasCell/^tg:fromCell ?reading .
    ?report tg:hasIntervention/tg:hasDoseLevel ?focus .
    ?reading tg:readsField "dose_basis" .
    FILTER EXISTS { ?any tg:readFrom ?reading }
    FILTER NOT EXISTS { ?focus tg:readFrom ?reading }
    FILTER NOT EXISTS { ?report tg:hasIntervention ?one , ?other . FILTER (?one != ?other) }
    BIND ("a basis was read that the dose does not rest on" AS ?message)""",
    ),
    lexicons=("route", "method"),
    patterns={"dose": DOSE, "number": NUMBER_OF_CELLS},
)
