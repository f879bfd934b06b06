"""Target of a product: the antigen or the gene that it is directed at, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.plain_words import words_column
from trialgraph.model.reading import rule
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

PRINTED: Final = rule(
    "target.printed",
    "Each name of a list under a heading of targets is an antigen, a gene or a receptor that the product is "
    "directed at.",
    example="CD19/BCMA", gives="CD19|BCMA", counter_example="12",
)  # fmt: skip

_JOINED: Final = re.compile(r"\s*(?:[,;/+&|\n]|\band\b|\bor\b)\s*")
_SYMBOL: Final = re.compile(r"(?:anti-?)?(?:CD\d+[a-z]?|[A-Z][A-Z0-9]{1,9}(?:-\d+|[αβγδ])?|HLA-[A-Z]\w*)")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for m in [*_JOINED.finditer(text), None]:
        end = m.start() if m else len(text)
        part = text[at:end]
        if re.search(r"[^\W\d_]", part):
            start = at + len(part) - len(part.lstrip())
            yield start, start + len(part.strip())
        at = m.end() if m else end


def _weight(text: str) -> float:
    return 6.0 if all(_SYMBOL.fullmatch(text[i:j]) for i, j in _spans(text)) else 0.5


COLUMN: Final = words_column(
    field="target",
    order=166,
    headings=r"(?:(?:molecular|car|car-?t|cell|cells|antigen|gene|therapeutic|drug) ){0,4}(?:targets?"
    r"|targeted antigens?|(?:tumou?r|tumou?r associated|cell surface|surface|cancer) (?:antigens?|targets?)"
    r"|target proteins?"
    r"|genes? of interest"
    r"|antigens?"
    r"|target (?:antigens?|genes?|molecules?|receptors?)|transgenes?|(?:therapeutic|delivered|transferred"
    r"|target) genes?"
    r"|the delivered genes?)(?: antigens?| genes?)?(?: of (?:the )?(?:car"
    r"|product|drug))?",
    display="Target",
    name="targets",
    meaning="antigens, genes or receptors that the product is directed at, as printed",
    states=TG.productTarget,
    by=PRINTED,
    spans=_spans,
    weight=_weight,
    longest=120,
    several=True,
)
