"""VoID statistics and partitions: how many triples, of which classes and properties, each graph has and all together.

What is counted is the dataset that the release's hash names: all graphs but ``meta``, in which the counts stand.
Each number is the answer to one of the queries below. On the merge of the graphs a class has its properties, and
a property the classes or datatypes of its objects, because the shortcuts of a trial stand in another graph than
its type; a graph by itself has its classes and its properties side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, cast

from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, VOID, VOID_EXT, compact

__all__ = ["partition_triples"]

Triples = Iterator[Triple]
Terms = tuple[NamedNode, ...]

_CLASS: Final = getattr(VOID, "class")
_STATISTICS: Final = {
    VOID.triples: "COUNT(*)",
    VOID.entities: "COUNT(DISTINCT IF(isIRI(?s), ?s, ?none))",
    VOID.distinctSubjects: "COUNT(DISTINCT ?s)",
    VOID.distinctObjects: "COUNT(DISTINCT ?o)",
    VOID.properties: "COUNT(DISTINCT ?p)",
    VOID.classes: f"COUNT(DISTINCT IF(?p = {RDF.type} && isIRI(?o), ?o, ?none))",
}
_NUMBERS: Final = " ".join(f"({count} AS ?n{i})" for i, count in enumerate(_STATISTICS.values()))
_MEMBER: Final = f"?s {RDF.type} ?class"
_NAMED: Final = "FILTER (isIRI(?class))"

_GRAPHS: Final = f"SELECT ?g {_NUMBERS} {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
_GRAPH_CLASSES: Final = f"""
SELECT ?g ?class (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH ?g {{ {_MEMBER} }} {_NAMED} }} GROUP BY ?g ?class"""
_GRAPH_PROPERTIES: Final = "SELECT ?g ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?p"

_WHOLE: Final = f"SELECT {_NUMBERS} {{ ?s ?p ?o }}"
_CLASSES: Final = f"SELECT ?class (COUNT(DISTINCT ?s) AS ?n) {{ {_MEMBER} {_NAMED} }} GROUP BY ?class"
_PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
_CLASS_PROPERTIES: Final = (
    f"SELECT ?class ?p (COUNT(*) AS ?n) {{ {_MEMBER} ; ?p ?o {_NAMED} }} GROUP BY ?class ?p"
)
_OBJECT_CLASSES: Final = f"""
SELECT DISTINCT ?class ?p ?end {{ {_MEMBER} ; ?p ?o . ?o {RDF.type} ?end {_NAMED} FILTER (isIRI(?end)) }}"""
_OBJECT_DATATYPES: Final = f"""
SELECT DISTINCT ?class ?p ?end {{ {_MEMBER} ; ?p ?o {_NAMED} FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?end) }}"""


def partition_triples(release: NamedNode, store: Store) -> Triples:
    """The statistics and partitions of each graph and of their merge.

    :param release: the dataset that the numbers of the merge are stated of
    :param store: all its named graphs but ``meta``, and their merge
    """
    yield from _each_graph(store)
    yield from _merge(store, release)


def _each_graph(store: Store) -> Triples:
    for graph, *numbers in _rows(store, _GRAPHS):
        yield from _statistics(graph, numbers)
    for graph, cls, n in _rows(store, _GRAPH_CLASSES):
        node = iris.partition("graph", iris.graph_name(graph), "class", _curie(cls))
        yield from _class(graph, node, cls)
        yield Triple(node, VOID.entities, n)
    for graph, property_, n in _rows(store, _GRAPH_PROPERTIES):
        node = iris.partition("graph", iris.graph_name(graph), "property", _curie(property_))
        yield from _property(graph, node, property_, n)


def _merge(store: Store, release: NamedNode) -> Triples:
    for numbers in _rows(store, _WHOLE):
        yield from _statistics(release, numbers)
    for cls, n in _rows(store, _CLASSES):
        yield from _class(release, _part(cls), cls)
        yield Triple(_part(cls), VOID.entities, n)
    for property_, n in _rows(store, _PROPERTIES):
        yield from _property(release, iris.partition("all", "property", _curie(property_)), property_, n)
    for cls, property_, n in _rows(store, _CLASS_PROPERTIES):
        yield from _property(_part(cls), _part(cls, property_), property_, n)
    for cls, property_, end in _rows(store, _OBJECT_CLASSES):
        node = _part(cls, property_, "class", _curie(end))
        yield from _class(_part(cls, property_), node, end)
    for cls, property_, end in _rows(store, _OBJECT_DATATYPES):
        node = _part(cls, property_, "datatype", _curie(end))
        yield Triple(_part(cls, property_), VOID_EXT.datatypePartition, node)
        yield Triple(node, VOID_EXT.datatype, end)


def _statistics(node: NamedNode, numbers: Iterable[NamedNode]) -> Triples:
    for predicate, number in zip(_STATISTICS, numbers, strict=True):
        yield Triple(node, predicate, number)


def _class(whole: NamedNode, node: NamedNode, cls: NamedNode) -> Triples:
    yield Triple(whole, VOID.classPartition, node)
    yield Triple(node, _CLASS, cls)


def _property(whole: NamedNode, node: NamedNode, property_: NamedNode, triples: NamedNode) -> Triples:
    yield Triple(whole, VOID.propertyPartition, node)
    yield Triple(node, VOID.property, property_)
    yield Triple(node, VOID.triples, triples)


def _part(cls: NamedNode, property_: NamedNode | None = None, *end: str) -> NamedNode:
    """The part of the merge about a class, about a property of it, and about what that property leads to.

    :param end: ``class`` or ``datatype``, and its CURIE
    """
    parts = ("all", "class", _curie(cls), *(("property", _curie(property_)) if property_ else ()), *end)
    return iris.partition(*parts)


@cache
def _curie(term: NamedNode) -> str:
    return compact(term.value)


def _rows(store: Store, query: str) -> Iterator[Terms]:
    # Every variable is bound, to an IRI or to the number that COUNT gives, which is stated as it is.
    return (tuple(cast(Terms, row)) for row in cast(QuerySolutions, store.query(query)))
