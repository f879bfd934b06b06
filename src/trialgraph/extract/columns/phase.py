"""Study phase: ``Phase Ib/IIa`` to ``1b/2a``; a dash is "not stated", which is not "not applicable"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trialgraph.extract.text import patterns as grammar
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import PhaseStatus
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["Phase", "read_phase"]

SINGLE: Final = rule(
    "phase.single",
    "One phase, Roman or Arabic, with its letter if it has one.",
    example="Phase Ia", gives="1a", counter_example="Phase I/II",
)  # fmt: skip
COMBINED: Final = rule(
    "phase.combined",
    "Two phases joined by a slash, a dash or a word are one combined phase.",
    example="Phase Ib/IIa", gives="1b/2a", counter_example="Phase II",
)  # fmt: skip
NOT_STATED: Final = rule(
    "phase.not-stated",
    "A dash, or words to that effect, says that the source does not state the phase.",
    example="-", gives="", counter_example="Not applicable",
)  # fmt: skip
NOT_APPLICABLE: Final = rule(
    "phase.not-applicable",
    "The source says that the study has no phase.",
    example="Not applicable", gives="", counter_example="-",
)  # fmt: skip

_ROMAN: Final = str.maketrans("ⅠⅡⅢⅣⅰⅱⅲⅳ", "12341234")
_ARABIC: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True, slots=True)
class Phase:
    """What a phase cell says. ``code`` is ``1``, ``1a``, ``1/2``, ``1b/2a`` …, None unless stated."""

    code: str | None
    status: PhaseStatus
    concept: Concept | None
    reading: Reading | None


def read_phase(cell: Cell) -> Phase:
    """Read a phase cell; an empty cell states no phase."""
    text = _spelled(cell.text or "")
    # "I/II" alone in a column of phases is a phase; the word is put before it to read it, and taken off the span.
    bare = grammar.PHASE.fullmatch(f"Phase {text.strip()}")
    if m := grammar.PHASE.search(text) or bare:
        first, last = _step(m["first"]), _step(m["last"]) if m["last"] else None
        code = f"{first}/{last}" if last else first
        if m["early"]:
            code = "0"
        mention = lexicon().lookup("phase", m.group()) or lexicon().lookup("phase", f"Phase {code}")
        at = (text.index(text.strip()), len(text.rstrip())) if m is bare else m.span()
        made = read(cell, "phase", at, code, COMBINED if last else SINGLE, mention)
        return Phase(code, "stated", mention.concept if mention else None, made)
    if grammar.NOT_APPLICABLE.fullmatch(text.strip()):
        return Phase(None, "not applicable", None, read(cell, "phase", (0, len(text)), None, NOT_APPLICABLE))
    if grammar.NOT_STATED.fullmatch(text.strip()):
        return Phase(None, "not stated", None, read(cell, "phase", (0, len(text)), None, NOT_STATED))
    return Phase(None, "not stated", None, None)


def _spelled(text: str) -> str:
    """The text with the one-letter Roman numbers and the capitals of "PHASE" spelled out, character for character."""
    return text.translate(_ROMAN).replace("PHASE", "Phase")


def _step(text: str) -> str:
    stem = text.rstrip("abc")
    return _ARABIC.get(stem.lower(), stem) + text[len(stem) :]
