"""Provenance of what a record of a registry states in a field: the record, the place in it, what reads the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import line_of
from trialgraph.graph.records.record_lines import place_of
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES, compact

__all__ = ["FieldProvenance", "record_fields"]


@dataclass(frozen=True, slots=True)
class FieldProvenance:
    """A value of a field, with where it stands.

    :param node: IRI of what it is stated of: the report, or a part of the record
    :param property: as a CURIE
    :param place: JSON pointer, or the name of the field; ``{n}`` for what numbers several values
    :param registry: whose record it is
    :param record: its number
    :param file: with the line or the member of the archive
    :param as_of: the date of the registry's state of it; empty where it says none
    :param reader: what reads the field, by its name in the mapping file
    :param meaning: what the registry's own documentation calls the field
    """

    node: str
    property: str
    value: str
    place: str
    registry: str
    record: str
    file: str
    sha256: str
    as_of: str
    reader: str
    meaning: str


_RECORDS: Final = """
SELECT ?subject ?report ?record ?mapping ?number ?registry ?file ?line ?member ?sha ?date WHERE {
  { ?subject tg:fromRecord ?record . BIND (?subject AS ?report) }
  UNION { ?subject tg:hasReport ?report . ?report tg:fromRecord ?record }
  UNION { ?report tg:fromRecord ?record ; tg:hasRecordPart+ ?subject }
  UNION { ?report tg:fromRecord ?subject . BIND (?subject AS ?record) }
  ?record tg:mappingFile ?mapping ; dcterms:identifier ?number ; tg:inRegistry/rdfs:label ?registry ;
          tg:fileName ?file ; tg:sha256 ?sha .
  OPTIONAL { ?record tg:lineNumber ?line }
  OPTIONAL { ?record tg:archiveMember ?member }
  OPTIONAL { ?record tg:asOf ?date }
} ORDER BY ?report"""
_VALUES: Final = """
SELECT ?report ?node ?kind ?property ?value WHERE {
  ?report tg:hasRecordPart* ?node . ?node a ?kind ; ?property ?value . FILTER isLITERAL(?value)
} ORDER BY ?node ?property ?value"""


def record_fields(store: Store, subject: NamedNode) -> list[FieldProvenance]:
    """What records state of a trial, of a report or of a part of a record, in the order of the mapping file.

    :param subject: a trial, a report, a record or a part of one; of any other node nothing is found
    """
    made: list[FieldProvenance] = []
    for about in _rows(store, _RECORDS, subject=subject):
        report = about["report"]
        assert isinstance(report, NamedNode)  # noqa: S101 - data have no blank nodes
        whole = subject.value in (report.value, text_of(about["record"])) or "/trial/" in subject.value
        made += _of_record(
            store, report, None if whole else subject, {k: text_of(v) for k, v in about.items()}
        )
    return made


def _of_record(
    store: Store, report: NamedNode, only: NamedNode | None, about: dict[str, str]
) -> list[FieldProvenance]:
    mapping = field_mapping(about["mapping"])
    order = {path: n for n, path in enumerate(mapping.lines)}
    found: list[tuple[int, FieldProvenance]] = []
    for row in _rows(store, _VALUES, report=report):
        node, kind, stated_as, value = (row[name] for name in ("node", "kind", "property", "value"))
        if not (
            isinstance(node, NamedNode) and isinstance(kind, NamedNode) and isinstance(stated_as, NamedNode)
        ):
            continue
        line = line_of(about["mapping"], kind, stated_as)
        if line is None or only not in (None, node):
            continue
        where = about["member"] or about["line"]
        one = FieldProvenance(
            node=node.value,
            property=compact(stated_as.value),
            value=value.value if isinstance(value, Literal) else "",
            place=place_of(about["mapping"], node.value, kind, stated_as),
            registry=about["registry"],
            record=about["number"],
            file=f"{about['file']}:{where}" if where else about["file"],
            sha256=about["sha"],
            as_of=about["date"],
            reader=line.reader,
            meaning=f"{mapping.source} {mapping.version}: {line.source}",
        )
        found.append((order[line.path], one))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].place, pair[1].value))]


def _rows(store: Store, query: str, **bound: NamedNode) -> Iterator[dict[str, object]]:
    found = store.query(
        query, prefixes=dict(PREFIXES), substitutions={Variable(k): v for k, v in bound.items()}
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries above are SELECTs
    names = [variable.value for variable in found.variables if variable.value not in bound]
    for row in found:
        yield {name: row[name] for name in names} | dict(bound)
