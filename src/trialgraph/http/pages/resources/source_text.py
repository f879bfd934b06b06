"""Provenance display: the source lines that a node was read from, with the exact characters highlighted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.base.escaping import visible
from trialgraph.http.lookup import iri_of, select_each, select_rows, values, whole_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.marked_source import (
    FootnoteMark,
    MappingStep,
    MarkedCell,
    MarkedReading,
    MarkedRow,
    MarkedText,
)
from trialgraph.http.site import site
from trialgraph.query.results import Term
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.lists.queries import RULES
from trialgraph.views.explain import READINGS

__all__ = ["in_words", "marked_pieces", "marked_rows", "readings_behind", "spelled_out"]

WORDS: Final = {
    "n_total": "patients in total",
    "n_treatment": "patients treated",
    "n_control": "patients in control groups",
    "dose_basis": "basis of the dose",
    "dose_status": "whether a dose is stated",
    "method": "way of delivery",
    "qualifier": "qualifier of the disease",
    "reference": "number in the list of references",
    "time": "time that a result names",
}
_DETAIL: Final = """
SELECT ?reading ?reads ?value ?concept ?row ?verbatim ?start ?rule ?ruleName ?says ?example ?gives ?cell
       ?address ?overruled WHERE {
  WHICH
  ?reading tg:readsField ?reads ; tg:fromCell ?cell ; tg:verbatim ?verbatim ; tg:startOffset ?start ;
           tg:byRule ?rule .
  ?row tg:hasCell ?cell .
  OPTIONAL { ?cell oa:hasSelector/rdf:value ?address }
  OPTIONAL { ?reading tg:value ?value }
  OPTIONAL { ?reading tg:concept ?concept }
  BIND (EXISTS { ?reading tg:overruledBy ?other } AS ?overruled)
}"""
# The line that took the words, and the one that leads from our concept on to the term of others.
_MAPPED: Final = """
SELECT DISTINCT ?reading ?step ?mapping ?from ?predicate ?to ?toLabel ?by ?version ?date ?comment WHERE {
  WHICH
  { ?reading tg:byMapping ?mapping . BIND(1 AS ?step) }
  UNION { ?reading tg:byMapping/sssom:object_id ?own ; tg:concept ?term .
          ?mapping sssom:subject_id ?own ; sssom:object_id ?term . BIND(2 AS ?step) }
  ?mapping sssom:subject_label ?from ; sssom:predicate_id ?predicate ; sssom:object_id ?to ;
           sssom:mapping_justification ?by .
  OPTIONAL { ?mapping sssom:object_label ?toLabel }
  OPTIONAL { ?mapping sssom:object_source_version ?version }
  OPTIONAL { ?mapping sssom:mapping_date ?date }
  OPTIONAL { ?mapping rdfs:comment ?comment }
} ORDER BY ?reading ?step"""
_CELLS: Final = """
SELECT ?row ?number ?line ?source ?title ?cell ?header ?column ?field ?text ?start ?end ?address WHERE {
  WHICH
  ?row tg:rowNumber ?number ; tg:lineNumber ?line ; tg:fromSource ?source ; tg:hasCell ?cell .
  ?cell tg:inColumn ?in ; (oa:hasSelector|oa:hasSelector/oa:refinedBy) ?at .
  ?in tg:header ?header ; tg:columnNumber ?column .
  ?at oa:start ?start ; oa:end ?end .
  OPTIONAL { ?cell oa:hasSelector/rdf:value ?address }
  OPTIONAL { ?source rdfs:label ?title }
  OPTIONAL { ?in tg:field ?field }
  OPTIONAL { ?cell tg:cellText ?text }
}"""

# Footnote marks of cells, each with the note that it leads to.
_MARKS: Final = """
SELECT ?cell ?mark ?note ?words WHERE {
  WHICH
  ?row tg:hasCell ?cell . ?cell tg:footnoteMark ?mark .
  OPTIONAL { ?cell tg:hasNote ?note . ?note tg:footnoteMark ?mark ; tg:tableText ?words }
} ORDER BY ?cell ?mark"""


def spelled_out(text: str) -> str:
    """The text with control characters, bidirectional ones too, made visible."""
    return visible(text, keep="\t\n")


def in_words(name: str) -> str:
    """What a reading reads, in words."""
    return WORDS.get(name) or name.replace("_", " ")


def readings_behind(subject: str, most: int) -> dict[str, list[MarkedReading]]:
    """The readings that a node rests on, under the IRIs of their rows and records, in the order of their characters.

    :param most: the most readings
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    return _readings(READINGS.replace("?subject", str(NamedNode(subject))), most)


def marked_rows(
    rows: Sequence[str], readings: dict[str, list[MarkedReading]] | None = None, most: int = 0
) -> tuple[MarkedRow, ...]:
    """Lines with their readings.

    :param rows: IRIs
    :param readings: of each row those to mark; None: all that there are, at most ``most``
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    if readings is None:
        readings = _readings(f"{values('its', rows)} ?its tg:hasCell/^tg:fromCell ?reading", most)
    by_row: dict[str, list[dict[str, Term]]] = defaultdict(list)
    for found in select_each(_CELLS, "row", rows, 8):
        by_row[iri_of(found["row"])].append(found)
    marks = _marks(rows)
    made = [_row(row, cells, readings.get(row, []), marks) for row, cells in by_row.items()]
    return tuple(sorted(made, key=lambda row: (row.source_href, row.number)))


def _marks(rows: Sequence[str]) -> dict[str, list[FootnoteMark]]:
    """The footnote marks of the cells of rows, under the IRIs of the cells."""
    made: dict[str, list[FootnoteMark]] = defaultdict(list)
    for row in select_each(_MARKS, "row", rows):
        note = iri_of(row.get("note"))
        words = spelled_out(text_of(row.get("words")))
        made[iri_of(row["cell"])].append(
            FootnoteMark(spelled_out(text_of(row["mark"])), address(note) if note else "", words)
        )
    return made


def _readings(which: str, most: int) -> dict[str, list[MarkedReading]]:
    """The readings that a pattern finds, under the IRIs of their rows, in the order of their characters."""
    wanted = select_rows(f"SELECT DISTINCT ?reading {{ {which} }} LIMIT {most}")
    every = [iri_of(row["reading"]) for row in wanted]
    rules = _rules() if every else {}
    found = [row | rules.get(iri_of(row["rule"]), {}) for row in select_each(_DETAIL, "reading", every)]
    steps = _mappings(every)
    labels = site().labels(term for row in found if isinstance(term := row.get("concept"), NamedNode))
    made: dict[str, list[MarkedReading]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (*_offsets(row), text_of(row["reading"]))):
        made[iri_of(row["row"])].append(_reading(row, labels, steps.get(iri_of(row["reading"]), ())))
    return made


def _reading(row: dict[str, Term], labels: dict[str, str], mappings: Sequence[MappingStep]) -> MarkedReading:
    concept, name = iri_of(row.get("concept")), text_of(row["reads"])
    iri, rule = iri_of(row["reading"]), iri_of(row["rule"])
    return MarkedReading(
        iri=iri,
        href=address(iri),
        name=name,
        reads=in_words(name),
        value=labels.get(concept) or compact(concept) if concept else text_of(row.get("value")),
        value_href=address(concept, known=concept in labels) if concept else "",
        verbatim=spelled_out(text_of(row["verbatim"])),
        offsets=_offsets(row),
        rule=text_of(row.get("ruleName")) or compact(rule),
        rule_href=address(rule),
        says=text_of(row.get("says")),
        example=text_of(row.get("example")),
        gives=text_of(row.get("gives")),
        mappings=tuple(mappings),
        cell=iri_of(row["cell"]),
        address=text_of(row.get("address")),
        overruled=text_of(row.get("overruled")) == "true",
    )


def _rules() -> Mapping[str, dict[str, Term]]:
    """What is known of each rule; asked for once, as all readings are by one of them."""

    def make() -> dict[str, dict[str, Term]]:
        return {iri_of(row["rule"]): row for row in whole_rows(RULES)}

    return site().once("rules", make)


def _mappings(readings: Sequence[str]) -> dict[str, list[MappingStep]]:
    """The mapping steps of each reading that has any."""
    made: dict[str, list[MappingStep]] = defaultdict(list)
    for row in select_each(_MAPPED, "reading", readings):
        to = iri_of(row["to"])
        made[iri_of(row["reading"])].append(
            MappingStep(
                href=address(iri_of(row["mapping"])),
                start=spelled_out(text_of(row["from"])),
                predicate=compact(text_of(row["predicate"])),
                end=f"{text_of(row.get('toLabel'))} ({compact(to)})".lstrip(),
                end_href=address(to, known=True),
                justification=_camel(text_of(row["by"])),
                version=text_of(row.get("version")),
                date=text_of(row.get("date")),
                comment=text_of(row.get("comment")),
            )
        )
    return made


def _row(
    iri: str,
    cells: list[dict[str, Term]],
    readings: Sequence[MarkedReading],
    marks: Mapping[str, Sequence[FootnoteMark]],
) -> MarkedRow:
    grid = any(cell.get("address") is not None for cell in cells)
    ordered = sorted(cells, key=_in_grid if grid else _in_line)
    first, made, at = ordered[0], [], _number(ordered[0], "start")
    for same in _one_of_the_source(ordered):
        cell, name = same[0], iri_of(same[0]["cell"])
        names = {iri_of(one["cell"]) for one in same}
        inside = [r for r in readings if r.cell in names] if grid else readings
        pieces = marked_pieces(text_of(cell.get("text")), _number(cell, "start"), inside)
        gap = not grid and bool(pieces) and _number(cell, "start") > at
        stands = text_of(cell.get("address"))
        made.append(
            MarkedCell(
                address(name),
                text_of(cell["header"]),
                pieces,
                gap,
                _number(cell, "column"),
                stands,
                tuple(marks.get(name, ())),
            )
        )
        at = max(at, _number(cell, "end"))
    source = iri_of(first["source"])
    return MarkedRow(
        iri=iri,
        href=address(iri),
        number=_number(first, "number"),
        line=_number(first, "line"),
        source=text_of(first.get("title")) or compact(source),
        source_href=address(source),
        start=_number(first, "start"),
        end=at,
        cells=tuple(made),
        readings=tuple(readings),
        grid=grid,
    )


def _one_of_the_source(cells: Sequence[dict[str, Term]]) -> list[list[dict[str, Term]]]:
    """The cells, those together that are one cell of the source which holds several fields."""
    made: dict[object, list[dict[str, Term]]] = {}
    for cell in cells:
        place = (_number(cell, "column"), text_of(cell.get("address")), _number(cell, "start"))
        made.setdefault(place if place[1] else iri_of(cell["cell"]), []).append(cell)
    return list(made.values())


def _in_line(cell: dict[str, Term]) -> tuple[int, int, str]:
    return _number(cell, "start"), _number(cell, "end"), ""


def _in_grid(cell: dict[str, Term]) -> tuple[int, int, str]:
    """What a text beside the grid states comes last."""
    column = _number(cell, "column")
    return int(not column), column, iri_of(cell["cell"])


def marked_pieces(
    text: str, start: int, readings: Sequence[MarkedReading], shown: Callable[[str], str] = spelled_out
) -> tuple[MarkedText, ...]:
    """A cell's characters, cut wherever a reading begins or ends.

    :param start: offset of the first character
    :param shown: how characters are shown
    """
    end = start + len(text)
    inside = [r for r in readings if r.offsets[0] < end and r.offsets[1] > start]
    cuts = {start, end} | {min(max(at, start), end) for r in inside for at in r.offsets}
    made = []
    for left, right in pairwise(sorted(cuts)):
        over = [r for r in inside if r.offsets[0] <= left and r.offsets[1] >= right]
        over.sort(key=lambda r: (r.overruled, r.offsets[1] - r.offsets[0]))
        made.append(MarkedText(shown(text[left - start : right - start]), tuple(over)))
    return tuple(made)


def _camel(iri: str) -> str:
    """The end of an IRI as words: ``ManualMappingCuration`` as "manual mapping curation"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", compact(iri).rpartition(":")[2]).lower()


def _offsets(row: dict[str, Term]) -> tuple[int, int]:
    """Where a reading begins and ends."""
    start = _number(row, "start")
    return start, start + len(text_of(row["verbatim"]))


def _number(row: dict[str, Term], name: str) -> int:
    return int(text_of(row[name]))
