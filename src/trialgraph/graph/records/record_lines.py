"""The facts of a registry's record as lines of N-Quads, without a node for a value.

A node of a record is minted of its kind, the record and its indices into the lists on the way, so that node, property
and path template of the mapping line give the exact place of a value back (:func:`place_of`). The same lines serve a
bulk load, which writes them, and a build, which parses them. Neither does so yet: the ontology does not declare these
terms (decisions/0049-registry-records.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from trialgraph.extract.registries.mapping import FieldMapping, field_mapping
from trialgraph.model.record import FactValue, FieldLine, PartialDate, RecordReport, TrialLink
from trialgraph.rdf import iris
from trialgraph.rdf.literals import boolean, date, decimal, integer, text
from trialgraph.rdf.vocabulary import DCTERMS, RDF, TG, expand

__all__ = ["mapping_lines", "place_of", "record_lines"]

#: Mapping files by the registry that they are of.
_FILES: Final = {"ClinicalTrials.gov": "clinicaltrials_gov", "ICTRP": "ictrp"}
_NODE: Final = re.compile(r"record-(?P<kind>[a-z-]+)/[^/]+/[^/]+(?P<indices>(?:/\d+)*)$")


def record_lines(report: RecordReport) -> Iterator[bytes]:
    """What a record states, in the graph of its source: the record itself, its nodes, and a line for each fact."""
    source, number = report.source, report.record.identifier
    graph = str(iris.graph(source))
    study = iris.mint("record-study", source, number)
    ends = f" {graph} .\n"
    trial = iris.trial(report.registration.identifier if report.registration else report.key)
    yield from _lines(study, _record(report, trial), ends)
    for n, link in enumerate(report.links, start=1):
        node = iris.mint("trial-link", source, number, n)
        yield from _lines(node, _link(link, study), ends)
    known: set[tuple[str, tuple[int, ...]]] = set()
    for fact in report.facts:
        kind, indices = fact.node
        node = study if kind == "study" else iris.mint(f"record-{kind}", source, number, *indices)
        if kind != "study" and fact.node not in known:
            known.add(fact.node)
            yield f"{study} {DCTERMS.hasPart} {node}{ends}".encode()
            yield f"{node} {RDF.type} {_class(kind)}{ends}".encode()
        yield f"{node} {_property(fact.line)} {_literal(fact.value)}{ends}".encode()


def _record(report: RecordReport, trial: NamedNode) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """What is said of the record: which trial it is about, and where it was read."""
    record = report.record
    yield RDF.type, _class("study")
    yield TG.aboutTrial, trial
    yield TG.fromSource, iris.source(report.source)
    yield TG.registry, iris.registry(record.registry)
    yield DCTERMS.identifier, text(record.identifier)
    yield DCTERMS.source, text(f"{record.file}:{record.member}" if record.member else record.file)
    yield _tg("sha256"), text(record.sha256)
    if record.line:
        yield TG.lineNumber, integer(record.line)
    if record.copy_of:
        yield _tg("copyOf"), iris.registry(record.copy_of)


def _link(link: TrialLink, study: NamedNode) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Two numbers that the record says are of one trial: how, and in which field."""
    yield RDF.type, _tg("TrialLink")
    yield _tg("linksTrial"), iris.trial(link.identifier)
    yield _tg("linksTrial"), iris.trial(link.other)
    yield _tg("linkKind"), text(link.kind)
    yield _tg("statedBy"), study
    yield _tg("statedAt"), text(link.stated.at)


def _lines(
    subject: NamedNode, stated: Iterable[tuple[NamedNode, NamedNode | Literal]], ends: str
) -> Iterator[bytes]:
    return (f"{subject} {predicate} {value}{ends}".encode() for predicate, value in stated)


@cache
def _tg(name: str) -> NamedNode:
    return expand(f"tg:{name}")


def _class(kind: str) -> NamedNode:
    return _tg("Registry" + "".join(part.capitalize() for part in kind.split("-")))


def _property(line: FieldLine) -> NamedNode:
    return _tg(line.predicate)


def _literal(value: FactValue) -> Literal:
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, PartialDate):
        return date(value.text)
    return text(value) if isinstance(value, str) else decimal(value)


def mapping_lines(registry: str) -> Iterator[bytes]:
    """A node for each line of a mapping file, in the graph ``provenance``: template, kind of node, property, reader."""
    mapping, ends = field_mapping(_FILES[registry]), f" {iris.graph('provenance')} .\n"
    for line in mapping.lines.values():
        node = iris.mint("field-mapping", _FILES[registry], line.path)
        stated = (
            (RDF.type, _tg("FieldMapping")),
            (TG.registry, iris.registry(registry)),
            (_tg("pathTemplate"), text(line.path)),
            (_tg("ofNode"), _class(line.node)),
            (_tg("statedAs"), _property(line)),
            (_tg("readBy"), text(line.reader)),
            (DCTERMS.source, text(f"{mapping.source} {mapping.version} {line.source}")),
        )
        yield from _lines(node, stated, ends)


def place_of(registry: str, node: str, predicate: str) -> str:
    """The place of the value that a node states by a property: a JSON pointer, ``{n}`` for what numbers several values.

    :raises KeyError: it is no node of a record, or its kind has no such property
    """
    found = _NODE.search(node)
    if found is None:
        raise KeyError(node)
    line = _by_property(_FILES[registry])[found["kind"], predicate.rpartition("/")[2]]
    return line.at([int(index) for index in found["indices"].split("/")[1:]])


@cache
def _by_property(name: str) -> dict[tuple[str, str], FieldLine]:
    mapping: FieldMapping = field_mapping(name)
    return {(line.node, line.predicate): line for line in mapping.lines.values()}
