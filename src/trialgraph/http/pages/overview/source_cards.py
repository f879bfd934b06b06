"""The sources of a release as cards: what was read, where it was published, how much of it was read."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from trialgraph.http.lookup import iri_of, whole_rows
from trialgraph.http.pages.links import address, outside
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import compact, licence_name
from trialgraph.release.lists.queries import SOURCE_CARDS

__all__ = ["SourceCard", "source_cards"]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source.

    :param rows: rows of it that were read; None where the release does not say
    :param unread: rows that were not
    :param records: records of a registry that were read; of a table 0
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
    records: int
    flagged: int


def source_cards() -> tuple[SourceCard, ...]:
    """The sources of the release, gathered once."""
    return site().once("source cards", _gather)


def _gather() -> tuple[SourceCard, ...]:
    read = {entry["slug"]: entry for entry in site().release.manifest.get("built_from", [])}
    made: dict[str, SourceCard] = {}
    for row in whole_rows(SOURCE_CARDS):
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
                records=entry.get("records") or 0,
                flagged=int(text_of(row["flagged"])),
                **text,
            ),
        )
    return tuple(made.values())


def _licence(iri: str) -> str:
    """``CC BY-NC 4.0``."""
    if not iri:
        return ""
    name = licence_name(NamedNode(iri)).replace("CC-PDM-1.0", "Public Domain Mark 1.0")
    return name.replace("CC-", "CC ").replace("-4.0", " 4.0").replace("-3.0", " 3.0")
