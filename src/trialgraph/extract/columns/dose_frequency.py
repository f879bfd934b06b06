"""Dose frequency: how often, or at which interval, the product is given, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_words import words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "dose-frequency.printed",
    "Words for an interval or for times a day, week, month or year are how often the product is given.",
    example="every 4 weeks", gives="every 4 weeks", counter_example="3 doses",
)  # fmt: skip

_N: Final = (
    r"(?:\d{1,2}(?:\.\d)?(?: ?(?:-|–|to|or) ?\d{1,2})?|one|two|three|four|five|six|eight|twelve|other|second|third"
    r"|fourth)"
)
_UNIT: Final = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mo|years?|yrs?|y)"
_FREQUENCY: Final = re.compile(
    rf"(?<![\w.])(?:(?:once|twice|\d{{1,2}} ?(?:times|×|x)|(?:one|two|three|four) (?:times|doses?|infusions?"
    rf"|injections?)"
    rf"|\d{{1,2}} (?:doses?|infusions?|injections?)) ?(?:every|per|a|each|/) ?(?:{_N} ?)?{_UNIT}"
    rf"|(?:once |twice |(?:one|two|three|four|\d{{1,2}}) times )?(?:daily|weekly|bi-?weekly|fortnightly|monthly"
    rf"|bi-?monthly"
    rf"|quarterly|yearly|annually)"
    rf"|every ?-?(?:{_N}[ -]?)?{_UNIT}|q ?{_N}? ?{_UNIT}|(?:at "
    rf"|with )?(?:an? )?(?:{_N}[ -])?{_UNIT}(?:ly)? (?:intervals?|apart)"
    rf"|(?:at |with )?intervals? of {_N}[ -]?{_UNIT}|b\.?i\.?d\.?|q\.?d\.?|t\.?i\.?d\.?)(?![\w])",
    re.IGNORECASE,
)  # fmt: skip


def _spans(text: str) -> Iterator[tuple[int, int]]:
    yield from (m.span() for m in _FREQUENCY.finditer(text))


COLUMN: Final = words_column(
    field="dose frequency",
    order=168,
    headings=r"(?:(?:dos(?:e|es|ing|age)|administration|infusion|injection|treatment|cell) ){0,4}(?:frequenc(?:y|ies)"
    r"|schedules?"
    r"|intervals?)(?: of (?:the )?(?:(?:cell|msc) )?(?:dos(?:e|es|ing|age)|administrations?|infusions?"
    r"|injections?|treatments?"
    r"|delivery|transplantations?|fmt|therapy))?",
    display="Dose frequency",
    name="dose_frequency",
    meaning="how often the product is given, as printed",
    states=TG.doseFrequency,
    by=PRINTED,
    spans=_spans,
    weight=lambda text: 6.0 if any(i == 0 and j == len(text) for i, j in _spans(text.strip())) else 2.0,
    longest=160,
    several=True,
)
