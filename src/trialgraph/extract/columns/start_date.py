"""Start date: when the first participant was, or is to be, enrolled."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.columns.plain_dates import date_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "start-date.printed",
    "A whole cell that is a date, a month or a year is when the trial starts; day and month by numbers alone "
    "only where "
    "one order is possible.",
    example="15 March 2020", gives="2020-03-15", counter_example="03/04/2020",
)  # fmt: skip

COLUMN: Final = date_column(
    field="start date",
    order=200,
    headings=r"(?:(?:actual|estimated|anticipated|planned|expected|study|trial|first|recruitment"
    r"|enrol?lment|inclusion) ){0,4}"
    r"(?:start(?:ing)?(?: date| year| time)?|start(?:ed|ing)? (?:on|in)|date of (?:study |trial )?(?:start"
    r"|commencement)|"
    r"date (?:of )?enrol+e?ment|date (?:of )?first (?:enrol?lment|patient (?:enrol?led|in))"
    r"|commencement(?: date)?|date started|year started|initiation(?: date| year)?|date of (?:study "
    r"|trial )?initiation|(?:study|trial) initiation(?: date)?|"
    r"begin(?:ning)?(?: date)?)(?: of (?:the )?(?:study|trial|recruitment|enrol?lment))?",
    display="Start date",
    states=TG.startDate,
    meaning="when the trial starts: a date, a month or a year as printed",
    by=PRINTED,
)
