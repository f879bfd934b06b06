"""Comparator: what the control group receives, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_words import whole_text, words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "comparator.printed",
    "The words of a cell under a heading of comparators are what the control group receives, unless they say "
    "that there "
    "is none or count patients.",
    example="Placebo (saline)", gives="Placebo (saline)", counter_example="20 patients",
)  # fmt: skip

_KNOWN: Final = re.compile(
    r"placebo|saline|sham|standard (?:of )?care|usual care|standard (?:treatment|therapy)|conventional|vehicle"
    r"|hyaluronic"
    r"|best supportive|no treatment|plasmalyte|medium|albumin",
    re.IGNORECASE,
)
_NO_COMPARATOR: Final = re.compile(
    r"\W*(?:none|nothing|no|yes|nil|without|no (?:control|comparator|comparison)(?: group| arm)?|uncontrolled"
    r"|not controlled|not applicable|single[- ]arm"
    r"|(?:self|historical)[- ]controls?(?:led)?|baseline|(?:n ?= ?)?\d+(?: (?:patients|participants|subjects"
    r"|cases))?)\W*",
    re.IGNORECASE,
)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    if not _NO_COMPARATOR.fullmatch(text):
        yield from whole_text(text)


COLUMN: Final = words_column(
    field="comparator",
    order=160,
    headings=r"(?:(?:study|trial|active|main) ){0,4}(?:comparators?|comparisons?|comparative)(?: (?:group|arm"
    r"|treatment"
    r"|intervention"
    r"|groups|arms|interventions))?|controls?(?: (?:group|arm|groups|arms|treatment|intervention|condition|therapy))?"
    r"(?: (?:treatment|intervention|therapy))?|(?:treatment|intervention) (?:of|in) (?:the )?controls?(?: groups?"
    r"| arms?)?"
    r"|comparator ?/ ?control|control ?/ ?comparator|placebo ?/ ?control|placebo(?: (?:group|arm))?"
    r"|control (?:measures?|products?|agents?|drugs?)|control or comparator",
    display="Comparator",
    name="comparator",
    meaning="what the control group receives, as printed",
    states=TG.comparator,
    by=PRINTED,
    spans=_spans,
    weight=lambda text: 6.0 if _KNOWN.search(text) else 0.5,
    several=True,
)
