"""Whether every property is said of what its domain is, and leads to what its range is, as the ontology has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Quad

from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS

__all__ = ["misplaced"]

_Classes = Mapping[object, set[object]]


def misplaced(quads: Iterable[Quad]) -> Iterator[CheckResult]:
    """Nodes of which a property of another domain is stated, and those with a property that leads beyond its range.

    A domain is any class with an IRI; a range one of our own classes, as values of others are checked by shapes.

    :param quads: all graphs of a build, with the ontology; they are looked at as their merge
    """
    quads = tuple(quads)
    typed, above, of_domains, of_ranges = _by_subject(
        quads, (RDF.type, RDFS.subClassOf, RDFS.domain, RDFS.range)
    )
    domains = {
        p: {_Kind(c, above) for c in found if isinstance(c, NamedNode)} for p, found in of_domains.items()
    }
    ranges = {
        p: {
            _Kind(c, above)
            for c in found
            if isinstance(c, NamedNode) and _is_ours(c) and OWL.Class in typed.get(c, ())
        }
        for p, found in of_ranges.items()
    }
    nothing: set[object] = set()
    of_properties = domains.keys() | ranges.keys()
    for quad in quads:
        predicate = quad.predicate
        if predicate not in of_properties:
            continue
        for kind in domains.get(predicate, ()):
            if not kind.has(typed.get(quad.subject, nothing)):
                yield _finding(quad, f"is said of {kind.name}s only")
        for kind in ranges.get(predicate, ()):
            if not kind.has(typed.get(quad.object, nothing)):
                yield _finding(quad, f"leads to {kind.name}s only")


class _Kind:
    """A class with all that are below it."""

    def __init__(self, kind: NamedNode, above: _Classes) -> None:
        self.name = _local(kind)
        self._kind = kind
        self._above = above
        self._known: dict[object, bool] = {}

    def has(self, types: Iterable[object]) -> bool:
        """Whether one of a node's types is the class or below it."""
        return any(self._includes(one) for one in types)

    def _includes(self, kind: object) -> bool:
        if kind not in self._known:
            seen, pending = {kind}, [kind]
            while pending:
                more = self._above.get(pending.pop(), set()) - seen
                seen |= more
                pending += more
            self._known[kind] = self._kind in seen
        return self._known[kind]


def _by_subject(quads: Iterable[Quad], predicates: Sequence[NamedNode]) -> list[dict[object, set[object]]]:
    """The values of some predicates, by predicate and subject."""
    made: dict[NamedNode, dict[object, set[object]]] = {predicate: {} for predicate in predicates}
    for quad in quads:
        if (of := made.get(quad.predicate)) is not None:
            of.setdefault(quad.subject, set()).add(quad.object)
    return list(made.values())


def _is_ours(node: NamedNode) -> bool:
    return node.value.startswith(PREFIXES["tg"])


def _local(node: NamedNode) -> str:
    return node.value.partition(PREFIXES["tg"])[2]


def _finding(quad: Quad, words: str) -> CheckResult:
    focus = quad.subject
    name = focus.value if isinstance(focus, NamedNode) else str(focus)
    return CheckResult("violation", name, f"tg:{_local(quad.predicate)} {words}")
