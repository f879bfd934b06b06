"""SHACL property paths as functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from pyoxigraph import BlankNode, NamedNode

from trialgraph.graph.shapes.indexed import Indexed
from trialgraph.graph.shapes.shape import Node, Path
from trialgraph.graph.shapes.turtle import ShapesGraph
from trialgraph.rdf.lines import in_line
from trialgraph.rdf.statements import Term
from trialgraph.rdf.vocabulary import RDF, SH

__all__ = ["compiled_path"]


def compiled_path(shapes: ShapesGraph, node: Node, inverse: set[Term]) -> Path:
    """The path that a node of a SHACL graph stands for.

    :param inverse: gets the predicates that are followed from object to subject
    :raises InputError: it has a form that is not compiled
    """
    if isinstance(node, NamedNode):
        return _predicate(in_line(node))
    if shapes.values(node, RDF.first):
        return _sequence([compiled_path(shapes, part, inverse) for part in shapes.items(node)])
    if not isinstance(node, BlankNode):
        raise shapes.refused(node, "is no path")
    ((parameter, value),) = shapes.parameters(node, 1)
    shapes.used.add(node)
    if parameter == SH.inversePath and isinstance(value, NamedNode):
        inverse.add(in_line(value))
        return _inverse(in_line(value))
    if parameter == SH.alternativePath:
        return _alternative([compiled_path(shapes, part, inverse) for part in shapes.items(value)])
    if parameter == SH.zeroOrMorePath:
        return _zero_or_more(compiled_path(shapes, value, inverse))
    raise shapes.refused(parameter, "is a path that is not compiled")


def _predicate(predicate: Term) -> Path:
    return lambda data, node: data.values(node, predicate)


def _inverse(predicate: Term) -> Path:
    return lambda data, node: data.subjects(predicate, node)


def _sequence(parts: Sequence[Path]) -> Path:
    def followed(data: Indexed, node: Term) -> Collection[Term]:
        reached: Collection[Term] = (node,)
        for part in parts:
            reached = dict.fromkeys(found for one in reached for found in part(data, one))
        return reached

    return followed


def _alternative(parts: Sequence[Path]) -> Path:
    return lambda data, node: dict.fromkeys(found for part in parts for found in part(data, node))


def _zero_or_more(part: Path) -> Callable[[Indexed, Term], Collection[Term]]:
    def followed(data: Indexed, node: Term) -> Collection[Term]:
        reached: dict[Term, None] = {node: None}
        pending = [node]
        while pending:
            for found in part(data, pending.pop()):
                if found not in reached:
                    reached[found] = None
                    pending.append(found)
        return reached

    return followed
