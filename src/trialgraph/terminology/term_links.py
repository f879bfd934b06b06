"""What grounding gives: links of a printed name to terms, what may be meant by it, and the mapping line of a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from trialgraph.terminology.lexicon import Concept, MappingLine, Mention, lexicon
from trialgraph.terminology.ontology_index import OntologyTerm, index_recipe

__all__ = ["CURATED", "Ambiguity", "Field", "Grounding", "Relation", "Step", "TermLink", "mention_of"]

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
