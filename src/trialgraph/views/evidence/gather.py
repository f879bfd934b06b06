"""From a release to its evidence table, and to the papers and records behind its trials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from pyoxigraph import QuerySolutions, Store

from trialgraph.base.errors import ReleaseError
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.manifest import ALL_COLUMNS
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.views.evidence.about import About, Select, about, source_reference
from trialgraph.views.evidence.citations import Reference, as_ris
from trialgraph.views.evidence.flags import CONFLICTS, STATES, flags_of, state_of_field
from trialgraph.views.evidence.table import EvidenceTable, ReportRow, read_cells

__all__ = ["FILES", "Records", "cited", "export_table", "gather_records", "gather_table", "read_release"]

#: Formats of the table and of what it cites, beside CSV, by name.
FILES: Final = ("xlsx", "ris")
_REPORTS: Final = """
SELECT ?report ?trial (MIN(?name) AS ?label) {
  ?report a tg:Report ; tg:aboutTrial ?trial . ?trial rdfs:label ?name
} GROUP BY ?report ?trial ORDER BY ?report"""
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


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry of the reference list of a source.

    :param doi: without its resolver
    :param url: an address of it, where one is known
    """

    citation: str
    doi: str
    url: str


@dataclass(frozen=True)
class Records:
    """What stands behind trials: the records of registries, and the papers in the lists of the sources.

    :param of: by the IRI of a trial its ids, each with the address of its record
    :param papers: by the slug of a source and a number of its list
    """

    of: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    papers: Mapping[tuple[str, str], Paper] = field(default_factory=dict)


def read_release(release: Release) -> str:
    """The table of a release as text: with all columns, or of an older release those that it has.

    :raises ReleaseError: it cannot be read
    """
    name = ALL_COLUMNS if ALL_COLUMNS in release.manifest["files"] else "trials.csv"
    path = release.file(name)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error


def export_table(release: Release, form: str, base: str = "", doi: str = "") -> bytes:
    """All reports of a release as a workbook, or the papers and records behind them as RIS.

    :param form: one of :data:`FILES`
    :param base: the public address; empty: the base of the IRIs
    :raises ReleaseError: the release cannot be read
    """
    select = _select_from(open_store(release))
    table, of = gather_table(read_release(release), select), about(release, select, base, doi)
    if form == "xlsx":
        from trialgraph.views.evidence.workbook import workbook  # the library takes 0.2 s to import

        return workbook(table, table.rows, list(table.at), of, f"{of.base}trials")
    return as_ris(cited(table, table.rows, gather_records(select), of)).encode("utf-8")


def _select_from(store: Store) -> Select:
    def select(query: str) -> Iterator[Mapping[str, object]]:
        found = store.query(query, prefixes=dict(PREFIXES))
        assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries here are SELECTs
        names = [variable.value for variable in found.variables]
        return ({n: row[n] for n in names if row[n] is not None} for row in found)

    return select


def gather_table(text: str, select: Select) -> EvidenceTable:
    """The table of a release.

    :param text: from :func:`read_release`
    """
    columns, cells = read_cells(text)
    at = {column.name: place for place, column in enumerate(columns)}
    flags = flags_of(select(CONFLICTS))
    states = state_of_field(select(STATES))
    reports = {
        _key(text_of(row["report"])): (text_of(row["report"]), text_of(row["trial"]), text_of(row["label"]))
        for row in select(_REPORTS)
    }
    rows = []
    for line in cells:
        source, number = line[at["source"]], line[at["row"]]
        report, trial, name = reports.get((source, number), ("", "", ""))
        rows.append(
            ReportRow(
                cells=line,
                report=report,
                trial=trial,
                name=name or f"{source} row {number}",
                flags=tuple(flags.get(report, ())),
                states=states.get(report, {}),
            )
        )
    return EvidenceTable(columns, tuple(rows))


def _key(report: str) -> tuple[str, str]:
    """Source and row of a report, from its IRI."""
    source, _, row = report.rpartition("/")
    return _slug(source), row


def _slug(source: str) -> str:
    return unquote(source.rpartition("/")[2])


def gather_records(select: Select) -> Records:
    """The registry records of the trials of a release, and the papers that its sources list."""
    papers = {
        (_slug(text_of(row["source"])), text_of(row["number"])): Paper(
            text_of(row.get("citation")),
            text_of(row.get("doi")).removeprefix("doi:"),
            text_of(row.get("other")),
        )
        for row in select(_PAPERS)
        if row.get("source") is not None
    }
    held: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select(_RECORDS):
        identifier, url = text_of(row["id"]), text_of(row.get("url"))
        ids = held[text_of(row["trial"])]
        ids.setdefault(identifier, "")
        # Of several addresses the one that ends with the id is its own.
        if url.lower().endswith(identifier.lower()):
            ids[identifier] = url
    return Records({trial: tuple(ids.items()) for trial, ids in held.items()}, papers)


def cited(table: EvidenceTable, rows: Iterable[ReportRow], records: Records, of: About) -> list[Reference]:
    """The papers that the reports of these rows cite, the registry records of their trials, and their sources."""
    sources = {one.slug: one for one in of.sources}
    made: dict[Reference, None] = {}
    used: dict[str, None] = {}
    for row in rows:
        slug = table.text(row, "source")
        used.setdefault(slug)
        for number in filter(None, table.text(row, "reference").split("|")):
            made.setdefault(_listed(slug, number, records, of))
        for identifier, url in records.of.get(row.trial, ()):
            made.setdefault(
                Reference(
                    kind="record",
                    key=identifier,
                    title=table.text(row, "title").partition("|")[0] or row.name,
                    url=url or of.page(row.trial),
                    database=table.text(row, "registry"),
                    accession=identifier,
                    notes=(f"In trialgraph: {of.page(row.trial)}",),
                )
            )
    reviews = [source_reference(sources[slug], of) for slug in used if slug in sources]
    return [*reviews, *_each_record_once(made)]


def _listed(slug: str, number: str, records: Records, of: About) -> Reference:
    """A paper by its number in the list of a source: as the list has it, else by that number alone."""
    source = next((one for one in of.sources if one.slug == slug), None)
    title = (source.title if source else "") or slug
    where = f"Reference {number} of: {title}"
    paper = records.papers.get((slug, number))
    if paper and (paper.citation or paper.doi or paper.url):
        return Reference(
            kind="article" if paper.doi else "other",
            key=f"{slug}-ref-{number}",
            title=paper.citation or where,
            doi=paper.doi,
            url="" if paper.doi else paper.url,
            notes=(where,),
        )
    return Reference(
        kind="other",
        key=f"{slug}-ref-{number}",
        title=where,
        url=(source.document if source else "") or of.page(iris.source(slug).value),
        notes=("The number in the list of the source; the source does not give more here.",),
    )


def _each_record_once(found: Iterable[Reference]) -> list[Reference]:
    """Of the records of one id the first: several reports may title a trial differently."""
    made: dict[str, Reference] = {}
    for one in found:
        made.setdefault(one.key, one)
    return list(made.values())
