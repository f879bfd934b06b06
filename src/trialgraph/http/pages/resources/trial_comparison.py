"""The comparison on a trial's page: one row for each field, side by side the values of each report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.dose_text import dose_size, dose_unit
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.pages.resources.trial_context import role_of
from trialgraph.http.pages.resources.trial_statements import DisplayValue, TrialStatements
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import TG, compact

__all__ = ["ComparedField", "compared_fields"]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A row of the comparison: a field and its values in each report.

    :param differs: the reports differ
    """

    title: str
    cells: tuple[tuple[DisplayValue, ...], ...]
    differs: bool


def compared_fields(stated: TrialStatements, reports: Sequence[str]) -> list[ComparedField]:
    """The fields that at least one report states, in the order of the page.

    :param reports: IRIs
    """
    rows: dict[str, list[list[DisplayValue]]] = {}
    for title, values_of in (*COMPARED, *_plain_rows()):
        rows[title] = [list(values_of(stated, report)) for report in reports]
    differ = {
        title: len({tuple(value.text for value in cell) for cell in cells if cell}) > 1
        for title, cells in rows.items()
    }
    for at, report in enumerate(reports):
        for title, conflict in _flags_of_fields(stated, report, [cells[at] for cells in rows.values()]):
            rows.setdefault(title, [[] for _ in reports])[at].append(conflict)
    return [
        ComparedField(title, tuple(map(tuple, cells)), differ.get(title, False))
        for title, cells in rows.items()
        if any(cells)
    ]


def _flags_of_fields(
    stated: TrialStatements, report: str, cells: Sequence[Sequence[DisplayValue]]
) -> Iterator[tuple[str, DisplayValue]]:
    """The conflicts that no value is flagged with, each with the title of its field's row."""
    flagged = {link.href for values in cells for value in values for link in value.links}
    titles = {column.key: column.display or column.field.capitalize() for column in columns()} | TITLES
    for conflict in stated.iris(report, TG.hasConflict):
        if address(conflict) not in flagged:
            competing = [i for i in stated.iris(conflict, TG.hasCompetingReading) if i in stated.readings]
            cell = stated.readings[competing[0]]["cell"] if competing else ""
            key = next((key for key in titles if key == re.sub(r"-\d+$", "", cell.rpartition("/")[2])), "")
            flag = stated.conflict_flag(conflict)
            yield titles.get(key, "Conflicts"), DisplayValue(flag.words, "", "", (flag,))


def _phase(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    links = stated.reading_links(report, "phase")
    for iri in stated.iris(report, TG.phase) or stated.iris(report, TG.phaseStatus):
        yield stated.display(iri, links)


def _disease(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for condition in stated.iris(report, TG.condition):
        for iri in stated.iris(condition, TG.disease):
            yield stated.display(iri, stated.reading_links(condition, "disease"), compact(iri))
        for iri in stated.iris(condition, TG.qualifier):
            yield stated.display(iri, stated.reading_links(condition, "qualifier", of=iri), "qualifier")
        for iri in stated.iris(condition, TG.site):
            yield stated.display(iri, stated.reading_links(condition, "site"), "site")
        if not stated.iris(condition, TG.disease):
            yield DisplayValue(
                stated.text(condition, TG.asReported),
                "",
                "not linked",
                stated.reading_links(condition),
                verbatim=True,
            )


def _cells(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for given in stated.iris(report, TG.hasIntervention):
        for product in stated.iris(given, TG.ofProduct):
            parts = [
                stated.label(iri) for iri in stated.iris(product, TG.cellType, TG.tissueSource, TG.donorType)
            ]
            code = stated.text(product, TG.productCode)
            text = ", ".join(dict.fromkeys([*([code] if code else []), *parts])) or stated.label(product)
            yield DisplayValue(text, address(product), "", stated.reading_links(product))


def _given(name: NamedNode, *reads: str) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row of values linked from an intervention."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for given in stated.iris(report, TG.hasIntervention):
            for iri in stated.iris(given, name):
                yield stated.display(
                    iri, stated.reading_links(given, *reads, of=iri) or stated.reading_links(iri)
                )

    return make


def _levels(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for given in stated.iris(report, TG.hasIntervention):
        for level in stated.iris(given, TG.hasDoseLevel):
            yield DisplayValue(_amount(stated, level), address(level), "", stated.reading_links(level))
        if not stated.iris(given, TG.hasDoseLevel):
            for iri in stated.iris(given, TG.doseStatus):
                yield stated.display(iri, stated.reading_links(given, "dose_status"))


def _amount(stated: TrialStatements, level: str) -> str:
    """A dose level in words: ``1–2 × 10⁶ cells/kg``."""
    return f"{dose_size(stated, level)} {dose_unit(stated, level)}"


def _count(name: NamedNode, reads: str) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row for a number of the report."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for term in stated.all(report, name):
            yield DisplayValue(text_of(term), "", "", stated.reading_links(report, reads))

    return make


def _patients(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for name, reads, note in (
        (TG.enrolledTotal, "n_total", "in total"),
        (TG.enrolledTreatment, "n_treatment", "treated"),
        (TG.enrolledControl, "n_control", "control"),
    ):
        for term in stated.all(report, name):
            yield DisplayValue(text_of(term), "", note, stated.reading_links(report, reads))


def _arms(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    """Each arm with its size, by its name where it has one, and what it receives."""
    for arm in stated.iris(report, TG.hasArm):
        name = spelled_out(stated.text(arm, TG.asReported)) or role_of(stated, arm)
        given = stated.iris(arm, TG.receives)
        products = [iri for one in given for iri in stated.iris(one, TG.ofProduct, TG.combinedWith)]
        doses = [level for one in given for level in stated.iris(one, TG.hasDoseLevel)]
        received = ", ".join(
            [*(stated.label(iri) for iri in products), *(_amount(stated, level) for level in doses)]
        )
        note = f"receives {received}" if received else "not stated what it receives"
        text = f"{stated.text(arm, TG.enrolled)} {name}".strip()
        yield DisplayValue(text, address(arm), note, stated.reading_links(arm))


def _items(name: NamedNode, about: NamedNode) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row of items, each by its concept, else verbatim."""

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for item in stated.iris(report, name):
            words = spelled_out(stated.text(item, TG.asReported))
            place = "in brackets" if stated.iris(item, TG.listedUnder) else ""
            links = stated.reading_links(item)
            linked = stated.iris(item, about)
            for iri in linked:
                same = words.casefold() == stated.label(iri).casefold()
                note = ", ".join(filter(None, (place, "" if same else f"“{words}”")))
                yield stated.display(iri, links, note)
            if not linked:
                yield DisplayValue(words, address(item), place, links, verbatim=True)

    return make


def _findings(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for finding in stated.iris(report, TG.hasFinding):
        about = [
            stated.label(iri) for iri in stated.iris(finding, TG.ofMeasure, TG.valueDirection, TG.benefit)
        ]
        certainty = [
            stated.label(iri) for iri in stated.iris(finding, TG.certainty) if not iri.endswith("/as-stated")
        ]
        months = [f"at {text_of(term)} months" for term in stated.all(finding, TG.atMonths)]
        note = ", ".join([*about, *certainty, *_effect(stated, finding), *months])
        yield DisplayValue(
            spelled_out(stated.text(finding, TG.statement)),
            address(finding),
            note,
            stated.reading_links(finding),
            verbatim=True,
        )


def _effect(stated: TrialStatements, finding: str) -> Iterator[str]:
    """The effect of a finding: ``93.3 % (MSC + IFN-γ group) vs 53.3 % (MSC monotherapy group)``."""
    unit = stated.text(finding, TG.effectUnit).removeprefix("1")
    sides = []
    for value, arm, words in (
        (TG.effectValue, TG.inArm, TG.armAsReported),
        (TG.comparatorValue, TG.comparedWith, TG.comparatorAsReported),
    ):
        number = stated.text(finding, value)
        named = [stated.text(iri, TG.asReported) for iri in stated.iris(finding, arm)]
        name = next(filter(None, named), "") or stated.text(finding, words)
        if number:
            sides.append(f"{number} {unit}".strip() + (f" ({spelled_out(name)})" if name else ""))
    baseline = stated.text(finding, TG.baselineValue)
    if sides:
        yield " vs ".join(sides) + (f", from {baseline} {unit}".rstrip() if baseline else "")


def _results(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for iri in stated.iris(report, TG.resultsStatus):
        yield stated.display(iri, stated.reading_links(report, "results_status"))


#: The titles of the rows by the key of their field, where values of a field have one.
TITLES: Final = {
    "phase": "Phase", "disease": "Disease", "cell-source": "Cells", "administration": "Dose", "patients": "Patients",
    "follow-up": "Follow-up, months", "outcomes": "Planned outcomes", "mechanism": "Mechanisms claimed",
    "conclusion": "Results", "reference": "Reference in the source",
}  # fmt: skip
#: The fields of the comparison, in the order of the page.
COMPARED: Final[tuple[tuple[str, Callable[[TrialStatements, str], Iterable[DisplayValue]]], ...]] = (
    ("Phase", _phase),
    ("Disease", _disease),
    ("Cells", _cells),
    ("Route", _given(TG.byRoute, "route")),
    ("Delivery", _given(TG.deliveryMethod, "method")),
    ("Dose", _levels),
    ("Combined with", _given(TG.combinedWith, "combined_with")),
    ("Patients", _patients),
    ("Arms", _arms),
    ("Follow-up, months", _count(TG.followUpMonths, "follow_up")),
    ("Planned outcomes", _items(TG.plansOutcome, TG.ofMeasure)),
    ("Mechanisms claimed", _items(TG.claimsMechanism, TG.process)),
    ("Findings", _findings),
    ("Results", _results),
    ("Reference in the source", _count(TG.referenceNumber, "reference")),
)


def _plain_rows() -> Iterator[tuple[str, Callable[[TrialStatements, str], Iterable[DisplayValue]]]]:
    """A row for each column whose values are stated directly on the report."""
    for column in columns():
        if column.display:
            yield column.display, _plain(column)


def _plain(column: ColumnType) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    reads = {statement.property: statement.reading for statement in column.statements}

    def make(stated: TrialStatements, report: str) -> Iterator[DisplayValue]:
        several = len(column.shapes) > 1
        for shape in column.shapes:
            name = reads[shape.property]
            for term in stated.all(report, shape.property):
                note = in_words(name) if several else ""
                if isinstance(term, NamedNode):
                    yield stated.display(term.value, stated.reading_links(report, name, of=term.value), note)
                else:
                    yield DisplayValue(text_of(term), "", note, stated.reading_links(report, name))

    return make
