"""Recruitment status: how far a trial has come, as its registry or the review calls it."""

from __future__ import annotations

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
from trialgraph.terminology.lexicon import lexicon

__all__ = ["COLUMN"]

NAMED: Final = rule(
    "status.named",
    "A whole cell that is a status as registries and reviews word it is that status.",
    example="Active, not recruiting", gives="active, not recruiting", counter_example="Recruiting since 2019",
)  # fmt: skip


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    return 9.0 if lexicon().lookup("status", text) else WRONG


def _read(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    text = cell.text or ""
    if mention := lexicon().lookup("status", text):
        start = len(text) - len(text.lstrip())
        at = (start, start + len(text.strip()))
        yield "status", PlainValue(mention.concept, read(cell, "status", at, None, NAMED, mention))


_COLUMN: Final = plain_column(
    field="status",
    order=120,
    headings=r"(?:(?:trial|trials|study|overall|current|recruitment|recruiting|enrol?lment|clinical|completion|present"
    r"|latest) ){0,4}status(?:es)?"
    r"(?: ?(?:as of|on) .{4,30})?(?: of (?:the )?"
    r"(?:trials?|study|studies|recruitment))?|(?:trial|study|recruitment) state|recruitment|recruiting|enrolling|(?:trial|study) progress|progress",
    display="Recruitment status",
    shape=CellShape(empty=-1.5, longest=40, fits=whole_cell(_fit)),
    read=_read,
    rules=(NAMED,),
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
