"""Changes from each state of a registry's record to the next as triples, in the graph ``comparisons``.

Long texts are shortened to where they differ; both reports lead to their records, which have them whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from trialgraph.extract.history.changes import shortened
from trialgraph.model.change import Change
from trialgraph.model.record import RecordReport
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import date, text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept

__all__ = ["change_quads", "later_quads"]

Triples = Iterator[Triple]
#: Where the date of a change, or the start of the trial, is not stated, this is not decidable either.
_UNKNOWN: Final = "not decidable"


def change_quads(changes: Iterable[Change]) -> set[Quad]:
    """The changes of records; the later state and the field number those that it brought."""
    seen: Counter[tuple[str, str]] = Counter()
    made: set[Quad] = set()
    graph = iris.graph("comparisons")
    for change in changes:
        key = change.later.key, change.field
        seen[key] += 1
        node = record_iris.change(change.later.source, change.later.locator, change.field, seen[key])
        made |= {Quad(t.subject, t.predicate, t.object, graph) for t in _change(node, change)}
    return made


def _change(node: NamedNode, change: Change) -> Triples:
    yield Triple(node, RDF.type, TG.Change)
    which = f"{change.field} ({change.kind}) in {change.later.label}"
    yield Triple(node, RDFS.label, text(f"{which}, {change.when}" if change.when else which))
    yield Triple(node, TG.changesTrial, _trial(change.later))
    yield Triple(node, TG.changedField, text(change.field))
    yield Triple(node, TG.changeKind, concept(f"change-{change.kind.replace(' ', '-')}"))
    before, after = shortened(change.before, change.after)
    if before:
        yield Triple(node, TG.valueBefore, text(before))
    if after:
        yield Triple(node, TG.valueAfter, text(after))
    if change.when:
        yield Triple(node, TG.changedAsOf, date(change.when))
    yield Triple(node, TG.changeTiming, concept(f"start-{(change.start or _UNKNOWN).replace(' ', '-')}"))
    yield Triple(node, TG.earlierReport, _report(change.earlier))
    yield Triple(node, TG.laterReport, _report(change.later))


def later_quads(states: Iterable[tuple[RecordReport, RecordReport]]) -> set[Quad]:
    """Each state of a record that is not the last one with the next."""
    graph = iris.graph("comparisons")
    return {Quad(_report(one), TG.laterState, _report(other), graph) for one, other in states}


def _report(record: RecordReport) -> NamedNode:
    return iris.report(record.source, record.locator)


def _trial(record: RecordReport) -> NamedNode:
    if record.registration:
        return iris.trial(record.trial_key)
    return iris.trial(record.source, record.locator)
