"""Provenance display for records of registries: the texts that values were read from, inside the record's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from trialgraph.http.lookup import iri_of, select_each
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.marked_source import FootnoteMark, MarkedReading, MarkedText
from trialgraph.http.pages.resources.source_text import marked_pieces, spelled_out
from trialgraph.query.results import Term
from trialgraph.rdf.literals import text_of
from trialgraph.views.record_text import json_around

__all__ = ["RecordText", "place_address", "record_texts"]

_RECORDS: Final = """
SELECT ?row ?report ?number ?registry ?date ?file ?line ?member ?source ?title {
  WHICH
  ?row tg:inRegistry/rdfs:label ?registry ; dcterms:identifier ?number ; tg:fileName ?file ; tg:fromSource ?source .
  ?report tg:fromRecord ?row .
  OPTIONAL { ?row tg:asOf ?date }
  OPTIONAL { ?row tg:lineNumber ?line }
  OPTIONAL { ?row tg:archiveMember ?member }
  OPTIONAL { ?source rdfs:label ?title }
}"""
_CELLS: Final = (
    "SELECT ?cell ?text ?address { WHICH ?cell tg:cellText ?text ; oa:hasSelector/rdf:value ?address }"
)


@dataclass(frozen=True, slots=True)
class RecordText:
    """A text of a record, in pieces, with the JSON around it.

    :param record: what the record is called: its registry and number
    :param record_href: its own page
    :param report_href: the page with all of its JSON
    :param file: where it was read, with its line or its member of the archive
    :param address: where the text stands: a JSON pointer
    :param href: the same place in all of the JSON
    :param before: lines of JSON before the text, the last of which it ends; none where it is no JSON
    :param marks: none, as cells have them
    """

    record: str
    record_href: str
    report_href: str
    as_of: str
    file: str
    source: str
    source_href: str
    cell_href: str
    address: str
    href: str
    before: tuple[str, ...]
    pieces: tuple[MarkedText, ...]
    behind: tuple[str, ...]
    readings: tuple[MarkedReading, ...]
    marks: tuple[FootnoteMark, ...] = ()

    @property
    def text(self) -> str:
        """All of its characters."""
        return "".join(piece.text for piece in self.pieces)


def place_address(report: str, place: str) -> str:
    """The address of a place in the JSON of a record.

    :param report: address of the report's page
    """
    return f"{report}#{quote(place, safe='/')}"


def record_texts(readings: Mapping[str, Sequence[MarkedReading]]) -> tuple[RecordText, ...]:
    """The texts of records that readings were made from, in the order of their places.

    :param readings: under the IRIs of records
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    records = {iri_of(row["row"]): row for row in select_each(_RECORDS, "row", readings)}
    # Of a record that does not say whose it is nothing is shown: its statements are on its own page.
    of = {one.cell: record for record in records for one in readings[record]}
    made = [
        _text(row, records[of[cell]], [one for one in readings[of[cell]] if one.cell == cell])
        for row in select_each(_CELLS, "cell", sorted(of))
        if (cell := iri_of(row["cell"]))
    ]
    return tuple(sorted(made, key=lambda one: (one.record_href, one.address)))


def _text(
    cell: Mapping[str, Term], record: Mapping[str, Term], readings: Sequence[MarkedReading]
) -> RecordText:
    place, report = text_of(cell["address"]), address(iri_of(record["report"]))
    is_json = place.startswith("/")
    before, behind = json_around(place) if is_json else ([], [])
    where = text_of(record.get("member")) or text_of(record.get("line"))
    file = text_of(record["file"])
    return RecordText(
        record=f"{text_of(record['registry'])} record {text_of(record['number'])}",
        record_href=address(iri_of(record["row"])),
        report_href=report,
        as_of=text_of(record.get("date")),
        file=spelled_out(f"{file}:{where}" if where else file),
        source=spelled_out(text_of(record.get("title"))),
        source_href=address(iri_of(record["source"])),
        cell_href=address(iri_of(cell["cell"])),
        address=place,
        href=place_address(report, place) if is_json else f"{report}#record",
        before=tuple(before),
        pieces=marked_pieces(text_of(cell["text"]), 0, readings, _in_json if is_json else spelled_out),
        behind=tuple(behind),
        readings=tuple(readings),
    )


def _in_json(text: str) -> str:
    """Characters as they stand in a JSON string."""
    return spelled_out(json.dumps(text, ensure_ascii=False)[1:-1])
