"""A graph of records without a defect passes; without any one of its statements, or with another, it does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.graph.records.sound_records import SLUG, record_source, sound_records
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.checks import check_quads
from trialgraph.graph.gates.statement_counts import miscounted
from trialgraph.graph.records.field_terms import property_of
from trialgraph.rdf import iris
from trialgraph.rdf.statements import statements_of
from trialgraph.rdf.vocabulary import DCTERMS, RDF, TG, compact

FACTS, PROVENANCE, QUALITY = iris.graph(SLUG), iris.graph("provenance"), iris.graph("quality")
FIELDS = frozenset(property_of(line) for line in field_mapping("clinicaltrials_gov").lines.values())
#: Of which class each statement but those of fields is dropped.
OTHERS: dict[str, tuple[NamedNode, ...]] = {
    "tg:Record": (
        RDF.type, TG.fromSource, TG.inRegistry, DCTERMS.identifier, TG.asOf, TG.fileName, TG.lineNumber, TG.sha256,
        TG.mappingFile, TG.statementCount, TG.hasCell,
    ),
    "tg:TrialLink": (
        RDF.type, TG.linksTrial, TG.linkedNumber, TG.linkedRegistry, TG.linkKind, TG.linkStatedBy, TG.linkStatedAt,
        TG.linkStatus, TG.linkDecidedBy,
    ),
    "tg:FieldMapping": (
        RDF.type, TG.mappingFile, TG.pathTemplate, TG.ofNode, TG.statedAs, TG.readBy, TG.fieldMeaning,
    ),
    "tg:Report": (TG.fromRecord, TG.hasRecordPart, TG.aboutTrial, TG.fromSource, TG.hasCuration),
    "tg:RecordArm": (RDF.type,),
    "tg:Trial": (TG.formerIdentifier,),
    "tg:Curation": (RDF.type, TG.decision),
}  # fmt: skip


def violations(graph: frozenset[Quad]) -> list[str]:
    found = check_quads(graph, [record_source()], derived=False)
    return [finding.line() for finding in found if finding.severity == "violation"]


def test_records_as_read_are_no_violation() -> None:
    assert violations(sound_records()) == []


@cache
def part() -> frozenset[Quad]:
    """The graph without what records lead to: mappings and terms of others."""
    return frozenset(
        q for q in sound_records() if q.graph_name in (FACTS, PROVENANCE, QUALITY, iris.graph("ontology"))
    )


@cache
def known() -> frozenset[str]:
    """What the checks find in it: what it leads to is not there."""
    return frozenset(violations(part()))


def new_violations(graph: frozenset[Quad]) -> list[str]:
    """What they find besides in a graph that was broken."""
    return [line for line in violations(graph) if line not in known()]


@cache
def values() -> dict[NamedNode, Quad]:
    """For each property of a field one of its statements."""
    made: dict[NamedNode, Quad] = {}
    for quad in sorted(sound_records(), key=str):
        if quad.graph_name == FACTS and quad.predicate in FIELDS and isinstance(quad.object, Literal):
            made.setdefault(quad.predicate, quad)
    return made


def miscounts(graph: frozenset[Quad]) -> list[str]:
    return [finding.message for finding in miscounted(statements_of(graph))]


def test_many_properties_are_tried() -> None:
    assert len(values()) > 60
    assert miscounts(sound_records()) == []


def test_each_value_that_is_dropped_is_missed() -> None:
    """One of each property, each alone: the count of its record does not fit."""
    counted = frozenset(q for q in sound_records() if q.graph_name in (FACTS, PROVENANCE))
    unseen = [compact(name.value) for name, quad in values().items() if not miscounts(counted - {quad})]
    assert unseen == []


def test_a_value_that_is_added_is_seen() -> None:
    quad = values()[TG.studyTitle]
    made = miscounts(sound_records() | {Quad(quad.subject, quad.predicate, Literal("another"), FACTS)})
    assert len(made) == 1


@pytest.mark.parametrize("kind", OTHERS)
def test_each_other_statement_that_is_dropped_is_missed(kind: str) -> None:
    nodes = {
        q.subject
        for q in sound_records()
        if q.predicate == RDF.type and compact(q.object.value) == kind  # type: ignore[union-attr]  # a class
    }
    nodes = (
        {node for node in nodes if isinstance(node, NamedNode) and "/report/" in node.value}
        if (kind == "tg:Report")
        else nodes
    )
    unseen = []
    for predicate in OTHERS[kind]:
        quad = next(
            q
            for q in sorted(sound_records(), key=str)
            if q.subject in nodes
            and q.predicate == predicate
            and q.graph_name in (FACTS, PROVENANCE, QUALITY)
        )
        if not new_violations(part() - {quad}):
            unseen.append(compact(predicate.value))
    assert unseen == []


def record() -> NamedNode:
    (*_, found) = sorted(
        (q.subject for q in part() if q.predicate == RDF.type and q.object == TG.Record), key=str
    )
    assert isinstance(found, NamedNode)
    return found


def other_link() -> NamedNode:
    """A link to another number of another kind than a former one."""
    found = (q.subject for q in part() if q.predicate == TG.linkKind and q.object == Literal("secondary id"))
    link = min(found, key=str)
    assert isinstance(link, NamedNode)
    return link


WRONG: dict[str, tuple[Callable[[], Quad], str]] = {
    "a copy of a record that is none": (
        lambda: Quad(record(), TG.copyOf, iris.registry("ClinicalTrials.gov"), PROVENANCE),
        "is a copy of a registry's",
    ),
    "a former number that no record gives": (
        lambda: Quad(iris.trial("NCT02300909"), TG.formerIdentifier, Literal("NCT00000099"), FACTS),
        "a former number that no record gives it",
    ),
    "a link of a trial to itself": (
        lambda: Quad(other_link(), TG.linksTrial, iris.trial("NCT02300909"), FACTS),
        "a link is of two trials",
    ),
    "a second line": (
        lambda: Quad(record(), TG.lineNumber, Literal(999), PROVENANCE),
        "tg:lineNumber",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_a_violation(name: str) -> None:
    made, message = WRONG[name]
    assert any(message in line for line in new_violations(part() | {made()}))
