"""Human-readable ontology documentation: each term with its definition, its position and its axioms in words.

Generated from the packaged files, for the page ``/ontology/``. pyLODE is the usual tool for such a page, but its
newest release does not start as installed, and our content security policy would block its style and script.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyoxigraph as ox

from trialgraph.rdf.vocabulary import (
    CORE,
    DCTERMS,
    IN_SUBSET,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    TG,
    compact,
)
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.ontology import triples_of

__all__ = ["CORE_ANCHOR", "FILES", "Fact", "Glossary", "GlossaryEntry", "Section", "TextRun", "glossary"]

#: The files that make up the ontology, ours first, and what is in each.
FILES: Final = {
    "trialgraph": "Classes, properties and concepts of ours",
    "records": "Classes and properties for the fields of registry records",
    "alignment": "Matches of our terms with those of other ontologies",
    "ladder": "What each outcome instrument measures",
    "scopes": "Reviewed sets of terms, such as lupus with lupus nephritis",
    "module": "The terms of other ontologies that are used, with what is above them",
    "bridge": "Subclass axioms towards other ontologies' classes of trials, for those who load it",
}
#: What the bridge states holds only for those who load it.
_NOT_READ: Final = frozenset({"bridge"})
_VALUE_LIST: Final = "Value list: "
#: The anchor of the core; its IRI leads there.
CORE_ANCHOR: Final = "core"

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of words.

    :param href: where they lead: ``#anchor`` on the page, or a whole IRI; empty for plain words
    """

    text: str
    href: str = ""


Words = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement about a term, such as its domain: a heading and lines of text."""

    heading: str
    lines: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term.

    :param anchor: its local name
    :param facts: its statements other than label and definition
    :param core: whether the ontology marks it as of its core
    """

    anchor: str
    iri: str
    label: str
    definition: str
    facts: tuple[Fact, ...]
    core: bool = False

    @property
    def curie(self) -> str:
        """Its name as a query spells it."""
        return compact(self.iri)


@dataclass(frozen=True, slots=True)
class Section:
    """Terms of one kind, by label."""

    anchor: str
    title: str
    entries: tuple[GlossaryEntry, ...]

    @property
    def listed(self) -> str:
        """Of a list of values what its values are, as a heading; empty for any other section."""
        name = self.title.removeprefix(_VALUE_LIST)
        return name[:1].upper() + name[1:] if name != self.title else ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """All sections, with the ontology's own metadata."""

    title: str
    description: str
    version: str
    licence: str
    sections: tuple[Section, ...]

    def anchors(self) -> frozenset[str]:
        """The anchors of all entries, and that of the core."""
        return frozenset(entry.anchor for section in self.sections for entry in section.entries) | {
            CORE_ANCHOR
        }

    def core(self) -> tuple[GlossaryEntry, ...]:
        """The terms of the core, in the order of the page."""
        return tuple(entry for section in self.sections for entry in section.entries if entry.core)


@cache
def glossary() -> Glossary:
    """The glossary of this installation.

    :raises InputError: a file of the installation is missing or malformed
    """
    return _Reader(t for name in FILES if name not in _NOT_READ for t in triples_of(name)).read()


_FLAGS: Final = {
    "FunctionalProperty": "at most one value for each resource",
    "TransitiveProperty": "transitive",
    "SymmetricProperty": "symmetric",
}


@dataclass
class _Reader:
    triples: Iterable[ox.Triple]
    _statements: dict[Node, dict[ox.NamedNode, list[Node]]] = field(default_factory=dict)
    _of: dict[tuple[ox.NamedNode, Node], list[Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        statements: dict[Node, dict[ox.NamedNode, list[Node]]] = defaultdict(lambda: defaultdict(list))
        of: dict[tuple[ox.NamedNode, Node], list[Node]] = defaultdict(list)
        for triple in sorted(set(self.triples), key=str):
            statements[triple.subject][triple.predicate].append(triple.object)
            of[triple.predicate, triple.object].append(triple.subject)
        self._statements, self._of = dict(statements), dict(of)

    def read(self) -> Glossary:
        head = ox.NamedNode(PREFIXES["tg"].rstrip("/"))
        return Glossary(
            title=self._text(head, DCTERMS.title),
            description=self._text(head, DCTERMS.description),
            version=self._text(head, OWL.versionInfo),
            licence=self._text(head, DCTERMS.license),
            sections=tuple(section for section in self._sections() if section.entries),
        )

    def _sections(self) -> Iterator[Section]:
        classes = self._ours(OWL.Class)
        defined = [c for c in classes if self._all(c, OWL.equivalentClass)]
        objects = self._ours(OWL.ObjectProperty)
        short = [p for p in objects if _local(p).startswith("trial")]
        measures = self._of_any(TG.measuresConcept)
        yield self._section("classes", "Classes", [c for c in classes if c not in defined])
        yield self._section("defined-classes", "Defined classes", defined)
        yield self._section("links", "Object properties", [p for p in objects if p not in short])
        yield self._section("shortcuts", "Shortcuts from a trial", short)
        yield self._section("values", "Datatype properties", self._ours(OWL.DatatypeProperty))
        for scheme in self._of.get((RDF.type, SKOS.ConceptScheme), []):
            if isinstance(scheme, ox.NamedNode) and scheme.value.startswith(PREFIXES["tgc"]):
                members = [
                    n for n in self._of.get((SKOS.inScheme, scheme), []) if isinstance(n, ox.NamedNode)
                ]
                yield self._section(_anchor(scheme), f"{_VALUE_LIST}{self._label(scheme)}", members)
        yield self._section("scopes", "Scopes: reviewed sets of terms", self._of_kind("Scope"))
        yield self._section("ladder", "Outcome ladder: what each instrument measures", measures)

    def _section(self, anchor: str, title: str, nodes: Iterable[ox.NamedNode]) -> Section:
        entries = sorted((self._entry(node) for node in nodes), key=lambda e: (e.label.casefold(), e.iri))
        return Section(anchor, title, tuple(entries))

    def _entry(self, node: ox.NamedNode) -> GlossaryEntry:
        local = lexicon().definitions.get(compact(node.value))
        definition = self._text(node, SKOS.definition) or (local.text if local else "")
        facts = tuple(fact for fact in self._facts(node) if fact.lines)
        core = CORE in self._all(node, IN_SUBSET)
        return GlossaryEntry(_anchor(node), node.value, self._label(node), definition, facts, core)

    def _facts(self, node: ox.NamedNode) -> Iterator[Fact]:
        if any(str(value) == str(ox.Literal(True)) for value in self._all(node, OWL.deprecated)):
            yield Fact("deprecated; replaced by", self._lines(node, DCTERMS.isReplacedBy))
            yield Fact("reason", self._lines(node, RDFS.comment))
        yield Fact("equivalent to", self._lines(node, OWL.equivalentClass))
        for heading, predicate in (
            ("subclass of", RDFS.subClassOf),
            ("domain", RDFS.domain),
            ("range", RDFS.range),
            ("subproperty of", RDFS.subPropertyOf),
            ("inverse of", OWL.inverseOf),
            ("disjoint with", OWL.disjointWith),
            ("measures", TG.measuresConcept),
            ("better when", TG.betterWhen),
            ("designed for", TG.madeFor),
            ("outcome domain", TG.inDomain),
            ("broader", SKOS.broader),
            ("includes, with all narrower terms", SKOS.member),
            ("decided on", DCTERMS.date),
            ("source", DCTERMS.source),
            ("citation", DCTERMS.bibliographicCitation),
            ("notation", SKOS.notation),
            ("example", SKOS.example),
        ):
            yield Fact(heading, self._lines(node, predicate))
        kinds = [_local(kind) for kind in self._all(node, RDF.type) if isinstance(kind, ox.NamedNode)]
        yield Fact("characteristics", tuple((TextRun(_FLAGS[kind]),) for kind in kinds if kind in _FLAGS))
        yield Fact("matches in other ontologies", tuple(self._matches(node)))

    def _matches(self, node: ox.NamedNode) -> Iterator[Words]:
        for axiom in self._of.get((OWL.annotatedSource, node), []):
            (predicate,), (target,) = (
                self._all(axiom, OWL.annotatedProperty),
                self._all(axiom, OWL.annotatedTarget),
            )
            why = self._text(axiom, RDFS.comment)
            kind = _local(predicate).removesuffix("Match")
            yield (*self._words(target), TextRun(f" ({kind}): {why}"))

    def _lines(self, node: Node, predicate: ox.NamedNode) -> tuple[Words, ...]:
        return tuple(self._words(value) for value in self._all(node, predicate))

    def _words(self, node: Node, *, inner: bool = False) -> Words:
        """An expression in words: ``trial and (has report some (has arm some control arm))``."""
        if isinstance(node, ox.Literal):
            return (TextRun(node.value),)
        if isinstance(node, ox.NamedNode):
            return (self._link(node),)
        if members := self._all(node, OWL.intersectionOf):
            made = _joined([self._words(m, inner=True) for m in self._members(members[0])], " and ")
        elif members := self._all(node, OWL.unionOf):
            made = _joined([self._words(m, inner=True) for m in self._members(members[0])], " or ")
        else:
            made = self._restriction(node)
        return (TextRun("("), *made, TextRun(")")) if inner else made

    def _restriction(self, node: Node) -> Words:
        (on,) = self._all(node, OWL.onProperty)
        for predicate, word in ((OWL.someValuesFrom, "some"), (OWL.hasValue, "is")):
            for filler in self._all(node, predicate):
                return (*self._words(on), TextRun(f" {word} "), *self._words(filler, inner=True))
        raise AssertionError(f"no words for {node}")  # a kind of axiom that the ontology did not have so far

    def _link(self, node: ox.NamedNode) -> TextRun:
        ours = node.value.startswith((PREFIXES["tg"], PREFIXES["tgc"]))
        known = ours and self._all(node, SKOS.definition)
        label = self._label(node)
        return TextRun(label, f"#{_anchor(node)}" if known else node.value)

    def _label(self, node: ox.NamedNode) -> str:
        name = compact(node.value)
        local = lexicon().concepts.get(name)  # labels of local concepts stand in the concept files
        return self._text(node, RDFS.label) or (local.label if local else name)

    def _members(self, head: Node) -> Iterator[Node]:
        while head != RDF.nil:
            (first,), (head,) = self._all(head, RDF.first), self._all(head, RDF.rest)
            yield first

    def _text(self, node: Node, predicate: ox.NamedNode) -> str:
        return next((v.value for v in self._all(node, predicate) if not isinstance(v, ox.Triple)), "")

    def _all(self, node: Node, predicate: ox.NamedNode) -> list[Node]:
        return self._statements.get(node, {}).get(predicate, [])

    def _ours(self, kind: ox.NamedNode) -> list[ox.NamedNode]:
        found = self._of.get((RDF.type, kind), [])
        return [n for n in found if isinstance(n, ox.NamedNode) and n.value.startswith(PREFIXES["tg"])]

    def _of_kind(self, name: str) -> list[ox.NamedNode]:
        found = self._of.get((RDF.type, ox.NamedNode(PREFIXES["tg"] + name)), [])
        return [n for n in found if isinstance(n, ox.NamedNode)]

    def _of_any(self, predicate: ox.NamedNode) -> list[ox.NamedNode]:
        return [
            n for n, held in self._statements.items() if predicate in held and isinstance(n, ox.NamedNode)
        ]


def _local(node: Node) -> str:
    assert isinstance(node, ox.NamedNode)  # noqa: S101 - terms have names
    return node.value.replace("#", "/").rpartition("/")[2]


def _anchor(node: ox.NamedNode) -> str:
    """The local name; of a concept as a CURIE, for a slug may be the name of a property."""
    return (
        node.value.removeprefix(PREFIXES["tg"])
        if node.value.startswith(PREFIXES["tg"])
        else compact(node.value)
    )


def _joined(parts: Iterable[Words], between: str) -> Words:
    made: list[TextRun] = []
    for part in parts:
        if made:
            made.append(TextRun(between))
        made += part
    return tuple(made)
