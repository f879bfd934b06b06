"""Each quad of a record back to its place: what stands there is read again, and has to give the same value.

``python -m tests.graph.records.round_trip FILE…`` does so for whole files, with all layers, and prints how many quads
were resolved and each that was not; the suite does it for a sample.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from trialgraph.base.settings import Settings
from trialgraph.build.record_findings import value_at
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.mapping import LAYERS, field_mapping
from trialgraph.extract.registries.study import read_record
from trialgraph.extract.registries.values import Unlisted, Unreadable, reader_of
from trialgraph.graph.records.field_terms import line_of, literal
from trialgraph.graph.records.record_lines import place_of, record_lines, statement_count
from trialgraph.model.record import RecordReport
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.vocabulary import RDF, TG

__all__ = ["RoundTrip", "resolve", "same_value"]


@dataclass
class RoundTrip:
    """What became of the quads of some records.

    :param resolved: by kind of quad, how many lead back
    :param missed: those that do not, each with its record
    """

    resolved: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def values_at(record: Any, pointer: str) -> Iterator[Any]:
    """What stands at a pointer, ``{n}`` being any item of a list."""
    head, found, rest = pointer.partition("/{n}")
    value = value_at(record, head)
    if not found:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from values_at(item, rest) if rest else [item]


def resolve(raw: RawRecord, trip: RoundTrip) -> RecordReport:
    """Resolve every quad of a record, and every text that something was read from."""
    report, _ = read_record("trip", raw, LAYERS)
    quads = list(parse(b"".join(record_lines(report)), format=RdfFormat.N_QUADS))
    assert len(quads) == len(set(quads))
    kinds = {q.subject: q.object for q in quads if q.predicate == RDF.type}
    study = iris.report("trip", report.locator)
    kinds[study] = TG.Report
    record = record_iris.record("trip", report.locator)
    values = 0
    for quad in quads:
        kind = kinds.get(quad.subject)
        if quad.subject == record or kind in (TG.Registry, TG.TrialLink):
            trip.resolved["record and links"] += 1
        elif isinstance(quad.object, Literal):
            values += 1
            _count(trip, "values", same_value(raw, quad, kind), raw, quad)
        else:
            _count(trip, "nodes", _is_there(raw, quad), raw, quad)
    assert values == statement_count(report)
    for reading in report.readings:
        text = reading.cell.text or ""
        quoted = text[reading.start : reading.end] == reading.verbatim
        if raw.scheme == "pointer":
            quoted = quoted and value_at(raw.value, str(reading.cell.address)) == text
        _count(trip, "readings", quoted, raw, reading)
    return report


def _count(trip: RoundTrip, what: str, good: bool, raw: RawRecord, shown: object) -> None:
    if good:
        trip.resolved[what] += 1
    else:
        trip.missed.append(f"{raw.where}: {raw.identifier}: {shown}")


def same_value(raw: RawRecord, quad: Quad, kind: object) -> bool:
    """Whether what stands at the place of a value is read as this value."""
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(kind, NamedNode)
    line = line_of(raw.mapping, kind, quad.predicate)
    if line is None:
        return False
    place = place_of(raw.mapping, quad.subject.value, kind, quad.predicate)
    read = reader_of(line.reader, field_mapping(raw.mapping).enums)
    for value in values_at(raw.value, place):
        made = read(value)
        made = made.value if isinstance(made, Unlisted) else made
        if made is not None and not isinstance(made, Unreadable) and literal(made) == quad.object:
            return True
    return False


def _is_there(raw: RawRecord, quad: Quad) -> bool:
    """Whether an entry that has a node is in the record."""
    node = quad.object if quad.predicate == TG.hasRecordPart else quad.subject
    assert isinstance(node, NamedNode)
    kind, _, _, *indices = node.value.removeprefix(iris.base()).split("/")
    template = field_mapping(raw.mapping).nodes[kind.removeprefix("record-")]
    for index in indices:
        template = template.replace("{n}", index, 1)
    return value_at(raw.value, template) is not None


def main(files: Iterable[str]) -> int:
    """Resolve all records of some files."""
    missed = 0
    for file in files:
        trip, records = RoundTrip(), 0
        for raw in raw_records(file, Settings.load()):
            if raw.problem is None:
                resolve(raw, trip)
                records += 1
        print(file, f"{records:,} records", dict(trip.resolved), f"{len(trip.missed)} missed", flush=True)
        print(*trip.missed[:10], sep="\n")
        missed += len(trip.missed)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
