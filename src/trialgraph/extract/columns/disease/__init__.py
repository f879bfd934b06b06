"""Disease: the condition that a trial is about, as disease, qualifiers and site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import (
    CellShape,
    ColumnType,
    Extracted,
    FlatColumn,
    FlatValue,
    Link,
    Statement,
)
from trialgraph.extract.columns.disease.condition import read_condition
from trialgraph.extract.columns.disease.several import read_conditions
from trialgraph.extract.text.fit import blank_weight, whole_cell
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.report import Condition, Report
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import text as literal
from trialgraph.rdf.vocabulary import RDF, RDFS, TG
from trialgraph.terminology.lexicon import external_curie, lexicon

__all__ = ["COLUMN", "read_condition", "read_conditions"]

_DISEASE_WORD: Final = re.compile(
    r"(?<=\w)(?:itis|osis|emia|pathy|plegia|trophy|derma|oma)\b|"
    r"\b(?:diseases?|syndromes?|disorders?|lupus|diabetes(?: mellitus)?|psoriasis|failure|injury|fistulas?|"
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
    made = [read_conditions(cell) for cell in cells]
    # The first that names a disease: "Severe" of one column is none.
    conditions = next((of for of in made if any(c.disease for c in of)), made[0] if made else ())
    return Extracted({"conditions": conditions}, tuple(r for c in conditions for r in (c.reading, *c.beside)))


def _triples(nodes: Nodes) -> Iterator[Triple]:
    for n, (node, stated) in enumerate(nodes.conditions, start=1):
        which = f"Condition {n}" if n > 1 else "Condition"
        yield Triple(nodes.iri, TG.condition, node)
        yield Triple(node, RDF.type, TG.Condition)
        yield Triple(node, RDFS.label, literal(_label(stated) or f"{which} of {nodes.label}"))
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
    for node, stated in nodes.conditions:
        yield from ((node, reading) for reading in (stated.reading, *stated.beside))


def _wording(nodes: Nodes) -> Iterator[Triple]:
    for node, stated in nodes.conditions:
        yield Triple(node, TG.asReported, literal(stated.as_reported))


def _one_or_list(values: list[str]) -> FlatValue:
    """One condition, as nearly all reports have, is no list."""
    return values if len(values) > 1 else next(iter(values), None)


def _name(stated: Condition) -> str:
    return stated.disease.label if stated.disease else stated.as_reported


def _disease_curie(report: Report) -> FlatValue:
    return _one_or_list([external_curie(c.disease) or "" for c in report.conditions if c.disease])


def _disease_label(report: Report) -> FlatValue:
    return _one_or_list([_name(c) for c in report.conditions])


def _qualifiers(report: Report) -> FlatValue:
    alone = len(report.conditions) == 1
    return [q.label if alone else f"{_name(c)}: {q.label}" for c in report.conditions for q in c.qualifiers]


def _diseases(report: Report) -> FlatValue:
    return [(c.disease and external_curie(c.disease)) or c.as_reported for c in report.conditions]


COLUMN: Final = ColumnType(
    field="disease",
    order=30,
    headings=r"(?:(?:target|targeted|treated|primary|medical|liver|lung|kidney|renal|cardiac|heart|cardiovascular|neurological|skin"
    r"|eye|ocular|retinal|rare|genetic|inherited|clinical|study|health|underlying|autoimmune|main|patients?|investigated"
    r"|studied|human|specific) ){0,4}(?:disease|diseases|condition|conditions|indication|indications|disorder"
    r"|disorders|diagnosis"
    r"|diagnoses|pathology|pathologies|illness|illnesses)(?: ?(?:types?|names?|entity|treated|studied|models?"
    r"|indications?|conditions?"
    r"|investigated|under (?:study|investigation)|or conditions?|or disorders?|and conditions?))?"
    r"(?: ?(?:/|or|and|,|&) ?(?:disease|diseases|condition|conditions|indication|indications|disorder|disorders"
    r"|diagnosis))?"
    r"|(?:cancer|tumou?r|malignancy|malignant|injury|neoplasm|leuk[a]?emia|lymphoma|infection|h(?:a)?ematologic(?:al)?"
    r"|solid|cardiac|lesion|wound)"
    r"(?: (?:malignanc(?:y|ies)|tumou?rs?|cancers?))? ?(?:types?|entit(?:y|ies)|indications?|diagnos[ie]s"
    r"|histolog(?:y|ies)"
    r"|settings?)"
    r"|(?:disease|clinical) (?:setting|entit(?:y|ies)|area)s?|(?:clinical )?applications? \(?disease\)?"
    r"|(?:tumou?r|cancer) targets?|targets? (?:tumou?r|cancer)s?|(?:cancer|tumou?r|lymphoma|leuk[a]?emia"
    r"|disease) sub ?types?"
    r"|h(?:a)?ematologic(?:al)? malignanc(?:y|ies)|type of (?:the )?(?:disease"
    r"|condition|disorder|cancer|tumou?r)|name of (?:the )?disease|(?:disease|indication"
    r"|condition) of (?:the )?(?:patients"
    r"|participants|study)|(?:study |patient )?population ?/ ?(?:disease|condition)",
    shape=CellShape(empty=-2.5, longest=140, fits=whole_cell(_fit), most=8.5),
    read=_read,
    flat=(
        FlatColumn(
            "disease",
            "CURIE of the exact term of the printed disease; of several diseases a list of those of the linked ones",
            _disease_curie,
            listed=True,
        ),
        FlatColumn(
            "disease_label",
            "its label, or the words as printed where no term covers them; of several diseases a list",
            _disease_label,
            listed=True,
        ),
        FlatColumn(
            "qualifiers",
            "what qualifies the disease besides its name; of several diseases each as disease: qualifier",
            _qualifiers,
            several=True,
        ),
        FlatColumn(
            "diseases",
            "one item for each condition: the CURIE of its disease, or the words as printed where no term covers them",
            _diseases,
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
