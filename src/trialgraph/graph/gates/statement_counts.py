"""Whether each record states as many values as were read from it: one that is lost or added is seen, whatever it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.records.field_terms import MAPPINGS, class_of, property_of
from trialgraph.rdf.lines import in_line, iri, term
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.statements import Statement, Term
from trialgraph.rdf.vocabulary import RDF, TG

__all__ = ["miscounted"]

_FROM: Final = in_line(TG.fromRecord)
_COUNT: Final = in_line(TG.statementCount)
_FILE: Final = in_line(TG.mappingFile)
_PART: Final = in_line(TG.hasRecordPart)
_TYPE: Final = in_line(RDF.type)


def miscounted(stated: Sequence[Statement]) -> Iterator[CheckResult]:
    """Records whose report and parts state another number of values than the record says.

    :param stated: all graphs of a build; they are looked at as their merge
    """
    of_report = {subject: value for subject, predicate, value, _ in stated if predicate == _FROM}
    if not of_report:
        return
    asked = {_COUNT, _FILE, _PART, _TYPE}
    found: dict[Term, dict[Term, list[Term]]] = {predicate: defaultdict(list) for predicate in asked}
    for subject, predicate, value, _ in stated:
        if predicate in asked:
            found[predicate][subject].append(value)
    root = dict(_parts(of_report, found[_PART]))
    counted: Counter[Term] = Counter()
    for subject, predicate, _ in {(s, p, v) for s, p, v, _ in stated if s in root and v[0] == _QUOTE}:
        report = root[subject]
        (file, *_), kinds = found[_FILE].get(of_report[report]) or [b""], found[_TYPE].get(subject, ())
        counted[report] += any(predicate in _properties_of(file, kind) for kind in kinds)
    for report, record in of_report.items():
        for number in found[_COUNT].get(record, ()):
            if text_of(term(number)) != str(counted[report]):
                what = f"of {text_of(term(number))} values that the record states {counted[report]} are there"
                yield CheckResult("violation", iri(record), what)


_QUOTE: Final = ord('"')


def _parts(reports: dict[Term, Term], parts: dict[Term, list[Term]]) -> Iterator[tuple[Term, Term]]:
    """Each report and each part of its record, with the report."""
    for report in reports:
        pending, seen = [report], {report}
        while pending:
            node = pending.pop()
            yield node, report
            below = [part for part in parts.get(node, ()) if part not in seen]
            seen.update(below)
            pending += below


@cache
def _properties_of(file: Term, kind: Term) -> frozenset[Term]:
    """The properties by which the fields of a mapping file are stated of nodes of a class."""
    name = text_of(term(file)) if file else ""
    lines = field_mapping(name).lines.values() if name in MAPPINGS else ()
    return frozenset(in_line(property_of(line)) for line in lines if in_line(class_of(line.node)) == kind)
