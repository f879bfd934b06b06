"""Recruitment status: how far a trial has come, as its registry or the review calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from trialgraph.extract.column_type import CellShape
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import read, rule
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import Mention, lexicon

__all__ = ["COLUMN"]

NAMED: Final = rule(
    "status.named",
    "A cell that is a status as registries and reviews word it is that status; words behind it may say when or why.",
    example="Active, not recruiting", gives="active, not recruiting", counter_example="Recruiting since 2019",
)  # fmt: skip


ANSWERED: Final = rule(
    "status.answered",
    "Under a heading that asks whether a trial recruits, \"yes\" and \"not yet\" are the answer.",
    example="Not yet", gives="not yet recruiting", counter_example="No",
)  # fmt: skip
_ASKS: Final = re.compile(r"recruit|enrol", re.IGNORECASE)
_ANSWER: Final = re.compile(r"\s*(yes|(?P<yet>not yet))\s*", re.IGNORECASE)
# What may stand behind a status and says when, why or with what result: it makes no other status of it.
_BEHIND: Final = re.compile(
    r"[\s*†‡§¶#]*(?:[;,:(\[/—–-]\s*|\s(?=(?:in|on|as of|due|because|with|until|by) |\(|(?:jan|feb|mar|apr"
    r"|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{4}|(?:19|20)\d\d\b))"
    r"(?P<words>[^\n]{1,80})$|[*†‡§¶#]+$",
    re.IGNORECASE,
)
# A part of a trial has a status of its own.
_PART: Final = re.compile(
    r"\b(?:phase|part|stage|arm|cohort|except|but|not|no longer|since)\b|[A-Z]{3}\d", re.IGNORECASE
)


def _named(text: str) -> tuple[Mention, int] | None:
    """The status that a text is, and where its words end; words behind it may say when and why."""
    if mention := lexicon().lookup("status", text):
        return mention, len(text.rstrip())
    for m in re.finditer(r"[\s*†‡§¶#;,:(\[/—–-]", text.strip()):
        end = text.index(text.strip()) + m.start()
        behind = _BEHIND.match(text, end)
        if behind is None or not (mention := lexicon().lookup("status", text[:end])):
            continue
        words = behind["words"] or ""
        if not _PART.search(words) and not any(lexicon().find("status", words)):
            return mention, end
    return None


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    found = _named(text)
    return WRONG if found is None else 9.0 if found[1] == len(text.rstrip()) else 6.0


def _read(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    text = cell.text or ""
    if _ASKS.search(cell.header) and (m := _ANSWER.fullmatch(text)):
        mention = lexicon().lookup("status", "not yet recruiting" if m["yet"] else "recruiting")
        if mention:
            yield (
                "status",
                PlainValue(mention.concept, read(cell, "status", m.span(1), None, ANSWERED, mention)),
            )
        return
    if found := _named(text):
        at = (len(text) - len(text.lstrip()), found[1])
        yield "status", PlainValue(found[0].concept, read(cell, "status", at, None, NAMED, found[0]))


_COLUMN: Final = plain_column(
    field="status",
    order=120,
    headings=r"(?:(?:trial|trials|study|overall|current|recruitment|recruiting|enrol?lment|clinical|completion|present"
    r"|latest) ){0,4}status(?:es)?"
    r"(?: ?(?:as of|on) .{4,30})?(?: of (?:the )?"
    r"(?:trials?|study|studies|recruitment))?|(?:trial|study|recruitment) state|recruitment|recruiting"
    r"|enrolling|(?:trial|study) progress|progress",
    display="Recruitment status",
    shape=CellShape(empty=-1.5, longest=40, fits=whole_cell(_fit), most=9.0),
    read=_read,
    rules=(NAMED, ANSWERED),
    properties=[
        PlainProperty(
            "status",
            "recruitment status: recruiting, completed, withdrawn …; empty where no column gives it",
            TG.recruitmentStatus,
            "status",
            datatype=None,
        )
    ],
    lexicons=("status",),
)

# "Unknown" is a status of a registry.
COLUMN: Final = replace(_COLUMN, reads_blank=True)
