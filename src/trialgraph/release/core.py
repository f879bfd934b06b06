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

__all__ = ["OF_TERMS", "Core", "core_members", "core_quads", "holds_facts"]

_ONTOLOGY: Final = NamedNode(HOME + "ontology")
#: Graphs of terms, and those that hold no fact of the core; all others hold facts.
OF_TERMS: Final = frozenset({"ontology", "module", "mappings"})
_NO_FACTS: Final = OF_TERMS | {"meta", "inferred", "quality", "comparisons"}
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
    of_terms: list[Quad] = []
    facts: dict[NamedNode, list[Triple]] = defaultdict(list)
    for quad in quads:
        name = _graph_kind(quad, base)
        if name == "terms":
            of_terms.append(quad)
        elif name == "facts" and isinstance(quad.subject, NamedNode):
            facts[quad.subject].append(quad.triple)
    core = Core(of_terms, base)
    stated = {triple for known in facts.values() for triple in core.facts(known)}
    return {Quad(t.subject, t.predicate, t.object) for t in stated | core.rest(digest)}


def _graph_kind(quad: Quad, base: str) -> str:
    """What the graph of a quad holds: ``terms``, ``facts``, or nothing of the core."""
    graph = str(getattr(quad.graph_name, "value", ""))
    if graph.removeprefix(f"{base}graph/") in OF_TERMS:
        return "terms"
    return "facts" if holds_facts(graph, base) else ""


def holds_facts(graph: str, base: str) -> bool:
    """Whether a graph holds facts of the core.

    :param graph: its IRI
    """
    return graph.removeprefix(f"{base}graph/") not in _NO_FACTS


class Core:
    """The core of a release, subject by subject: what its facts state, and then the rest that they need.

    :param quads: the graphs of terms
    :param base: the base that the release's IRIs were minted under
    """

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self.base = base
        self.terms: dict[NamedNode, list[Triple]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self.terms[quad.subject].append(quad.triple)
        self.members = core_members(t for known in self.terms.values() for t in known)
        #: What may be stated of a node of the data.
        self.predicates = self.members | _OF_NODES | _OF_DOCUMENTS | {RDF.type}
        # What the facts have: terms as values, terms as subjects, what else is to be declared and labelled.
        self._values: set[NamedNode] = set()
        self._subjects: set[NamedNode] = set()
        self._predicates: set[NamedNode] = set()
        self._licences: set[Triple] = set()

    def facts(self, known: Iterable[Triple]) -> Iterator[Triple]:
        """What is said of a node of a class of the core by the properties of the core.

        :param known: all that the facts say of one node
        """
        known = list(known)
        kinds = {t.object for t in known if t.predicate == RDF.type} & self.members
        if not kinds:
            return
        keep = self.members | _OF_NODES | (_OF_DOCUMENTS if TG.Source in kinds else frozenset())
        for triple in known:
            if not isinstance(triple.object, NamedNode | Literal):
                continue
            if triple.predicate in keep or (triple.predicate == RDF.type and triple.object in kinds):
                self._note(triple)
                yield triple

    def _note(self, triple: Triple) -> None:
        self._predicates.add(triple.predicate)
        if triple.predicate == DCTERMS.license:
            self._licences.add(triple)
        if triple.subject in self.terms and isinstance(triple.subject, NamedNode):
            self._subjects.add(triple.subject)
        if triple.predicate in self.members and triple.object in self.terms:
            assert isinstance(triple.object, NamedNode)  # noqa: S101 - no literal is a term
            self._values.add(triple.object)

    def rest(self, digest: str) -> set[Triple]:
        """All that is no fact: the ontology, values, documents, header and declarations.

        :param digest: the release's hash
        """
        stated = {*self._ontology(), *self._labelled_values(self._values - self._subjects)}
        stated |= set(self._documents(stated))
        stated |= set(self._header(digest))
        stated |= set(_licence_labels(stated | self._licences))
        predicates = {triple.predicate for triple in stated} | self._predicates
        return stated | set(self._declarations(stated, predicates))

    def _ontology(self) -> Iterator[Triple]:
        """The core's terms, with those of their axioms that stay within the core."""
        for term in self.members:
            yield Triple(term, RDFS.isDefinedBy, _ONTOLOGY)
            for triple in self.terms[term]:
                inside = triple.object in self.members or _is_datatype(triple.object)
                if triple.predicate in _DECLARED or (triple.predicate in _STRUCTURE and inside):
                    yield triple

    def _labelled_values(self, values: Iterable[NamedNode]) -> Iterator[Triple]:
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

    def _declarations(self, stated: Iterable[Triple], predicates: Iterable[NamedNode]) -> Iterator[Triple]:
        """The kinds of what others define, so that an OWL reader need not guess them."""
        own = (PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"])
        for predicate in predicates:
            if predicate not in self.members and not predicate.value.startswith(own):
                yield Triple(predicate, RDF.type, OWL.AnnotationProperty)
        if any(triple.predicate == RDF.type and triple.object == SKOS.Concept for triple in stated):
            yield Triple(SKOS.Concept, RDF.type, OWL.Class)


def _is_datatype(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(PREFIXES["xsd"])


def _licence_labels(stated: Iterable[Triple]) -> Iterator[Triple]:
    for node in {t.object for t in stated if t.predicate == DCTERMS.license}:
        if isinstance(node, NamedNode):
            yield Triple(node, RDFS.label, text(licence_name(node)))
