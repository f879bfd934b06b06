"""The page of a trial: its reports side by side, each value linked to its source text, its arms and doses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import render_template, request, url_for
from pyoxigraph import NamedNode

from trialgraph.base.readable import day
from trialgraph.graph.description.dataset import AUTHORS, TITLE
from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.resource_page import alternates
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_comparison import compared_fields
from trialgraph.http.pages.resources.trial.trial_conflicts import trial_conflicts
from trialgraph.http.pages.resources.trial.trial_context import (
    ArmSize,
    Doses,
    arms_of,
    doses_of,
    shared_values,
)
from trialgraph.http.pages.resources.trial.trial_outcomes import findings_of, outcomes_of
from trialgraph.http.pages.resources.trial.trial_reports import (
    Essential,
    ReportColumn,
    essentials,
    report_columns,
)
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements, read_statements
from trialgraph.http.pages.resources.trial.trial_verdicts import read_verdicts
from trialgraph.http.pages.trials import list_address
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import DCTERMS, PREFIXES, RDFS, TG, compact
from trialgraph.release.lists.facets import FACETS
from trialgraph.views.names import Name, abbreviations

__all__ = ["trial_page"]

#: The question that gives a verdict on each field of two reports.
VERDICTS: Final = "one-trial-side-by-side"


def trial_page(iri: str, path: str) -> str:
    """The page of a trial.

    :param path: its address here, without suffix
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    stated = read_statements(iri)
    columns = report_columns(stated)
    reports = [column.iri for column in columns]
    single = len(reports) == 1
    verdicts = None if single else read_verdicts(iri, columns)
    fields = compared_fields(stated, reports, verdicts, details=not single)
    titles = list(dict.fromkeys(spelled_out(stated.text(report, DCTERMS.title)) for report in reports))
    label = stated.label(iri)
    return render_template(
        "trial.html",
        iri=iri,
        path=path,
        label=label,
        title=titles[0] if len(titles) == 1 and titles[0] else label,
        crumbs=_crumbs(stated),
        essentials=_essentials(stated, columns),
        records=_records(stated),
        registered=bool(stated.all(iri, DCTERMS.identifier)),
        conflicts=trial_conflicts(stated),
        reports=columns,
        fields=fields,
        abbreviations=abbreviations(
            Name(value.text, value.long) for f in fields for cell in f.cells for value in cell.values
        ),
        groups=_groups(stated, columns),
        outcomes=list(outcomes_of(stated, reports[0])) if single else [],
        findings=list(findings_of(stated, reports[0])) if single else [],
        shared=list(shared_values(stated)),
        terms=_terms(stated),
        compared=verdicts,
        verdicts=url_for("saved.query", name=VERDICTS, about=iri) if VERDICTS in site().queries else "",
        cite=_citation(stated),
        alternates=alternates(path),
        schema=_schema_org(stated, reports, path),
    )


def _crumbs(stated: TrialStatements) -> list[tuple[str, str]]:
    """The way to the trial: the list, and the list of its first disease."""
    diseases = stated.iris(stated.iri, TG.trialDisease)
    way = [("Trials", url_for("trials.index"))]
    if diseases:
        name = stated.label(diseases[0])
        way.append((name[:1].upper() + name[1:], list_address(disease=diseases[:1])))
    return way


def _essentials(stated: TrialStatements, reports: Sequence[ReportColumn]) -> list[Essential]:
    """One line of what the trial is: its id, phase, donor, route, and how far it is."""
    label, what = stated.label(stated.iri), next((stated.text(r.iri, DCTERMS.title) for r in reports), "")
    made = [Essential(Name(label.removeprefix(f"{what}, "))), *essentials(stated, reports)]
    if len(reports) == 1 and reports[0].as_of and len(made) > 1:
        made.append(Essential(Name(f"as of {day(reports[0].as_of)}")))
    return made


def _groups(
    stated: TrialStatements, reports: Sequence[ReportColumn]
) -> list[tuple[str, list[ArmSize], list[Doses]]]:
    """Of each report its arms, where the size of one is stated, and its doses; of a report alone all of its arms."""
    made = []
    for report in reports:
        arms = list(arms_of(stated, report.iri))
        sized = len(reports) == 1 or any(arm.patients is not None for arm in arms)
        made.append((report.name, arms if sized else [], list(doses_of(stated, report.iri))))
    return made


def _records(stated: TrialStatements) -> list[tuple[str, str]]:
    """The trial's entry in its registry: what the link is called, and where it leads."""
    names = [stated.label(iri) for iri in stated.iris(stated.iri, TG.registry)] or ["its registry"]
    entries = stated.iris(stated.iri, TG.registeredAs) or stated.iris(stated.iri, RDFS.seeAlso)
    return [(f"Record at {names[0]}", outside(iri)) for iri in entries[:1] if outside(iri)]


def _terms(stated: TrialStatements) -> list[tuple[str, str, str]]:
    """The external terms of the trial's values: label, CURIE, address."""
    made = []
    for facet in FACETS:
        for iri in stated.iris(stated.iri, NamedNode(facet.link)):
            if compact(iri) != iri and not iri.startswith(PREFIXES["tgc"]) and address(iri) == outside(iri):
                made.append((stated.label(iri), compact(iri), iri))
    return [(label, curie, outside(iri)) for label, curie, iri in dict.fromkeys(made) if outside(iri)]


def _citation(stated: TrialStatements) -> dict[str, str]:
    """What a citation of the trial in this release holds."""
    here = site()
    return {
        "authors": AUTHORS,
        "year": here.issued()[:4],
        "title": TITLE,
        "version": str(here.release.manifest.get("version", "")),
        "hash": here.release.hash[:12],
        "iri": stated.iri,
    }


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
