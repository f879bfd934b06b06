"""Disease: the exact term of the printed name + qualifiers + site; never one guessed id for the compound."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.concepts import Concept, Mention, lexicon
from trialgraph.model import Condition
from trialgraph.readings import Reading, read, rule
from trialgraph.rows.row import Cell

__all__ = ["read_condition"]

WHOLE: Final = rule(
    "disease.named",
    "The whole cell is a name of the disease.",
    example="SPMS", gives="secondary progressive multiple sclerosis", counter_example="Refractory RA",
)  # fmt: skip
QUALIFIED: Final = rule(
    "disease.qualified",
    "A disease with words before or behind it is the disease and its qualifiers, apart.",
    example="RA with knee involvement", gives="rheumatoid arthritis", counter_example="RA",
)  # fmt: skip
QUALIFIER: Final = rule(
    "disease.qualifier",
    "A word of the qualifier file beside a disease qualifies it.",
    example="Persistently active SLE", gives="persistently active", counter_example="SLE",
)  # fmt: skip
UNMAPPED: Final = rule(
    "disease.unmapped",
    "A disease that no concept covers is kept as printed, without a link.",
    example="Morbus nondum descriptus", gives="", counter_example="RA",
)  # fmt: skip

_Span = tuple[int, int, Mention]


def read_condition(cell: Cell) -> tuple[Condition | None, tuple[Reading, ...]]:
    """The condition of a cell, and the readings of its qualifiers."""
    text = cell.text or ""
    if not text.strip():
        return None, ()
    words = lexicon()
    if mention := words.lookup("disease", text):
        reading = read(cell, "disease", (0, len(text)), None, WHOLE, mention)
        return Condition(mention.concept, (), None, text, reading), ()
    disease = _longest(list(words.find("disease", text)))
    if disease is None:
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, UNMAPPED)), ()
    start, end, mention = disease
    # The disease's own words do not qualify it: "primary progressive" inside a disease's name.
    masked = text[:start] + "\n" * (end - start) + text[end:]
    found = list(words.find("qualifier", masked))
    qualifiers = tuple(read(cell, "qualifier", (i, j), None, QUALIFIER, m) for i, j, m in found)
    concepts = tuple(m.concept for _, _, m in found)
    reading = read(cell, "disease", (start, end), None, QUALIFIED, mention)
    return Condition(mention.concept, concepts, _site(masked), text, reading), qualifiers


def _longest(found: list[_Span]) -> _Span | None:
    return max(found, key=lambda f: (f[1] - f[0], -f[0]), default=None)


def _site(text: str) -> Concept | None:
    """An anatomical site that is named beside the disease ("with knee involvement")."""
    m = re.search(r"\b(?:with|of|in) (?:the )?(\w+(?: \w+)?) involvement", text)
    if m is None:
        return None
    mention = lexicon().lookup("tissue", m[1]) or lexicon().lookup("tissue", f"{m[1]} joint")
    return mention.concept if mention else None
