"""The page of a trial: its reports side by side, each value linked to its source text, its arms and doses drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import render_template, request, url_for
from pyoxigraph import NamedNode

from trialgraph.base.settings import setting
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.http.lookup import ask, iri_of, text_of
from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.resource_page import alternates
from trialgraph.http.pages.resources.source_text import in_words, spelled_out
from trialgraph.http.pages.resources.trial_drawings import draw_arms, draw_doses, draw_neighbours, power
from trialgraph.http.pages.resources.trial_statements import (
    DisplayValue,
    ReadingLink,
    TrialStatements,
    read_statements,
)
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, TG, compact
from trialgraph.views.facets import FACETS

__all__ = ["trial_page"]

#: Values of facets that are drawn as neighbours; outcomes are too many.
DRAWN: Final = tuple(facet for facet in FACETS if facet.name not in ("outcome", "conflict", "registry"))


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A row of the comparison: a field and its values in each report.

    :param differs: the reports differ
    """

    title: str
    cells: tuple[tuple[DisplayValue, ...], ...]
    differs: bool


def trial_page(iri: str, path: str) -> str:
    """The page of a trial.

    :param path: its address here, without suffix
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.ask`
    """
    statements = read_statements(iri)
    reports = statements.iris(iri, TG.hasReport)
    lines = [
        ComparedField(title, cells, len({tuple(value.text for value in cell) for cell in cells if cell}) > 1)
        for title, cells in (
            (title, tuple(tuple(make(statements, report)) for report in reports))
            for title, make in (*COMPARED[:-1], *_plain_lines(), COMPARED[-1])
        )
        if any(cells)
    ]
    return render_template(
        "trial.html",
        iri=iri,
        label=statements.label(iri),
        types=[statements.display(t) for t in statements.iris(iri, RDF.type) if t != TG.Trial.value],
        reports=[_heading(statements, report) for report in reports],
        lines=lines,
        drawings=[
            (statements.label(report), _arms(statements, report), _doses(statements, report))
            for report in reports
        ],
        neighbours=_neighbours(statements),
        links=_links(statements, reports),
        alternates=alternates(path),
        schema=_schema_org(statements, reports, path),
    )


def _heading(statements: TrialStatements, report: str) -> dict[str, DisplayValue]:
    """Where a report stands: its own page, its source and its row."""
    source, row = statements.iris(report, TG.fromSource), statements.iris(report, TG.fromRow)
    number, line = (
        statements.text(row[0], TG.rowNumber) if row else "",
        statements.text(row[0], TG.lineNumber) if row else "",
    )
    place = f"{address(source[0])}#row-{number}" if source else ""
    return {
        "report": DisplayValue(statements.label(report), address(report)),
        "source": statements.display(source[0]) if source else DisplayValue("source not stated"),
        "row": DisplayValue(f"row {number}, line {line}", place),
    }


def _phase(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    links = statements.reading_links(report, "phase")
    for iri in statements.iris(report, TG.phase) or statements.iris(report, TG.phaseStatus):
        yield statements.display(iri, links)


def _disease(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for condition in statements.iris(report, TG.condition):
        for iri in statements.iris(condition, TG.disease):
            yield statements.display(iri, statements.reading_links(condition, "disease"), compact(iri))
        for iri in statements.iris(condition, TG.qualifier):
            yield statements.display(
                iri, statements.reading_links(condition, "qualifier", of=iri), "qualifier"
            )
        for iri in statements.iris(condition, TG.site):
            yield statements.display(iri, statements.reading_links(condition, "site"), "site")
        if not statements.iris(condition, TG.disease):
            yield DisplayValue(
                statements.text(condition, TG.asReported),
                "",
                "not linked",
                statements.reading_links(condition),
                verbatim=True,
            )


def _cells(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for given in statements.iris(report, TG.hasIntervention):
        for product in statements.iris(given, TG.ofProduct):
            parts = [
                statements.label(iri)
                for iri in statements.iris(product, TG.cellType, TG.tissueSource, TG.donorType)
            ]
            code = statements.text(product, TG.productCode)
            text = ", ".join(dict.fromkeys([*([code] if code else []), *parts])) or statements.label(product)
            yield DisplayValue(text, address(product), "", statements.reading_links(product))


def _given(name: NamedNode, *reads: str) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row of values linked from an intervention."""

    def make(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for given in statements.iris(report, TG.hasIntervention):
            for iri in statements.iris(given, name):
                yield statements.display(
                    iri, statements.reading_links(given, *reads, of=iri) or statements.reading_links(iri)
                )

    return make


def _levels(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for given in statements.iris(report, TG.hasIntervention):
        for level in statements.iris(given, TG.hasDoseLevel):
            yield DisplayValue(
                _amount(statements, level), address(level), "", statements.reading_links(level)
            )
        if not statements.iris(given, TG.hasDoseLevel):
            for iri in statements.iris(given, TG.doseStatus):
                yield statements.display(iri, statements.reading_links(given, "dose_status"))


def _amount(statements: TrialStatements, level: str) -> str:
    """A dose level in words: ``10⁶ to 2 × 10⁶ cells/kg``."""
    return f"{_size(statements, level)} {_unit(statements, level)}"


def _size(statements: TrialStatements, level: str) -> str:
    """Likewise without the unit."""
    low, high = (Decimal(statements.text(level, name) or 0) for name in (TG.doseLow, TG.doseHigh))
    return power(low) if low == high else f"{power(low)} to {power(high)}"


def _unit(statements: TrialStatements, level: str) -> str:
    return statements.text(level, TG.ucumCode).replace("{", "").replace("}", "") or "cells"


def _count(name: NamedNode, reads: str) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row for a number of the report."""

    def make(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for term in statements.all(report, name):
            yield DisplayValue(text_of(term), "", "", statements.reading_links(report, reads))

    return make


def _patients(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for name, reads, note in (
        (TG.enrolledTotal, "n_total", "in total"),
        (TG.enrolledTreatment, "n_treatment", "treated"),
        (TG.enrolledControl, "n_control", "control"),
    ):
        for term in statements.all(report, name):
            yield DisplayValue(text_of(term), "", note, statements.reading_links(report, reads))


def _items(name: NamedNode, about: NamedNode) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    """A row of items, each by its concept, else verbatim."""

    def make(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
        for item in statements.iris(report, name):
            words = spelled_out(statements.text(item, TG.asReported))
            links = statements.reading_links(item)
            linked = statements.iris(item, about)
            for iri in linked:
                same = words.casefold() == statements.label(iri).casefold()
                yield statements.display(iri, links, "" if same else f"“{words}”")
            if not linked:
                yield DisplayValue(words, address(item), "", links, verbatim=True)

    return make


def _findings(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for finding in statements.iris(report, TG.hasFinding):
        about = [
            statements.label(iri)
            for iri in statements.iris(finding, TG.ofMeasure, TG.valueDirection, TG.benefit)
        ]
        certainty = [
            statements.label(iri)
            for iri in statements.iris(finding, TG.certainty)
            if not iri.endswith("/as-stated")
        ]
        months = [f"at {text_of(term)} months" for term in statements.all(finding, TG.atMonths)]
        note = ", ".join([*about, *certainty, *months])
        yield DisplayValue(
            spelled_out(statements.text(finding, TG.statement)),
            address(finding),
            note,
            statements.reading_links(finding),
            verbatim=True,
        )


def _results(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for iri in statements.iris(report, TG.resultsStatus):
        yield statements.display(iri, statements.reading_links(report, "results_status"))


def _conflicts(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
    for conflict in statements.iris(report, TG.hasConflict):
        kind = ", ".join(
            statements.label(iri)
            for iri in statements.iris(conflict, TG.conflictKind, TG.severity, TG.status)
        )
        competing = statements.iris(conflict, TG.hasCompetingReading)
        chosen = set(statements.iris(conflict, TG.preferredReading))
        links = tuple(
            ReadingLink(
                address(iri),
                ("used: " if iri in chosen else "")
                + f"“{spelled_out(statements.readings[iri]['verbatim'])}”",
            )
            for iri in competing
            if iri in statements.readings
        )
        yield DisplayValue(
            spelled_out(statements.text(conflict, RDFS.comment)), address(conflict), kind, links
        )


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
    ("Follow-up, months", _count(TG.followUpMonths, "follow_up")),
    ("Planned outcomes", _items(TG.plansOutcome, TG.ofMeasure)),
    ("Mechanisms claimed", _items(TG.claimsMechanism, TG.process)),
    ("Findings", _findings),
    ("Results", _results),
    ("Reference in the source", _count(TG.referenceNumber, "reference")),
    ("Conflicts", _conflicts),
)


def _plain_lines() -> Iterator[tuple[str, Callable[[TrialStatements, str], Iterable[DisplayValue]]]]:
    """A row for each column whose values are stated directly on the report."""
    for column in columns():
        if column.display:
            yield column.display, _plain(column)


def _plain(column: ColumnType) -> Callable[[TrialStatements, str], Iterator[DisplayValue]]:
    reads = {statement.property: statement.reading for statement in column.statements}

    def make(statements: TrialStatements, report: str) -> Iterator[DisplayValue]:
        several = len(column.shapes) > 1
        for shape in column.shapes:
            name = reads[shape.property]
            for term in statements.all(report, shape.property):
                note = in_words(name) if several else ""
                if isinstance(term, NamedNode):
                    yield statements.display(
                        term.value, statements.reading_links(report, name, of=term.value), note
                    )
                else:
                    yield DisplayValue(text_of(term), "", note, statements.reading_links(report, name))

    return make


def _arms(statements: TrialStatements, report: str) -> Any:
    arms = []
    for arm in statements.iris(report, TG.hasArm):
        control = TG.ControlArm.value in statements.iris(arm, RDF.type)
        words = spelled_out(statements.text(arm, TG.asReported)) or ("control" if control else "treatment")
        arms.append((words, int(statements.text(arm, TG.enrolled) or 0), control))
    return draw_arms(arms)


def _doses(statements: TrialStatements, report: str) -> list[Any]:
    """A drawing for each basis of the report's doses."""
    by_basis: dict[str, list[str]] = defaultdict(list)
    for given in statements.iris(report, TG.hasIntervention):
        for level in statements.iris(given, TG.hasDoseLevel):
            by_basis[next(iter(statements.iris(level, TG.doseBasis)), "")].append(level)
    made = []
    for basis, levels in by_basis.items():
        drawn = [
            (
                _size(statements, n),
                Decimal(statements.text(n, TG.doseLow) or 0),
                Decimal(statements.text(n, TG.doseHigh) or 0),
            )
            for n in levels
        ]
        made.append(draw_doses(drawn, _all_doses().get(basis, ()), _unit(statements, levels[0])))
    return [drawing for drawing in made if drawing]


def _all_doses() -> dict[str, tuple[Decimal, ...]]:
    """The lower bounds of all dose levels of the release, by basis."""

    def make() -> dict[str, tuple[Decimal, ...]]:
        most = int(setting("listed_trials"))
        held: dict[str, set[Decimal]] = defaultdict(set)
        for row in ask(
            f"SELECT DISTINCT ?basis ?low {{ ?level tg:doseBasis ?basis ; tg:doseLow ?low }} LIMIT {most}"
        ):
            held[iri_of(row["basis"])].add(Decimal(text_of(row["low"])))
        return {basis: tuple(sorted(doses)) for basis, doses in held.items()}

    return site().once("doses", make)


def _neighbours(statements: TrialStatements) -> Any:
    """The trial among those that share a value with it."""
    found = index_of_trials()
    linked = []
    for facet in DRAWN:
        for iri in statements.iris(statements.iri, NamedNode(facet.link)):
            others = found.bits[facet.name].get(iri, 1).bit_count() - 1
            near = list_address(**{facet.name: [iri]})
            linked.append(
                (facet.title.lower(), statements.label(iri), address(iri, known=True), others, near)
            )
    return draw_neighbours(statements.label(statements.iri), linked)


def _links(statements: TrialStatements, reports: Sequence[str]) -> list[tuple[str, str, str]]:
    """External links of the trial, its documents and its terms: kind, name, URL."""
    made = [("registry entry", compact(iri), iri) for iri in statements.iris(statements.iri, TG.registeredAs)]
    made += [
        ("registry entry", statements.text(statements.iri, DCTERMS.identifier), i)
        for i in statements.iris(statements.iri, RDFS.seeAlso)
    ]
    for source in dict.fromkeys(s for report in reports for s in statements.iris(report, TG.fromSource)):
        made += [("document", compact(iri), iri) for iri in statements.iris(source, DCTERMS.source)]
    for facet in FACETS:
        for iri in statements.iris(statements.iri, NamedNode(facet.link)):
            if compact(iri) != iri and not iri.startswith(PREFIXES["tgc"]) and address(iri) == outside(iri):
                made.append((facet.title.lower(), f"{statements.label(iri)} ({compact(iri)})", iri))
    return [(kind, name, outside(iri)) for kind, name, iri in dict.fromkeys(made) if outside(iri)]


def _schema_org(statements: TrialStatements, reports: Sequence[str], path: str) -> dict[str, Any]:
    """The trial in schema.org's terms, for search engines: no doses, arms or cells, for which it has no place."""
    me = statements.iri
    diseases = statements.iris(me, TG.trialDisease)
    documents = {
        d
        for report in reports
        for s in statements.iris(report, TG.fromSource)
        for d in statements.iris(s, DCTERMS.source)
    }
    held: dict[str, Any] = {
        "@context": PREFIXES["schema"].rstrip("/"),
        "@type": "MedicalTrial",
        "@id": me,
        "name": statements.label(me),
        "url": request.host_url.rstrip("/") + path,
        "identifier": [text_of(term) for term in statements.all(me, DCTERMS.identifier)],
        "sameAs": statements.iris(me, TG.registeredAs),
        "healthCondition": [
            {"@type": "MedicalCondition", "@id": iri, "name": statements.label(iri)} for iri in diseases
        ],
        "phase": [statements.label(iri) for iri in statements.iris(me, TG.trialPhase)],
        "status": [statements.label(iri) for iri in statements.iris(me, TG.trialResultsStatus)],
        "subjectOf": [{"@type": "ScholarlyArticle", "@id": iri} for iri in sorted(documents)],
        "isPartOf": {"@type": "Dataset", "url": url_for("pages.home", _external=True)},
    }
    return {name: value for name, value in held.items() if value}
