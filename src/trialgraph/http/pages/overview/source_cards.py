"""The sources of a release as cards: what was read, where it was published, how much of it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.pages.links import address, outside
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import compact, licence_name

__all__ = ["SourceCard", "source_cards"]

QUERY: Final = """
SELECT ?source ?title ?citation ?doi ?table ?issued ?retrieved ?licence (COUNT(DISTINCT ?conflict) AS ?flagged) {
  ?source a tg:Source ; rdfs:label ?title .
  OPTIONAL { ?source dcterms:bibliographicCitation ?citation }
  OPTIONAL { ?source dcterms:source ?doi }
  OPTIONAL { ?source tg:tableNumber ?table }
  OPTIONAL { ?source dcterms:issued ?issued }
  OPTIONAL { ?source dcterms:date ?retrieved }
  OPTIONAL { ?source dcterms:license ?licence }
  OPTIONAL { ?report tg:fromSource ?source ; tg:hasConflict ?conflict . ?conflict tg:status tgc:open }
} GROUP BY ?source ?title ?citation ?doi ?table ?issued ?retrieved ?licence ORDER BY ?title ?source"""


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source.

    :param rows: rows of it that were read; None where the release does not say
    :param unread: rows that were not
    :param flagged: open conflicts in it
    """

    title: str
    href: str
    citation: str
    table: str
    doi: str
    doi_href: str
    issued: str
    retrieved: str
    licence: str
    rows: int | None
    unread: int
    flagged: int


def source_cards() -> tuple[SourceCard, ...]:
    """The sources of the release, gathered once."""
    return site().once("source cards", _gather)


def _gather() -> tuple[SourceCard, ...]:
    read = {entry["slug"]: entry for entry in site().release.manifest.get("built_from", [])}
    made: dict[str, SourceCard] = {}
    for row in select_rows(QUERY):
        iri, doi, licence = (iri_of(row.get(name)) for name in ("source", "doi", "licence"))
        text = {
            name: text_of(row.get(name)) for name in ("title", "citation", "table", "issued", "retrieved")
        }
        entry = read.get(iri.rpartition("/")[2], {})
        made.setdefault(
            iri,
            SourceCard(
                href=address(iri),
                doi=compact(doi) if doi else "",
                doi_href=outside(doi) if doi else "",
                licence=_licence(licence),
                rows=entry.get("rows"),
                unread=entry.get("unread") or 0,
                flagged=int(text_of(row["flagged"])),
                **text,
            ),
        )
    return tuple(made.values())


def _licence(iri: str) -> str:
    """``CC BY-NC 4.0``."""
    if not iri:
        return ""
    name = licence_name(NamedNode(iri))
    return name.replace("CC-", "CC ").replace("-4.0", " 4.0").replace("-3.0", " 3.0")
