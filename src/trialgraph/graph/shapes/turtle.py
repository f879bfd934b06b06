"""A SHACL graph as it is written: parameters of shapes, lists, and what of it has been compiled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from trialgraph.base.errors import InputError
from trialgraph.graph.shapes.shape import Node
from trialgraph.rdf.vocabulary import PREFIXES, RDF, compact

__all__ = ["ShapesGraph"]

_SHACL = PREFIXES["sh"]


class ShapesGraph:
    """The triples of shapes files.

    :param where: what the files are called in errors
    """

    def __init__(self, triples: Iterable[Triple], where: str) -> None:
        self._stated: dict[Node, list[tuple[NamedNode, Node]]] = defaultdict(list)
        for triple in triples:
            self._stated[triple.subject].append((triple.predicate, triple.object))
        self._where = where
        #: The nodes that are compiled: at the end, none with a parameter may be missing.
        self.used: set[Node] = set()

    def subjects(self) -> Iterator[Node]:
        """The nodes of which SHACL says something, or that are typed as shapes."""
        for node, stated in self._stated.items():
            if any(p.value.startswith(_SHACL) or _is_shacl(p, o) for p, o in stated):
                yield node

    def values(self, node: Node, parameter: NamedNode) -> list[Node]:
        """The values of a parameter."""
        return [value for p, value in self._stated.get(node, ()) if p == parameter]

    def one(self, node: Node, parameter: NamedNode) -> Node | None:
        """The value of a parameter that may be given once.

        :raises InputError: it is given twice
        """
        values = self.values(node, parameter)
        if len(values) > 1:
            raise self.refused(parameter, f"is given {len(values)} times for one shape")
        return values[0] if values else None

    def parameters(self, node: Node, most: int | None = None) -> list[tuple[NamedNode, Node]]:
        """The parameters of SHACL with their values.

        :raises InputError: there are not as many as there must be
        """
        found = [(p, value) for p, value in self._stated.get(node, ()) if p.value.startswith(_SHACL)]
        if most is not None and len(found) != most:
            raise self.refused(node, f"has {len(found)} parameters, not {most}")
        return found

    def items(self, head: Node) -> Sequence[Node]:
        """The members of a list.

        :raises InputError: it is none
        """
        made: list[Node] = []
        while head != RDF.nil:
            first, rest = self.one(head, RDF.first), self.one(head, RDF.rest)
            if first is None or rest is None:
                raise self.refused(head, "is no list")
            made.append(first)
            head = rest
        return made

    def refused(self, node: Node, why: str) -> InputError:
        """The error of a construct that cannot be compiled."""
        name = "a blank node" if isinstance(node, BlankNode) else compact(getattr(node, "value", str(node)))
        hint = "write the shape otherwise, or add the construct to graph/shapes"
        return InputError(f"cannot be used: {name} {why}", where=self._where, hint=hint)


def _is_shacl(predicate: NamedNode, value: Node) -> bool:
    return predicate == RDF.type and isinstance(value, NamedNode) and value.value.startswith(_SHACL)
