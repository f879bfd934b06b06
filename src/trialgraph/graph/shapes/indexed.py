"""The statements that shapes look at, by subject: each once, whatever its graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from trialgraph.rdf.lines import in_line
from trialgraph.rdf.statements import Statement, Term
from trialgraph.rdf.vocabulary import RDF, RDFS

__all__ = ["Indexed"]

_TYPE: Final = in_line(RDF.type)
_BELOW: Final = in_line(RDFS.subClassOf)
_NOTHING: Final[dict[Term, None]] = {}


class Indexed:
    """Triples by subject and predicate; by object those of a few predicates; nodes by class.

    :param inverse: the predicates that are followed from object to subject
    :param targets: the predicates whose subjects some shape is about
    """

    def __init__(
        self, stated: Iterable[Statement], inverse: Collection[Term], targets: Collection[Term] = ()
    ) -> None:
        by_subject: dict[Term, dict[Term, dict[Term, None]]] = {}
        self._into: dict[Term, dict[Term, dict[Term, None]]] = {
            p: defaultdict(dict) for p in (*inverse, _TYPE, _BELOW)
        }
        self._subjects: dict[Term, dict[Term, None]] = {predicate: {} for predicate in targets}
        for subject, predicate, value, _ in stated:
            about = by_subject.get(subject)
            if about is None:
                about = by_subject[subject] = {}
            values = about.get(predicate)
            if values is None:
                about[predicate] = {value: None}
                if predicate in self._subjects:
                    self._subjects[predicate][subject] = None
            else:
                values[value] = None
            if predicate in self._into:
                self._into[predicate][value][subject] = None
        self._stated = by_subject
        self._above: dict[Term, frozenset[Term]] = {}
        #: What a nested shape said of a node: the same disease is looked at for each of its trials.
        self.conforming: dict[tuple[int, Term], bool] = {}

    def values(self, node: Term, predicate: Term) -> Collection[Term]:
        """The objects of a node's statements by a predicate."""
        about = self._stated.get(node)
        return _NOTHING if about is None else about.get(predicate, _NOTHING)

    def subjects(self, predicate: Term, value: Term) -> Collection[Term]:
        """The nodes that lead to another by a predicate, one of those that are followed so."""
        return self._into[predicate].get(value, ())

    def subjects_of(self, predicate: Term) -> Collection[Term]:
        """The nodes of which a predicate is stated, one of the targets."""
        return self._subjects[predicate].keys()

    def objects_of(self, predicate: Term) -> Collection[Term]:
        """The nodes that a predicate leads to, one of those that are followed so."""
        return self._into[predicate].keys()

    def instances(self, kind: Term) -> set[Term]:
        """The nodes of a class and of those below it."""
        below: set[Term] = {kind}
        pending: list[Term] = [kind]
        while pending:
            more = set(self.subjects(_BELOW, pending.pop())) - below
            below |= more
            pending += more
        return {node for one in below for node in self.subjects(_TYPE, one)}

    def is_a(self, node: Term, kind: Term) -> bool:
        """Whether a node is of a class, or of one below it."""
        kinds = self.values(node, _TYPE)
        return kind in kinds or any(kind in self._superclasses(one) for one in kinds)

    def _superclasses(self, kind: Term) -> frozenset[Term]:
        if kind not in self._above:
            seen: set[Term] = {kind}
            pending: list[Term] = [kind]
            while pending:
                more = set(self.values(pending.pop(), _BELOW)) - seen
                seen |= more
                pending += more
            self._above[kind] = frozenset(seen)
        return self._above[kind]
