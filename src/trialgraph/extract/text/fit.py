"""How well a stretch of a line fits a kind of cell, as log-odds against "just some text".

A column with a grammar (phase, patients, ids) scores the whole cell; prose (mechanism, outcomes, conclusion) is scored
by the words in it, so that any stretch costs the same time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from trialgraph.extract.text.evidence import Evidence
from trialgraph.extract.text.patterns import NOT_APPLICABLE, NOT_STATED

__all__ = ["CELL", "VERB", "WORD_START", "WRONG", "Fit", "blank_weight", "cue_words", "prose", "whole_cell"]

#: From this weight on, a whole text is a cell of the column, and more than "just some text".
CELL: Final = 1.5
#: Weight of a stretch that is no cell of the column.
WRONG: Final = -9.0

#: (?<![a-z]) instead of \b: a cell may begin at a seam.
WORD_START: Final = r"(?<![a-z])"
#: Verbs of trial reports, behind :data:`WORD_START`.
VERB: Final = (
    r"(?:was|were|is|are|did|does|had|has|have|showed?|shown|observed|improved|increased|"
    r"decreased|reduced|persisted|lasted|correlated|demonstrated|achieved|resulted|led|"
    r"remained|reported|maintained|declined|occurred|induced|tolerated)(?![a-z])"
)

Fit = Callable[[Evidence, int, int], float]


def whole_cell(score: Callable[[str], float]) -> Fit:
    """Scores a stretch by its text alone; the same text is scored once."""
    cached = lru_cache(maxsize=65536)(score)
    return lambda seen, i, j: cached(seen.text[i:j])


def blank_weight(text: str) -> float | None:
    """Weight of a dash, "not stated" or "not applicable"; None for any other text."""
    return 2.5 if NOT_STATED.fullmatch(text) or NOT_APPLICABLE.fullmatch(text) else None


def prose(field: str) -> Fit:
    """Scores a stretch by the cues and events that the line holds for a column of prose."""

    def fits(seen: Evidence, i: int, j: int) -> float:
        text, running = seen.text, seen.cues[field]
        first, last = text[i], text[j - 1]
        if seen.letters[min(j, i + 12)] - seen.letters[i] < 3:
            return WRONG
        score = running[j] - running[i]
        if not (first.isupper() or first.isdigit()):
            score -= 1.0 if first.islower() else 4.0
        if last in ",;(-–":
            score -= 4.0
        if seen.open[i] != seen.open[j]:
            score -= 6.0
        return score if score < 6.0 else 6.0 + 0.4 * (score - 6.0)

    return fits


def cue_words(*pairs: tuple[str, float]) -> tuple[tuple[re.Pattern[str], float], ...]:
    """Patterns of words with what each is worth as evidence for a column, as log-odds."""
    return tuple((re.compile(pattern), weight) for pattern, weight in pairs)
