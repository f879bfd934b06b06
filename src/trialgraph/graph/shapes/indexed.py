"""The statements that shapes look at, by subject: each once, whatever its graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from trialgraph.rdf.vocabulary import RDF, RDFS

__all__ = ["Indexed", "Node"]

Node = NamedNode | BlankNode | Literal | Triple


class Indexed:
    """Triples by subject and predicate; by object those of a few predicates; nodes by class.

    :param inverse: the predicates that are followed from object to subject
    :param targets: the predicates whose subjects some shape is about
    """

    def __init__(
        self, quads: Iterable[Quad], inverse: Collection[NamedNode], targets: Collection[NamedNode] = ()
    ) -> None:
        stated: dict[Node, dict[NamedNode, dict[Node, None]]] = {}
        self._into: dict[NamedNode, dict[Node, dict[Node, None]]] = {
            p: defaultdict(dict) for p in (*inverse, RDF.type, RDFS.subClassOf)
        }
        self._subjects: dict[NamedNode, dict[Node, None]] = {predicate: {} for predicate in targets}
        for quad in quads:
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            about = stated.get(subject)
            if about is None:
                about = stated[subject] = {}
            values = about.get(predicate)
            if values is None:
                about[predicate] = {value: None}
                if predicate in self._subjects:
                    self._subjects[predicate][subject] = None
            else:
                values[value] = None
            if predicate in self._into:
                self._into[predicate][value][subject] = None
        self._stated = stated
        self._above: dict[Node, frozenset[Node]] = {}
        #: What a nested shape said of a node: the same disease is looked at for each of its trials.
        self.conforming: dict[tuple[int, Node], bool] = {}

    def values(self, node: Node, predicate: NamedNode) -> Collection[Node]:
        """The objects of a node's statements by a predicate."""
        about = self._stated.get(node)
        return () if about is None else about.get(predicate, ())

    def subjects(self, predicate: NamedNode, value: Node) -> Collection[Node]:
        """The nodes that lead to another by a predicate, one of those that are followed so."""
        return self._into[predicate].get(value, ())

    def subjects_of(self, predicate: NamedNode) -> Collection[Node]:
        """The nodes of which a predicate is stated, one of the targets."""
        return self._subjects[predicate].keys()

    def objects_of(self, predicate: NamedNode) -> Collection[Node]:
        """The nodes that a predicate leads to, one of those that are followed so."""
        return self._into[predicate].keys()

    def instances(self, kind: NamedNode) -> set[Node]:
        """The nodes of a class and of those below it."""
        below: set[Node] = {kind}
        pending: list[Node] = [kind]
        while pending:
            more = set(self.subjects(RDFS.subClassOf, pending.pop())) - below
            below |= more
            pending += more
        return {node for one in below for node in self.subjects(RDF.type, one)}

    def is_a(self, node: Node, kind: NamedNode) -> bool:
        """Whether a node is of a class, or of one below it."""
        kinds = self.values(node, RDF.type)
        return kind in kinds or any(kind in self._superclasses(one) for one in kinds)

    def _superclasses(self, kind: Node) -> frozenset[Node]:
        if kind not in self._above:
            seen: set[Node] = {kind}
            pending: list[Node] = [kind]
            while pending:
                more = set(self.values(pending.pop(), RDFS.subClassOf)) - seen
                seen |= more
                pending += more
            self._above[kind] = frozenset(seen)
        return self._above[kind]
