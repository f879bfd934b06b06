"""How often the product is given: "1 dose", "two infusions", "single injection"."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import fold

__all__ = ["read_count"]

COUNT: Final = rule(
    "administration.count",
    "A number before doses, infusions, injections or administrations is how often the product is given.",
    example="1 × 106 cells/kg, two IV infusions", gives="2", counter_example="1 or 2 doses",
)  # fmt: skip

BY_HEADING: Final = rule(
    "administration.count-by-heading",
    "A whole cell that is a number, under a heading of numbers of doses, is how often the product is given.",
    example="3", gives="3", counter_example="2-3",
)  # fmt: skip

_WORDS: Final = {
    "single": 1, "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_TIMES: Final = re.compile(
    r"(?<![\w.,/–-])(?P<n>\d{1,2}|"
    + "|".join(_WORDS)
    + r")(?: (?:IV|i\.v\.|IT|intra-?\w+|repeated|separate)){0,2}"
    r" ?(?:doses?|rounds?|infusions?|injections?|administrations?|transplantations?|implantations?|times)(?![\w-])",
    re.IGNORECASE,
)
# "3 × 10^7, once": not "once daily".
_ALONE: Final = re.compile(r"(?:^|[,;]) ?(?P<n>once|twice)(?= ?(?:$|[,;]))", re.IGNORECASE)
_BARE: Final = re.compile(rf"\s*(?P<n>[1-9]\d?|{'|'.join(_WORDS)})\s*(?:times?|x|×)?\s*", re.IGNORECASE)
# "Frequency: single".
_OFTEN: Final = re.compile(r"\s*(?P<n>single|once|twice)\s*", re.IGNORECASE)
#: A heading under which a number is how often the product is given.
_OF_HEADING: Final = re.compile(
    r"(?:number|no\.?|nr|n|#|count)s? ?(?:of )?(?:\w+ )?(?:doses?|infusions?|injections?|administrations?"
    r"|transplantations?"
    r"|implantations?)\b|\b(?:doses?|infusions?|injections?|administrations?) ?(?:\((?:n|no\.?|number|times)\)|, ?n\b"
    r"|number|count|given)|\bmscs? frequency\b"
)
# "1 or 2 doses", "2-3 infusions": two numbers say no one number.
_BEFORE: Final = re.compile(
    rf"(?:(?:\d|\b(?:{'|'.join(_WORDS)})) ?(?:or|to|and|,|-|–|/)|\b(?:up to|every|at least|[≤≥<>~±×])) ?$",
    re.IGNORECASE,
)


def read_count(cell: Cell) -> Reading | None:
    """The number of administrations, where the cell names just one."""
    text = cell.text or ""
    if (bare := _BARE.fullmatch(text)) and _OF_HEADING.search(fold(cell.header).replace("_", " ")):
        word = bare["n"].lower()
        return read(cell, "dose_count", bare.span("n"), _WORDS.get(word) or int(word), BY_HEADING)
    if (often := _OFTEN.fullmatch(text)) and "frequen" in cell.header.lower():
        return read(cell, "dose_count", often.span("n"), _WORDS[often["n"].lower()], BY_HEADING)
    alone = list(_ALONE.finditer(text))
    if len(alone) == 1 and not _TIMES.search(text):
        return read(cell, "dose_count", alone[0].span("n"), _WORDS[alone[0]["n"].lower()], COUNT)
    found = [m for m in _TIMES.finditer(text) if not _BEFORE.search(text, 0, m.start())]
    if len(found) != 1:
        return None
    number = found[0]["n"].lower()
    return read(cell, "dose_count", found[0].span(), _WORDS.get(number) or int(number), COUNT)
