"""A compiled shape: where it applies, and what it says of a node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from trialgraph.graph.shapes.indexed import Indexed
from trialgraph.rdf.lines import term
from trialgraph.rdf.statements import Term

__all__ = ["Constraint", "Node", "Path", "Result", "Shape", "Target"]

#: A node of a SHACL graph, or of a result; those of the data that is looked at are terms of lines.
Node = NamedNode | BlankNode | Literal | Triple
#: The nodes that a path leads to from another one, each once.
Path = Callable[[Indexed, Term], Collection[Term]]
#: The nodes that a shape is about.
Target = Callable[[Indexed], Iterable[Term]]
#: What violates a constraint, of a focus node and its value nodes: None, where no single value does.
Check = Callable[[Indexed, Term, Collection[Term]], Iterable[Term | None]]
Severity = OneOf["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result, as SHACL has it.

    :param path: the path of the property shape, where it is an IRI
    :param component: the local name of the constraint's parameter: ``minCount``, ``class`` …
    """

    focus: Node
    path: NamedNode | None
    value: Node | None
    severity: Severity
    component: str
    message: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """One parameter of a shape.

    :param says: what is wrong, of a focus node and a value, where the shape has no message of its own
    """

    component: str
    check: Check
    says: Callable[[Node, Node | None], str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape.

    :param path: None of a node shape
    :param name: the path, where it is an IRI
    :param properties: the property shapes for its value nodes
    """

    path: Path | None
    name: NamedNode | None
    severity: Severity
    message: str
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple[Shape, ...] = field(default=())

    def validated(self, data: Indexed) -> Iterator[Result]:
        """The results of all nodes that the shape is about."""
        for node in dict.fromkeys(node for target in self.targets for node in target(data)):
            yield from self.results(data, node)

    def results(self, data: Indexed, focus: Term) -> Iterator[Result]:
        """What is wrong with a node."""
        values = (focus,) if self.path is None else self.path(data, focus)
        for constraint in self.constraints:
            for value in constraint.check(data, focus, values):
                node, found = term(focus), None if value is None else term(value)
                words = self.message or constraint.says(node, found)
                yield Result(node, self.name, found, self.severity, constraint.component, words)
        for shape in self.properties:
            for value in values:
                yield from shape.results(data, value)

    def conforms(self, data: Indexed, node: Term) -> bool:
        """Whether nothing is wrong with a node."""
        key = id(self), node
        known = data.conforming.get(key)
        if known is None:
            known = data.conforming[key] = next(self.results(data, node), None) is None
        return known
