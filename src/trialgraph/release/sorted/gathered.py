"""What one pass over the master gathers, subject by subject: counts, the facts of the core, what XML cannot hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from trialgraph.base.xml_characters import NOT_IN_XML
from trialgraph.rdf.lines import QuadLines, Statement, by_subject, in_line
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, TG, concept
from trialgraph.release.core import Core, holds_facts

__all__ = ["Gathered", "gathered"]

_TYPE: Final = in_line(RDF.type)
_FROM_SOURCE: Final = in_line(TG.fromSource)
_CONFLICT_KIND: Final = in_line(TG.conflictKind)
_SETTLED_BY: Final = in_line(TG.settledBy)
_UNREAD: Final = in_line(concept("unread-text"))
_ONTOLOGY: Final = in_line(NamedNode(PREFIXES["tg"].rstrip("/")))
_VERSION: Final = in_line(OWL.versionInfo)
#: Of a source, what is counted of it.
_OF_SOURCES: Final = tuple(in_line(kind) for kind in (TG.Row, TG.UnreadLine))
#: In a line, characters that XML cannot hold are escaped, or stand there: whether they do is seen in the literal.
_DOUBTFUL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\\[uU]00|\\[uU]FFF|\\[bf]")


@dataclass
class Gathered:
    """Counts of a graph, and what else is told of it. Terms are as they stand in lines.

    :param kinds: how many nodes each class has
    :param unread_cells: cells that hold text which no rule read and no reviewer has dealt with
    :param of_sources: how many rows and unread lines each source has
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
        """How many rows or unread lines a source has."""
        return self.of_sources[in_line(source), in_line(kind)]


def gathered(lines: QuadLines, core: Core, facts: Callable[[Iterable[Triple]], None]) -> Gathered:
    """Gather what is told of a graph.

    :param core: notes the facts of the core
    :param facts: gets them, subject by subject
    """
    made = Gathered()
    members = frozenset(map(in_line, core.members))
    graphs: dict[bytes, bool] = {}
    for subject, about in by_subject(lines):
        types = {value for predicate, value, _ in about if predicate == _TYPE}
        _count(made, subject, about, types)
        if types & members and subject.startswith(b"<"):
            for _, _, graph in about:
                if graph not in graphs:
                    graphs[graph] = holds_facts(graph[1:-1].decode(), core.base)
            held = b"".join(b"%s %s %s .\n" % (subject, p, o) for p, o, g in about if graphs[g])
            facts(core.facts(quad.triple for quad in parse(held, format=RdfFormat.N_TRIPLES)))
    return made


def _count(made: Gathered, subject: bytes, about: list[Statement], types: set[bytes]) -> None:
    made.kinds.update(types)
    predicates = {predicate for predicate, _, _ in about}
    if _CONFLICT_KIND in predicates and _SETTLED_BY not in predicates:
        made.unread_cells += any(p == _CONFLICT_KIND and o == _UNREAD for p, o, _ in about)
    if _FROM_SOURCE in predicates:
        for kind in _OF_SOURCES:
            if kind in types:
                made.of_sources.update((o, kind) for p, o, _ in about if p == _FROM_SOURCE)
    if subject == _ONTOLOGY:
        versions = [o[1:].partition(b'"')[0].decode() for p, o, _ in about if p == _VERSION]
        made.ontology_version = next(iter(versions), "")
    for predicate, value, graph in about:
        if value.startswith(b'"') and _DOUBTFUL.search(value):
            line = b"%s %s %s %s .\n" % (subject, predicate, value, graph)
            found = next(iter(parse(line, format=RdfFormat.N_QUADS)))
            if NOT_IN_XML.search(getattr(found.object, "value", "")):
                made.not_xml.append(found)
