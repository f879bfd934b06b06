"""The constraint components of SHACL that the shapes use, each as a function of a focus node and its value nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from operator import ge, gt, le
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from trialgraph.graph.shapes.indexed import Indexed
from trialgraph.graph.shapes.literals import DATATYPES, has_datatype, number, ordered, string
from trialgraph.graph.shapes.shape import Constraint, Node, Shape
from trialgraph.graph.shapes.turtle import ShapesGraph
from trialgraph.rdf.lines import in_line
from trialgraph.rdf.statements import Term
from trialgraph.rdf.vocabulary import SH, compact

__all__ = ["CONSTRAINTS", "ONCE"]


class Compiling(Protocol):
    """What a constraint needs to know of the shapes around it (:mod:`trialgraph.graph.shapes.compiled`)."""

    @property
    def shapes(self) -> ShapesGraph:
        """The graph that is compiled."""

    def shape(self, node: Node) -> Shape:
        """The shape that a node stands for."""

    def iri(self, parameter: NamedNode, value: Node) -> NamedNode:
        """The value of a parameter that is an IRI."""

    def path_name(self, shape: Node) -> str:
        """What a shape's path is called in messages."""


Make = Callable[[Compiling, Node, Node], Constraint]
Values = Collection[Term]

# Parameters that are called like keywords of Python.
_AND, _CLASS, _IN, _NOT, _OR = (getattr(SH, name) for name in ("and", "class", "in", "not", "or"))


def _each(component: str, wrong: Callable[[Indexed, Term], bool], says: str) -> Constraint:
    """A constraint that looks at each value by itself."""
    return Constraint(
        component,
        lambda data, _, values: [value for value in values if wrong(data, value)],
        lambda _, __: says,
    )


def _whole(shapes: ShapesGraph, parameter: NamedNode, value: Node) -> int:
    found = number(_written(value))
    if found is None or found < 0 or found != int(found):
        raise shapes.refused(parameter, f"is no whole number: {value}")
    return int(found)


def _min_count(made: Compiling, shape: Node, value: Node) -> Constraint:
    least, path = _whole(made.shapes, SH.minCount, value), made.path_name(shape)
    return Constraint(
        "minCount",
        lambda _, __, values: (None,) if len(values) < least else (),
        lambda focus, _: f"Less than {least} values on {focus}->{path}",
    )


def _max_count(made: Compiling, shape: Node, value: Node) -> Constraint:
    most, path = _whole(made.shapes, SH.maxCount, value), made.path_name(shape)
    return Constraint(
        "maxCount",
        lambda _, __, values: (None,) if len(values) > most else (),
        lambda focus, _: f"More than {most} values on {focus}->{path}",
    )


def _class(made: Compiling, _: Node, value: Node) -> Constraint:
    kind = in_line(made.iri(_CLASS, value))
    says = f"Value does not have class {_name(value)}"
    return _each("class", lambda data, node: not data.is_a(node, kind), says)


def _datatype(made: Compiling, _: Node, value: Node) -> Constraint:
    kind = made.iri(SH.datatype, value)
    if in_line(kind) not in DATATYPES:
        raise made.shapes.refused(kind, "is a datatype whose lexical forms are not known")
    says = f"Value is not Literal with datatype {compact(kind.value)}"
    written = in_line(kind)
    return _each("datatype", lambda _, node: not has_datatype(node, written), says)


#: What the terms of a kind begin with.
_KINDS: Final[Mapping[NamedNode, tuple[bytes, ...]]] = {
    SH.IRI: (b"<",),
    SH.Literal: (b'"',),
    SH.BlankNode: (b"_:",),
    SH.BlankNodeOrIRI: (b"_:", b"<"),
    SH.IRIOrLiteral: (b"<", b'"'),
    SH.BlankNodeOrLiteral: (b"_:", b'"'),
}


def _node_kind(made: Compiling, _: Node, value: Node) -> Constraint:
    kind = made.iri(SH.nodeKind, value)
    if kind not in _KINDS:
        raise made.shapes.refused(kind, "is no kind of node")
    begins = _KINDS[kind]
    says = f"Value is not of Node Kind {compact(kind.value)}"
    return _each("nodeKind", lambda _, node: not node.startswith(begins) or node.startswith(b"<<"), says)


def _in(made: Compiling, _: Node, value: Node) -> Constraint:
    listed = made.shapes.items(value)
    allowed, names = frozenset(map(_written, listed)), [_name(one) for one in listed]
    return Constraint(
        "in",
        lambda _, __, values: [one for one in values if one not in allowed],
        lambda _, one: f"Value {_name(one)} not in list {names}",
    )


def _has_value(made: Compiling, shape: Node, value: Node) -> Constraint:
    path, wanted = made.path_name(shape), _written(value)
    return Constraint(
        "hasValue",
        lambda _, __, values: () if wanted in values else (None,),
        lambda focus, _: f"Node {focus}->{path} does not contain a value in the set: ['{_name(value)}']",
    )


def _pattern(made: Compiling, _: Node, value: Node) -> Constraint:
    text = string(_written(value))
    try:
        pattern = re.compile(text or "")
    except re.error as error:
        raise made.shapes.refused(SH.pattern, f"is no pattern: {text!r}: {error}") from error

    def wrong(_: Indexed, node: Term) -> bool:
        found = string(node)
        return found is None or pattern.search(found) is None

    return _each("pattern", wrong, f"Value does not match pattern '{text}'")


def _min_length(made: Compiling, _: Node, value: Node) -> Constraint:
    least = _whole(made.shapes, SH.minLength, value)

    def wrong(_: Indexed, node: Term) -> bool:
        found = string(node)
        return found is None or len(found) < least

    return _each("minLength", wrong, f"String length not >= {_name(value)}")


def _bound(parameter: str, holds: Callable[[Decimal, Decimal], bool], sign: str) -> Make:
    def make(made: Compiling, _: Node, value: Node) -> Constraint:
        end = number(_written(value))
        if end is None:
            raise made.shapes.refused(
                getattr(SH, parameter), f"is compared with numbers only, not with {value}"
            )

        def wrong(_: Indexed, node: Term) -> bool:
            found = number(node)
            return found is None or not holds(found, end)

        return _each(parameter, wrong, f"Value is not {sign} {_name(value)}")

    return make


def _less_than_or_equals(made: Compiling, _: Node, value: Node) -> Constraint:
    other = in_line(made.iri(SH.lessThanOrEquals, value))

    def check(data: Indexed, focus: Term, values: Values) -> Iterable[Term]:
        ends = data.values(focus, other)
        return [one for one in values for end in ends if not ordered(one, end)]

    return Constraint(
        "lessThanOrEquals",
        check,
        lambda focus, one: f"Value of {focus}->{_name(value)} < {_name(one)}",
    )


def _disjoint(made: Compiling, _: Node, value: Node) -> Constraint:
    other = in_line(made.iri(SH.disjoint, value))

    def check(data: Indexed, focus: Term, values: Values) -> Iterable[Term]:
        others = data.values(focus, other)
        return [one for one in values if one in others]

    return Constraint(
        "disjoint", check, lambda focus, one: f"Value of {focus}->{_name(value)} == {_name(one)}"
    )


def _node(made: Compiling, _: Node, value: Node) -> Constraint:
    shape = made.shape(value)
    says = f"Value does not conform to Shape {_name(value)}. See details for more information."
    return _each("node", lambda data, node: not shape.conforms(data, node), says)


def _not(made: Compiling, _: Node, value: Node) -> Constraint:
    shape = made.shape(value)
    return Constraint(
        "not",
        lambda data, _, values: [one for one in values if shape.conforms(data, one)],
        lambda _, one: f"Node {_name(one)} must not conform to the shape that is excluded",
    )


def _and(made: Compiling, _: Node, value: Node) -> Constraint:
    shapes = _shapes(made, value)
    return Constraint(
        "and",
        lambda data, _, values: [v for v in values if not all(s.conforms(data, v) for s in shapes)],
        lambda _, one: f"Node {_name(one)} must conform to all of {len(shapes)} shapes",
    )


def _or(made: Compiling, _: Node, value: Node) -> Constraint:
    shapes = _shapes(made, value)
    return Constraint(
        "or",
        lambda data, _, values: [v for v in values if not any(s.conforms(data, v) for s in shapes)],
        lambda _, one: f"Node {_name(one)} must conform to one or more of {len(shapes)} shapes",
    )


def _shapes(made: Compiling, value: Node) -> tuple[Shape, ...]:
    return tuple(made.shape(one) for one in made.shapes.items(value))


def _written(node: Node) -> Term:
    """A node of the SHACL graph as a term of the data."""
    return str(node).encode()


def _name(node: Node | None) -> str:
    if isinstance(node, NamedNode):
        return compact(node.value)
    if isinstance(node, Literal):
        return f'Literal("{node.value}", datatype={compact(node.datatype.value)})'
    return str(node)


#: What a parameter makes, of the shape's node and its value.
CONSTRAINTS: Final[Mapping[NamedNode, Make]] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    _CLASS: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    _IN: _in,
    SH.hasValue: _has_value,
    SH.pattern: _pattern,
    SH.minLength: _min_length,
    SH.minInclusive: _bound("minInclusive", ge, ">="),
    SH.minExclusive: _bound("minExclusive", gt, ">"),
    SH.maxInclusive: _bound("maxInclusive", le, "<="),
    SH.lessThanOrEquals: _less_than_or_equals,
    SH.disjoint: _disjoint,
    SH.node: _node,
    _NOT: _not,
    _AND: _and,
    _OR: _or,
}
#: Those that a shape may have once.
ONCE: Final = frozenset(
    {
        *(SH.minCount, SH.maxCount, SH.datatype, SH.nodeKind, _IN, SH.minLength),
        *(SH.minInclusive, SH.minExclusive, SH.maxInclusive),
    }
)
