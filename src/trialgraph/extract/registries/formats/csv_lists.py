"""Lists in a cell of the site's CSV: items with ``|`` between them, which an item may have in its own words.

The site writes no blank around its separator, and a place ends with its country, an intervention begins with its type.
Where that shows that a ``|`` is part of an item it is kept there; where nothing shows what it is, the list is unclear.
"""

from __future__ import annotations

import re
from typing import Final

from trialgraph.extract.columns.countries import is_former_country, is_one_country

__all__ = ["Unclear", "country_of_place", "items", "places", "typed_items"]

#: Between two items: no blank stands beside it.
_BETWEEN: Final = re.compile(r"(?<![\s|])\|(?![\s|])")
_TYPE: Final = re.compile(
    r"(?:behavioral|biological|combination[ _]product|device|diagnostic[ _]test|dietary[ _]supplement|drug|genetic"
    r"|other|procedure|radiation):",
    re.IGNORECASE,
)
# "Korea, Republic of": a name with a comma of its own.
_OF: Final = re.compile(r".*\b(?:Republic|State|States|Province|Territory|Kingdom) of\b.*", re.IGNORECASE)
# "Turkey (Türkiye)".
_BEHIND: Final = re.compile(r"\s*\([^()]*\)$")
_BRACKETS: Final = {"(": 1, ")": -1, "[": 1, "]": -1}


class Unclear(ValueError):
    """What the text of a field says cannot be told with certainty: no value is taken from it, and it is reported."""


def items(text: str) -> list[str]:
    """The items of a list; a bracket that an item opens is closed within it, where it is closed at all."""
    made: list[str] = []
    waiting: list[str] = []
    for piece in _BETWEEN.split(text):
        waiting.append(piece)
        if sum(map(_open, waiting)) <= 0:
            made.append("|".join(waiting))
            waiting = []
    # What is never closed belongs to its own piece alone.
    made += waiting
    return [item.strip() for item in made if item.strip(" |")]


def _open(piece: str) -> int:
    return sum(_BRACKETS.get(char, 0) for char in piece)


def typed_items(text: str) -> list[str]:
    """The items of a list in which each begins with a type, if the first one does."""
    pieces = items(text)
    if not (pieces and _TYPE.match(pieces[0])):
        return pieces
    made: list[str] = []
    for piece in pieces:
        if _TYPE.match(piece):
            made.append(piece)
        else:
            made[-1] = f"{made[-1]}|{piece}"
    return made


def places(text: str) -> list[str]:
    """The places of a list; each ends with its country.

    :raises Unclear: there are words behind the last place, or before a ``|`` that are no part of a name alone
    """
    made: list[str] = []
    begun: list[str] = []
    for piece in (piece.strip() for piece in _BETWEEN.split(text) if piece.strip(" |")):
        begun.append(piece)
        if country_of_place(piece):
            made.append("|".join(begun))
            begun = []
        elif "," in piece:
            raise Unclear(f"{piece[:60]!r} ends with no country that is known, so a | may be part of a name")
    if begun:
        raise Unclear(f"{begun[-1][:60]!r} is no place, so a | may be part of a name")
    return made


def country_of_place(place: str) -> str:
    """The country that a place ends with, as it is written; empty where it ends with none."""
    *before, last = [piece.strip() for piece in place.split(",")]
    name = f"{before[-1]}, {last}" if before and _OF.fullmatch(last) else last
    bare = _BEHIND.sub("", name).strip()
    return name if is_one_country(bare) or is_former_country(bare) else ""
