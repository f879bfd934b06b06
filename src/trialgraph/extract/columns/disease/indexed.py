"""Names of diseases that no concept file has, by the index over whole releases; and names that deny a disease."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import Condition
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, lexicon
from trialgraph.terminology.names.grounding import TermLink, ground, mention_of
from trialgraph.terminology.names.name_forms import is_short
from trialgraph.terminology.names.name_parts import negated

__all__ = ["QUALIFIER", "SHORT", "denied", "indexed", "narrowed"]

INDEXED: Final = rule(
    "disease.indexed",
    "A name that the concept files lack and that just one disease of a whole release of MONDO has is that disease.",
    example="Hidradenitis suppurativa", gives="hidradenitis suppurativa", counter_example="RA",
)  # fmt: skip
NARROWED: Final = rule(
    "disease.indexed-broader",
    "Where only words are left that are known to make no other disease (severity, course, stage, age), it is the "
    "broader disease of the release that they narrow.",
    example="Severe hidradenitis suppurativa", gives="hidradenitis suppurativa",
    counter_example="Vascular hidradenitis suppurativa",
)  # fmt: skip
QUALIFIER: Final = rule(
    "disease.qualifier",
    "A word of the qualifier file beside a disease qualifies it.",
    example="Persistently active SLE", gives="persistently active", counter_example="SLE",
)  # fmt: skip
SHORT: Final = rule(
    "disease.unexplained-abbreviation",
    "An abbreviation of two or three letters, or one that several things have in the releases, is kept as printed "
    "where neither the concept files nor the source say what it stands for.",
    example="CLL", gives="", counter_example="SLE",
)  # fmt: skip
NEGATED: Final = rule(
    "disease.negated",
    "A name that says what the patients do not have, or that they are healthy, names no disease.",
    example="Not rheumatoid arthritis", gives="", counter_example="Non-Hodgkin lymphoma",
)  # fmt: skip

# So few letters stand for several diseases, whichever of them the releases have: "PAIS".
_FEW_CAPITALS: Final = re.compile(r"[A-Z]{2,4}s?")
# What is denied stands at the beginning.
_LONGEST: Final = 250
_Found = tuple[Condition, tuple[Reading, ...]]


def indexed(cell: Cell) -> _Found | None:
    """The condition whose whole name is one of a term of MONDO, in any of its equivalent forms."""
    text, link = cell.text or "", _link(cell)
    if (
        link
        and _FEW_CAPITALS.fullmatch(text.strip())
        and mention_of(link, "disease").concept.label != text.strip()
    ):
        return Condition(
            None, (), None, _printed(cell), read(cell, "disease", (0, len(text)), None, SHORT)
        ), ()
    if link is None and is_short(text.strip()) and ground(text, "disease").ambiguous:
        reading = read(cell, "disease", (0, len(text)), None, SHORT)
        return Condition(None, (), None, _printed(cell), reading), ()
    if link is None or link.relation != "exact":
        return None
    mention = mention_of(link, "disease")
    reading = read(cell, "disease", (0, len(text)), None, INDEXED, mention)
    return Condition(mention.concept, (), None, _printed(cell), reading), ()


def narrowed(cell: Cell) -> _Found | None:
    """The condition of a name that has only words beside a term of MONDO that make no other disease of it."""
    text, link = cell.text or "", _link(cell)
    if link is None or not link.modifiers:
        return None
    mention = mention_of(link, "disease")
    beside = list(lexicon().find("qualifier", text))
    readings = tuple(read(cell, "qualifier", (i, j), None, QUALIFIER, m) for i, j, m in beside)
    concepts: tuple[Concept, ...] = tuple(m.concept for _, _, m in beside)
    start = text.find(link.words)
    span = (start, start + len(link.words)) if start >= 0 else (0, len(text))
    reading = read(cell, "disease", span, None, NARROWED, mention)
    return Condition(mention.concept, concepts, None, _printed(cell), reading), readings


def denied(cell: Cell) -> _Found | None:
    """A condition without a disease where the name denies it."""
    text = cell.text or ""
    if not negated(text[:_LONGEST].strip()):
        return None
    reading = read(cell, "disease", (0, len(text)), None, NEGATED)
    return Condition(None, (), None, _printed(cell), reading), ()


def _link(cell: Cell) -> TermLink | None:
    """The one link of a cell by the index, where it is a class of MONDO, which values of this column are."""
    found = ground(cell.text or "", "disease")
    one = (
        found.links[0]
        if len(found.links) == 1 and not (found.unlinked or found.negated or found.ambiguous)
        else None
    )
    return one if one and one.term and one.curie.startswith("MONDO:") else None


def _printed(cell: Cell) -> str:
    return (cell.original or cell).text or ""
