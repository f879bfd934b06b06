"""Whether every property is said of what its domain is, and leads to what its range is, as the ontology has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf.lines import in_line, iri
from trialgraph.rdf.statements import Statement, Term
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS

__all__ = ["misplaced"]

_Classes = dict[Term, set[Term]]

_CLASS: Final = in_line(OWL.Class)
_OURS: Final = f"<{PREFIXES['tg']}".encode()
_ASKED: Final = tuple(map(in_line, (RDF.type, RDFS.subClassOf, RDFS.domain, RDFS.range)))


def misplaced(stated: Sequence[Statement]) -> Iterator[CheckResult]:
    """Nodes of which a property of another domain is stated, and those with a property that leads beyond its range.

    A domain is any class with an IRI; a range one of our own classes, as values of others are checked by shapes.

    :param stated: all graphs of a build, with the ontology; they are looked at as their merge
    """
    typed, above, of_domains, of_ranges = _by_subject(stated)
    domains = {
        p: [_Kind(c, above) for c in sorted(found) if c.startswith(b"<")] for p, found in of_domains.items()
    }
    ranges = {
        p: [_Kind(c, above) for c in sorted(found) if c.startswith(_OURS) and _CLASS in typed.get(c, ())]
        for p, found in of_ranges.items()
    }
    nothing: set[Term] = set()
    of_properties = domains.keys() | ranges.keys()
    for subject, predicate, value, _ in stated:
        if predicate not in of_properties:
            continue
        for kind in domains.get(predicate, ()):
            if not kind.has(typed.get(subject, nothing)):
                yield _finding(subject, predicate, f"is said of {kind.name}s only")
        for kind in ranges.get(predicate, ()):
            if not kind.has(typed.get(value, nothing)):
                yield _finding(subject, predicate, f"leads to {kind.name}s only")


class _Kind:
    """A class with all that are below it."""

    def __init__(self, kind: Term, above: _Classes) -> None:
        self.name = _local(kind)
        self._kind = kind
        self._above = above
        self._known: dict[Term, bool] = {}

    def has(self, types: Iterable[Term]) -> bool:
        """Whether one of a node's types is the class or below it."""
        return any(map(self._includes, types))

    def _includes(self, kind: Term) -> bool:
        known = self._known.get(kind)
        if known is None:
            seen, pending = {kind}, [kind]
            while pending:
                more = self._above.get(pending.pop(), set()) - seen
                seen |= more
                pending += more
            known = self._known[kind] = self._kind in seen
        return known


def _by_subject(stated: Iterable[Statement]) -> list[_Classes]:
    """The values of the predicates that are asked, by predicate and subject."""
    made: dict[Term, _Classes] = {predicate: {} for predicate in _ASKED}
    for subject, predicate, value, _ in stated:
        if (of := made.get(predicate)) is not None:
            of.setdefault(subject, set()).add(value)
    return list(made.values())


def _local(node: Term) -> str:
    return iri(node).partition(PREFIXES["tg"])[2]


def _finding(subject: Term, predicate: Term, words: str) -> CheckResult:
    name = iri(subject) if subject.startswith(b"<") else subject.decode()
    return CheckResult("violation", name, f"tg:{_local(predicate)} {words}")
