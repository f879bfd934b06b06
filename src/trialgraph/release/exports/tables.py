"""The tables of a release: which there are, what is in their columns, which column leads to which table.

One table for each kind of thing that a report states, so that no cell holds two of a kind where both have parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.rdf.prefixes import compressed
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, TG
from trialgraph.release.exports.facts import Facts

__all__ = ["PROVENANCE", "TABLES", "ColumnSpec", "TableSpec", "cells"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column.

    :param path: the properties that lead to its values from the node of the row; empty: the node itself
    :param kind: ``id`` (CURIEs), ``label`` (labels of nodes), ``end`` (one past the last character of a reading), or a
        type of Frictionless: ``string``, ``integer``, …
    :param words: what it holds
    """

    name: str
    path: tuple[NamedNode, ...]
    kind: str
    words: str

    @property
    def type(self) -> str:
        """Its type in a Table Schema."""
        return {"id": "string", "label": "string", "end": "integer"}.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table.

    :param path: from a report to the nodes of the rows; the last step starts at the node of ``parent``
    :param parent: the column for where the last step starts, and the table that this is a key of
    :param also: another path to rows of the table
    :param shared: whether a node has a row for each parent that leads to it
    :param once: whether a node has one row however many reports lead to it
    """

    name: str
    words: str
    path: tuple[NamedNode, ...]
    parent: tuple[str, str]
    columns: tuple[ColumnSpec, ...]
    key: str
    once: bool = False
    also: tuple[NamedNode, ...] = ()
    shared: bool = False


def _id(name: str, words: str, *path: NamedNode) -> ColumnSpec:
    return ColumnSpec(name, path, "id", words)


def _both(name: str, words: str, *path: NamedNode) -> tuple[ColumnSpec, ColumnSpec]:
    """The term and its label."""
    return _id(name, f"{words}: CURIEs", *path), ColumnSpec(
        f"{name}_label", path, "label", f"{words}: labels"
    )


def _text(name: str, words: str, *path: NamedNode) -> ColumnSpec:
    return ColumnSpec(name, path, "string", words)


def _whole(name: str, words: str, *path: NamedNode) -> ColumnSpec:
    return ColumnSpec(name, path, "integer", words)


def _number(name: str, words: str, *path: NamedNode) -> ColumnSpec:
    return ColumnSpec(name, path, "number", words)


_AS_REPORTED: Final = _text("as_reported", "The words of the source", TG.asReported)

TABLES: Final = (
    TableSpec(
        "trials",
        "Each trial once",
        (TG.aboutTrial,),
        ("", ""),
        (
            _id("trial", "The trial"),
            _text("label", "What it is called", RDFS.label),
            _text("registration_ids", "Its ids in registries", DCTERMS.identifier),
            *_both("phase", "Its phases, by all reports", TG.trialPhase),
            *_both("disease", "Its diseases, by all reports", TG.trialDisease),
        ),
        "trial",
        once=True,
    ),
    TableSpec(
        "sources",
        "What was read",
        (TG.fromSource,),
        ("", ""),
        (
            _id("source", "The source"),
            _text("title", "Its title", DCTERMS.title),
            _id("document", "What it is taken from", DCTERMS.source),
            _id("licence", "The licence of its words", DCTERMS.license),
            _text("sha256", "Checksum of the file as received", TG.sha256),
        ),
        "source",
        once=True,
    ),
    TableSpec(
        "reports",
        "What one source states about one trial; two sources that disagree are two rows",
        (),
        ("", ""),
        (
            _id("report", "The report"),
            _id("trial", "The trial that it is about", TG.aboutTrial),
            _id("source", "The source that it is from", TG.fromSource),
            _whole("row", "The row of the source's table, from 1", TG.fromRow, TG.rowNumber),
            _text("study_title", "Title or acronym of the trial, in its words", TG.studyTitle),
            *_both("phase", "The phase", TG.phase),
            _whole("enrolled_total", "Patients in total", TG.enrolledTotal),
            _whole("enrolled_treatment", "Patients in all treatment arms", TG.enrolledTreatment),
            _whole("enrolled_control", "Patients in all control arms", TG.enrolledControl),
            _text("follow_up_months", "Times of follow-up in months", TG.followUpMonths),
            *_both("recruitment_status", "How far the trial has come", TG.recruitmentStatus),
            *_both("results_status", "Whether there are results", TG.resultsStatus),
            *_both("allocation", "By chance or not", TG.allocation),
            *_both("masking", "Who does not know what is given", TG.masking),
            _text("start_date", "When it starts, as far as printed", TG.startDate),
            _text("completion_date", "When it ends, as far as printed", TG.completionDate),
            _text("sponsor", "Who is responsible", TG.sponsor),
            _text("countries", "Two-letter codes of countries", TG.countryCode),
            _text("comparator", "What the control group receives, in its words", TG.comparator),
            *_both("conflicts", "The kinds of conflicts", TG.hasConflict, TG.conflictKind),
        ),
        "report",
    ),
    TableSpec(
        "conditions",
        "What the patients have",
        (TG.condition,),
        ("report", "reports"),
        (
            _id("condition", "The condition"),
            *_both("disease", "The disease", TG.disease),
            *_both("qualifier", "What is said besides its name", TG.qualifier),
            *_both("site", "The part of the body", TG.site),
            _AS_REPORTED,
        ),
        "condition",
    ),
    TableSpec(
        "interventions",
        "What is given",
        (TG.hasIntervention,),
        ("report", "reports"),
        (
            _id("intervention", "The intervention"),
            *_both("product", "The products", TG.ofProduct),
            *_both("combined_with", "What is given besides", TG.combinedWith),
            *_both("route", "The routes", TG.byRoute),
            *_both("delivery", "How it is delivered", TG.deliveryMethod),
            _whole("dose_count", "How often it is given", TG.doseCount),
            *_both("dose_status", "Whether a dose is stated", TG.doseStatus),
        ),
        "intervention",
    ),
    TableSpec(
        "products",
        "Cell products, drugs, other biologics, devices and procedures",
        (TG.hasIntervention, TG.ofProduct),
        ("", ""),
        (
            _id("product", "The product"),
            _text("label", "What it is called", RDFS.label),
            _id("kind", "Its class", RDF.type),
            *_both("cell_type", "The cells", TG.cellType),
            *_both("tissue", "The tissue that they are from", TG.tissueSource),
            *_both("donor", "Whose cells", TG.donorType),
            *_both("substance", "What a drug is", TG.substance),
            _text("code", "Its code", TG.productCode),
        ),
        "product",
        once=True,
        also=(TG.hasIntervention, TG.combinedWith),
    ),
    TableSpec(
        "arms",
        "The arms",
        (TG.hasArm,),
        ("report", "reports"),
        (
            _id("arm", "The arm"),
            _id("kind", "Treatment or control", RDF.type),
            _text("label", "What it is called", RDFS.label),
            _whole("enrolled", "Patients", TG.enrolled),
            _id("interventions", "What it receives", TG.receives),
        ),
        "arm",
    ),
    TableSpec(
        "doses",
        "The dose levels",
        (TG.hasIntervention, TG.hasDoseLevel),
        ("intervention", "interventions"),
        (
            _id("dose", "The dose level"),
            _number("low", "The lower end", TG.doseLow),
            _number("high", "The upper end", TG.doseHigh),
            *_both("bound", "That it is a bound", TG.doseBound),
            *_both("quantity", "What is counted", TG.doseQuantity),
            *_both("basis", "Per what", TG.doseBasis),
            _text("ucum", "The unit in UCUM", TG.ucumCode),
            _AS_REPORTED,
        ),
        "dose",
        shared=True,
    ),
    TableSpec(
        "outcomes",
        "What the trial plans to measure",
        (TG.plansOutcome,),
        ("report", "reports"),
        (
            _id("outcome", "The planned outcome"),
            *_both("measure", "The measure", TG.ofMeasure),
            _id("listed_under", "The outcome that it stands in the brackets of", TG.listedUnder),
            _AS_REPORTED,
        ),
        "outcome",
    ),
    TableSpec(
        "mechanisms",
        "The mechanisms that are claimed",
        (TG.claimsMechanism,),
        ("report", "reports"),
        (_id("claim", "The claim"), *_both("process", "The process", TG.process), _AS_REPORTED),
        "claim",
    ),
    TableSpec(
        "findings",
        "What the report says came out",
        (TG.hasFinding,),
        ("report", "reports"),
        (
            _id("finding", "The finding"),
            *_both("measure", "The measure", TG.ofMeasure),
            _text("statement", "Its words", TG.statement),
            *_both("direction", "Up, down or the same", TG.valueDirection),
            *_both("benefit", "Whether that is a benefit", TG.benefit),
            *_both("certainty", "How sure the words are", TG.certainty),
            _id("arm", "The arm", TG.inArm),
            _id("compared_with", "The arm that it is compared with", TG.comparedWith),
            _number("value", "The value", TG.effectValue),
            _number("comparator_value", "The value that it is compared with", TG.comparatorValue),
            _text("unit", "The unit in UCUM", TG.effectUnit),
            _text("at_months", "When, in months of follow-up", TG.atMonths),
        ),
        "finding",
    ),
)
#: The readings of each row of the other tables: which characters, read by which rule.
PROVENANCE: Final = TableSpec(
    "provenance",
    "The readings that a row of another table was made of",
    (TG.readFrom,),
    ("node", ""),
    (
        _id("reading", "The reading"),
        _text("field", "The field", TG.readsField),
        _text("verbatim", "The characters that were read", TG.verbatim),
        _whole("start", "Their first, counted from 0", TG.startOffset),
        ColumnSpec("end", (TG.startOffset,), "end", "Behind their last"),
        _id("cell", "The cell", TG.fromCell),
        _id("rule", "The rule", TG.byRule),
        _id("mapping", "The mapping to a concept", TG.byMapping),
    ),
    "",
    shared=True,
)


def cells(facts: Facts, node: NamedNode, columns: Sequence[ColumnSpec]) -> Iterator[str]:
    """The cells of the row of a node; several values of a cell are joined by ``|``."""
    for column in columns:
        if not column.path:
            yield compressed(node.value)
            continue
        *way, last = column.path
        if column.kind in ("id", "label"):
            found = facts.nodes(node, *column.path)
            if last == RDF.type:  # the classes that rules infer are those of trials
                found = [made for made in found if compressed(made.value).startswith("tg:")]
            shown = [compressed(one.value) if column.kind == "id" else facts.label(one) for one in found]
        elif column.kind == "end":
            length = len(facts.text(node, TG.verbatim))
            shown = [str(int(start) + length) for start in facts.texts(node, last)]
        else:
            shown = [text for at in facts.nodes(node, *way) for text in facts.texts(at, last)]
        yield "|".join(shown)
