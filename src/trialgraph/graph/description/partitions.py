"""VoID statistics and partitions: how many triples, of which classes and properties, each graph has and all together.

What is counted is the dataset that the release's hash names: all graphs but ``meta``, in which the counts stand.
All numbers come from one pass over the quads in order. On the merge of the graphs a class has its properties, and a
property the classes or datatypes of its objects, because the shortcuts of a trial stand in another graph than its
type; a graph by itself has its classes and its properties side by side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b as _digest
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.lines import Statement, datatype, in_line, iri
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import RDF, VOID, VOID_EXT, compact

__all__ = ["Partitions", "Types"]

Triples = Iterator[Triple]
Classes = frozenset[bytes]

_CLASS: Final = getattr(VOID, "class")
_TYPE: Final = in_line(RDF.type)
#: Objects are told apart by so many bytes of their hash: there are millions, some of a thousand characters.
_BYTES: Final = 16
_NONE: Final[Classes] = frozenset()


@dataclass
class _Counts:
    """What is counted of a graph, or of the merge. Terms are as they stand in lines."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: set[bytes] = field(default_factory=set)
    properties: Counter[bytes] = field(default_factory=Counter)
    classes: Counter[bytes] = field(default_factory=Counter)

    def add(
        self, predicates: list[bytes], digests: list[bytes], types: Iterable[bytes], *, named: bool
    ) -> None:
        """All triples of one subject."""
        self.triples += len(predicates)
        self.subjects += 1
        self.entities += named
        self.properties.update(predicates)
        self.objects.update(digests)
        self.classes.update(types)


@dataclass
class _OfClass:
    """What is counted of a property of nodes of the same classes: triples, and what these lead to."""

    triples: int = 0
    ends: set[Classes] = field(default_factory=set)
    datatypes: set[bytes] = field(default_factory=set)


class Types:
    """The classes of the nodes of a graph, found in one pass before it is counted."""

    #: What every line with a class has.
    mark: Final = b" %s <" % _TYPE

    def __init__(self) -> None:
        self.of: dict[bytes, Classes] = {}
        # Few combinations of classes are there, and many nodes of each.
        self._known: dict[tuple[Classes, bytes], Classes] = {}

    def add(self, subject: bytes, predicate: bytes, value: bytes) -> None:
        """A statement, perhaps of a class."""
        if predicate == _TYPE and value.startswith(b"<"):
            before = self.of.get(subject, _NONE)
            made = self._known.get((before, value))
            if made is None:
                union = before | {value}
                made = next((known for known in self._known.values() if known == union), union)
                self._known[before, value] = made
            self.of[subject] = made


class Partitions:
    """The statistics and partitions of each graph and of their merge, counted subject by subject.

    :param types: of all named graphs but ``meta``
    """

    def __init__(self, types: Types) -> None:
        self._types = types.of
        self._whole = _Counts()
        self._graphs: dict[bytes, _Counts] = defaultdict(_Counts)
        self._of_classes: dict[Classes, dict[bytes, _OfClass]] = defaultdict(lambda: defaultdict(_OfClass))

    def add(self, subject: bytes, about: list[Statement]) -> None:
        """All that is stated of a subject, in order."""
        named = subject.startswith(b"<")
        types = self._types.get(subject, _NONE)
        of_class = self._of_classes[types] if types else None
        predicates: list[bytes] = []
        digests: list[bytes] = []
        of_graphs: dict[bytes, tuple[list[bytes], list[bytes], list[bytes]]] = {}
        last_predicate = last_value = digest = b""
        for predicate, value, graph in about:
            if value != last_value or predicate != last_predicate:
                last_predicate, last_value = predicate, value
                digest = _digest(value, digest_size=_BYTES).digest()
                predicates.append(predicate)
                digests.append(digest)
                if of_class is not None:
                    self._add(of_class[predicate], value)
            held = of_graphs.get(graph)
            if held is None:
                held = of_graphs[graph] = ([], [], [])
            held[0].append(predicate)
            held[1].append(digest)
            if predicate == _TYPE and value.startswith(b"<"):
                held[2].append(value)
        self._whole.add(predicates, digests, types, named=named)
        for graph, (of_graph, hashes, kinds) in of_graphs.items():
            self._graphs[graph].add(of_graph, hashes, kinds, named=named)

    def _add(self, of: _OfClass, value: bytes) -> None:
        of.triples += 1
        if value.startswith(b'"'):
            of.datatypes.add(datatype(value))
        elif ends := self._types.get(value):
            of.ends.add(ends)

    def triples(self, release: NamedNode) -> Triples:
        """What is stated of the counts.

        :param release: the dataset that the numbers of the merge are stated of
        """
        for name, counts in self._graphs.items():
            yield from _of_graph(_node(name), counts)
        yield from _of_merge(release, self._whole)
        numbers: Counter[tuple[bytes, bytes]] = Counter()
        ends: set[tuple[bytes, bytes, bytes]] = set()
        datatypes: set[tuple[bytes, bytes, bytes]] = set()
        for types, of_types in self._of_classes.items():
            for predicate, of in of_types.items():
                numbers.update({(kind, predicate): of.triples for kind in types})
                ends |= {(kind, predicate, end) for kind in types for found in of.ends for end in found}
                datatypes |= {(kind, predicate, end) for kind in types for end in of.datatypes}
        for (kind, predicate), number in numbers.items():
            cls, property_ = _node(kind), _node(predicate)
            yield from _property(_part(cls), _part(cls, property_), property_, number)
        for one in ends:
            cls, property_, end = map(_node, one)
            node = _part(cls, property_, "class", _curie(end))
            yield from _class(_part(cls, property_), node, end)
        for one in datatypes:
            cls, property_, end = map(_node, one)
            node = _part(cls, property_, "datatype", _curie(end))
            yield Triple(_part(cls, property_), VOID_EXT.datatypePartition, node)
            yield Triple(node, VOID_EXT.datatype, end)


@cache
def _node(term: bytes) -> NamedNode:
    return NamedNode(iri(term))


def _of_graph(graph: NamedNode, counts: _Counts) -> Triples:
    name = iris.graph_name(graph)
    yield from _statistics(graph, counts)
    for kind, n in counts.classes.items():
        node = iris.partition("graph", name, "class", _curie(_node(kind)))
        yield from _class(graph, node, _node(kind))
        yield Triple(node, VOID.entities, integer(n))
    for predicate, n in counts.properties.items():
        node = iris.partition("graph", name, "property", _curie(_node(predicate)))
        yield from _property(graph, node, _node(predicate), n)


def _of_merge(release: NamedNode, counts: _Counts) -> Triples:
    yield from _statistics(release, counts)
    for kind, n in counts.classes.items():
        cls = _node(kind)
        yield from _class(release, _part(cls), cls)
        yield Triple(_part(cls), VOID.entities, integer(n))
    for predicate, n in counts.properties.items():
        property_ = _node(predicate)
        yield from _property(release, iris.partition("all", "property", _curie(property_)), property_, n)


def _statistics(node: NamedNode, counts: _Counts) -> Triples:
    for predicate, number in (
        (VOID.triples, counts.triples),
        (VOID.entities, counts.entities),
        (VOID.distinctSubjects, counts.subjects),
        (VOID.distinctObjects, len(counts.objects)),
        (VOID.properties, len(counts.properties)),
        (VOID.classes, len(counts.classes)),
    ):
        yield Triple(node, predicate, integer(number))


def _class(whole: NamedNode, node: NamedNode, cls: NamedNode) -> Triples:
    yield Triple(whole, VOID.classPartition, node)
    yield Triple(node, _CLASS, cls)


def _property(whole: NamedNode, node: NamedNode, property_: NamedNode, triples: int) -> Triples:
    yield Triple(whole, VOID.propertyPartition, node)
    yield Triple(node, VOID.property, property_)
    yield Triple(node, VOID.triples, integer(triples))


def _part(cls: NamedNode, property_: NamedNode | None = None, *end: str) -> NamedNode:
    """The part of the merge about a class, about a property of it, and about what that property leads to.

    :param end: ``class`` or ``datatype``, and its CURIE
    """
    parts = ("all", "class", _curie(cls), *(("property", _curie(property_)) if property_ else ()), *end)
    return iris.partition(*parts)


@cache
def _curie(term: NamedNode) -> str:
    return compact(term.value)
