"""The core of a release: its facts in the core of the ontology, with the labels and the hierarchy that they need.

The core is what the ontology marks by ``oboInOwl:inSubset tg:core``. The result is one OWL 2 DL document that needs
nothing beside it: every IRI that is used as a value has a label, and everything above it in its hierarchy is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from trialgraph.graph.description.dataset import AUTHORS, TITLE
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import (
    CORE,
    DCTERMS,
    HOME,
    IN_SUBSET,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    TG,
    licence,
    licence_name,
)

__all__ = ["core_members", "core_quads"]

_ONTOLOGY: Final = NamedNode(HOME + "ontology")
#: Graphs of terms, and those that hold no fact of the core; all others hold facts.
_OF_TERMS: Final = frozenset({"ontology", "module", "mappings"})
_NO_FACTS: Final = _OF_TERMS | {"meta", "inferred", "quality", "comparisons"}
#: What is kept of a term of the core, and of a term that is a value.
_DECLARED: Final = frozenset({RDF.type, RDFS.label, SKOS.definition})
_STRUCTURE: Final = frozenset({RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith})
_KINDS: Final = frozenset({OWL.Class, OWL.NamedIndividual, SKOS.Concept})
#: What leads from a value to what it is a kind or a part of.
_UP: Final = (RDFS.subClassOf, SKOS.broader, TG.hasPhasePart)
#: What is kept, besides the core's properties, of a node of the data and of the ontology that a term is from.
_OF_NODES: Final = frozenset({RDFS.label, DCTERMS.identifier})
_OF_DOCUMENTS: Final = frozenset(
    {DCTERMS.title, DCTERMS.license, DCTERMS.rights, DCTERMS.bibliographicCitation, OWL.versionInfo}
)
_RIGHTS: Final = (
    "Facts and our own terms are under this licence. Terms of other ontologies keep the licence of the ontology that "
    "rdfs:isDefinedBy leads to."
)


def core_members(triples: Iterable[Triple]) -> frozenset[NamedNode]:
    """The terms that the ontology marks as its core.

    :param triples: those of ``trialgraph.ttl``, or of a graph that holds them
    """
    return frozenset(
        t.subject
        for t in triples
        if t.predicate == IN_SUBSET and t.object == CORE and isinstance(t.subject, NamedNode)
    )


def core_quads(quads: Iterable[Quad], base: str, digest: str) -> set[Quad]:
    """The core as one document, under one ``owl:Ontology``, in the default graph.

    :param quads: all graphs of a release but ``meta``
    :param base: the base that its IRIs were minted under
    :param digest: the release's hash
    """
    return {Quad(t.subject, t.predicate, t.object) for t in _Core(quads, base).made(digest)}


class _Core:
    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self.base = base
        #: Of terms, and of facts: subject -> its triples.
        self.terms: dict[NamedNode, list[Triple]] = defaultdict(list)
        self.facts: dict[NamedNode, list[Triple]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                name = str(getattr(quad.graph_name, "value", "")).removeprefix(f"{base}graph/")
                if name in _OF_TERMS:
                    self.terms[quad.subject].append(quad.triple)
                elif name not in _NO_FACTS:
                    self.facts[quad.subject].append(quad.triple)
        self.members = core_members(t for known in self.terms.values() for t in known)

    def made(self, digest: str) -> set[Triple]:
        facts = set(self._facts())
        subjects = {t.subject for t in facts}
        values = {t.object for t in facts if t.predicate in self.members} - subjects
        stated = {*facts, *self._ontology(), *self._values(n for n in values if isinstance(n, NamedNode))}
        stated |= set(self._documents(stated))
        stated |= set(self._header(digest))
        stated |= set(_licence_labels(stated))
        return stated | set(self._declarations(stated))

    def _facts(self) -> Iterator[Triple]:
        """What is said of each node of a class of the core by the properties of the core."""
        for known in self.facts.values():
            kinds = {t.object for t in known if t.predicate == RDF.type} & self.members
            if not kinds:
                continue
            keep = self.members | _OF_NODES | (_OF_DOCUMENTS if TG.Source in kinds else frozenset())
            for triple in known:
                if triple.predicate in keep or (triple.predicate == RDF.type and triple.object in kinds):
                    yield triple

    def _ontology(self) -> Iterator[Triple]:
        """The core's terms, with those of their axioms that stay within the core."""
        for term in self.members:
            yield Triple(term, RDFS.isDefinedBy, _ONTOLOGY)
            for triple in self.terms[term]:
                inside = triple.object in self.members or _is_datatype(triple.object)
                if triple.predicate in _DECLARED or (triple.predicate in _STRUCTURE and inside):
                    yield triple

    def _values(self, values: Iterable[NamedNode]) -> Iterator[Triple]:
        """Labels and kinds of the values, of all above them, and of the terms that they match exactly."""
        pending, seen = list(values), set[NamedNode]()
        while pending:
            node = pending.pop()
            if node in seen or node in self.members:
                continue
            seen.add(node)
            yield from self._labelled(node)
            for triple in self.terms.get(node, ()):
                if triple.predicate in _UP and isinstance(triple.object, NamedNode):
                    yield triple
                    pending.append(triple.object)
                elif triple.predicate == SKOS.exactMatch and isinstance(triple.object, NamedNode):
                    named = set(self._labelled(triple.object))
                    yield from {triple, *named} if named else ()

    def _labelled(self, node: NamedNode) -> Iterator[Triple]:
        known = self.terms.get(node, ())
        if not any(t.predicate == RDFS.label for t in known):
            return
        for triple in known:
            kind = triple.predicate == RDF.type and triple.object in _KINDS
            if kind or triple.predicate in (RDFS.label, SKOS.definition, RDFS.isDefinedBy):
                yield triple

    def _documents(self, stated: Iterable[Triple]) -> Iterator[Triple]:
        """The ontologies that terms are from: title, licence, version."""
        for node in {t.object for t in stated if t.predicate == RDFS.isDefinedBy}:
            assert isinstance(node, NamedNode)  # noqa: S101 - only names are taken above
            for triple in self.terms.get(node, ()):
                if triple.predicate in _OF_DOCUMENTS:
                    yield triple
                if triple.predicate == DCTERMS.title:
                    yield Triple(node, RDFS.label, triple.object)

    def _header(self, digest: str) -> Iterator[Triple]:
        node, whole = NamedNode(f"{self.base}dataset/core"), NamedNode(f"{self.base}dataset")
        yield Triple(node, RDF.type, OWL.Ontology)
        yield Triple(node, OWL.versionIRI, NamedNode(f"{self.base}release/{digest}/core"))
        yield Triple(node, OWL.versionInfo, text(digest))
        for predicate in (RDFS.label, DCTERMS.title):
            yield Triple(node, predicate, text(f"{TITLE}: the core"))
            yield Triple(whole, predicate, text(TITLE))
        yield Triple(node, DCTERMS.creator, text(AUTHORS))
        yield Triple(node, DCTERMS.license, licence("CC-BY-4.0"))
        yield Triple(node, DCTERMS.rights, text(_RIGHTS))
        yield Triple(node, DCTERMS.isPartOf, whole)

    def _declarations(self, stated: Iterable[Triple]) -> Iterator[Triple]:
        """The kinds of what others define, so that an OWL reader need not guess them."""
        own = (PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"])
        for triple in stated:
            if triple.predicate not in self.members and not triple.predicate.value.startswith(own):
                yield Triple(triple.predicate, RDF.type, OWL.AnnotationProperty)
            if triple.predicate == RDF.type and triple.object == SKOS.Concept:
                yield Triple(SKOS.Concept, RDF.type, OWL.Class)


def _is_datatype(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(PREFIXES["xsd"])


def _licence_labels(stated: Iterable[Triple]) -> Iterator[Triple]:
    for node in {t.object for t in stated if t.predicate == DCTERMS.license}:
        if isinstance(node, NamedNode):
            yield Triple(node, RDFS.label, text(licence_name(node)))
