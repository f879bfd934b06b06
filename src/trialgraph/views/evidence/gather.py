"""From rows of the evidence table to the papers and records behind them; a whole release as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.rdf import iris
from trialgraph.release.lists.open import open_lists
from trialgraph.release.lists.queries import select_from
from trialgraph.release.lists.rows import ReportColumns, ReportRow
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.views.evidence.about import About, CitedSource, about, source_reference
from trialgraph.views.evidence.citations import Reference, as_ris

__all__ = ["FILES", "cited", "export_table"]

#: Formats of the table and of what it cites, beside CSV, by name.
FILES: Final = ("xlsx", "ris")


def export_table(release: Release, form: str, settings: Settings, base: str = "", doi: str = "") -> bytes:
    """All reports of a release as a workbook, or the papers and records behind them as RIS.

    :param form: one of :data:`FILES`
    :param base: the public address; empty: the base of the IRIs
    :raises ReleaseError: the release cannot be read
    """
    select = select_from(open_store(release))
    of = about(release, select, base, doi)
    with closing(open_lists(release, select, settings)) as lists:
        if form == "xlsx":
            from trialgraph.views.evidence.workbook import workbook  # the library takes 0.2 s to import

            return workbook(lists, lists.rows(), lists.whole.reports, list(lists.at), of, f"{of.base}trials")
        return "".join(as_ris(cited(lists, lists.rows(), of, lists.sources))).encode("utf-8")


def cited(
    table: ReportColumns, rows: Iterable[ReportRow], of: About, slugs: Iterable[str]
) -> Iterator[Reference]:
    """The sources of some reports, then the papers that the reports cite and the registry records of their trials.

    :param slugs: of the sources of these reports, in their order
    """
    sources = {one.slug: one for one in of.sources}
    yield from (source_reference(sources[slug], of) for slug in slugs if slug in sources)
    # Of the records of one id the first: several reports may title a trial differently.
    known: set[str] = set()
    for row in rows:
        for one in (*_papers(table, row, sources, of), *_records(table, row, of)):
            if one.key not in known:
                known.add(one.key)
                yield one


def _papers(
    table: ReportColumns, row: ReportRow, sources: Mapping[str, CitedSource], of: About
) -> Iterator[Reference]:
    slug = table.text(row, "source")
    for number in filter(None, table.text(row, "reference").split("|")):
        yield _listed(slug, number, row, sources.get(slug), of)


def _records(table: ReportColumns, row: ReportRow, of: About) -> Iterator[Reference]:
    for identifier, url in row.ids:
        yield Reference(
            kind="record",
            key=identifier,
            title=table.text(row, "title").partition("|")[0] or row.name,
            url=url or of.page(row.trial),
            database=table.text(row, "registry"),
            accession=identifier,
            notes=(f"In trialgraph: {of.page(row.trial)}",),
        )


def _listed(slug: str, number: str, row: ReportRow, source: CitedSource | None, of: About) -> Reference:
    """A paper by its number in the list of a source: as the list has it, else by that number alone."""
    title = (source.title if source else "") or slug
    where = f"Reference {number} of: {title}"
    paper = row.papers.get(number)
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
