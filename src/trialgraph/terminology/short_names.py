"""Short clinical names of concepts: ``RA``, ``UC-MSC``, ``IV``, ``EDSS``, each with the name that it stands for.

They stand in ``ontology/concepts/short_names.tsv``, and each is a name of its concept in the concept files: a table
may use it in place of the long one, and no reader has to guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import compact
from trialgraph.terminology.lexicon import Concept, lexicon, read_table

__all__ = ["FILE", "ShortName", "short_label", "short_name", "short_name_of", "short_names"]

FILE: Final = "short_names.tsv"


@dataclass(frozen=True, slots=True)
class ShortName:
    """A short name.

    :param short: ``EDSS``
    :param long: what it stands for: ``Expanded Disability Status Scale``
    """

    short: str
    long: str


@cache
def short_names() -> dict[str, ShortName]:
    """The short name of each concept that has one, by the concept's id.

    :raises InputError: the file cannot be read
    """
    known = lexicon().concepts
    return {
        row["concept"]: ShortName(row["short"], row["long"] or known[row["concept"]].label)
        for row in read_table(resource("ontology") / "concepts" / FILE)
    }


def short_name(concept: Concept | None) -> ShortName | None:
    """The short name of a concept, if it has one."""
    return short_names().get(concept.id) if concept else None


def short_name_of(iri: str) -> ShortName | None:
    """The short name of what an IRI or a CURIE in the data stands for: a concept, or a term that means just that."""
    return short_name(lexicon().concept_of(compact(iri)))


def short_label(concept: Concept) -> str:
    """The short name of a concept, else its label."""
    found = short_name(concept)
    return found.short if found else concept.label
