"""Sponsor of a trial, or who funds it, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_words import whole_text, words_column
from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "sponsor.printed",
    "The words of a cell under a heading of sponsors are the sponsor.",
    example="Peking University Third Hospital", gives="Peking University Third Hospital", counter_example="2021",
)  # fmt: skip


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The words of a sponsor, without a registry's number before or behind them."""
    numbers = [(found.start, found.end) for found in find_numbers(text)]
    if not numbers:
        yield from whole_text(text)
        return
    parts = zip([0, *(end for _, end in numbers)], [*(start for start, _ in numbers), len(text)], strict=True)
    named = [(i, j) for i, j in parts if re.search(r"[^\W\d_]{2}", text[i:j])]
    if len(named) == 1:
        start, end = named[0]
        words = text[start:end]
        yield (
            start + len(words) - len(words.lstrip(" \n,;:()[]/-")),
            start + len(words.rstrip(" \n,;:()[]/-")),
        )


COLUMN: Final = words_column(
    field="sponsor",
    order=190,
    headings=r"(?:(?:study|trial|lead|primary|responsible|main|industry|industrial|commercial"
    r"|academic) ){0,4}sponsors?(?: ?(?:/|and|or|,) ?(?:collaborators?"
    r"|funders?"
    r"|compan(?:y|ies)|institutions?|investigators?))?(?: name)?|sponsor of (?:the )?(?:study|trial)|name of sponsor"
    r"|sponsoring (?:institution|organi[sz]ation|company)|sponsored by"
    r"|(?:responsible|sponsoring) (?:party|parties)|(?:sponsor|company) ?/ ?(?:company|sponsor)"
    r"|manufacturers?|developers?|applicants?|developed by|originators?|(?:pharma|pharmaceutical|biotech"
    r"|drug) compan(?:y|ies)"
    r"|(?:sponsoring )?compan(?:y|ies)",
    display="Sponsor",
    name="sponsor",
    meaning="sponsor of the trial, as printed",
    states=TG.sponsor,
    by=PRINTED,
    spans=_spans,
    weight=lambda _: 0.5,
    longest=300,
)
