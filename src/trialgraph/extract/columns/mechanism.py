"""Mechanism of action: one claim per printed item. A claim is the report's, not ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Cue, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.text.fit import VERB, WORD_START, cue_words, prose
from trialgraph.extract.text.items import ground, split_items
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Rule, read, rule
from trialgraph.model.report import Claim
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG

__all__ = ["COLUMN", "read_mechanisms"]

ITEM: Final = rule(
    "mechanism.item",
    "Items between commas, semicolons and \"and\" are claimed mechanisms, each looked up as printed.",
    example="Immunomodulation and anti-inflammatory effect",
    gives="immunomodulation|suppression of inflammatory response",
    counter_example="Suppression of the proliferation of T and B lymphocytes",
)  # fmt: skip
SHARED: Final = rule(
    "mechanism.shared-head",
    "\"X and Y\" of one head noun are two mechanisms; each gets the words that they share.",
    example="Suppression of the proliferation of T and B lymphocytes",
    gives="suppression of T cell proliferation|suppression of B cell proliferation",
    counter_example="Immunomodulation",
)  # fmt: skip
COMMA: Final = rule(
    "mechanism.missing-comma",
    "Two known mechanisms side by side, which together are none, have lost their comma.",
    example="Immunomodulation anti-inflammatory effect", gives="immunomodulation|suppression of inflammatory response",
    counter_example="suppression of inflammatory cytokines",
)  # fmt: skip

_RULE_OF: Final[dict[str, Rule]] = {"item": ITEM, "shared-head": SHARED, "missing-comma": COMMA}


def read_mechanisms(cell: Cell) -> tuple[Claim, ...]:
    """The mechanisms that a cell claims; those that no concept covers keep their words."""
    made = []
    for item in split_items(cell.text or "", "mechanism"):
        mention, _ = ground("mechanism", item)
        reading = read(cell, "mechanism", (item.start, item.end), item.words, _RULE_OF[item.how], mention)
        made.append(Claim(mention.concept if mention else None, reading))
    return tuple(made)


# General words of trial reports, not of one table.
_CUES: Final[tuple[Cue, ...]] = cue_words(
    (WORD_START + r"[Ii]mmun\w*[ -]?(?:modulat|regulat|suppress)\w*", 2.5),
    (
        WORD_START + r"(?:[Ss]uppress|[Mm]odulat|[Ii]nhibit|[Rr]egulat|[Ii]nduc|[Pp]romot|[Ss]timulat|"
        r"[Aa]ctivat|[Pp]olari[sz]|[Dd]ifferentiat|[Pp]roliferat|[Ss]ecret|[Rr]egenerat|[Rr]epair|"
        r"[Mm]igrat|[Ee]nhanc)(?:ion|ing|ory|es)?(?![a-z])",
        1.0,
    ),
    (
        WORD_START + r"(?:[Pp]roduction|[Aa]poptosis|[Aa]ngiogenesis|[Tt]olerance|[Pp]aracrine|[Hh]oming|"
        r"[Nn]europrotect\w+|[Rr]emyelination|[Aa]nti-inflammatory|[Aa]nti-fibrotic|[Bb]alance|"
        r"[Ee]ffect(?! size))(?![a-z])",
        0.8,
    ),
    (WORD_START + VERB, -1.2),
    (
        WORD_START
        + r"(?:scores?|scale|index|rates?|tests?|questionnaire|adverse|safety|efficacy|tolerability|"
        r"months?|weeks?|significant\w*|patients)(?![a-z])",
        -1.2,
    ),
)


def _read(cells: Sequence[Cell]) -> Extracted:
    items = tuple(item for cell in cells for item in read_mechanisms(cell))
    return Extracted({"mechanisms": items}, tuple(item.reading for item in items))


def _triples(nodes: Nodes) -> Iterator[Triple]:
    for n, item in enumerate(nodes.report.mechanisms, start=1):
        node = nodes.numbered("claim", n)
        yield Triple(nodes.iri, TG.claimsMechanism, node)
        yield Triple(node, RDF.type, TG.MechanismClaim)
        yield Triple(
            node,
            RDFS.label,
            text(item.concept.label if item.concept else f"Mechanism claim {n} of {nodes.label}"),
        )
        if item.concept:
            yield Triple(node, TG.process, term(item.concept))


def _links(nodes: Nodes) -> Iterator[Link]:
    for n, item in enumerate(nodes.report.mechanisms, start=1):
        yield nodes.numbered("claim", n), item.reading


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for node, reading in _links(nodes):
        yield Triple(node, TG.asReported, text(reading.verbatim))


COLUMN: Final = ColumnType(
    field="mechanism",
    order=70,
    headings=r"(?:(?:proposed|possible|main|putative|potential|suggested|underlying|biological|related|likely|molecular"
    r"|therapeutic) ){0,4}mechanisms?(?: of (?:the )?"
    r"(?:actions?|effects?))?(?: involved)?|moa|modes? of action|mechanistic (?:effects?|insights?)",
    shape=CellShape(empty=-2.0, longest=4000, fits=prose("mechanism")),
    read=_read,
    flat=(
        FlatColumn(
            "mechanisms",
            "claimed mechanisms, one per printed item: concept labels, else the words as printed",
            lambda report: [item.label for item in report.mechanisms],
            several=True,
        ),
    ),
    filler=frozenset(["effect", "effects", "mechanism", "mechanisms"]),
    triples=_triples,
    links=_links,
    wording=_wording,
    statements=(
        Statement("mechanism", TG.MechanismClaim),
        Statement("mechanism", TG.MechanismClaim, TG.process, "concept"),
    ),
    valued=("mechanism",),
    lexicons=("mechanism",),
    cues=_CUES,
    events={
        "mechanism": 1.8,
        "outcome": -0.8,
        "conclusion": -0.2,
        "dose": -4.0,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -6.0,
        "route": -0.8,
        "disease": -0.3,
    },
)
