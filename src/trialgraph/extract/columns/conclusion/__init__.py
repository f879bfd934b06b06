"""Conclusion: whether results are out, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Cue, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.columns.conclusion.findings import (
    read_findings,
    read_results_status,
    read_status,
    read_times,
)
from trialgraph.extract.text.fit import VERB, WORD_START, cue_words, prose
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.report import Effect
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
        if finding.effect:
            yield from _effect(nodes, node, finding.effect)


def _effect(nodes: Nodes, node: NamedNode, effect: Effect) -> Iterator[Triple]:
    yield Triple(node, TG.effectValue, decimal(effect.value))
    yield Triple(node, TG.effectUnit, literal(effect.unit))
    for name, reading in ((TG.comparatorValue, effect.comparator), (TG.baselineValue, effect.baseline)):
        if reading and isinstance(reading.value, Decimal):
            yield Triple(node, name, decimal(reading.value))
    for name, arm in ((TG.inArm, effect.in_arm), (TG.comparedWith, effect.compared_with)):
        if arm:
            yield Triple(node, name, nodes.numbered("arm", arm))


def _links(nodes: Nodes) -> Iterator[Link]:
    for n, finding in enumerate(nodes.report.findings, start=1):
        yield nodes.numbered("finding", n), finding.reading
        for reading in finding.effect.readings if finding.effect else ():
            yield nodes.numbered("finding", n), reading


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for n, finding in enumerate(nodes.report.findings, start=1):
        node, effect = nodes.numbered("finding", n), finding.effect
        yield Triple(node, TG.statement, literal(finding.reading.verbatim))
        if effect and effect.arm:
            yield Triple(node, TG.armAsReported, literal(effect.arm.verbatim))
        if effect and effect.comparator_arm:
            yield Triple(node, TG.comparatorAsReported, literal(effect.comparator_arm.verbatim))


COLUMN: Final = ColumnType(
    field="conclusion",
    order=90,
    headings=r"(?:(?:main|key|clinical|major|principal|primary|study|trial|overall|summary of|important"
    r"|reported|treatment"
    r"|therapeutic"
    r"|author'?s?) ){0,4}(?:conclusions?|results?|findings?|effects?|key findings|outcome summary|remarks?"
    r"|results? and conclusions?"
    r"|comments?|conclusions? and (?:results?|remarks?|comments?)|results? ?(?:/|,|&) ?(?:conclusions?|findings?"
    r"|outcomes?)|findings?"
    r" and conclusions?|effects? of (?:the )?(?:treatment|therapy|intervention)"
    r"|(?:clinical |treatment )?(?:efficacy|effectiveness)(?: ?(?:/|and|&) ?safety)?(?: (?:results?|findings?|data"
    r"|conclusions?))?|safety ?(?:/|and|&) ?efficacy|(?:clinical|therapeutic) benefits?|(?:treatment"
    r"|therapeutic|therapy) outcomes?)",
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
        Statement("effect", TG.Finding),
        Statement("effect", TG.Finding, TG.effectValue, "value"),
        Statement("effect", TG.Finding, TG.effectUnit),
        Statement("effect_comparator", TG.Finding, TG.comparatorValue, "value"),
        Statement("effect_baseline", TG.Finding, TG.baselineValue, "value"),
        Statement("effect_arm", TG.Finding, TG.armAsReported),
        Statement("effect_arm_number", TG.Finding, TG.armAsReported),
        Statement("effect_arm_number", TG.Finding, TG.inArm),
        Statement("effect_comparator_arm", TG.Finding, TG.comparatorAsReported),
        Statement("effect_comparator_arm_number", TG.Finding, TG.comparatorAsReported),
        Statement("effect_comparator_arm_number", TG.Finding, TG.comparedWith),
    ),
    valued=(
        *("results_status", "time", "effect", "effect_comparator", "effect_baseline", "effect_arm"),
        *("effect_arm_number", "effect_comparator_arm", "effect_comparator_arm_number"),
    ),
    gates=(
        """?report tg:hasFinding ?focus .
    ?focus tg:inArm|tg:comparedWith ?arm .
    FILTER NOT EXISTS { ?report tg:hasArm ?arm }
    BIND ("the arm of an effect is one of another report" AS ?message)""",
        """?focus tg:inArm ?arm ; tg:comparedWith ?arm .
    BIND ("an arm is compared with itself" AS ?message)""",
        """?focus a tg:Finding ; tg:effectUnit|tg:comparatorValue|tg:baselineValue|tg:inArm|tg:comparedWith ?said .
    FILTER NOT EXISTS { ?focus tg:effectValue ?value ; tg:ofMeasure ?measure }
    BIND ("an effect without a value or without a measure" AS ?message)""",
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
