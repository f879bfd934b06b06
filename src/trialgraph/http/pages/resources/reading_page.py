"""The page of a reading: the way from the printed page to one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import render_template
from pyoxigraph import NamedNode

from trialgraph.extract.files.kind_of import KINDS
from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.marked_source import MarkedReading, MarkedRow
from trialgraph.http.pages.resources.settle import form_of_reading
from trialgraph.http.pages.resources.source_behind import source_behind
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.views.reading_use import USE, ReadingUse, reading_uses

__all__ = ["OtherReading", "reading_page"]

TRIAL: Final = """
SELECT ?trial ?name ?source ?kind ?sha ?retrieved ?citation ?table {
  ME tg:fromCell/^tg:hasCell ?row . ?report tg:fromRow|tg:fromRecord ?row .
  ?report tg:aboutTrial ?trial ; tg:fromSource ?source .
  ?trial rdfs:label ?name .
  ?source tg:fileKind ?kind ; tg:sha256 ?sha .
  OPTIONAL { ?source dcterms:date ?retrieved }
  OPTIONAL { ?source dcterms:bibliographicCitation ?citation }
  OPTIONAL { ?source tg:tableNumber ?table }
} ORDER BY ?trial LIMIT 1"""
#: Readings that share characters with it.
OTHERS: Final = """
SELECT DISTINCT ?other ?reads ?value ?words ?rule ?ruleName ?overruled {
  ME tg:fromCell ?cell ; tg:startOffset ?start ; tg:verbatim ?mine .
  ?other tg:fromCell ?cell ; tg:startOffset ?from ; tg:readsField ?reads ; tg:verbatim ?words ; tg:byRule ?rule .
  ?rule rdfs:label ?ruleName .
  FILTER (?other != ME && ?from < ?start + STRLEN(?mine) && ?from + STRLEN(?words) > ?start)
  OPTIONAL { ?other tg:value ?value }
  BIND (EXISTS { ?other tg:overruledBy ?by } AS ?overruled)
} ORDER BY ?other LIMIT MOST"""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another reading of the same characters."""

    href: str
    value: str
    words: str
    rule: str
    rule_href: str
    used: bool


def reading_page(iri: str, path: str, shared: dict[str, Any]) -> str:
    """The page of a reading.

    :param shared: what the page of any resource shows of it
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    behind = source_behind(iri, site().settings.thing_links)
    row = next((row for row in behind.rows if any(item.iri == iri for item in row.readings)), None)
    text = next((text for text in behind.texts if any(item.iri == iri for item in text.readings)), None)
    item = next((item for of in (row, text) if of for item in of.readings if item.iri == iri), None)
    found = select_rows(TRIAL.replace("ME", str(NamedNode(iri))))
    about = {name: spelled_out(text_of(term)) for name, term in found[0].items()} if found else {}
    if found:
        about["file"] = KINDS.get(about["kind"], about["kind"])
    return render_template(
        "reading.html",
        **shared,
        row=row,
        text=text,
        item=item,
        cell=_cell(row, item) if row and item else None,
        about=about,
        trial_href=address(iri_of(found[0]["trial"])) if found else "",
        others=_others(iri),
        use=_use_of(iri),
        form=form_of_reading(iri_of(found[0]["source"]).rpartition("/")[2], row.number, item.name)
        if found and row and item
        else None,
        path=path,
    )


def _cell(row: MarkedRow, item: MarkedReading) -> dict[str, str] | None:
    """The cell that it was read from: its heading and its text."""
    for cell in row.cells:
        if cell.href == address(item.cell):
            return {
                "header": cell.header,
                "href": cell.href,
                "text": "".join(piece.text for piece in cell.pieces),
            }
    return None


def _use_of(iri: str) -> ReadingUse | None:
    """Whether it is in use."""
    return reading_uses(select_rows(USE.replace("WHICH", values("reading", [iri])))).get(iri)


def _others(iri: str) -> list[OtherReading]:
    query = OTHERS.replace("ME", str(NamedNode(iri))).replace("MOST", str(site().settings.thing_links))
    return [
        OtherReading(
            address(iri_of(row["other"])),
            spelled_out(text_of(row.get("value"))),
            spelled_out(text_of(row["words"])),
            text_of(row["ruleName"]),
            address(iri_of(row["rule"])),
            text_of(row["overruled"]) != "true",
        )
        for row in select_rows(query)
    ]
