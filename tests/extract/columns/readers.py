"""Every field's reader, as a function from a cell to all readings that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tests.extract.columns.cells import row
from trialgraph.extract.ambiguity import resolved
from trialgraph.extract.columns import column_of, columns
from trialgraph.extract.columns.administration.combination import read_combination
from trialgraph.extract.columns.administration.count import read_count
from trialgraph.extract.columns.administration.dose import read_dosing
from trialgraph.extract.columns.administration.route import read_methods, read_routes
from trialgraph.extract.columns.cell_source import read_products
from trialgraph.extract.columns.conclusion import read_findings, read_results_status, read_status, read_times
from trialgraph.extract.columns.disease import read_conditions
from trialgraph.extract.columns.follow_up import read_bounds, read_follow_up
from trialgraph.extract.columns.mechanism import read_mechanisms
from trialgraph.extract.columns.outcomes import read_outcomes
from trialgraph.extract.columns.patients import read_patients
from trialgraph.extract.columns.phase import read_phase
from trialgraph.extract.columns.reference import read_references
from trialgraph.extract.columns.registration import read_look_alikes, read_registrations
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.text.group_headings import group_of_heading
from trialgraph.model.reading import Reading
from trialgraph.model.table import Cell


def _registration(cell: Cell) -> Iterator[Reading]:
    yield from (r.reading for r in read_registrations(cell))
    yield from read_look_alikes(cell)


def _products(cell: Cell) -> Iterator[Reading]:
    products, others = read_products(cell)
    yield from (p.reading for p in products)
    yield from others


def _condition(cell: Cell) -> Iterator[Reading]:
    for condition in read_conditions(cell):
        yield condition.reading
        yield from condition.beside


def _patients(cell: Cell) -> Iterator[Reading]:
    if group_of_heading(cell.header):
        yield from _by_column(cell)
        return
    patients = read_patients(cell)
    if patients.total:
        yield patients.total
    yield from patients.groups
    yield from (r for r in patients.competing if r not in patients.groups)


def _dosing(cell: Cell) -> Iterator[Reading]:
    dosing = read_dosing(cell)
    yield from (d.reading for d in dosing.levels)
    yield from dosing.bases
    if dosing.not_specified:
        yield dosing.not_specified


def _conclusion(cell: Cell) -> Iterator[Reading]:
    status = read_results_status(cell)[1]
    if status:
        yield status
    yield from (f.reading for f in read_findings(cell))
    yield from (r for _, r in read_times(cell))
    yield from (s.reading for s in read_status(cell))


def _effects(cell: Cell) -> Iterator[Reading]:
    yield from (r for f in read_findings(cell) if f.effect for r in f.effect.readings)


def _phase(cell: Cell) -> Iterator[Reading]:
    reading = read_phase(cell).reading
    if reading:
        yield reading


def _reference(cell: Cell) -> Iterator[Reading]:
    yield from read_references(cell)


def _ambiguous(cell: Cell) -> Iterator[Reading]:
    (report,) = find_conflicts([read_report(row(outcomes=cell.text))])
    yield from (r for c in report.conflicts for r in c.competing)


def _legend(cell: Cell) -> Iterator[Reading]:
    report = resolved(
        read_report(row(disease=cell.text)),
        {"AD": "Alzheimer's disease", "HS": "hidradenitis suppurativa", "MS": "mitral stenosis"},
    )
    yield from report.readings


def _made_for(cell: Cell) -> Iterator[Reading]:
    yield from resolved(read_report(row(disease="RA", outcomes=cell.text)), {}).readings


def _count(cell: Cell) -> Iterator[Reading]:
    reading = read_count(cell)
    if reading:
        yield reading


def _arms(cell: Cell) -> Iterator[Reading]:
    given = {"cell_source": "UC-MSCs", "administration": "1 or 2 × 10^6 cells/kg"}
    report = read_report(row(patients=cell.text, **given))
    yield from (r for arm in report.arms for r in arm.named)


def _leftovers(cell: Cell) -> Iterator[Reading]:
    yield from read_report(row(administration=cell.text)).leftovers


def _by_column(cell: Cell) -> Iterator[Reading]:
    column = column_of(cell.field)
    assert column
    yield from column.read([cell]).readings


columns()  # declares the rules of all columns

Reader = Callable[[Cell], Iterator[Reading]]

# Prefix of a rule's id -> the field whose cells it reads, and the reader.
READERS: Final[dict[str, tuple[str, Reader]]] = {
    "administration": ("administration", _count),
    "arm": ("patients", _arms),
    "age": ("age", _by_column),
    "allocation": ("allocation", _by_column),
    "comparator": ("comparator", _by_column),
    "completion-date": ("completion date", _by_column),
    "dose-frequency": ("dose frequency", _by_column),
    "masking": ("masking", _by_column),
    "product": ("product", _by_column),
    "sex": ("sex", _by_column),
    "sponsor": ("sponsor", _by_column),
    "start-date": ("start date", _by_column),
    "target": ("target", _by_column),
    "title": ("title", _by_column),
    "cell-source": ("cell source", _products),
    "context": ("outcomes", _made_for),
    "country": ("countries", _by_column),
    "combination": ("administration", lambda c: (r for _, r in read_combination(c))),
    "conflict": ("outcomes", _ambiguous),
    "disease": ("disease", _condition),
    "dose": ("administration", _dosing),
    "dose-basis": ("administration", _dosing),
    "effect": ("conclusion", _effects),
    "finding": ("conclusion", _conclusion),
    "follow-up": ("follow-up", lambda c: (r for _, r in (*read_follow_up(c), *read_bounds(c)))),
    "legend": ("disease", _legend),
    "mechanism": ("mechanism", lambda c: (m.reading for m in read_mechanisms(c))),
    "method": ("administration", lambda c: (r for _, r in read_methods(c))),
    "outcome": ("outcomes", lambda c: (o.reading for i in read_outcomes(c) for o in (i, *i.analytes))),
    "patients": ("patients", _patients),
    "phase": ("phase", _phase),
    "reference": ("reference", _reference),
    "registration": ("registration", _registration),
    "results": ("conclusion", _conclusion),
    "unread": ("administration", _leftovers),
    "status": ("status", _by_column),
    "route": ("administration", lambda c: (r for _, r in read_routes(c))),
}

#: The headings under which those rules read that a heading makes.
UNDER_HEADING: Final = {
    "administration.count-by-heading": "Number of injections",
    "dose.amount-unit-in-heading": "Dose (mg)",
    "dose.unit-in-heading": "Dose (×10⁶ cells/kg)",
    "patients.group-by-heading": "Patients (control)",
    "registration.digits-under-nct": "NCT",
    "status.answered": "Recruiting",
}
