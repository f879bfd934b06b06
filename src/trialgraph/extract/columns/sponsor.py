"""Sponsor of a trial, or who funds it, as printed."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.columns.plain_words import words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "sponsor.printed",
    "The words of a cell under a heading of sponsors are the sponsor.",
    example="Peking University Third Hospital", gives="Peking University Third Hospital", counter_example="2021",
)  # fmt: skip

COLUMN: Final = words_column(
    field="sponsor",
    order=190,
    headings=r"(?:(?:study|trial|lead|primary|responsible|main|industry|industrial|commercial|academic) ){0,4}sponsors?(?: ?(?:/|and|or|,) ?(?:collaborators?"
    r"|funders?"
    r"|compan(?:y|ies)|institutions?|investigators?))?(?: name)?|sponsor of (?:the )?(?:study|trial)|name of sponsor"
    r"|sponsoring (?:institution|organi[sz]ation|company)|sponsored by"
    r"|(?:responsible|sponsoring) (?:party|parties)|(?:sponsor|company) ?/ ?(?:company|sponsor)|manufacturers?|developers?|applicants?|developed by|originators?|(?:pharma|pharmaceutical|biotech|drug) compan(?:y|ies)"
    r"|(?:sponsoring )?compan(?:y|ies)",
    display="Sponsor",
    name="sponsor",
    meaning="sponsor of the trial, as printed",
    states=TG.sponsor,
    by=PRINTED,
    weight=lambda _: 0.5,
    longest=300,
)
