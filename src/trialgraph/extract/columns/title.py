"""Title of a trial, or its acronym, as printed."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.columns.plain_words import words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "title.printed",
    "The words of a cell under a heading of titles are the trial's title.",
    example="Safety of UC-MSCs in knee osteoarthritis", gives="Safety of UC-MSCs in knee osteoarthritis",
    counter_example="2021",
)  # fmt: skip


def _weight(text: str) -> float:
    return 2.0 if len(text.split()) >= 4 else 0.5


COLUMN: Final = words_column(
    field="title",
    order=180,
    headings=r"(?:(?:official|brief|public|scientific|short|full|study|trial|article|paper|publication) ){0,4}titles?"
    r"(?: of (?:the )?(?:study|trial|article|paper|publication))?|(?:clinical )?(?:study|trial) names?"
    r"|project titles?|clinical trial titles?|(?:study |trial )?acronyms?"
    r"|names? of (?:the )?(?:clinical )?(?:study|trial)s?",
    display="Title",
    name="title",
    meaning="title or acronym of the trial, as printed",
    states=TG.studyTitle,
    by=PRINTED,
    weight=_weight,
    several=True,
)
