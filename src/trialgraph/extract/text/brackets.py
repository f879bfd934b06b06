"""Analytes that a source lists in brackets behind a head term: "serum cytokine levels (IFN-γ, IL-10, IL-6)".

Brackets hold an abbreviation of the head, a unit, a time or a remark more often than that. They are a list of analytes
only where each of their items is one by the concept file or by its shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.terminology.lexicon import Concept, Mention, lexicon

__all__ = ["abbreviates", "bracketed", "remark"]

_BRACKETS: Final = re.compile(r"[(\[](?P<inner>[^()\[\]]{2,200})[)\]]")
_SEPARATOR: Final = re.compile(r"\s*[,;]\s*(?:(?:and|or)\s+)?|\s+(?:and/or|and|or|&)\s+")
_LEAD: Final = re.compile(r"(?:e\.?g\.?|i\.?e\.?|including|such as)[,:]?\s+", re.IGNORECASE)
# Symbols of substances and cells, and short names of instruments: IFN-γ, IL-17A, CD4+, C3, IgG, PGE2, EQ-5D, ACR20.
_SHAPE: Final = re.compile(
    r"(?:anti-|hs-?|p-?)?[A-Z][A-Za-z]{0,6}"
    r"(?:[- ]?(?:[A-Z]?\d{1,3}(?:[A-Za-z]{0,2}|[α-ω])|[α-ω]\d?|alpha|beta|gamma))?[+-]?"
    r"(?: (?:[BT] )?(?:cells?|lymphocytes))?"
)
_SYMBOL: Final = re.compile(r"[A-Z]{2}|\d|[α-ω]|[+]|^Ig[A-Z]$|[a-z][A-Z]|^[A-Z] (?:cells?|lymphocytes)$")
# Times of measuring and numbers of things, which have the shape of a symbol: "M0, M6", "V1", "N".
_TIME: Final = re.compile(r"[DMTVWY]\d{1,3}|SD|SE|SEM|IQR|CI|OR|HR|RR|N[AOS]", re.IGNORECASE)
# A head that names a kind of things, of which even one item in brackets is an example.
_KIND: Final = re.compile(
    r"\b(?:cytokines?|chemokines?|interleukins|markers?|biomarkers?|auto-?antibod(?:y|ies)|antibodies|immunoglobulins"
    r"|growth factors?|enzymes?|proteins|lymphocytes|subsets?)\b",
    re.IGNORECASE,
)
Place = tuple[int, int, Mention | None]


def bracketed(text: str, start: int, end: int, field: str, head: Concept | None) -> list[Place]:
    """The analytes in the last brackets of an item, each with what it means in that field; mostly none.

    :param start: first character of the item in ``text``
    :param head: what the item as a whole was linked to
    """
    found = list(_BRACKETS.finditer(text, start, end))
    if not found or found[-1].start() == start:
        return []
    m = found[-1]
    words = lexicon()
    items = [
        (i, j, words.lookup(field, text[i:j])) for i, j in _items(text, m.start("inner"), m.end("inner"))
    ]
    if not items or not all(mention or _is_symbol(text[i:j]) for i, j, mention in items):
        return []
    named = text[start : m.start()].strip()
    if any(abbreviates(text[i:j], named) for i, j, _ in items) or _is_head(items, head, field, named):
        return []
    known = all(mention for _, _, mention in items)
    return items if len(items) > 1 or (known and _KIND.search(named)) else []


def remark(text: str, start: int, end: int, field: str, head: Concept) -> tuple[int, int] | None:
    """The last brackets of an item where they say more than the head that it was linked to without them.

    None where they hold another name of the head, or the item is linked with them.
    """
    found = list(_BRACKETS.finditer(text, start, end))
    words = lexicon()
    whole = words.lookup(field, text[start:end])
    if not found or found[-1].start() == start or (whole and whole.concept == head):
        return None
    m = found[-1]
    named = text[start : m.start()].strip()
    other = words.lookup(field, m["inner"])
    if abbreviates(m["inner"], named) or (other and other.concept == head):
        return None
    return m.span("inner")


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    at = start
    for joint in [*_SEPARATOR.finditer(text, start, end), None]:
        stop = joint.start() if joint else end
        words = text[at:stop]
        if bare := words.strip(" ."):
            first = at + words.index(bare)
            yield first, first + len(bare)
        at = joint.end() if joint else end


def _is_symbol(words: str) -> bool:
    if _TIME.fullmatch(words) or lexicon().lookup("route", words):
        return False
    return bool(_SHAPE.fullmatch(words) and _SYMBOL.search(words))


def abbreviates(short: str, long: str) -> bool:
    """Whether the letters of a short name are the first letters of the words before it."""
    letters = re.match(r"[^\W\d_]+", short.replace("-", ""))
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", long)).casefold()
    return letters is not None and len(letters[0]) > 1 and letters[0].casefold().rstrip("s") in initials


def _is_head(items: Sequence[Place], head: Concept | None, field: str, named: str) -> bool:
    """Whether the first item is only another name of the head."""
    own = lexicon().lookup(field, named)
    first = items[0][2]
    return first is not None and (first.concept == head or (own is not None and own.concept == first.concept))
