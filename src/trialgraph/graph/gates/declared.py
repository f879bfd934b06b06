"""Whether the ontology declares every class and property of its own that is used, and no data node is nameless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf.lines import in_line, iri
from trialgraph.rdf.statements import Statement, Term
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF

__all__ = ["undeclared"]

_TYPE: Final = in_line(RDF.type)
_CLASS: Final = in_line(OWL.Class)
_PROPERTIES: Final = frozenset(
    map(in_line, (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty))
)
_OURS: Final = f"<{PREFIXES['tg']}".encode()
#: Graphs in which blank nodes stand, as others have published them.
_OTHERS: Final = (b"/graph/ontology>", b"/graph/module>")


def undeclared(stated: Sequence[Statement]) -> Iterator[CheckResult]:
    """Classes and properties of ours that are used and not declared, and blank nodes in the data.

    :param stated: all graphs of a build, with the ontology; they are looked at as their merge
    """
    predicates: set[Term] = set()
    kinds: dict[Term, set[Term]] = {}
    blank: set[Term] = set()
    for subject, predicate, value, graph in stated:
        predicates.add(predicate)
        if predicate == _TYPE:
            kinds.setdefault(value, set()).add(subject)
        if (subject[0] == _BLANK or value[0] == _BLANK) and graph and not graph.endswith(_OTHERS):
            blank.add(subject)
    declared = set[Term]().union(*(kinds.get(kind, ()) for kind in _PROPERTIES))
    for predicate in sorted(predicates - declared):
        if predicate.startswith(_OURS):
            yield _violation(predicate, "a property that the ontology does not declare")
    for kind in sorted(kinds.keys() - kinds.get(_CLASS, set())):
        if kind.startswith(_OURS):
            yield _violation(kind, "a class that the ontology does not declare")
    for node in sorted(blank):
        yield _violation(node, "there are no blank nodes in the data")


_BLANK: Final = ord("_")


def _violation(node: Term, message: str) -> CheckResult:
    name = iri(node) if node.startswith(b"<") else node.removeprefix(b"_:").decode()
    return CheckResult("violation", name, message)
