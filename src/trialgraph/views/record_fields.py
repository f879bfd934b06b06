"""Provenance of what a record of a registry states in a field: the record, the place in it, what reads the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import line_of
from trialgraph.graph.records.record_lines import place_of
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import compact

__all__ = ["FieldProvenance", "Select", "record_fields"]

#: A query in the prefixes of this project -> its rows; what is not bound is absent or None.
Select = Callable[[str], Iterable[Mapping[str, Any]]]


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
SELECT ?report ?record ?mapping ?number ?registry ?file ?line ?member ?sha ?date WHERE {
  { ME tg:fromRecord ?record . BIND (ME AS ?report) }
  UNION { ME tg:hasReport ?report . ?report tg:fromRecord ?record }
  UNION { ?report tg:fromRecord ?record ; tg:hasRecordPart+ ME }
  UNION { ?report tg:fromRecord ME . BIND (ME AS ?record) }
  ?record tg:mappingFile ?mapping ; dcterms:identifier ?number ; tg:inRegistry/rdfs:label ?registry ;
          tg:fileName ?file ; tg:sha256 ?sha .
  OPTIONAL { ?record tg:lineNumber ?line }
  OPTIONAL { ?record tg:archiveMember ?member }
  OPTIONAL { ?record tg:asOf ?date }
} ORDER BY ?report"""
#: The fields that a comparison rests on: which record, the path template, the place in the record.
_COMPARED: Final = """
SELECT ?report ?template ?place WHERE {
  { ME tg:leftReport ?report ; tg:leftField/tg:pathTemplate ?template ; tg:leftPlace ?place }
  UNION { ME tg:rightReport ?report ; tg:rightField/tg:pathTemplate ?template ; tg:rightPlace ?place }
} ORDER BY ?report"""
_ABOUT: Final = ("record", "mapping", "number", "registry", "file", "line", "member", "sha", "date")
_VALUES: Final = """
SELECT ?node ?kind ?property ?value WHERE {
  ME tg:hasRecordPart* ?node . ?node a ?kind ; ?property ?value . FILTER isLITERAL(?value)
} ORDER BY ?node ?property ?value"""


def record_fields(select: Select, subject: NamedNode) -> list[FieldProvenance]:
    """What records state of a trial, of a report or of a part of a record, in the order of the mapping file.

    :param select: answers a query of these prefixes
    :param subject: a trial, a report, a record or a part of one, or a comparison: then the fields that are compared; of
        any other node nothing is found
    """
    made: list[FieldProvenance] = list(_of_comparison(select, subject))
    for about in select(_RECORDS.replace("ME", str(subject))):
        report = about["report"]
        assert isinstance(report, NamedNode)  # noqa: S101 - data have no blank nodes
        whole = subject.value in (report.value, text_of(about["record"])) or "/trial/" in subject.value
        made += _of_record(
            select, report, None if whole else subject, {name: text_of(about.get(name)) for name in _ABOUT}
        )
    return made


def _of_comparison(select: Select, subject: NamedNode) -> Iterator[FieldProvenance]:
    """The fields of the records that a comparison rests on."""
    wanted: dict[NamedNode, set[tuple[str, str]]] = {}
    for row in select(_COMPARED.replace("ME", str(subject))):
        report = row["report"]
        assert isinstance(report, NamedNode)  # noqa: S101 - data have no blank nodes
        wanted.setdefault(report, set()).add((text_of(row["template"]), text_of(row["place"])))
    for report, places in wanted.items():
        yield from (
            one for one in record_fields(select, report) if any(_is_at(one.place, *at) for at in places)
        )


def _is_at(found: str, template: str, place: str) -> bool:
    """Whether a field stands at a place; of a flat file, whose places are no pointers, whether it is of that line.

    :param found: its place, with ``{n}`` for what numbers several values
    """
    if place.startswith("/") and re.fullmatch(_numbers(template), place):
        return bool(re.fullmatch(_numbers(found), place))
    return bool(re.fullmatch(_numbers(template), found.replace("{n}", "0")))


def _numbers(template: str) -> str:
    return re.escape(template).replace(re.escape("{n}"), "[0-9]+")


def _of_record(
    select: Select, report: NamedNode, only: NamedNode | None, about: dict[str, str]
) -> list[FieldProvenance]:
    mapping = field_mapping(about["mapping"])
    order = {path: n for n, path in enumerate(mapping.lines)}
    found: list[tuple[int, FieldProvenance]] = []
    for row in select(_VALUES.replace("ME", str(report))):
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
