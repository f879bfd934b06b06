"""Disease: the condition that a trial is about, as disease, qualifiers and site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.columns.disease.condition import read_condition
from trialgraph.extract.text.fit import blank_weight, whole_cell
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.report import Condition, Report
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import text as literal
from trialgraph.rdf.vocabulary import RDF, RDFS, TG
from trialgraph.terminology.lexicon import external_curie, lexicon

__all__ = ["COLUMN", "read_condition"]

_DISEASE_WORD: Final = re.compile(
    r"\b(?:diseases?|syndromes?|disorders?|arthritis|\w+(?:itis|osis|emia|aemia|pathy|plegia|"
    r"trophy|derma|oma)|lupus|diabetes(?: mellitus)?|psoriasis|failure|injury|fistulas?|"
    r"ulcers?|cirrhosis|stroke|infarction|infection|deficiency|sclerosis)\b",
    re.IGNORECASE,
)
_DISEASE_LEAD: Final = re.compile(
    r"(?:(?:[Ss]evere|[Aa]cute|[Cc]hronic|[Rr]efractory|[Aa]ctive|[Pp]ersistently active|"
    r"[Rr]elapsing|[Rr]ecurrent|[Mm]oderate(?: to severe)?|[Ee]arly|[Ll]ate|[Pp]rogressive|"
    r"[Rr]esistant|[Tt]reatment-resistant|[Ss]teroid-(?:resistant|refractory)|"
    r"[A-Z]{2,6}-(?:resistant|refractory|naive)|[Nn]ew-onset|[Jj]uvenile|[Pp]rimary|"
    r"[Ss]econdary|[Ee]nd-stage|[Rr]ecent-onset) )+"
)


def _fit(text: str) -> float:
    if blank_weight(text) is not None or len(text) < 2:
        return -4.0
    rest = _DISEASE_LEAD.sub("", text, count=1)
    head = re.split(r" (?:with|in|of|and|complicated) |,|;| ?\(", rest, maxsplit=1)[0]
    lead = 0.5 if rest != text else 0.0
    if lexicon().lookup("disease", rest):
        return 8.0 + lead
    if lexicon().lookup("disease", head):
        return (7.0 if len(head) < len(rest) else 6.0) + lead
    if _DISEASE_WORD.search(text):
        return 5.0 + lead - 0.04 * len(text)
    if re.fullmatch(r"[A-Z][A-Za-z0-9]{1,7}", text):
        return 1.0
    if re.fullmatch(r"[A-Za-z][\w'’\-]*(?: [\w'’\-]+){0,6}", text):
        return 0.5 - 0.06 * len(text) + lead
    return -3.0 - 0.08 * len(text)


def _read(cells: Sequence[Cell]) -> Extracted:
    condition, qualifiers = read_condition(cells[0]) if cells else (None, ())
    return Extracted({"condition": condition}, (*((condition.reading,) if condition else ()), *qualifiers))


def _triples(nodes: Nodes) -> Iterator[Triple]:
    stated = nodes.report.condition
    if stated is None:
        return
    node = nodes.condition
    yield Triple(nodes.iri, TG.condition, node)
    yield Triple(node, RDF.type, TG.Condition)
    yield Triple(node, RDFS.label, literal(_label(stated) or f"Condition of {nodes.label}"))
    if stated.disease:
        yield Triple(node, TG.disease, term(stated.disease))
    for qualifier in stated.qualifiers:
        yield Triple(node, TG.qualifier, term(qualifier))
    if stated.site:
        yield Triple(node, TG.site, term(stated.site))


def _label(stated: Condition) -> str:
    if stated.disease is None:
        return ""
    return ", ".join([stated.disease.label, *(q.label for q in stated.qualifiers)])


def _links(nodes: Nodes) -> Iterator[Link]:
    if nodes.report.condition:
        yield nodes.condition, nodes.report.condition.reading
        for reading in nodes.report.readings:
            if reading.name in ("qualifier", "site"):
                yield nodes.condition, reading


def _wording(nodes: Nodes) -> Iterator[Triple]:
    if nodes.report.condition:
        yield Triple(nodes.condition, TG.asReported, literal(nodes.report.condition.as_reported))


def _disease_curie(report: Report) -> str | None:
    disease = report.condition.disease if report.condition else None
    return external_curie(disease) if disease else None


def _disease_label(report: Report) -> str | None:
    if report.condition is None:
        return None
    disease = report.condition.disease
    return disease.label if disease else report.condition.as_reported


COLUMN: Final = ColumnType(
    field="disease",
    order=30,
    headings=r"(?:disease|diseases|condition|conditions|indication|indications|disorder|disorders|"
    r"diagnosis|disease type|target disease|pathology|medical condition)",
    shape=CellShape(empty=-2.5, longest=140, fits=whole_cell(_fit)),
    read=_read,
    flat=(
        FlatColumn("disease", "CURIE of the exact term of the printed disease", _disease_curie),
        FlatColumn(
            "disease_label", "its label, or the words as printed where no term covers them", _disease_label
        ),
        FlatColumn(
            "qualifiers",
            "what qualifies the disease besides its name",
            lambda report: [q.label for q in report.condition.qualifiers] if report.condition else [],
            several=True,
        ),
    ),
    triples=_triples,
    links=_links,
    wording=_wording,
    statements=(
        Statement("disease", TG.Report, TG.condition),
        Statement("disease", TG.Condition),
        Statement("disease", TG.Condition, TG.disease, "concept"),
        Statement("qualifier", TG.Condition),
        Statement("qualifier", TG.Condition, TG.qualifier, "concept"),
        Statement("site", TG.Condition, TG.site, "concept"),
    ),
    lexicons=("disease", "qualifier"),
)
