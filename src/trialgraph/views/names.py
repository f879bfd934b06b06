"""What values are called on a page: the short clinical name where there is one, with the name that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from trialgraph.rdf.vocabulary import compact
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.short_names import short_name_of, short_names

__all__ = ["Name", "abbreviations", "name_of", "names_by_label"]


@dataclass(frozen=True, slots=True)
class Name:
    """What a value is called.

    :param long: what the short name stands for; empty where it stands for itself
    """

    short: str
    long: str = ""


def name_of(iri: str, label: str = "") -> Name:
    """The name of what an IRI stands for: its short name, else its label, else its CURIE."""
    found = short_name_of(iri)
    return Name(found.short, found.long) if found else Name(label or compact(iri))


@cache
def names_by_label() -> Mapping[str, Name]:
    """The short names by the label of their concept and by what they stand for, in lower case."""
    known = lexicon().concepts
    made: dict[str, Name] = {}
    for concept, found in short_names().items():
        for label in (known[concept].label, found.long):
            made.setdefault(label.casefold(), Name(found.short, found.long))
    return made


def abbreviations(names: Iterable[Name]) -> list[Name]:
    """Of the names of a table those that stand for longer ones, once each, in alphabetical order."""
    return sorted({name for name in names if name.long}, key=lambda name: (name.short.casefold(), name.long))
