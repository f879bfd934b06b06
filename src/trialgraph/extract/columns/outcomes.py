"""Outcome measures: one planned outcome per printed item, not deduplicated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Cue, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.text.brackets import bracketed, remark
from trialgraph.extract.text.fit import VERB, WORD_START, cue_words, prose
from trialgraph.extract.text.items import Item, ground, split_items
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Rule, read, rule
from trialgraph.model.report import PlannedOutcome
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG
from trialgraph.terminology.lexicon import Concept

__all__ = ["COLUMN", "RULE_OF", "read_outcomes"]

ITEM: Final = rule(
    "outcome.item",
    "Items between commas, semicolons, full stops and \"and\" are outcomes, each looked up as "
    "printed; parentheses are not split (see outcome.analyte).",
    example="serum cytokine levels (IFN-γ, IL-10, IL-6), Treg/Th17 ratio", gives="cytokine levels|Treg/Th17 ratio",
    counter_example="dsDNA urinary protein excretion",
)  # fmt: skip
SHARED: Final = rule(
    "outcome.shared-head",
    "\"X and Y\" of one head noun are two outcomes; each gets the noun.",
    example="cognitive and psychological evaluations", gives="cognitive evaluation|psychological evaluation",
    counter_example="Safety and efficacy",
)  # fmt: skip
COMMA: Final = rule(
    "outcome.missing-comma",
    "Two known outcomes side by side, which together are none, have lost their comma.",
    example="dsDNA urinary protein excretion", gives="anti-dsDNA antibody|24-hour urinary protein excretion",
    counter_example="renal function",
)  # fmt: skip
HEAD: Final = rule(
    "outcome.general-noun",
    "Where the words as printed name nothing, a general noun behind (score, level, value, "
    "rate …) or lead before them (serum, change in …) is left out of the look-up.",
    example="SDAI parameters", gives="SDAI", counter_example="relapse rate",
)  # fmt: skip

ANALYTE: Final = rule(
    "outcome.analyte",
    "Two or more known measures or symbols in brackets behind an item, or one behind a kind of analytes, are outcomes "
    "beside it; an abbreviation of the item, a unit or a time is none.",
    example="serum cytokine levels (IFN-γ, IL-10, IL-6), Treg/Th17 ratio",
    gives="interferon gamma level|interleukin 10 level|interleukin 6 level",
    counter_example="Disease Activity Score (DAS28), pain (VAS, 0-100 mm)",
)  # fmt: skip

RULE_OF: Final[dict[str, Rule]] = {"item": ITEM, "shared-head": SHARED, "missing-comma": COMMA}


def read_outcomes(cell: Cell) -> tuple[PlannedOutcome, ...]:
    """The outcomes that a cell lists; those that no concept covers keep their words."""
    made = []
    for item in split_items(cell.text or "", "outcome"):
        mention, general = ground("outcome", item)
        by = HEAD if general and item.how == "item" else RULE_OF[item.how]
        concept = mention.concept if mention else None
        analytes = tuple(_analytes(cell, item, concept))
        reading = read(
            cell, "outcome", (item.start, _end(cell, item, concept, analytes)), item.words, by, mention
        )
        made.append(PlannedOutcome(concept, reading, analytes))
    return tuple(made)


def _end(cell: Cell, item: Item, head: Concept | None, analytes: Sequence[PlannedOutcome]) -> int:
    """Where an item ends that is linked: before brackets that say more than its concept, so that they are reported."""
    text = cell.text or ""
    if head is None or analytes:
        return item.end
    beside = remark(text, item.start, item.end, "outcome", head)
    if beside is None or beside[1] + 1 != item.end:
        return item.end
    return item.start + len(text[item.start : beside[0] - 1].rstrip())


def _analytes(cell: Cell, item: Item, head: Concept | None) -> Iterator[PlannedOutcome]:
    text = cell.text or ""
    for i, j, mention in bracketed(text, item.start, item.end, "outcome", head):
        reading = read(cell, "analyte", (i, j), text[i:j], ANALYTE, mention)
        yield PlannedOutcome(mention.concept if mention else None, reading)


# General words of trial reports, not of one table.
_CUES: Final[tuple[Cue, ...]] = cue_words(
    (
        WORD_START
        + r"(?:[Ss]cores?|[Ii]ndex|[Ii]ndices|[Ss]cales?|[Rr]ates?|[Ll]evels?|[Rr]atio|[Pp]ercentage|"
        r"[Tt]ests?|[Cc]riteria|[Vv]alues?|[Qq]uestionnaire|[Aa]ssessments?|[Ee]valuations?|"
        r"[Mm]easurements?|[Bb]iomarkers?|[Tt]iters?|[Cc]ounts?|[Vv]olume|[Dd]istance|[Tt]ime|"
        r"[Aa]ntibod\w+|[Ee]xcretion|[Ll]esions?|[Ii]maging|[Ss]urvival|[Rr]emission|[Rr]elapse|"
        r"[Ff]unction|[Qq]uality of life|[Ii]ncidence)(?![a-z])",
        0.7,
    ),
    (
        WORD_START + r"(?:[Ss]afety|[Tt]olerability|[Ff]easibility|[Ee]fficacy|[Aa]dverse events?)(?![a-z])",
        1.3,
    ),
    (WORD_START + VERB, -1.5),
    (
        WORD_START
        + r"(?:[Ss]ignificant\w*|[Ee]ffective|[Ss]afe|[Ww]ell|[Tt]rend|not|no|with|but|than|[Ss]tudy|"
        r"[Oo]ngoing|published)(?![a-z])",
        -1.0,
    ),
    (
        WORD_START
        + r"(?:(?:[Rr]eductions?|[Dd]ecreases?|[Ii]ncreases?|[Ii]mprovements?) (?:of|in)|[Rr]educed|[Ii]ncreased|"
        r"[Dd]ecreased|[Pp]rolonged)(?![a-z])",
        -1.2,
    ),
    (
        WORD_START + r"(?:[Ss]uppression|[Mm]odulation|[Ii]nhibition|[Rr]egulation|[Pp]roliferation|"
        r"[Ii]nduction|[Ii]mmun\w*modulat\w*)(?![a-z])",
        -1.2,
    ),
)


def _read(cells: Sequence[Cell]) -> Extracted:
    items = tuple(item for cell in cells for item in read_outcomes(cell))
    readings = (outcome.reading for item in items for outcome in (item, *item.analytes))
    return Extracted({"outcomes": items}, tuple(readings))


def _nodes(nodes: Nodes) -> Iterator[tuple[NamedNode, PlannedOutcome, NamedNode | None]]:
    """Each planned outcome, and of one in brackets the one that it stands behind."""
    for n, item in enumerate(nodes.report.outcomes, start=1):
        node = nodes.numbered("outcome", n)
        yield node, item, None
        for k, analyte in enumerate(item.analytes, start=1):
            yield nodes.analyte(n, k), analyte, node


def _triples(nodes: Nodes) -> Iterator[Triple]:
    for place, (node, item, head) in enumerate(_nodes(nodes), start=1):
        yield Triple(nodes.iri, TG.plansOutcome, node)
        yield Triple(node, RDF.type, TG.PlannedOutcome)
        name = item.concept.label if item.concept else f"Planned outcome {place} of {nodes.label}"
        yield Triple(node, RDFS.label, text(name))
        if item.concept:
            yield Triple(node, TG.ofMeasure, term(item.concept))
        if head:
            yield Triple(node, TG.listedUnder, head)


def _links(nodes: Nodes) -> Iterator[Link]:
    for node, item, _ in _nodes(nodes):
        yield node, item.reading


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for node, reading in _links(nodes):
        yield Triple(node, TG.asReported, text(reading.verbatim))


COLUMN: Final = ColumnType(
    field="outcomes",
    order=80,
    headings=r"(?:(?:primary|secondary|tertiary|exploratory|main|key|clinical|study|trial|efficacy|safety|measured|reported|other|planned"
    r"|principal|co primary|relevant) ){0,4}(?:outcome|outcomes|end ?points?)(?: ?(?:measures?|measurements?"
    r"|parameters?|assessed"
    r"|assessments?|measured|variables?|indicators?|criteria|reported|of interest|evaluated|domains?))?"
    r"(?: ?(?:/|and|or|,|&) ?(?:(?:primary|secondary|other|efficacy|safety) ){0,4}(?:outcomes?"
    r"|end ?points?)(?: measures?)?)?"
    r"|(?:primary|secondary) ?(?:/|and|,|&) ?secondary (?:outcomes?|end ?points?)(?: measures?)?|measures|(?:outcome )?"
    r"assessments?|(?:efficacy|evaluation|outcome|assessment) (?:measures?|index|indices|indicators?|indexes"
    r"|parameters|criteria"
    r"|tools?|instruments?)|(?:measured|evaluated|assessed) (?:outcomes?|parameters?|variables?)"
    r"|(?:primary|secondary|main) (?:outcomes?|end ?points?)\b.{0,60}|outcomes? of (?:the )?(?:study|trial)"
    r"|measurements?|indicators|evaluation(?: (?:criteria|methods?))?|clinical assessments?",
    shape=CellShape(empty=-2.0, longest=4000, fits=prose("outcomes")),
    read=_read,
    flat=(
        FlatColumn(
            "outcomes",
            "planned outcomes, one per printed item: concept labels, else the words as printed",
            lambda report: [item.label for item in report.outcomes],
            several=True,
        ),
    ),
    filler=frozenset(["outcome", "outcomes", "measure", "measures", "primary", "secondary"]),
    triples=_triples,
    links=_links,
    wording=_wording,
    statements=(
        Statement("outcome", TG.PlannedOutcome),
        Statement("outcome", TG.PlannedOutcome, TG.ofMeasure, "concept"),
        Statement("analyte", TG.PlannedOutcome),
        Statement("analyte", TG.PlannedOutcome, TG.ofMeasure, "concept"),
        Statement("analyte", TG.PlannedOutcome, TG.listedUnder),
    ),
    valued=("outcome", "analyte"),
    gates=(
        """?focus tg:listedUnder ?head .
    FILTER NOT EXISTS { ?report tg:plansOutcome ?focus , ?head FILTER (?focus != ?head) }
    BIND ("an outcome stands in brackets behind one of another report" AS ?message)""",
    ),
    lexicons=("outcome",),
    cues=_CUES,
    events={
        "outcome": 1.3,
        "mechanism": -0.8,
        "conclusion": -0.5,
        "dose": -4.0,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -6.0,
        "route": -0.6,
        "disease": -0.2,
    },
)
