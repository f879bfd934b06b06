"""What one pass over the master gathers, subject by subject: counts, the facts of the core, what XML cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from trialgraph.base.xml_characters import NOT_IN_XML
from trialgraph.rdf.lines import QuadLines, Statement, by_subject, in_line, iri, lines_with
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, TG, concept
from trialgraph.release.core import Core, holds_facts

__all__ = ["Gathered", "gathered"]

_TYPE: Final = in_line(RDF.type)
_FROM_SOURCE: Final = in_line(TG.fromSource)
_CONFLICT: Final = in_line(TG.Conflict)
_CONFLICT_KIND: Final = in_line(TG.conflictKind)
_SETTLED_BY: Final = in_line(TG.settledBy)
_UNREAD: Final = in_line(concept("unread-text"))
_ONTOLOGY: Final = in_line(NamedNode(PREFIXES["tg"].rstrip("/")))
_VERSION: Final = in_line(OWL.versionInfo)
#: Of a source, what is counted of it.
_OF_SOURCES: Final = tuple(in_line(kind) for kind in (TG.Row, TG.UnreadLine, TG.Record))
#: In a line, characters that XML cannot hold are escaped, or stand there: whether they do is seen in the literal.
_DOUBTFUL: Final = (rb"\u00", rb"\U00", rb"\uFFF", rb"\b", rb"\f", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
#: So many lines of the core are made terms of at once.
_AT_ONCE: Final = 1 << 13


@dataclass
class Gathered:
    """Counts of a graph, and what else is told of it. Terms are as they stand in lines.

    :param kinds: how many nodes each class has
    :param unread_cells: cells that hold text which no rule read and no reviewer has dealt with
    :param of_sources: how many rows, unread lines and records each source has
    :param not_xml: quads with a character that RDF/XML cannot hold
    """

    kinds: Counter[bytes] = field(default_factory=Counter)
    unread_cells: int = 0
    of_sources: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    ontology_version: str = ""
    not_xml: list[Quad] = field(default_factory=list)

    def number(self, kind: NamedNode) -> int:
        """How many nodes a class has."""
        return self.kinds[in_line(kind)]

    def of_source(self, source: NamedNode, kind: NamedNode) -> int:
        """How many rows, unread lines or records a source has."""
        return self.of_sources[in_line(source), in_line(kind)]


def gathered(
    lines: QuadLines,
    core: Core,
    facts: Callable[[Iterable[Triple]], None],
    also: Callable[[bytes, list[Statement]], None] = lambda *_: None,
) -> Gathered:
    """Gather what is told of a graph.

    :param core: notes the facts of the core
    :param facts: gets them, subject by subject
    :param also: gets all that is stated of each subject
    """
    made = Gathered(not_xml=[*_not_xml(lines)])
    of_core = _OfCore(core, facts)
    for subject, about in by_subject(lines):
        types = {value for predicate, value, _ in about if predicate == _TYPE}
        _count(made, subject, about, types)
        of_core.add(subject, about, types)
        also(subject, about)
    of_core.flush()
    return made


def _count(made: Gathered, subject: bytes, about: list[Statement], types: set[bytes]) -> None:
    made.kinds.update(types)
    if _CONFLICT in types and not any(predicate == _SETTLED_BY for predicate, _, _ in about):
        made.unread_cells += any(p == _CONFLICT_KIND and o == _UNREAD for p, o, _ in about)
    for kind in _OF_SOURCES:
        if kind in types:
            made.of_sources.update((o, kind) for p, o, _ in about if p == _FROM_SOURCE)
    if subject == _ONTOLOGY:
        versions = [o[1:].partition(b'"')[0].decode() for p, o, _ in about if p == _VERSION]
        made.ontology_version = next(iter(versions), "")


class _OfCore:
    """Makes terms of the lines that may be facts of the core, of many subjects at once."""

    def __init__(self, core: Core, facts: Callable[[Iterable[Triple]], None]) -> None:
        self._core, self._facts = core, facts
        self._members = frozenset(map(in_line, core.members))
        self._kept = frozenset(map(in_line, core.predicates))
        self._graphs: dict[bytes, bool] = {}
        self._held: list[bytes] = []

    def add(self, subject: bytes, about: list[Statement], types: set[bytes]) -> None:
        """All that is stated of a subject."""
        if self._members.isdisjoint(types) or not subject.startswith(b"<"):
            return
        for predicate, value, graph in about:
            if predicate in self._kept and self._holds_facts(graph):
                self._held.append(b"%s %s %s .\n" % (subject, predicate, value))
        if len(self._held) > _AT_ONCE:
            self.flush()

    def _holds_facts(self, graph: bytes) -> bool:
        if graph not in self._graphs:
            self._graphs[graph] = holds_facts(iri(graph), self._core.base)
        return self._graphs[graph]

    def flush(self) -> None:
        """Pass on what is kept back."""
        quads = parse(b"".join(self._held), format=RdfFormat.N_TRIPLES)
        self._held = []
        for _, of in groupby((quad.triple for quad in quads), key=attrgetter("subject")):
            self._facts(self._core.facts(of))


def _not_xml(lines: QuadLines) -> Iterator[Quad]:
    for line in lines_with(lines, _DOUBTFUL):
        (found,) = parse(line, format=RdfFormat.N_QUADS)
        if isinstance(found.object, Literal) and NOT_IN_XML.search(found.object.value):
            yield found
