"""SHACL in Turtle to compiled shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from trialgraph.graph.shapes.constraints import CONSTRAINTS, ONCE
from trialgraph.graph.shapes.indexed import Indexed
from trialgraph.graph.shapes.paths import compiled_path
from trialgraph.graph.shapes.shape import Constraint, Node, Result, Severity, Shape, Target
from trialgraph.graph.shapes.turtle import ShapesGraph
from trialgraph.rdf.lines import in_line
from trialgraph.rdf.statements import Statement, Term, statements_of
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, SH, compact

__all__ = ["CompiledShapes", "Compiler"]

_SEVERITIES: Final[dict[Node, Severity]] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}
# Parameters that are no constraints, and those that say nothing of what conforms.
_OTHERS: Final = frozenset({SH.path, SH.property, SH.message, SH.severity})
_SILENT: Final = frozenset({SH.name, SH.description, SH.order, SH.group})
# A class that is a shape as well is its own target: no shape of ours is.
_CLASSES: Final = frozenset({RDFS.Class, OWL.Class})


class CompiledShapes:
    """All shapes of some files.

    :param triples: of the files, their blank nodes apart from each other
    :param where: what the files are called in errors
    :raises InputError: they have a construct that is not compiled
    """

    def __init__(self, triples: Iterable[Triple], where: str) -> None:
        made = Compiler(ShapesGraph(triples, where))
        self._shapes = tuple(made.with_targets())
        self._inverse = frozenset(made.inverse)
        self._targets = frozenset(made.subjects)

    def validated(self, quads: Iterable[Quad]) -> Iterator[Result]:
        """The validation results of the merge of some quads."""
        return self.of_statements(statements_of(quads))

    def of_statements(self, stated: Iterable[Statement]) -> Iterator[Result]:
        """The same of quads that are statements already."""
        data = Indexed(stated, self._inverse, self._targets)
        for shape in self._shapes:
            yield from shape.validated(data)


class Compiler:
    """The shapes of a SHACL graph, each compiled once."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self.shapes = shapes
        #: The predicates that some path follows from object to subject.
        self.inverse: set[Term] = set()
        #: The predicates whose subjects some shape is about.
        self.subjects: set[Term] = set()
        self._made: dict[Node, Shape | None] = {}

    def with_targets(self) -> Iterator[Shape]:
        """The shapes that are about nodes of their own."""
        nodes = list(self.shapes.subjects())
        typed = [n for n in nodes if {SH.NodeShape, SH.PropertyShape} & {*self.shapes.values(n, RDF.type)}]
        made = [self.shape(node) for node in typed]
        for node in nodes:
            if node not in self.shapes.used:
                raise self.shapes.refused(node, "has parameters of SHACL and is part of no shape")
        return (shape for shape in made if shape.targets)

    def shape(self, node: Node) -> Shape:
        """The shape that a node stands for.

        :raises InputError: it has a construct that is not compiled
        """
        if node not in self._made:
            self._made[node] = None
            self._made[node] = self._compiled(node)
        made = self._made[node]
        if made is None:
            raise self.shapes.refused(node, "is a shape that refers to itself")
        return made

    def iri(self, parameter: NamedNode, value: Node) -> NamedNode:
        """The value of a parameter that is an IRI.

        :raises InputError: it is none
        """
        if not isinstance(value, NamedNode):
            raise self.shapes.refused(parameter, f"is no IRI: {value}")
        return value

    def path_name(self, shape: Node) -> str:
        """What a shape's path is called in messages."""
        path = self.shapes.one(shape, SH.path)
        return compact(path.value) if isinstance(path, NamedNode) else "its path"

    def _compiled(self, node: Node) -> Shape:
        self.shapes.used.add(node)
        if _CLASSES & {*self.shapes.values(node, RDF.type)}:
            raise self.shapes.refused(node, "is a class and a shape")
        constraints: list[Constraint] = []
        targets: list[Target] = []
        for parameter, value in self.shapes.parameters(node):
            if parameter in ONCE:
                self.shapes.one(node, parameter)
            if parameter in CONSTRAINTS:
                constraints.append(CONSTRAINTS[parameter](self, node, value))
            elif target := self._target(parameter, value):
                targets.append(target)
            elif parameter not in _OTHERS | _SILENT:
                raise self.shapes.refused(parameter, "is a construct that is not compiled")
        path = self.shapes.one(node, SH.path)
        return Shape(
            path=None if path is None else compiled_path(self.shapes, path, self.inverse),
            name=path if isinstance(path, NamedNode) else None,
            severity=self._severity(node),
            message=" ".join(str(getattr(self.shapes.one(node, SH.message), "value", "")).split()),
            targets=tuple(targets),
            constraints=tuple(constraints),
            properties=tuple(self.shape(value) for value in self.shapes.values(node, SH.property)),
        )

    def _severity(self, node: Node) -> Severity:
        value = self.shapes.one(node, SH.severity) or SH.Violation
        if value not in _SEVERITIES:
            raise self.shapes.refused(value, "is no severity of SHACL")
        return _SEVERITIES[value]

    def _target(self, parameter: NamedNode, value: Node) -> Target | None:
        if parameter == SH.targetNode:
            node = str(value).encode()
            return lambda _: (node,)
        if parameter not in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
            return None
        name = in_line(self.iri(parameter, value))
        if parameter == SH.targetClass:
            return lambda data: data.instances(name)
        if parameter == SH.targetSubjectsOf:
            self.subjects.add(name)
            return lambda data: data.subjects_of(name)
        self.inverse.add(name)
        return lambda data: data.objects_of(name)
