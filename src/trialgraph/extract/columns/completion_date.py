"""Completion date: when the trial ends, or is to end."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.columns.plain_dates import date_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "completion-date.printed",
    "A whole cell that is a date, a month or a year is when the trial ends; day and month by numbers alone only where "
    "one order is possible.",
    example="Dec 2023", gives="2023-12", counter_example="04.05.2021",
)  # fmt: skip

COLUMN: Final = date_column(
    field="completion date",
    order=210,
    # The date of the primary completion is another one.
    headings=r"(?:(?:actual|estimated|anticipated|expected|planned|projected|study|trial|final"
    r"|full) ){0,4}(?:(?:completion"
    r"|end(?:ing)?)(?: date| year"
    r"| time)?"
    r"|date of (?:study |trial )?(?:completion|end)|date completed|year completed|completed (?:on|in))"
    r"(?: of (?:the )?(?:study|trial))?",
    display="Completion date",
    states=TG.completionDate,
    meaning="when the trial ends: a date, a month or a year as printed",
    by=PRINTED,
)
