"""Allocation: whether participants are assigned to groups by chance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_concepts import Found, named_concept_column
from trialgraph.extract.text.design_codes import design_codes
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

NAMED: Final = rule(
    "allocation.named",
    "Randomized, non-randomized and their other spellings are the allocation, where a cell names just one; under "
    "a heading "
    "that asks for it, yes and no are, too.",
    example="Randomised controlled trial", gives="randomized", counter_example="Single-arm study",
)  # fmt: skip

_NAMED: Final = re.compile(
    r"\b(?P<no>(?:non|un|not|without)[- _]?randomi[sz](?:ed|ation))\b|\brandomi[sz](?:ed|ation)\b|\bRCTs?\b"
    r"|\brandomly (?:assigned|allocated)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"randomi[sz]|^\W*rcts?\W*$", re.IGNORECASE)
_ANSWER: Final = re.compile(r"\s*(?:(?P<yes>yes|y|✓|✔)|no|n)\s*", re.IGNORECASE)


def _found(text: str, header: str) -> Iterator[Found]:
    if _ASKS.search(re.sub(r"\s", "", header)) and (m := _ANSWER.fullmatch(text)):
        start = len(text) - len(text.lstrip())
        yield start, len(text.rstrip()), "randomized" if m["yes"] else "non-randomized"
        return
    yield from ((i, j, "randomized") for i, j, code in design_codes(text) if code == "R")
    for m in _NAMED.finditer(text):
        yield m.start(), m.end(), "non-randomized" if m["no"] else "randomized"


COLUMN: Final = named_concept_column(
    field="allocation",
    order=175,
    headings=r"(?:(?:study|trial) ){0,4}(?:allocation|randomi[sz]ation|randomi[sz]ed)(?: (?:status"
    r"|type))?(?: of (?:the )?(?:study"
    r"|trial|patients|participants))?|allocation ?/ ?randomi[sz]ation|type of allocation|rcts?",
    display="Allocation",
    states=TG.allocation,
    meaning="randomized or non-randomized",
    by=NAMED,
    found=_found,
)
