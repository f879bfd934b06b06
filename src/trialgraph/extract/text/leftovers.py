"""What is left of a cell's text when readings and declared filler are taken away.

Readings, filler and leftover together are the whole text. Filler is punctuation, white space, function words, and the
words that a column declares (``cells`` in an administration). Everything else that no reading covers is a leftover and
is reported, so that nothing is lost without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from typing import Final

from trialgraph.terminology.lexicon import fold

__all__ = ["FUNCTION_WORDS", "leftovers"]

#: Words that say nothing by themselves, in any column.
FUNCTION_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "each",
        "etc",
        "for",
        "from",
        "in",
        "including",
        "into",
        "of",
        "on",
        "or",
        "per",
        "plus",
        "the",
        "to",
        "via",
        "vs",
        "versus",
        "with",
    ]
)
# Numbers keep their separators: what is left of 1,000 is 1,000, not 1 and 000. A bound without its number counts, too.
_WORD: Final = re.compile(r"\d+(?:[.,·]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\W_]|[≥≤<>≈~±]")


def leftovers(
    text: str, covered: Iterable[tuple[int, int]], filler: Set[str] = frozenset()
) -> Iterator[tuple[int, int]]:
    """Spans of a text that hold a word or number which is neither covered nor filler, in order.

    :param covered: half-open spans that readings rest on or that a column declares
    :param filler: folded words of the column that need no reading
    """
    free = bytearray(b"\1" * len(text))
    for start, end in covered:
        free[start:end] = bytes(end - start)
    for run in re.finditer(b"\1+", free):
        told = [
            word
            for word in _WORD.finditer(text, run.start(), run.end())
            if fold(word.group()) not in FUNCTION_WORDS and fold(word.group()) not in filler
        ]
        if told:
            yield told[0].start(), told[-1].end()
