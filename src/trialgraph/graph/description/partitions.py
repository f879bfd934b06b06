"""VoID partitions: how many triples, of which classes and properties, each graph has and all of them together.

The graph ``meta`` is counted too, and the partitions stand in it: they are made again, with themselves among
what is counted, until nothing changes. That has an end, as their number depends on which classes and
properties there are, not on how often. Only the number of different objects cannot be stated of what holds that
very number, so it is left out for ``meta`` and for the whole.

``void:entities`` are the different IRIs among the subjects; ``void:triples`` of a class are the triples about its
members; the class or datatype partition of a property counts the triples that lead to such an object.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import RDF, VOID, VOID_EXT, compact

__all__ = ["Partitions"]

#: Terms by number: counting numbers is ten times faster than counting terms, and spares the garbage collector.
Spo: TypeAlias = tuple[int, int, int]
Classes: TypeAlias = frozenset[int]
#: Classes of the subject, property, classes or datatype of the object -> triples.
Kinds: TypeAlias = "Counter[tuple[Classes, int, Classes | int]]"
Types: TypeAlias = dict[int, Classes]
Triples: TypeAlias = Iterator[Triple]

_curie: Final = cache(compact)
_CLASS: Final = getattr(VOID, "class")
_NONE: Final[Classes] = frozenset()
_NOBODY: Final[frozenset[int]] = frozenset()


class Partitions:
    """The partitions of a release.

    :param quads: all its graphs but ``meta``
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._terms = _Terms()
        graphs: dict[str, set[Spo]] = defaultdict(set)
        name = cache(iris.graph_name)
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode):
                graphs[name(quad.graph_name)].add(self._terms.spo(quad))
        self._parts = frozenset(
            triple for name, spos in graphs.items() for triple in self._one_graph(name, spos, objects=True)
        )
        self._merge = _Merge(set().union(*graphs.values()), self._terms)
        self._last: frozenset[Triple] = frozenset()

    def complete(
        self,
        release: NamedNode,
        said: Iterable[Triple],
        declarations: Callable[[Iterable[Triple]], Iterable[Triple]],
    ) -> frozenset[Triple]:
        """What ``meta`` says, with the partitions of all graphs, of itself and of the whole.

        :param said: what it says besides
        :param declarations: what is to be said of the terms that it uses
        """
        known = frozenset({*said, *self._parts})
        made = known | self._last  # what another call ended with is right already but for what is counted
        while True:
            spos = {self._terms.spo(triple) for triple in made}
            parts = {*self._one_graph("meta", spos, objects=False)}
            parts.update(_whole(release, self._merge.plus(spos), self._terms))
            parts.update(declarations(known | parts))
            if known | parts == made:
                return made
            made, self._last = known | parts, frozenset(parts)

    def _one_graph(self, name: str, spos: set[Spo], *, objects: bool) -> Triples:
        """A graph by itself: its classes and its properties side by side.

        :param objects: count different objects too
        """
        graph, terms = iris.graph(name), self._terms
        members = Counter(cls for classes in terms.types(spos).values() for cls in classes)
        uses = Counter(p for _, p, _ in spos)
        subjects = _by_property(spos)
        everything: set[int] = set().union(*subjects.values())
        yield from _totals(graph, terms.iris(everything), len(everything), len(members), len(uses))
        if objects:
            yield Triple(graph, VOID.distinctObjects, integer(len({o for _, _, o in spos})))
        reached = Counter(p for p, _ in {(p, o) for _, p, o in spos}) if objects else Counter()
        for cls, n in members.items():
            node = iris.partition("graph", name, "class", terms.curie(cls))
            yield Triple(graph, VOID.classPartition, node)
            yield Triple(node, _CLASS, terms.iri(cls))
            yield Triple(node, VOID.entities, integer(n))
        for property_, n in uses.items():
            node = iris.partition("graph", name, "property", terms.curie(property_))
            yield from _property(graph, node, terms.iri(property_), n)
            yield Triple(node, VOID.distinctSubjects, integer(len(subjects[property_])))
            if objects:
                yield Triple(node, VOID.distinctObjects, integer(reached[property_]))


class _Terms:
    """Terms by number."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._terms: list[object] = []
        self._datatypes: dict[int, int] = {}
        self._type = self._number(RDF.type)

    def _number(self, term: object) -> int:
        found = self._numbers.get(term)
        if found is None:
            found = self._numbers[term] = len(self._terms)
            self._terms.append(term)
            if isinstance(term, Literal):
                self._datatypes[found] = self._number(term.datatype)
        return found

    def spo(self, triple: Quad | Triple) -> Spo:
        """Subject, property and object."""
        return self._number(triple.subject), self._number(triple.predicate), self._number(triple.object)

    def iri(self, number: int) -> NamedNode:
        """The IRI of that number."""
        return cast(NamedNode, self._terms[number])

    def curie(self, number: int) -> str:
        """The same as a CURIE, where it has a prefix."""
        return _curie(self.iri(number).value)

    def iris(self, numbers: Iterable[int]) -> int:
        """How many of them are IRIs."""
        return sum(isinstance(self._terms[number], NamedNode) for number in numbers)

    def types(self, spos: Iterable[Spo]) -> Types:
        """The classes of each node that has any; a class without a name cannot be counted by name."""
        found: dict[int, set[int]] = defaultdict(set)
        for subject, name, cls in spos:
            if name == self._type and isinstance(self._terms[cls], NamedNode):
                found[subject].add(cls)
        return {node: frozenset(classes) for node, classes in found.items()}

    def kinds(self, spos: Iterable[Spo], types: Types) -> Kinds:
        """The triples by what they join."""
        datatype = self._datatypes.get
        return Counter((types.get(s, _NONE), p, datatype(o) or types.get(o, _NONE)) for s, p, o in spos)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What there is in a set of triples.

    :param members: class -> how many are of it
    :param uses: property -> triples
    :param subjects: property -> different subjects
    :param entities: different IRIs among the subjects
    """

    members: Counter[int]
    uses: Counter[int]
    subjects: Mapping[int, int]
    entities: int
    distinct: int
    kinds: Kinds


class _Merge:
    """The merge of the graphs, to which other triples can be added again and again."""

    def __init__(self, spos: set[Spo], terms: _Terms) -> None:
        self._terms = terms
        self._spos = spos
        self._types = terms.types(spos)
        self._kinds = terms.kinds(spos, self._types)
        self._subjects = _by_property(spos)
        self._everything: set[int] = set().union(*self._subjects.values())

    def plus(self, others: set[Spo]) -> _Seen:
        """What there is with the others, without counting everything anew."""
        more = others - self._spos
        types = dict(self._types)
        changed = set()
        for node, classes in self._terms.types(more).items():
            before = types.get(node, _NONE)
            types[node] = before | classes
            if types[node] != before:
                changed.add(node)
        touched = [spo for spo in self._spos if spo[0] in changed or spo[2] in changed]
        kinds = self._kinds.copy()
        kinds.subtract(self._terms.kinds(touched, self._types))
        kinds.update(self._terms.kinds([*touched, *more], types))
        kinds = +kinds
        subjects = _by_property(more)
        everything = self._everything.union(*subjects.values())
        uses: Counter[int] = Counter()
        for (_, name, _), n in kinds.items():
            uses[name] += n
        return _Seen(
            members=Counter(cls for classes in types.values() for cls in classes),
            uses=uses,
            subjects={
                name: len(self._subjects.get(name, _NOBODY) | subjects.get(name, _NOBODY)) for name in uses
            },
            entities=self._terms.iris(everything),
            distinct=len(everything),
            kinds=kinds,
        )


def _by_property(spos: Iterable[Spo]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for subject, name, _ in spos:
        found[name].add(subject)
    return found


def _totals(node: NamedNode, entities: int, distinct: int, classes: int, properties: int) -> Triples:
    yield Triple(node, VOID.entities, integer(entities))
    yield Triple(node, VOID.distinctSubjects, integer(distinct))
    yield Triple(node, VOID.classes, integer(classes))
    yield Triple(node, VOID.properties, integer(properties))


def _property(whole: NamedNode, node: NamedNode, name: NamedNode, triples: int) -> Triples:
    yield Triple(whole, VOID.propertyPartition, node)
    yield Triple(node, VOID.property, name)
    yield Triple(node, VOID.triples, integer(triples))


def _whole(release: NamedNode, seen: _Seen, terms: _Terms) -> Triples:
    """All graphs merged: which class has which property that leads to which class or datatype."""
    yield from _totals(release, seen.entities, seen.distinct, len(seen.members), len(seen.uses))
    for name, n in seen.uses.items():
        node = iris.partition("all", "property", terms.curie(name))
        yield from _property(release, node, terms.iri(name), n)
        yield Triple(node, VOID.distinctSubjects, integer(seen.subjects[name]))
    about: Counter[int] = Counter()
    having: Counter[tuple[int, int]] = Counter()
    leading: Counter[tuple[int, int, bool, int]] = Counter()
    for (classes, name, what), n in seen.kinds.items():
        ends = (what,) if isinstance(what, int) else what
        for cls in classes:
            about[cls] += n
            having[cls, name] += n
            for end in ends:
                leading[cls, name, isinstance(what, int), end] += n
    for cls, n in seen.members.items():
        node = _part(terms, cls)
        yield Triple(release, VOID.classPartition, node)
        yield Triple(node, _CLASS, terms.iri(cls))
        yield Triple(node, VOID.entities, integer(n))
        yield Triple(node, VOID.triples, integer(about[cls]))
    for (cls, name), n in having.items():
        yield from _property(_part(terms, cls), _part(terms, cls, name), terms.iri(name), n)
    for (cls, name, literal, end), n in leading.items():
        whole, node = (
            _part(terms, cls, name),
            _part(terms, cls, name, "datatype" if literal else "class", end),
        )
        yield Triple(whole, VOID_EXT.datatypePartition if literal else VOID.classPartition, node)
        yield Triple(node, VOID_EXT.datatype if literal else _CLASS, terms.iri(end))
        yield Triple(node, VOID.triples, integer(n))


def _part(
    terms: _Terms, cls: int, name: int | None = None, kind: str = "", end: int | None = None
) -> NamedNode:
    parts = ["all", "class", terms.curie(cls)]
    if name is not None:
        parts += ["property", terms.curie(name)]
    if end is not None:
        parts += [kind, terms.curie(end)]
    return iris.partition(*parts)
