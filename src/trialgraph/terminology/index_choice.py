"""Which of the terms that have a name the name is linked to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from trialgraph.terminology.lexicon import normalise
from trialgraph.terminology.name_forms import turned_back
from trialgraph.terminology.ontology_index import Match, ontology_index
from trialgraph.terminology.term_links import Field

__all__ = ["INDEXED", "PREFERRED", "chosen", "preferred"]

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
