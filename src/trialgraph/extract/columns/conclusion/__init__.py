"""Conclusion: whether results are out, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Cue, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.columns.conclusion.findings import (
    read_findings,
    read_results_status,
    read_status,
    read_times,
)
from trialgraph.extract.text.fit import VERB, WORD_START, cue_words, prose
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import decimal
from trialgraph.rdf.literals import text as literal
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept

__all__ = ["COLUMN", "read_findings", "read_results_status", "read_status", "read_times"]

# General words of trial reports, not of one table.
_CUES: Final[tuple[Cue, ...]] = cue_words(
    (WORD_START + VERB, 1.2),
    (
        WORD_START + r"(?:[Ii]mprovements?|[Rr]eduction|[Ii]ncreases?|[Dd]ecreases?|[Ss]ignificant\w*|"
        r"[Ee]ffective\w*|[Ss]afe|[Ww]ell|[Tt]rend|[Pp]rolonged|[Bb]etter|[Nn]o|[Nn]ot|with|but|"
        r"than|vs|[Tt]herapeutic|[Pp]atients|in the|long-term|short[- ]term|without|[Ee]fficacy|"
        r"[Bb]enefits?)(?![a-z])",
        0.7,
    ),
    (
        WORD_START + r"(?:[Ss]tudy (?:ongoing|completed|terminated|recruiting)|[Oo]ngoing|[Rr]ecruiting|"
        r"[Cc]ompleted|[Rr]esults? not|not yet|published|[Nn]ot available|"
        r"[Uu]nknown status)(?![a-z])",
        2.5,
    ),
    (r"\. [A-Z]", 0.8),
)


def _read(cells: Sequence[Cell]) -> Extracted:
    findings = tuple(finding for cell in cells for finding in read_findings(cell))
    status, reading = read_results_status(cells[0]) if cells else (None, None)
    parts = {
        "findings": findings,
        "results_status": status,
        "results_reading": reading,
        "reported_times": tuple(time for cell in cells for time in read_times(cell)),
    }
    state = read_status(cells[0]) if cells else ()
    readings = (*(f.reading for f in findings), *((reading,) if reading else ()), *(s.reading for s in state))
    return Extracted(parts, readings, {"status": state} if state else {})


_RESULTS: Final = {
    "ongoing": concept("results-ongoing"),
    "not published": concept("results-not-published"),
    "published": concept("results-published"),
    "terminated": concept("results-terminated"),
    "suspended": concept("results-suspended"),
    "withdrawn": concept("results-withdrawn"),
}
_BENEFIT: Final = {
    "favourable": concept("favourable"),
    "unfavourable": concept("unfavourable"),
    "none": concept("no-benefit"),
}
_CERTAINTY: Final = {"trend": concept("trend"), "stated": concept("as-stated")}


def _triples(nodes: Nodes) -> Iterator[Triple]:
    if nodes.report.results_status:
        yield Triple(nodes.iri, TG.resultsStatus, _RESULTS[nodes.report.results_status])
    for n, finding in enumerate(nodes.report.findings, start=1):
        node = nodes.numbered("finding", n)
        yield Triple(nodes.iri, TG.hasFinding, node)
        yield Triple(node, RDF.type, TG.Finding)
        yield Triple(node, RDFS.label, literal(f"Finding {n} of {nodes.label}"))
        yield Triple(node, TG.certainty, _CERTAINTY[finding.certainty])
        if finding.measure:
            yield Triple(node, TG.ofMeasure, term(finding.measure))
        if finding.value:
            yield Triple(node, TG.valueDirection, concept(finding.value))
        if finding.benefit:
            yield Triple(node, TG.benefit, _BENEFIT[finding.benefit])
        if finding.at_months is not None:
            yield Triple(node, TG.atMonths, decimal(finding.at_months))


def _links(nodes: Nodes) -> Iterator[Link]:
    for n, finding in enumerate(nodes.report.findings, start=1):
        yield nodes.numbered("finding", n), finding.reading


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for node, reading in _links(nodes):
        yield Triple(node, TG.statement, literal(reading.verbatim))


COLUMN: Final = ColumnType(
    field="conclusion",
    order=90,
    headings=r"(?:main |key |clinical )?(?:conclusions?|results?|findings?|effects?|key findings|"
    r"outcome summary|remarks?|results? and conclusions?|comments?)",
    shape=CellShape(empty=-2.0, longest=4000, fits=prose("conclusion")),
    read=_read,
    flat=(
        FlatColumn(
            "results_status",
            "terminated, suspended, withdrawn, ongoing, not published, or published where a result is reported; empty "
            "where the source says none of these",
            lambda report: report.results_status,
        ),
    ),
    filler=frozenset(
        [
            "study",
            "studies",
            "trial",
            "trials",
            "result",
            "results",
            "data",
            "not",
            "yet",
            "no",
            "published",
            "unpublished",
            "available",
            "reported",
            "been",
            "be",
            "have",
            "has",
            "are",
            "is",
            "was",
            "were",
            "pending",
            "currently",
            "still",
            "now",
            "status",
        ]
    ),
    triples=_triples,
    links=_links,
    wording=_wording,
    statements=(
        Statement("results_status", TG.Report, TG.resultsStatus),
        Statement("finding", TG.Finding),
    ),
    valued=("results_status", "time"),
    gates=(
        """VALUES (?word ?property) {
      ("increased" tg:valueDirection) ("decreased" tg:valueDirection) ("unchanged" tg:valueDirection)
      ("favourable" tg:benefit) ("unfavourable" tg:benefit) ("none" tg:benefit)
    }
    ?focus a tg:Finding ; tg:readFrom ?reading .
    ?reading tg:readsField "finding" ; tg:value ?word .
    FILTER NOT EXISTS { ?focus ?property ?stated }
    BIND (CONCAT("it was read as ", ?word, " and does not state it") AS ?message)""",
    ),
    lexicons=("conclusion",),
    cues=_CUES,
    events={
        "conclusion": 1.0,
        "outcome": 0.6,
        "mechanism": 0.0,
        "dose": -1.5,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -4.0,
    },
)
