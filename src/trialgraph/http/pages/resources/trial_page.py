"""A trial -> its page: its reports side by side, each value with its ink, its arms and doses drawn."""

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
from trialgraph.http.pages.resources.source_text import in_words, shown
from trialgraph.http.pages.resources.trial_drawings import draw_arms, draw_doses, draw_neighbours, power
from trialgraph.http.pages.resources.trial_statements import Ink, Said, Shown, read_said
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, TG, compact
from trialgraph.views.facets import FACETS

__all__ = ["trial_page"]

#: Values of facets that are drawn as neighbours; outcomes are too many.
DRAWN: Final = tuple(facet for facet in FACETS if facet.name not in ("outcome", "conflict", "registry"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: what it is about, and the values of each report.

    :param differs: the reports do not say the same
    """

    title: str
    cells: tuple[tuple[Shown, ...], ...]
    differs: bool


def trial_page(iri: str, path: str) -> str:
    """The page of a trial.

    :param path: its address here, without suffix
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.ask`
    """
    said = read_said(iri)
    reports = said.iris(iri, TG.hasReport)
    lines = [
        Line(title, cells, len({tuple(shown.text for shown in cell) for cell in cells if cell}) > 1)
        for title, cells in (
            (title, tuple(tuple(make(said, report)) for report in reports))
            for title, make in (*LINES[:-1], *_plain_lines(), LINES[-1])
        )
        if any(cells)
    ]
    return render_template(
        "trial.html",
        iri=iri,
        label=said.label(iri),
        types=[said.shown(t) for t in said.iris(iri, RDF.type) if t != TG.Trial.value],
        reports=[_heading(said, report) for report in reports],
        lines=lines,
        drawings=[(said.label(report), _arms(said, report), _doses(said, report)) for report in reports],
        neighbours=_neighbours(said),
        links=_links(said, reports),
        alternates=alternates(path),
        schema=_schema_org(said, reports, path),
    )


def _heading(said: Said, report: str) -> dict[str, Shown]:
    """Where a report stands: its own page, its source and its row."""
    source, row = said.iris(report, TG.fromSource), said.iris(report, TG.fromRow)
    number, line = (
        said.text(row[0], TG.rowNumber) if row else "",
        said.text(row[0], TG.lineNumber) if row else "",
    )
    place = f"{address(source[0])}#row-{number}" if source else ""
    return {
        "report": Shown(said.label(report), address(report)),
        "source": said.shown(source[0]) if source else Shown("source not stated"),
        "row": Shown(f"row {number}, line {line}", place),
    }


def _phase(said: Said, report: str) -> Iterator[Shown]:
    inks = said.inks(report, "phase")
    for iri in said.iris(report, TG.phase) or said.iris(report, TG.phaseStatus):
        yield said.shown(iri, inks)


def _disease(said: Said, report: str) -> Iterator[Shown]:
    for condition in said.iris(report, TG.condition):
        for iri in said.iris(condition, TG.disease):
            yield said.shown(iri, said.inks(condition, "disease"), compact(iri))
        for iri in said.iris(condition, TG.qualifier):
            yield said.shown(iri, said.inks(condition, "qualifier", of=iri), "qualifier")
        for iri in said.iris(condition, TG.site):
            yield said.shown(iri, said.inks(condition, "site"), "site")
        if not said.iris(condition, TG.disease):
            yield Shown(
                said.text(condition, TG.asReported), "", "not linked", said.inks(condition), verbatim=True
            )


def _cells(said: Said, report: str) -> Iterator[Shown]:
    for given in said.iris(report, TG.hasIntervention):
        for product in said.iris(given, TG.ofProduct):
            parts = [
                said.label(iri) for iri in said.iris(product, TG.cellType, TG.tissueSource, TG.donorType)
            ]
            code = said.text(product, TG.productCode)
            text = ", ".join(dict.fromkeys([*([code] if code else []), *parts])) or said.label(product)
            yield Shown(text, address(product), "", said.inks(product))


def _given(name: NamedNode, *reads: str) -> Callable[[Said, str], Iterator[Shown]]:
    """A line of what an intervention leads to."""

    def make(said: Said, report: str) -> Iterator[Shown]:
        for given in said.iris(report, TG.hasIntervention):
            for iri in said.iris(given, name):
                yield said.shown(iri, said.inks(given, *reads, of=iri) or said.inks(iri))

    return make


def _levels(said: Said, report: str) -> Iterator[Shown]:
    for given in said.iris(report, TG.hasIntervention):
        for level in said.iris(given, TG.hasDoseLevel):
            yield Shown(_amount(said, level), address(level), "", said.inks(level))
        if not said.iris(given, TG.hasDoseLevel):
            for iri in said.iris(given, TG.doseStatus):
                yield said.shown(iri, said.inks(given, "dose_status"))


def _amount(said: Said, level: str) -> str:
    """A dose level in words: ``10⁶ to 2 × 10⁶ cells/kg``."""
    return f"{_size(said, level)} {_unit(said, level)}"


def _size(said: Said, level: str) -> str:
    """Likewise without the unit."""
    low, high = (Decimal(said.text(level, name) or 0) for name in (TG.doseLow, TG.doseHigh))
    return power(low) if low == high else f"{power(low)} to {power(high)}"


def _unit(said: Said, level: str) -> str:
    return said.text(level, TG.ucumCode).replace("{", "").replace("}", "") or "cells"


def _count(name: NamedNode, reads: str) -> Callable[[Said, str], Iterator[Shown]]:
    """A line of a number of the report."""

    def make(said: Said, report: str) -> Iterator[Shown]:
        for term in said.all(report, name):
            yield Shown(text_of(term), "", "", said.inks(report, reads))

    return make


def _patients(said: Said, report: str) -> Iterator[Shown]:
    for name, reads, note in (
        (TG.enrolledTotal, "n_total", "in total"),
        (TG.enrolledTreatment, "n_treatment", "treated"),
        (TG.enrolledControl, "n_control", "control"),
    ):
        for term in said.all(report, name):
            yield Shown(text_of(term), "", note, said.inks(report, reads))


def _items(name: NamedNode, about: NamedNode) -> Callable[[Said, str], Iterator[Shown]]:
    """A line of items, each by its concept, else by its words."""

    def make(said: Said, report: str) -> Iterator[Shown]:
        for item in said.iris(report, name):
            words = shown(said.text(item, TG.asReported))
            inks = said.inks(item)
            linked = said.iris(item, about)
            for iri in linked:
                same = words.casefold() == said.label(iri).casefold()
                yield said.shown(iri, inks, "" if same else f"“{words}”")
            if not linked:
                yield Shown(words, address(item), "", inks, verbatim=True)

    return make


def _findings(said: Said, report: str) -> Iterator[Shown]:
    for finding in said.iris(report, TG.hasFinding):
        about = [said.label(iri) for iri in said.iris(finding, TG.ofMeasure, TG.valueDirection, TG.benefit)]
        certainty = [
            said.label(iri) for iri in said.iris(finding, TG.certainty) if not iri.endswith("/as-stated")
        ]
        months = [f"at {text_of(term)} months" for term in said.all(finding, TG.atMonths)]
        note = ", ".join([*about, *certainty, *months])
        yield Shown(
            shown(said.text(finding, TG.statement)),
            address(finding),
            note,
            said.inks(finding),
            verbatim=True,
        )


def _results(said: Said, report: str) -> Iterator[Shown]:
    for iri in said.iris(report, TG.resultsStatus):
        yield said.shown(iri, said.inks(report, "results_status"))


def _conflicts(said: Said, report: str) -> Iterator[Shown]:
    for conflict in said.iris(report, TG.hasConflict):
        kind = ", ".join(
            said.label(iri) for iri in said.iris(conflict, TG.conflictKind, TG.severity, TG.status)
        )
        competing = said.iris(conflict, TG.hasCompetingReading)
        chosen = set(said.iris(conflict, TG.preferredReading))
        inks = tuple(
            Ink(
                address(iri),
                ("used: " if iri in chosen else "") + f"“{shown(said.readings[iri]['verbatim'])}”",
            )
            for iri in competing
            if iri in said.readings
        )
        yield Shown(shown(said.text(conflict, RDFS.comment)), address(conflict), kind, inks)


#: The lines of the comparison, in the order of the page.
LINES: Final[tuple[tuple[str, Callable[[Said, str], Iterable[Shown]]], ...]] = (
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


def _plain_lines() -> Iterator[tuple[str, Callable[[Said, str], Iterable[Shown]]]]:
    """A line for each column whose values a report states of itself."""
    for column in columns():
        if column.display:
            yield column.display, _plain(column)


def _plain(column: ColumnType) -> Callable[[Said, str], Iterator[Shown]]:
    reads = {statement.property: statement.reading for statement in column.statements}

    def make(said: Said, report: str) -> Iterator[Shown]:
        several = len(column.shapes) > 1
        for shape in column.shapes:
            name = reads[shape.property]
            for term in said.all(report, shape.property):
                note = in_words(name) if several else ""
                if isinstance(term, NamedNode):
                    yield said.shown(term.value, said.inks(report, name, of=term.value), note)
                else:
                    yield Shown(text_of(term), "", note, said.inks(report, name))

    return make


def _arms(said: Said, report: str) -> Any:
    arms = []
    for arm in said.iris(report, TG.hasArm):
        control = TG.ControlArm.value in said.iris(arm, RDF.type)
        words = shown(said.text(arm, TG.asReported)) or ("control" if control else "treatment")
        arms.append((words, int(said.text(arm, TG.enrolled) or 0), control))
    return draw_arms(arms)


def _doses(said: Said, report: str) -> list[Any]:
    """A drawing for each basis of the report's doses."""
    by_basis: dict[str, list[str]] = defaultdict(list)
    for given in said.iris(report, TG.hasIntervention):
        for level in said.iris(given, TG.hasDoseLevel):
            by_basis[next(iter(said.iris(level, TG.doseBasis)), "")].append(level)
    made = []
    for basis, levels in by_basis.items():
        drawn = [
            (
                _size(said, n),
                Decimal(said.text(n, TG.doseLow) or 0),
                Decimal(said.text(n, TG.doseHigh) or 0),
            )
            for n in levels
        ]
        made.append(draw_doses(drawn, _all_doses().get(basis, ()), _unit(said, levels[0])))
    return [drawing for drawing in made if drawing]


def _all_doses() -> dict[str, tuple[Decimal, ...]]:
    """By basis the lower ends of all dose levels of the release."""

    def make() -> dict[str, tuple[Decimal, ...]]:
        most = int(setting("listed_trials"))
        held: dict[str, set[Decimal]] = defaultdict(set)
        for row in ask(
            f"SELECT DISTINCT ?basis ?low {{ ?level tg:doseBasis ?basis ; tg:doseLow ?low }} LIMIT {most}"
        ):
            held[iri_of(row["basis"])].add(Decimal(text_of(row["low"])))
        return {basis: tuple(sorted(doses)) for basis, doses in held.items()}

    return site().once("doses", make)


def _neighbours(said: Said) -> Any:
    """The trial among those that share a value with it."""
    found = index_of_trials()
    linked = []
    for facet in DRAWN:
        for iri in said.iris(said.iri, NamedNode(facet.link)):
            others = found.bits[facet.name].get(iri, 1).bit_count() - 1
            near = list_address(**{facet.name: [iri]})
            linked.append((facet.title.lower(), said.label(iri), address(iri, known=True), others, near))
    return draw_neighbours(said.label(said.iri), linked)


def _links(said: Said, reports: Sequence[str]) -> list[tuple[str, str, str]]:
    """Where the trial, its documents and its terms are at home: what it is, its name, the address."""
    made = [("registry entry", compact(iri), iri) for iri in said.iris(said.iri, TG.registeredAs)]
    made += [
        ("registry entry", said.text(said.iri, DCTERMS.identifier), i)
        for i in said.iris(said.iri, RDFS.seeAlso)
    ]
    for source in dict.fromkeys(s for report in reports for s in said.iris(report, TG.fromSource)):
        made += [("document", compact(iri), iri) for iri in said.iris(source, DCTERMS.source)]
    for facet in FACETS:
        for iri in said.iris(said.iri, NamedNode(facet.link)):
            if compact(iri) != iri and not iri.startswith(PREFIXES["tgc"]) and address(iri) == outside(iri):
                made.append((facet.title.lower(), f"{said.label(iri)} ({compact(iri)})", iri))
    return [(kind, name, outside(iri)) for kind, name, iri in dict.fromkeys(made) if outside(iri)]


def _schema_org(said: Said, reports: Sequence[str], path: str) -> dict[str, Any]:
    """The trial in schema.org's terms, for search engines: no doses, arms or cells, for which it has no place."""
    me = said.iri
    diseases = said.iris(me, TG.trialDisease)
    documents = {
        d
        for report in reports
        for s in said.iris(report, TG.fromSource)
        for d in said.iris(s, DCTERMS.source)
    }
    held: dict[str, Any] = {
        "@context": PREFIXES["schema"].rstrip("/"),
        "@type": "MedicalTrial",
        "@id": me,
        "name": said.label(me),
        "url": request.host_url.rstrip("/") + path,
        "identifier": [text_of(term) for term in said.all(me, DCTERMS.identifier)],
        "sameAs": said.iris(me, TG.registeredAs),
        "healthCondition": [
            {"@type": "MedicalCondition", "@id": iri, "name": said.label(iri)} for iri in diseases
        ],
        "phase": [said.label(iri) for iri in said.iris(me, TG.trialPhase)],
        "status": [said.label(iri) for iri in said.iris(me, TG.trialResultsStatus)],
        "subjectOf": [{"@type": "ScholarlyArticle", "@id": iri} for iri in sorted(documents)],
        "isPartOf": {"@type": "Dataset", "url": url_for("pages.home", _external=True)},
    }
    return {name: value for name, value in held.items() if value}
