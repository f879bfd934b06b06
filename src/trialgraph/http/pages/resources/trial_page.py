"""The page of a trial: its reports side by side, each value linked to its source text, its arms and doses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import render_template, request, url_for
from pyoxigraph import NamedNode

from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.resource_page import alternates
from trialgraph.http.pages.resources.trial_comparison import compared_fields
from trialgraph.http.pages.resources.trial_context import arms_of, doses_of, shared_values
from trialgraph.http.pages.resources.trial_statements import DisplayValue, TrialStatements, read_statements
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, TG, compact
from trialgraph.views.facets import FACETS

__all__ = ["trial_page"]

#: The question that gives a verdict on each field of two reports.
VERDICTS: Final = "one-trial-side-by-side"


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
        groups=[
            (stated.label(report), list(arms_of(stated, report)), list(doses_of(stated, report)))
            for report in reports
        ],
        shared=list(shared_values(stated)),
        links=_links(stated, reports),
        verdicts=url_for("saved.query", name=VERDICTS, about=iri) if VERDICTS in site().queries else "",
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
