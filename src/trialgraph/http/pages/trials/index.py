"""What the table of trials is made of, gathered once for each release: the table, its facets, its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.views.evidence.about import About, about
from trialgraph.views.evidence.gather import Records, gather_records, gather_table, read_release
from trialgraph.views.evidence.table import EvidenceTable
from trialgraph.views.facets import ALL_FACETS, FACETS, TABLE_FACETS, Facet, Index, Listed

__all__ = ["about_release", "evidence_table", "index_of_trials", "records_of_trials"]

_YEAR: Final = 4


def index_of_trials() -> Index:
    """The trials of the release that this request is on with their facets, gathered once."""
    return site().once("trials", _gather)


def evidence_table() -> EvidenceTable:
    """The reports of the release, with the places of their trials in :func:`index_of_trials`."""
    index, table = index_of_trials(), _reports()

    def make() -> EvidenceTable:
        places = {trial.iri: place for place, trial in enumerate(index.trials)}
        return EvidenceTable(
            table.columns, tuple(replace(row, place=places.get(row.trial, -1)) for row in table.rows)
        )

    return site().once("evidence", make)


def _reports() -> EvidenceTable:
    return site().once("reports", lambda: gather_table(read_release(site().release), select_rows))


def records_of_trials() -> Records:
    """The registry records of the trials of the release."""
    return site().once("records", lambda: gather_records(select_rows))


def about_release() -> About:
    """What a file says of the release, with the public address of the settings."""
    here = site()
    doi, base = here.settings.dataset_doi, here.settings.public_url
    return here.once("about", lambda: about(here.release, select_rows, base, doi))


def _gather() -> Index:
    found = select_rows(
        "SELECT ?trial (MIN(?name) AS ?label) { ?trial a tg:Trial ; rdfs:label ?name }"
        " GROUP BY ?trial ORDER BY ?label ?trial"
    )
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names: set[str] = set()
    for facet in FACETS:
        for row in select_rows(
            f"SELECT DISTINCT ?trial ?value {{ ?trial a tg:Trial ; {facet.through}<{facet.link}> ?value }}"
            " ORDER BY ?trial ?value"
        ):
            values[iri_of(row["trial"])][facet.name].append(iri_of(row["value"]))
            names.add(iri_of(row["value"]))
    patients = _from_reports(values)
    broader = {facet.name: _broader(facet) for facet in FACETS if facet.broader}
    names.update(b for steps in broader.values() for found_above in steps.values() for b in found_above)
    trials = tuple(
        Listed(
            iri=iri_of(row["trial"]),
            label=text_of(row["label"]),
            patients=tuple(patients[iri_of(row["trial"])]),
            values={name: tuple(dict.fromkeys(held)) for name, held in values[iri_of(row["trial"])].items()},
        )
        for row in found
    )
    scopes = {facet.name: _scopes(facet) for facet in FACETS if facet.scopes}
    names.update(value for held in scopes.values() for value in held)
    labels = site().labels(NamedNode(name) for name in names) | _source_titles()
    within = {facet.name: _within(facet) for facet in FACETS if facet.scopes}
    return Index(trials, labels, broader, scopes=scopes, within=within, facets=ALL_FACETS)


def _from_reports(values: Mapping[str, Mapping[str, list[str]]]) -> Mapping[str, list[int]]:
    """The patients of each trial; the values of the facets that are columns are added to the others."""
    table = _reports()
    patients: dict[str, list[int]] = defaultdict(list)
    for row in table.rows:
        if not row.trial:
            continue
        for facet in TABLE_FACETS:
            text = table.text(row, facet.column)
            if text:
                values[row.trial][facet.name].append(text[:_YEAR] if facet.name == "year" else text)
        if (total := table.text(row, "n_total")).isdecimal():
            patients[row.trial].append(int(total))
    return patients


def _source_titles() -> dict[str, str]:
    return {source.slug: source.title for source in about_release().sources if source.title}


def _scopes(facet: Facet) -> dict[str, frozenset[str]]:
    """Of each value beside which a reviewed scope stands, the trials of the scope."""
    query = (
        "SELECT ?value ?trial { ?scope a tg:Scope ; tg:standsBeside ?value . ?trial tg:inScope ?scope ; a tg:Trial"
        f" FILTER STRSTARTS(STR(?value), '{PREFIXES[facet.scopes]}') }}"
    )
    return _gathered((iri_of(row["value"]), iri_of(row["trial"])) for row in select_rows(query))


def _within(facet: Facet) -> dict[str, frozenset[str]]:
    """Of each value that a part of a report has, the values beside which the scopes stand that hold it."""
    query = (
        "SELECT DISTINCT ?value ?over { ?scope tg:standsBeside ?over ; tg:holdsTerm ?value"
        f" FILTER STRSTARTS(STR(?over), '{PREFIXES[facet.scopes]}') }}"
    )
    return _gathered((iri_of(row["value"]), iri_of(row["over"])) for row in select_rows(query))


def _broader(facet: Facet) -> dict[str, frozenset[str]]:
    """From each value that trials have, and from what is broader, the next broader ones."""
    query = (
        f"SELECT DISTINCT ?value ?over {{ {{ SELECT DISTINCT ?held {{ ?trial <{facet.link}> ?held }} }}"
        f" ?held <{facet.broader}>* ?value . ?value <{facet.broader}> ?over FILTER(isIRI(?over)) }}"
    )
    return _gathered((iri_of(row["value"]), iri_of(row["over"])) for row in select_rows(query))


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        held[one].add(other)
    return {one: frozenset(others) for one, others in held.items()}
