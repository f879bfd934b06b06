"""Grounding: which terms a printed name means, and by which step; else why it has no link.

First the curated concept files, then the index over whole releases (:mod:`trialgraph.terminology.ontology_index`). The
whole name is tried before any part of it, and an exact term before a broader one. Nothing is linked by similarity.
Rules and measurements: decisions/0028-grounding.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from trialgraph.terminology.lexicon import Mention, lexicon
from trialgraph.terminology.name_forms import (
    equivalents,
    is_short,
    negated,
    parts,
    stripped,
    tidy,
    without_denied,
)
from trialgraph.terminology.ontology_index import Match, OntologyTerm, ontology_index

__all__ = ["Ambiguity", "Field", "Grounding", "Link", "Step", "ground"]

Field = Literal["disease", "intervention"]
Step = Literal["curated", "label", "exact synonym", "unscoped synonym unique"]
Relation = Literal["exact", "broader"]

# The concept files of a field, and the fields of the index.
_CURATED: Final[Mapping[str, tuple[str, ...]]] = {
    "disease": ("disease",),
    "intervention": ("cell_type", "product"),
}
_INDEXED: Final[Mapping[str, str]] = {"disease": "d", "intervention": "ic"}
# Of terms that are the same thing, the one that is linked.
_PREFERRED: Final[Mapping[str, tuple[str, ...]]] = {
    "disease": ("MONDO", "HP", "DOID", "MESH", "EFO"),
    "intervention": ("CL", "CHEBI", "MESH", "MAXO", "UNII", "EFO"),
}
# An abbreviation of so few letters means something else in each specialty.
_TOO_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A term that words mean.

    :param words: the part of the name that was looked up, without the modifiers around it
    :param name: the name of the term that matched
    :param relation: ``exact``, or ``broader`` where modifiers were left out that narrow the term
    :param modifiers: those
    :param mention: the curated concept, where the step is ``curated``
    """

    words: str
    curie: str
    label: str
    name: str
    step: Step
    relation: Relation
    modifiers: tuple[str, ...]
    release: str
    term: OntologyTerm | None = None
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Words that several things are called, or that are too short to be sure of, and what they may mean."""

    words: str
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grounding:
    """What a printed name was linked to.

    :param negated: parts that say what is not there
    :param unlinked: parts that no term covers
    """

    text: str
    links: tuple[Link, ...] = ()
    negated: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()
    unlinked: tuple[str, ...] = ()


def ground(text: str, field: Field, legend: Mapping[str, str] | None = None) -> Grounding:
    """The terms that a printed name means.

    :param field: what kind of name it is
    :param legend: abbreviations to what the source says they stand for
    """
    name, legend = tidy(text), legend or {}
    if not name:
        return Grounding(text)
    if found := _one(name, field, legend):
        return _grounding(text, [found])
    if negated(name):
        return Grounding(text, negated=(name,))
    kept, denied = without_denied(name)
    pieces = parts(kept, field)
    outcomes: list[Link | Ambiguity | str] = []
    denials = [denied] if denied else []
    for piece in pieces:
        if len(pieces) > 1 and negated(piece):
            denials.append(piece)
            continue
        outcome = _one(piece, field, legend) or _narrowed(piece, field, legend)
        outcomes.append(outcome or piece)
    return _grounding(text, outcomes, denials)


def _grounding(text: str, outcomes: Iterable[Link | Ambiguity | str], denials: Iterable[str] = ()) -> Grounding:
    links: dict[str, Link] = {}
    for one in outcomes:
        if isinstance(one, Link):
            links.setdefault(one.curie, one)
    outcomes = list(outcomes)
    return Grounding(
        text,
        tuple(links.values()),
        tuple(denials),
        tuple(one for one in outcomes if isinstance(one, Ambiguity)),
        tuple(one for one in outcomes if isinstance(one, str)),
    )


def _narrowed(text: str, field: Field, legend: Mapping[str, str]) -> Link | Ambiguity | None:
    """The link of a name without the words around it that do not change the thing."""
    for bare in stripped(text, field):
        found = _one(bare.name, field, legend)
        if isinstance(found, Link):
            relation: Relation = "broader" if bare.modifiers else found.relation
            return Link(
                found.words, found.curie, found.label, found.name, found.step, relation, bare.modifiers, found.release,
                found.term, found.mention,
            )  # fmt: skip
        if found:
            return found
    return None


def _one(text: str, field: Field, legend: Mapping[str, str]) -> Link | Ambiguity | None:
    """The link of the whole of a name in one of its equivalent forms; an ambiguity where the name has several."""
    for form in equivalents(text, legend):
        if found := _curated(form, field):
            return found
    doubt: Ambiguity | None = None
    for form in equivalents(text, legend):
        found = _indexed(form, field)
        if isinstance(found, Link):
            return found
        doubt = doubt or found
    return doubt


def _curated(form: str, field: Field) -> Link | Ambiguity | None:
    words = lexicon()
    for kind in _CURATED[field]:
        if several := words.candidates(kind, form):
            return Ambiguity(form, tuple((c.curie, c.label) for c in several))
        if mention := words.lookup(kind, form):
            concept = mention.concept
            release = mention.mapping.release
            return Link(
                form, concept.curie, concept.label, mention.mapping.subject, "curated", "exact", (), release, None, mention
            )  # fmt: skip
    return None


def _indexed(form: str, field: Field) -> Link | Ambiguity | None:
    index = ontology_index()
    if index is None:
        return None
    matches = index.lookup(form, _INDEXED[field])
    if not matches:
        return None
    chosen = _chosen(matches, field)
    if chosen is None or (is_short(form) and _doubtful(form, field, matches)):
        return Ambiguity(form, tuple(dict.fromkeys((m.term.curie, m.term.label) for m in matches)))
    term = _preferred(chosen.term, field)
    step: Step = "unscoped synonym unique" if chosen.scope == "unscoped synonym" else chosen.scope
    return Link(form, term.curie, term.label, chosen.name, step, "exact", (), index.releases[term.ontology], term)


def _doubtful(form: str, field: Field, matches: tuple[Match, ...]) -> bool:
    """Whether an abbreviation alone is too little: few letters, or another thing has it in any field."""
    letters = sum(c.isalpha() for c in form.rstrip("s"))
    if letters <= _TOO_SHORT and not any(c.isdigit() for c in form):
        return True
    index = ontology_index()
    everywhere = index.lookup(form, "dict") if index else matches
    return len({match.term.thing for match in everywhere}) > 1


def _chosen(matches: tuple[Match, ...], field: Field) -> Match | None:
    """The match that decides, or None where the name is of several things."""
    order = _PREFERRED[field]
    for scopes in (("label",), ("exact synonym", "unscoped synonym")):
        found = sorted((m for m in matches if m.scope in scopes), key=lambda m: (m.scope, order.index(m.term.ontology)))
        if not found:
            continue
        if len({match.term.thing for match in found}) == 1:
            return found[0]
        if scopes == ("label",):  # labels of two ontologies that no source equates: one thing, as both are called so
            first = min(found, key=lambda m: order.index(m.term.ontology))
            return first if sum(m.term.ontology == first.term.ontology for m in found) == 1 else None
        return None
    return None


def _preferred(term: OntologyTerm, field: Field) -> OntologyTerm:
    """Of a term and those that are the same thing, the one that the field links."""
    index = ontology_index()
    if index is None:
        return term
    order = _PREFERRED[field]
    alike = [other for n in term.same if (other := index.term(n)).fields in _INDEXED[field]]
    return min((term, *alike), key=lambda one: (order.index(one.ontology), one.number))
