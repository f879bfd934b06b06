"""What grounding gives: links of a name to terms, the choice between terms that have it, the mapping line of a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from trialgraph.terminology.lexicon import Concept, MappingLine, Mention, lexicon, normalise
from trialgraph.terminology.names.name_forms import turned_back
from trialgraph.terminology.names.ontology_index import Match, OntologyTerm, index_recipe, ontology_index

__all__ = [
    "CURATED",
    "INDEXED",
    "PREFERRED",
    "Ambiguity",
    "Field",
    "Grounding",
    "Relation",
    "Step",
    "TermLink",
    "chosen",
    "mention_of",
    "preferred",
]

Field = Literal["disease", "intervention"]
Step = Literal["curated", "label", "exact synonym", "unscoped synonym unique"]
Relation = Literal["exact", "broader"]

# The concept files of a field, and the fields of the index.
CURATED: Final[Mapping[str, tuple[str, ...]]] = {
    "disease": ("disease",),
    "intervention": ("cell_type", "product"),
}


@dataclass(frozen=True, slots=True)
class TermLink:
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
    links: tuple[TermLink, ...] = ()
    negated: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()
    unlinked: tuple[str, ...] = ()


# The property that an ontology states such a name by.
_NAMED_BY: Final[Mapping[Step, str]] = {
    "label": "rdfs:label",
    "exact synonym": "oboInOwl:hasExactSynonym",
    "unscoped synonym unique": "oboInOwl:hasSynonym",
}


def mention_of(link: TermLink, field: Field) -> Mention:
    """A link as a reading has it: the term as a concept, and the mapping line that justifies it."""
    if link.mention:
        return link.mention
    line = MappingLine(
        id=f"{'disease' if field == 'disease' else 'product'}/index",
        subject=link.words,
        subject_label=link.words,
        literal=True,
        # "Severe asthma" has asthma as its broader term; what was looked up is "asthma", which is exact.
        predicate="skos:broadMatch"
        if link.relation == "broader" and not link.modifiers
        else "skos:exactMatch",
        object=link.curie,
        object_label=link.label,
        justification="semapv:LexicalMatching",
        release=link.release,
        comment=f"by the index of whole releases: {link.step}",
        date=index_recipe()["date"],
        author=index_recipe()["author"],
        match_field=_NAMED_BY[link.step],
        match_string=link.name,
    )
    own = _own_concepts(field).get(link.curie)
    kind = "disease" if field == "disease" else "product"
    return Mention(own or Concept(link.curie, link.label, kind, link.curie, ()), line, "normalised")


@cache
def _own_concepts(field: Field) -> Mapping[str, Concept]:
    """The curated concepts by each term that is exactly one."""
    return {term: c for c in lexicon().concepts.values() if c.field in CURATED[field] for term in c.exact}


# The fields of the index that a field of a name is looked up in.
INDEXED: Final[Mapping[str, str]] = {"disease": "d", "intervention": "ipc"}
# Of terms that are the same thing, the one that is linked.
PREFERRED: Final[Mapping[str, tuple[str, ...]]] = {
    "disease": ("MONDO", "HP", "DOID", "MESH", "EFO"),
    "intervention": ("CL", "CHEBI", "MESH", "MAXO", "UNII"),
}
_SCOPES: Final = ("label", "exact synonym", "unscoped synonym")
_GENUS: Final = re.compile(r"\b(?:diseases?|disorders?|syndromes?|conditions?)\b", re.IGNORECASE)


def chosen(matches: tuple[Match, ...], field: Field) -> Match | None:
    """The match that decides, or None where the name is of several things.

    The label of one term decides against the synonyms of others; a synonym only where no other thing has the name.
    """
    order = PREFERRED[field]
    labels = [match for match in matches if match.scope == "label" or _is_label_otherwise(match)]
    # Labels of two ontologies that nothing equates are one thing, as both are called so.
    first = min((match.term.ontology for match in labels), key=order.index, default="")
    found = [match for match in labels if match.term.ontology == first] or _without_dissent(matches, field)
    if len({match.term.thing for match in found}) > 1:
        return None
    return min(found, key=lambda m: (_SCOPES.index(m.scope), order.index(m.term.ontology)))


def _without_dissent(matches: tuple[Match, ...], field: Field) -> list[Match]:
    """The matches without those of MeSH where the field's own ontology and another one agree on one thing.

    MeSH has names of broader and narrower things among its entry terms: to it, "coronary heart disease" is any disease
    of the coronary vessels.
    """
    others = [match for match in matches if match.term.ontology != "MESH"]
    ontologies = {match.term.ontology for match in others}
    agree = len({match.term.thing for match in others}) == 1 and len(ontologies) > 1
    return others if agree and PREFERRED[field][0] in ontologies else list(matches)


def _is_label_otherwise(match: Match) -> bool:
    """Whether a synonym is the term's label in the other number or turned back: "Ventricular Dysfunction, Left"."""
    label, name = (normalise(text).removesuffix("s") for text in (match.term.label, match.name))
    turned = normalise(turned_back(match.term.label)).removesuffix("s")
    return name in (label, turned)


def _core(label: str) -> str:
    """A label without the word that each ontology has its own of: "optic nerve disease", "optic nerve disorder"."""
    return normalise(_GENUS.sub("", label.replace("'s", "")))


def preferred(chosen: Match, matches: tuple[Match, ...], field: Field) -> Match:
    """Of the terms that are the same thing, the one that the field links: one that has the name, or the same label."""
    index = ontology_index()
    order = PREFERRED[field]
    alike = [match for match in matches if match.term.thing == chosen.term.thing]
    if index is not None:
        same = (index.term(number) for number in chosen.term.same)
        label = _core(chosen.term.label)
        alike += [
            replace(chosen, term=term)
            for term in same
            if term.fields in INDEXED[field] and _core(term.label) == label
        ]
    return min(alike, key=lambda m: (order.index(m.term.ontology), _SCOPES.index(m.scope), m.term.number))
