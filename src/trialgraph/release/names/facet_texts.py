"""The text of a column -> the values of its facet: what tables and records word differently is one value."""

from __future__ import annotations

from collections.abc import Sequence

from trialgraph.extract.columns.countries import country_named
from trialgraph.terminology.lexicon import lexicon

__all__ = ["facet_text", "facet_texts"]

_YEAR = 4


def facet_texts(facet: str, texts: Sequence[str]) -> list[str]:
    """The values of a facet, each once.

    :param facet: its name
    :param texts: the items of a cell
    """
    return list(dict.fromkeys(filter(None, (facet_text(facet, text) for text in texts))))


def facet_text(facet: str, text: str) -> str:
    """The value of a facet that a text is: a start year, the usual name of a country, the name of a status."""
    if facet == "year":
        return text[:_YEAR]
    if facet == "country":
        return country_named(text) or text
    if facet in lexicon().lines and (found := lexicon().lookup(facet, text)):
        return found.concept.label
    return text
