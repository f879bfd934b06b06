"""The facts of a registry's record as lines of N-Quads, without a node for a value.

What a record states of its study is stated of the report; an arm, an outcome, a reference is a node of its own. It is
minted of its kind, the record and its indices into the lists on the way, so that node, property and path template of
the mapping line are the exact place of a value (:func:`place_of`). The same lines serve a bulk load, which writes them,
and a build, which parses them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import above, class_of, line_of, literal, property_of
from trialgraph.model.record import RecordFact, RecordReport, TrialLink
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import integer, text
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, TG

__all__ = ["mapping_lines", "place_of", "record_lines", "statement_count"]

_Statements = Iterator[tuple[NamedNode, NamedNode | Literal]]
_PART: Final = re.compile(r"record-(?P<kind>[a-z-]+)/[^/]+/[^/]+(?P<indices>(?:/\d+)+)")


def record_lines(report: RecordReport) -> Iterator[bytes]:
    """What a record states, in the graph of its source: each fact, each node, each link to another number.

    Pure text of canonical N-Quads; equal lines come once.
    """
    graph, study = str(iris.graph(report.source)), iris.report(report.source, report.locator)
    ends = f" {graph} .\n"
    known = dict.fromkeys(fact.node for fact in report.facts)
    for kind, indices in known:
        if kind != "study":
            part = _part(report, kind, indices)
            yield f"{part} {RDF.type} {class_of(kind)}{ends}".encode()
            holder = _holder(report, kind, indices, known) or study
            yield f"{holder} {TG.hasRecordPart} {part}{ends}".encode()
    yield from dict.fromkeys(
        f"{_node(report, study, fact)} {property_of(fact.line)} {literal(fact.value)}{ends}".encode()
        for fact in report.facts
    )
    for n, link in enumerate(report.links, start=1):
        node = record_iris.trial_link(report.source, report.locator, n)
        yield from _lines(node, _link(link, report, study), ends)
        if link.kind == "alias" and link.current == report.trial_key and link.status != "rejected":
            yield f"{iris.trial(link.current)} {TG.formerIdentifier} {text(link.other)}{ends}".encode()
    yield from _lines(record_iris.record(report.source, report.locator), _record(report), _in_provenance())
    named = (report.record.registry, report.record.copy_of, *(link.registry for link in report.links))
    for registry in dict.fromkeys(filter(None, named)):
        yield from _lines(iris.registry(registry), _registry(registry), ends)


def statement_count(report: RecordReport) -> int:
    """How many values the nodes of a record state by its fields: a value that a node states twice counts once."""
    return len({(fact.node, property_of(fact.line), literal(fact.value)) for fact in report.facts})


def _part(report: RecordReport, kind: str, indices: tuple[int, ...]) -> NamedNode:
    return record_iris.record_part(report.source, report.locator, kind, *indices)


def _node(report: RecordReport, study: NamedNode, fact: RecordFact) -> NamedNode:
    kind, indices = fact.node
    return study if kind == "study" else _part(report, kind, indices)


def _holder(
    report: RecordReport, kind: str, indices: tuple[int, ...], known: Container[tuple[str, tuple[int, ...]]]
) -> NamedNode | None:
    """The node that holds a part: the nearest that states anything; None where that is the report."""
    for other, depth in above(report.record.mapping, kind):
        if (other, indices[:depth]) in known:
            return _part(report, other, indices[:depth])
    return None


def _record(report: RecordReport) -> _Statements:
    """Where the report was read: which record of which registry, as of when, in which file."""
    record = report.record
    yield RDF.type, TG.Record
    yield TG.fromSource, iris.source(report.source)
    yield TG.inRegistry, iris.registry(record.registry)
    yield DCTERMS.identifier, text(record.identifier)
    if record.data_version is not None:
        yield TG.asOf, literal(record.data_version)
    yield TG.fileName, text(record.file)
    if record.member:
        yield TG.archiveMember, text(record.member)
    if record.line:
        yield TG.lineNumber, integer(record.line)
    if record.scheme != "pointer":
        yield TG.recordAddress, text(record.base or f"row={record.row}")
    yield TG.sha256, text(record.sha256)
    yield TG.mappingFile, text(record.mapping)
    yield TG.statementCount, integer(statement_count(report))
    if record.copy_of:
        yield TG.copyOf, iris.registry(record.copy_of)


def _registry(name: str) -> _Statements:
    yield RDF.type, TG.Registry
    yield RDFS.label, text(name)


def _link(link: TrialLink, report: RecordReport, study: NamedNode) -> _Statements:
    """Two numbers that the record says are of one trial: how, and in which field; of an alias that trial alone."""
    yield RDF.type, TG.TrialLink
    for trial in dict.fromkeys((report.trial_key, link.current or link.other)):
        yield TG.linksTrial, iris.trial(trial)
    yield TG.linkedNumber, text(link.other)
    yield TG.linkedRegistry, iris.registry(link.registry)
    yield TG.linkKind, text(link.kind)
    yield TG.linkStatedBy, study
    yield TG.linkStatedAt, text(link.stated.at)
    yield TG.linkStatus, text(link.status)
    if link.decision:
        decision = link.decision
        yield (
            TG.linkDecidedBy,
            iris.curation(report.source, report.locator, decision.kind, decision.number),
        )


def _in_provenance() -> str:
    return f" {iris.graph('provenance')} .\n"


def _lines(subject: NamedNode, stated: _Statements, ends: str) -> Iterator[bytes]:
    return (f"{subject} {predicate} {value}{ends}".encode() for predicate, value in stated)


def mapping_lines(name: str) -> Iterator[bytes]:
    """A node for each line of a mapping file, in the graph ``provenance``."""
    mapping = field_mapping(name)
    for line in mapping.lines.values():
        stated = (
            (RDF.type, TG.FieldMapping),
            (RDFS.label, text(f"{mapping.registry}: {line.path}")),
            (TG.mappingFile, text(name)),
            (TG.pathTemplate, text(line.path)),
            (TG.ofNode, class_of(line.node)),
            (TG.statedAs, property_of(line)),
            (TG.readBy, text(line.reader)),
            (TG.fieldMeaning, text(f"{mapping.source} {mapping.version}: {line.source}")),
        )
        yield from _lines(record_iris.field_mapping(name, line.path), iter(stated), _in_provenance())


def place_of(name: str, node: str, kind: NamedNode, stated_as: NamedNode) -> str:
    """The place, in its record, of the value that a node states by a property: ``{n}`` for what numbers several values.

    :param name: of the mapping file
    :param node: IRI of the report or of a part of the record
    :param kind: class of the node
    :raises KeyError: no field of the mapping file is stated so
    """
    line = line_of(name, kind, stated_as)
    if line is None:
        raise KeyError(stated_as.value)
    found = _PART.fullmatch(unquote(node.removeprefix(iris.base())))
    return line.at([int(index) for index in found["indices"].split("/")[1:]] if found else ())
