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

INVERTED: Final = rule(
    "disease.inverted",
    "A name that is turned round at a comma, as indexes print it, is turned back.",
    example="Multiple sclerosis, relapsing-remitting", gives="relapsing-remitting multiple sclerosis",
    counter_example="SLE, refractory",
)  # fmt: skip
SETTING: Final = rule(
    "disease.setting",
    "A disease that is named only as the setting or the cause of something else is not the condition.",
    example="Neutropenia in patients with aplastic anemia", gives="", counter_example="Patients with RA",
)  # fmt: skip

# What makes another thing of the disease that it stands before: "post-stroke", "pseudo-", "risk of".
_OTHER: Final = re.compile(
    r"(?:\b(?:post|pseudo|pre|anti|non)[- ]?|\b(?:risk (?:of|for)|prevention of|absence of|without|no|suspected)\s+)$",
    re.IGNORECASE,
)
_LINK: Final = (
    r"\b(?:in|due to|secondary to|associated with|caused by|induced by|related to|resulting from|after|following"
    r"|during|complicat(?:ed by|ing)"
    r"|(?:effect|sequela|complication|manifestation|symptom|syndrome)e?s? of)\b"
    r"(?:\s+(?:the|a|severe|chronic|acute|patients?|children|adults|subjects|people"
    r"|with|treated for))*\s*"
)
_SETTING: Final = re.compile(r"(?P<thing>\w[\w' -]*?),?\s+" + _LINK + "$", re.IGNORECASE)
# "Cystic fibrosis-related diabetes" is no cystic fibrosis.
_MADE: Final = re.compile(r"[- ]*(?:related|associated|induced|like)\b(?!\s+(?:with|to|by)\b)", re.IGNORECASE)
_OTHERS: Final = re.compile(r"\W*(?:spectrum\b|(?:and|or|&)\s+other\b)", re.IGNORECASE)
_PREPOSED: Final = re.compile(_LINK + "$", re.IGNORECASE)
# "Use of cells in RA": what is done, not what somebody has.
_DONE: Final = re.compile(
    r"\b(?:use|treatment|therapy|therapeutics?|management|cells?|trial|study|efficacy|safety)\b",
    re.IGNORECASE,
)
# "with mild anxiety": the word behind the qualifier is what is mild.
_ANOTHER: Final = re.compile(
    r"\s+(?:(?:and|or|to)\s+\w+\s+)?(?!disease|course|form|and\b|or\b|to\b)\w+", re.IGNORECASE
)
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
    if mention := _turned_back(text):
        return Condition(
            mention.concept, (), None, text, read(cell, "disease", (0, len(text)), None, INVERTED, mention)
        ), ()
    found = list(words.find("disease", text))
    named = [f for f in found if not _MADE.match(text, f[1])]
    if found and (not named or _is_setting(text[: named[0][0]])):
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, SETTING)), ()
    if _several(text, named):
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, SEVERAL)), ()
    disease = _main(text, named)
    if disease is None:
        return Condition(None, (), None, text, read(cell, "disease", (0, len(text)), None, UNMAPPED)), ()
    start, end, mention = disease
    # The disease's own words do not qualify it: "primary progressive" inside a disease's name.
    masked = text[:start] + "\n" * (end - start) + text[end:]
    beside = [f for f in words.find("qualifier", masked) if _qualifies(masked, end, f)]
    qualifiers = tuple(read(cell, "qualifier", (i, j), None, QUALIFIER, m) for i, j, m in beside)
    concepts = tuple(m.concept for _, _, m in beside)
    reading = read(cell, "disease", (start, end), None, QUALIFIED, mention)
    return Condition(mention.concept, concepts, _site(masked), text, reading), qualifiers


def _qualifies(masked: str, end: int, found: _Span) -> bool:
    """Whether a qualifier beside a disease that ends there is about it: not denied, nor about what comes with it."""
    if _NEGATED.search(masked, 0, found[0]):
        return False
    return not ("with " in masked[end : found[0]] and _ANOTHER.match(masked, found[1]))


def _several(text: str, named: list[_Span]) -> bool:
    """Whether two names of different diseases are joined: not a name and its abbreviation in parentheses."""
    if len(parts := text.split(",")) > 2 and sum(not any(lexicon().find("disease", p)) for p in parts) > 1:
        return True
    if any(_OTHERS.match(text, f[1]) for f in named):  # "RA and other arthropathies": a class of diseases
        return True
    return any(a[2].concept != b[2].concept and _JOINT.search(text[a[1] : b[0]]) for a, b in pairwise(named))


def _turned_back(text: str) -> Mention | None:
    first, comma, rest = text.partition(",")
    whole = f"{rest.strip()} {first.strip()}"
    return lexicon().lookup("disease", whole) if comma and rest.strip() else None


def _is_setting(before: str) -> bool:
    """Whether the words before the first disease make it the setting, the cause or a part of something else."""
    if _OTHER.search(before):
        return True
    m = _SETTING.search(before)
    return m is not None and not _DONE.search(m["thing"])


def _main(text: str, named: list[_Span]) -> _Span | None:
    """Of several names side by side the one that the phrase is about."""
    if len(named) > 1:
        between = text[named[0][1] : named[1][0]]
        # What comes with a disease is not the disease: "Crohn's disease with perianal fistula".
        if re.search(r"\bwith\b", between) or _PREPOSED.search(between):
            return named[0]
        if re.fullmatch(r"['’]?s?[\s-]*", between):  # "COVID-19 ARDS": the last noun is the head
            return named[1]
    return _longest(named)


def _longest(found: list[_Span]) -> _Span | None:
    return max(found, key=lambda f: (f[1] - f[0], -f[0]), default=None)


def _site(text: str) -> Concept | None:
    """An anatomical site that is named beside the disease ("with knee involvement")."""
    m = re.search(r"\b(?:with|of|in) (?:the )?(\w+(?: \w+)?) involvement", text)
    if m is None:
        return None
    mention = lexicon().lookup("tissue", m[1]) or lexicon().lookup("tissue", f"{m[1]} joint")
    return mention.concept if mention else None
