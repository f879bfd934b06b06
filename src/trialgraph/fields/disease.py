"""Disease: the exact term of the printed name + qualifiers + site; never one guessed id for the compound."""

from __future__ import annotations

import re
from itertools import pairwise
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

SEVERAL: Final = rule(
    "disease.several",
    "Several diseases side by side are kept as printed; none of them is chosen.",
    example="RA and SLE", gives="", counter_example="SPMS",
)  # fmt: skip

_NEGATED: Final = re.compile(r"\b(?:non|not|without|no)[- ]$", re.IGNORECASE)
_JOINT: Final = re.compile(r",|;|/|&|\+|\b(?:and|or)\b")
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
    named = list(words.find("disease", text))
    if _several(text, named):
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, SEVERAL)), ()
    # What comes with a disease is not the disease: "Crohn's disease with perianal fistula".
    led = len(named) > 1 and re.search(r"\bwith\b", text[named[0][1] : named[1][0]])
    disease = named[0] if led else _longest(named)
    if disease is None:
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, UNMAPPED)), ()
    start, end, mention = disease
    # The disease's own words do not qualify it: "primary progressive" inside a disease's name.
    masked = text[:start] + "\n" * (end - start) + text[end:]
    found = [f for f in words.find("qualifier", masked) if not _NEGATED.search(masked, 0, f[0])]
    qualifiers = tuple(read(cell, "qualifier", (i, j), None, QUALIFIER, m) for i, j, m in found)
    concepts = tuple(m.concept for _, _, m in found)
    reading = read(cell, "disease", (start, end), None, QUALIFIED, mention)
    return Condition(mention.concept, concepts, _site(masked), text, reading), qualifiers


def _several(text: str, named: list[_Span]) -> bool:
    """Whether two names of different diseases are joined: not a name and its abbreviation in parentheses."""
    return any(a[2].concept != b[2].concept and _JOINT.search(text[a[1] : b[0]]) for a, b in pairwise(named))


def _longest(found: list[_Span]) -> _Span | None:
    return max(found, key=lambda f: (f[1] - f[0], -f[0]), default=None)


def _site(text: str) -> Concept | None:
    """An anatomical site that is named beside the disease ("with knee involvement")."""
    m = re.search(r"\b(?:with|of|in) (?:the )?(\w+(?: \w+)?) involvement", text)
    if m is None:
        return None
    mention = lexicon().lookup("tissue", m[1]) or lexicon().lookup("tissue", f"{m[1]} joint")
    return mention.concept if mention else None
