"""What a printed name is made of: several names side by side, and what it says is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trialgraph.terminology.names.name_forms import tidy

__all__ = ["NameParts", "negated", "parts", "with_shared_end", "without_denied"]

# What says that somebody does not have what follows.
_DENIED: Final = re.compile(
    r"(?:not\b|no\b|without\b|never\b|absence of\b|absent\b|free (?:of|from)\b|excluding\b"
    r"|exclusion of\b|except\b|other than\b|healthy\b"
    r"|normal (?:volunteers?|subjects?|controls?|individuals?|persons?|people)\b"
    # "Non-diabetic subjects" are denied, "non-active disease" is not.
    r"|non[- ][\w-]+(?: (?:patients?|subjects?|controls?|individuals?|volunteers?|participants?|people|persons?))?$"
    r"|ruled? out\b|negative for\b|lack of\b|unaffected\b)",
    re.IGNORECASE,
)
_DENIED_BEHIND: Final = re.compile(
    r"[,;(\s]+(?P<denied>(?:but )?(?:not\b|without\b|excluding\b|except(?: for)?\b|other than\b|no\b(?! \d)"
    r"|in the absence of\b|free of\b|negative for\b)\s*.+)$",
    re.IGNORECASE,
)


def negated(text: str) -> bool:
    """Whether the whole of a name says what somebody does not have, or that somebody is well."""
    return _DENIED.match(text) is not None


def without_denied(text: str) -> tuple[str, str]:
    """A name without the part that denies something behind it, and that part (or nothing)."""
    found = _DENIED_BEHIND.search(text)
    return (text[: found.start()], found["denied"].strip(" )")) if found and found.start() else (text, "")


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name.

    :param all_or_none: a part that names nothing may narrow another: only all together can be read
    """

    names: tuple[str, ...]
    all_or_none: bool


# Where a name has parts of which each may be one thing.
_PLUS: Final = re.compile(r"\s+\+\s*|(?<=[a-z0-9)])\+(?=[A-Z])|(?<=\w)\+(?=(?!cells?\b)[a-z]{4})")
# An index prints "Scar; uterus" for one thing too.
_LIST: Final = re.compile(r"\s*[;|]\s*")
_AND: Final = re.compile(
    r"\s+(?:and/or|and|or|&|plus|with|combined with|in combination with|followed by|versus|vs\.?)\s+",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*,\s*(?:(?:and|or)\s+)?|\s*/\s*")
# One thing seen from another: not two things side by side.
_RELATED: Final = re.compile(
    r"\b(?:associated|related|complicated|compared|due|secondary|caused|induced|following|after|before|during|history|risk"
    r"|prevention|prophylaxis|patients|subjects|children|adults|people|individuals|women|men|treated|undergoing|candidates"
    r"|in|of|for|from|on|by|to|using|versus|without)\b",
    re.IGNORECASE,
)


def parts(text: str, field: str) -> Iterator[NameParts]:
    """The ways to take a name apart: at the joints of a list, else at "and" and "with", else at commas too."""
    if len(found := _split(_LIST, text)) > 1:
        yield NameParts(found, True)
    if len(found := _split(_PLUS, text)) > 1:
        yield NameParts(found, False)
    if len(found := _split(_AND, text)) > 1:
        related = field == "disease" and _RELATED.search(text) is not None
        commas = any("," in piece for piece in found)
        yield NameParts(found, related or commas)
        if commas and not related:  # "A, B and C"
            yield NameParts(tuple(one for piece in found for one in _split(_COMMA, piece)), True)
    if len(found := _split(_COMMA, text)) > 1:
        yield NameParts(found, True)


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    pieces = tuple(piece for piece in (tidy(one) for one in pattern.split(text)) if piece)
    # What stands in brackets stays together.
    return pieces if all(piece.count("(") == piece.count(")") for piece in pieces) else (text,)


def with_shared_end(text: str) -> Iterator[tuple[str, str]]:
    """Two names with the end that they may share: "hip and knee osteoarthritis", the shortest end first."""
    pieces = re.split(r"\s+(?:and/or|and|or|&)\s+|\s*/\s*", text)
    if len(pieces) != 2 or not all(pieces) or re.search(r"[,;+]", text):
        return
    first, words = pieces[0], pieces[1].split()
    for length in range(1, len(words)):
        yield f"{first} {' '.join(words[-length:])}", pieces[1]
