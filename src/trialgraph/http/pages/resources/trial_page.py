"""The page of a trial: its reports side by side, each value linked to its source text, its arms and doses drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from flask import render_template, request, url_for
from pyoxigraph import NamedNode

from trialgraph.base.settings import setting
from trialgraph.http.lookup import iri_of, select_rows, text_of
from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.resource_page import alternates
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial_comparison import compared_fields, dose_size, dose_unit
from trialgraph.http.pages.resources.trial_drawings import draw_arms, draw_doses, draw_neighbours
from trialgraph.http.pages.resources.trial_statements import DisplayValue, TrialStatements, read_statements
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, TG, compact
from trialgraph.views.facets import FACETS

__all__ = ["trial_page"]

#: Values of facets that are drawn as neighbours; outcomes are too many.
DRAWN: Final = tuple(facet for facet in FACETS if facet.name not in ("outcome", "conflict", "registry"))


def trial_page(iri: str, path: str) -> str:
    """The page of a trial.

    :param path: its address here, without suffix
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    stated = read_statements(iri)
    reports = stated.iris(iri, TG.hasReport)
    return render_template(
        "trial.html",
        iri=iri,
        label=stated.label(iri),
        types=[stated.display(t) for t in stated.iris(iri, RDF.type) if t != TG.Trial.value],
        reports=[_heading(stated, report) for report in reports],
        lines=compared_fields(stated, reports),
        drawings=[
            (stated.label(report), _arms(stated, report), _doses(stated, report)) for report in reports
        ],
        neighbours=_neighbours(stated),
        links=_links(stated, reports),
        alternates=alternates(path),
        schema=_schema_org(stated, reports, path),
    )


def _heading(stated: TrialStatements, report: str) -> dict[str, DisplayValue]:
    """Where a report stands: its own page, its source and its row."""
    source, row = stated.iris(report, TG.fromSource), stated.iris(report, TG.fromRow)
    number, line = (
        stated.text(row[0], TG.rowNumber) if row else "",
        stated.text(row[0], TG.lineNumber) if row else "",
    )
    place = f"{address(source[0])}#row-{number}" if source else ""
    return {
        "report": DisplayValue(stated.label(report), address(report)),
        "source": stated.display(source[0]) if source else DisplayValue("source not stated"),
        "row": DisplayValue(f"row {number}, line {line}", place),
    }


def _arms(stated: TrialStatements, report: str) -> Any:
    arms = []
    for arm in stated.iris(report, TG.hasArm):
        control = TG.ControlArm.value in stated.iris(arm, RDF.type)
        words = spelled_out(stated.text(arm, TG.asReported)) or ("control" if control else "treatment")
        arms.append((words, int(stated.text(arm, TG.enrolled) or 0), control))
    return draw_arms(arms)


def _doses(stated: TrialStatements, report: str) -> list[Any]:
    """A drawing for each basis of the report's doses."""
    by_basis: dict[str, list[str]] = defaultdict(list)
    for given in stated.iris(report, TG.hasIntervention):
        for level in stated.iris(given, TG.hasDoseLevel):
            by_basis[next(iter(stated.iris(level, TG.doseBasis)), "")].append(level)
    made = []
    for basis, levels in by_basis.items():
        drawn = [
            (
                dose_size(stated, n),
                Decimal(stated.text(n, TG.doseLow) or 0),
                Decimal(stated.text(n, TG.doseHigh) or 0),
            )
            for n in levels
        ]
        made.append(draw_doses(drawn, _all_doses().get(basis, ()), dose_unit(stated, levels[0])))
    return [drawing for drawing in made if drawing]


def _all_doses() -> dict[str, tuple[Decimal, ...]]:
    """The lower bounds of all dose levels of the release, by basis."""

    def make() -> dict[str, tuple[Decimal, ...]]:
        most = int(setting("listed_trials"))
        held: dict[str, set[Decimal]] = defaultdict(set)
        for row in select_rows(
            f"SELECT DISTINCT ?basis ?low {{ ?level tg:doseBasis ?basis ; tg:doseLow ?low }} LIMIT {most}"
        ):
            held[iri_of(row["basis"])].add(Decimal(text_of(row["low"])))
        return {basis: tuple(sorted(doses)) for basis, doses in held.items()}

    return site().once("doses", make)


def _neighbours(stated: TrialStatements) -> Any:
    """The trial among those that share a value with it."""
    found = index_of_trials()
    linked = []
    for facet in DRAWN:
        for iri in stated.iris(stated.iri, NamedNode(facet.link)):
            others = found.bits[facet.name].get(iri, 1).bit_count() - 1
            near = list_address(**{facet.name: [iri]})
            linked.append((facet.title.lower(), stated.label(iri), address(iri, known=True), others, near))
    return draw_neighbours(stated.label(stated.iri), linked)


def _links(stated: TrialStatements, reports: Sequence[str]) -> list[tuple[str, str, str]]:
    """External links of the trial, its documents and its terms: kind, name, URL."""
    made = [("registry entry", compact(iri), iri) for iri in stated.iris(stated.iri, TG.registeredAs)]
    made += [
        ("registry entry", stated.text(stated.iri, DCTERMS.identifier), i)
        for i in stated.iris(stated.iri, RDFS.seeAlso)
    ]
    for source in dict.fromkeys(s for report in reports for s in stated.iris(report, TG.fromSource)):
        made += [("document", compact(iri), iri) for iri in stated.iris(source, DCTERMS.source)]
    for facet in FACETS:
        for iri in stated.iris(stated.iri, NamedNode(facet.link)):
            if compact(iri) != iri and not iri.startswith(PREFIXES["tgc"]) and address(iri) == outside(iri):
                made.append((facet.title.lower(), f"{stated.label(iri)} ({compact(iri)})", iri))
    return [(kind, name, outside(iri)) for kind, name, iri in dict.fromkeys(made) if outside(iri)]


def _schema_org(stated: TrialStatements, reports: Sequence[str], path: str) -> dict[str, Any]:
    """The trial in schema.org's terms, for search engines: no doses, arms or cells, for which it has no place."""
    me = stated.iri
    diseases = stated.iris(me, TG.trialDisease)
    documents = {
        d
        for report in reports
        for s in stated.iris(report, TG.fromSource)
        for d in stated.iris(s, DCTERMS.source)
    }
    held: dict[str, Any] = {
        "@context": PREFIXES["schema"].rstrip("/"),
        "@type": "MedicalTrial",
        "@id": me,
        "name": stated.label(me),
        "url": request.host_url.rstrip("/") + path,
        "identifier": [text_of(term) for term in stated.all(me, DCTERMS.identifier)],
        "sameAs": stated.iris(me, TG.registeredAs),
        "healthCondition": [
            {"@type": "MedicalCondition", "@id": iri, "name": stated.label(iri)} for iri in diseases
        ],
        "phase": [stated.label(iri) for iri in stated.iris(me, TG.trialPhase)],
        "status": [stated.label(iri) for iri in stated.iris(me, TG.trialResultsStatus)],
        "subjectOf": [{"@type": "ScholarlyArticle", "@id": iri} for iri in sorted(documents)],
        "isPartOf": {"@type": "Dataset", "url": url_for("pages.home", _external=True)},
    }
    return {name: value for name, value in held.items() if value}
