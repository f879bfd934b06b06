"""DOI: the shape of a digital object identifier, alone and in a text."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["DOI", "DOI_IN_TEXT", "trimmed_doi"]

#: A whole text that is one.
DOI: Final = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,500}")
#: One in a text, with what may end the sentence or the brackets around it (:func:`trimmed_doi`).
DOI_IN_TEXT: Final = re.compile(r"\b10\.[0-9]{4,9}/[^\s\"<>|,;]{1,200}")
_OPENING: Final = {")": "(", "]": "[", "}": "{"}


def trimmed_doi(printed: str) -> str:
    """A DOI without what ends the sentence or the brackets around it: a bracket that it opens itself is its own."""
    doi = printed.rstrip(".,;:'’”")
    while doi and doi[-1] in _OPENING and doi.count(doi[-1]) > doi.count(_OPENING[doi[-1]]):
        doi = doi[:-1].rstrip(".,;:'’”")
    return doi
