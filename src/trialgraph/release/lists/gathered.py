"""From the graph and the table of a release to all that its pages list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from trialgraph.base.settings import Settings
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, SKOS
from trialgraph.release.lists.conflicts import FoundConflict, found_conflicts
from trialgraph.release.lists.facet_sets import Listed, TrialIndex, bit_set, trial_index
from trialgraph.release.lists.facets import ALL_FACETS, FACETS, TABLE_FACETS, Facet
from trialgraph.release.lists.flags import CONFLICTS, STATES, flags_of, state_of_field
from trialgraph.release.lists.overview import AgreementCounts, count_agreement
from trialgraph.release.lists.queries import SOURCE_CARDS, SOURCES, Select, answered, whole_queries
from trialgraph.release.lists.rows import GatheredTable, Paper, ReportRow, read_cells
from trialgraph.release.names.facet_texts import facet_texts

__all__ = ["ListContents", "gathered"]

_REPORTS: Final = """
SELECT ?report ?trial (MIN(?name) AS ?label) {
  ?report a tg:Report ; tg:aboutTrial ?trial . ?trial rdfs:label ?name
} GROUP BY ?report ?trial ORDER BY ?report"""
_TRIALS: Final = (
    "SELECT ?trial (MIN(?name) AS ?label) { ?trial a tg:Trial ; rdfs:label ?name } GROUP BY ?trial"
)
_RECORDS: Final = """
SELECT DISTINCT ?trial ?id ?url {
  ?trial a tg:Trial ; dcterms:identifier ?id . OPTIONAL { ?trial rdfs:seeAlso ?url }
} ORDER BY ?trial ?id ?url"""
_PAPERS: Final = """
SELECT ?source ?number (MIN(?c) AS ?citation) (MIN(?d) AS ?doi) (MIN(?o) AS ?other) {
  ?entry a tg:ReferenceEntry ; tg:fromSource ?source ; tg:entryNumber ?number
  OPTIONAL { ?entry dcterms:bibliographicCitation ?c }
  OPTIONAL { ?entry dcterms:identifier ?d FILTER STRSTARTS(?d, "doi:") }
  OPTIONAL { ?entry rdfs:seeAlso ?o }
} GROUP BY ?source ?number ORDER BY ?source ?number"""
_LABELS: Final = f"""
SELECT ?iri (MIN(?text) AS ?label) {{
  VALUES ?iri {{ IRIS }} ?iri {RDFS.label}|{SKOS.prefLabel} ?text FILTER(LANG(?text) IN ("", "en"))
}} GROUP BY ?iri"""
#: Every link from a trial to a term, by whatever property: not those to its parts, its records and its readings.
_LINKED: Final = """
SELECT ?trial ?value {
  ?trial a tg:Trial ; ?link ?value
  FILTER (isIRI(?value) && ?link NOT IN (tg:hasReport, tg:readFrom, tg:registeredAs, tg:trialProduct, rdfs:seeAlso))
}"""
#: IRIs whose labels are asked for at once.
_AT_ONCE: Final = 200

Values = dict[str, defaultdict[str, list[str]]]


@dataclass(frozen=True)
class ListContents:
    """All that the pages of a release list.

    :param answers: to the queries that pages ask of the whole release, by their texts
    :param agreement: in how many fields the reports of a trial agree and differ
    :param sources: how many sources there are
    :param linked: the trials that are linked to a term by any property, a bit for each
    :param examples: values of each property (:mod:`trialgraph.release.lists.examples`)
    """

    index: TrialIndex
    table: GatheredTable
    conflicts: Sequence[FoundConflict] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    agreement: AgreementCounts = field(default_factory=AgreementCounts)
    sources: int = 0
    linked: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, Any] = field(default_factory=dict)


def gathered(select: Select, cells: str, settings: Settings) -> ListContents:
    """What the pages of a release list.

    :param select: asks its graph
    :param cells: its table of reports with all columns that it has, as text
    """
    answers = {query: answered(select, query) for query in whole_queries(settings)}
    table = _table(select, cells)
    index = _index(select, table, answers)
    return ListContents(
        index,
        table,
        found_conflicts(select),
        answers,
        count_agreement(select),
        len(set(_column(answers[SOURCE_CARDS], "source"))),
        _linked(select, index),
    )


def _linked(select: Select, index: TrialIndex) -> dict[str, int]:
    places = {trial.iri: place for place, trial in enumerate(index.trials)}
    held: dict[str, set[int]] = defaultdict(set)
    for row in select(_LINKED):
        held[text_of(row["value"])].add(places[text_of(row["trial"])])
    return {value: bit_set(found, index.size) for value, found in sorted(held.items())}


def _column(answer: Mapping[str, Any], name: str) -> list[Any]:
    at = answer["names"].index(name) if name in answer["names"] else None
    return [row[at] for row in answer["rows"]] if at is not None else []


def _table(select: Select, text: str) -> GatheredTable:
    columns, cells = read_cells(text)
    at = {column.name: place for place, column in enumerate(columns)}
    flags = flags_of(select(CONFLICTS))
    states = state_of_field(select(STATES))
    ids, papers = _records(select), _papers(select)
    reports = {
        _key(text_of(row["report"])): (text_of(row["report"]), text_of(row["trial"]), text_of(row["label"]))
        for row in select(_REPORTS)
    }
    rows = []
    for line in cells:
        source, number = line[at["source"]], line[at["row"]]
        record = line[at["record"]] if "record" in at else ""
        number = record or number
        report, trial, name = reports.get((source, number), ("", "", ""))
        cited = filter(None, line[at["reference"]].split("|")) if "reference" in at else ()
        listed = papers.get(source, {})
        rows.append(
            ReportRow(
                cells=line,
                report=report,
                trial=trial,
                name=name or f"{source} {'record' if record else 'row'} {number}",
                flags=tuple(flags.get(report, ())),
                states=states.get(report, {}),
                ids=ids.get(trial, ()),
                papers={one: listed[one] for one in cited if one in listed},
            )
        )
    return GatheredTable(columns, rows)


def _key(report: str) -> tuple[str, str]:
    """Source and row, or record, of a report, from its IRI."""
    source, _, row = report.rpartition("/")
    return _slug(source), unquote(row)


def _slug(source: str) -> str:
    return unquote(source.rpartition("/")[2])


def _papers(select: Select) -> dict[str, dict[str, Paper]]:
    """By the slug of a source the papers in its list, by their numbers."""
    made: dict[str, dict[str, Paper]] = defaultdict(dict)
    for row in select(_PAPERS):
        if row.get("source") is not None:
            made[_slug(text_of(row["source"]))][text_of(row["number"])] = Paper(
                text_of(row.get("citation")),
                text_of(row.get("doi")).removeprefix("doi:"),
                text_of(row.get("other")),
            )
    return made


def _records(select: Select) -> dict[str, tuple[tuple[str, str], ...]]:
    """By the IRI of a trial its ids, each with the address of its record."""
    held: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select(_RECORDS):
        identifier, url = text_of(row["id"]), text_of(row.get("url"))
        ids = held[text_of(row["trial"])]
        ids.setdefault(identifier, "")
        # Of several addresses the one that ends with the id is its own.
        if url.lower().endswith(identifier.lower()):
            ids[identifier] = url
    return {trial: tuple(ids.items()) for trial, ids in held.items()}


def _index(select: Select, table: GatheredTable, answers: Mapping[str, Any]) -> TrialIndex:
    labels = {text_of(row["trial"]): text_of(row["label"]) for row in select(_TRIALS)}
    values: Values = {trial: defaultdict(list) for trial in labels}
    for facet in FACETS:
        _add_linked(select, facet, values)
    patients = _from_reports(table, values)
    broader = {facet.name: _broader(select, facet) for facet in FACETS if facet.broader}
    scopes = {facet.name: _scopes(select, facet) for facet in FACETS if facet.scopes}
    within = {facet.name: _within(select, facet) for facet in FACETS if facet.scopes}
    names = {v for held in values.values() for facet in FACETS for v in held.get(facet.name, ())}
    names.update(b for steps in broader.values() for above in steps.values() for b in above)
    names.update(value for held in scopes.values() for value in held)
    trials = [
        Listed(
            trial,
            label,
            tuple(patients.get(trial, ())),
            {name: tuple(dict.fromkeys(held)) for name, held in values[trial].items()},
        )
        for trial, label in sorted(labels.items(), key=lambda pair: (pair[1], pair[0]))
    ]
    titles = _titles(answers[SOURCES])
    return trial_index(trials, _labels(select, names) | titles, broader, scopes, within, ALL_FACETS)


def _add_linked(select: Select, facet: Facet, values: Values) -> None:
    """The values that the graph links each trial to, in the order of their IRIs."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(f"SELECT ?trial ?value {{ ?trial {facet.through}<{facet.link}> ?value }}"):
        found[text_of(row["trial"])].add(text_of(row["value"]))
    for trial, held in found.items():
        if trial in values:
            values[trial][facet.name] = sorted(held)


def _labels(select: Select, names: Iterable[str]) -> dict[str, str]:
    made, every = {}, sorted(names)
    for first in range(0, len(every), _AT_ONCE):
        some = " ".join(f"<{iri}>" for iri in every[first : first + _AT_ONCE])
        for row in select(_LABELS.replace("IRIS", some)):
            made[text_of(row["iri"])] = text_of(row["label"])
    return made


def _titles(sources: Mapping[str, Any]) -> dict[str, str]:
    """The title of each source that has one, by its slug."""
    pairs = zip(_column(sources, "source"), _column(sources, "title"), strict=False)
    return {source.rpartition("/")[2]: title[0] for source, title in pairs if source and title}


def _from_reports(table: GatheredTable, values: Values) -> Mapping[str, list[int]]:
    """The patients of each trial; the values of the facets that are columns are added to the others."""
    patients: dict[str, list[int]] = defaultdict(list)
    for row in table.rows:
        if not row.trial:
            continue
        held = values.setdefault(row.trial, defaultdict(list))
        for facet in TABLE_FACETS:
            value = table.value(row, facet.column)
            items = value if isinstance(value, list) else [] if value is None else [value]
            held[facet.name] += facet_texts(facet.name, [str(item) for item in items])
        if (total := table.text(row, "n_total")).isdecimal():
            patients[row.trial].append(int(total))
    return patients


def _scopes(select: Select, facet: Facet) -> dict[str, frozenset[str]]:
    """Of each value beside which a reviewed scope stands, the trials of the scope."""
    query = (
        "SELECT ?value ?trial { ?scope a tg:Scope ; tg:standsBeside ?value . ?trial tg:inScope ?scope ; a tg:Trial"
        f" FILTER STRSTARTS(STR(?value), '{PREFIXES[facet.scopes]}') }}"
    )
    return _by_first((text_of(row["value"]), text_of(row["trial"])) for row in select(query))


def _within(select: Select, facet: Facet) -> dict[str, frozenset[str]]:
    """Of each value that a part of a report has, the values beside which the scopes stand that count the part."""
    query = (
        "SELECT DISTINCT ?value ?over { ?scope tg:standsBeside ?over ; tg:holdsTerm ?value"
        f" FILTER STRSTARTS(STR(?over), '{PREFIXES[facet.scopes]}') }}"
    )
    return _by_first((text_of(row["value"]), text_of(row["over"])) for row in select(query))


def _broader(select: Select, facet: Facet) -> dict[str, frozenset[str]]:
    """From each value that trials have, and from what is broader, the next broader ones."""
    query = (
        f"SELECT DISTINCT ?value ?over {{ {{ SELECT DISTINCT ?held {{ ?trial <{facet.link}> ?held }} }}"
        f" ?held <{facet.broader}>* ?value . ?value <{facet.broader}> ?over FILTER(isIRI(?over)) }}"
    )
    return _by_first((text_of(row["value"]), text_of(row["over"])) for row in select(query))


def _by_first(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        held[one].add(other)
    return {one: frozenset(others) for one, others in held.items()}
