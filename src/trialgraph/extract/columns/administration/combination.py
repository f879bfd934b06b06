"""What is given beside the cells: "in combination with DMARDs", "some patients receiving … IFN-γ"."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.extract.columns.administration.dose import DOSE
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, Mention, lexicon
from trialgraph.terminology.names.grounding import ground, mention_of

__all__ = ["read_combination"]

COMBINED: Final = rule(
    "combination.with",
    "What stands behind \"in combination with\", \"combined with\", \"plus\" or \"receiving\" "
    "is given beside the cells.",
    example="IV infusion of 4 × 107 UC-MSCs in combination with DMARDs", gives="DMARD",
    counter_example="1 × 106 cells/kg, IV infusion",
)  # fmt: skip

_TRIGGER: Final = re.compile(
    r"(?:in combination with|combined with|in addition to|together with|along with|co-?administered with|plus"
    r"|(?:some |all |other )?patients (?:also )?(?:receiving|received|given|treated with)|"
    r"concomitant(?:ly)?(?: with)?|(?<=\s)\+)\s+",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[;,()]|\. |\s(?:for|at|every|once|twice|by|via|in|on|daily|weekly)\s|\s(?=\d)|$")
# No list of drugs is longer.
_LONGEST: Final = 300
_BETWEEN: Final = re.compile(r"\s+(?:and|or|plus)\s+|\s*[/+]\s*|,\s*(?:and\s+)?")


def read_combination(cell: Cell) -> tuple[tuple[Concept | None, Reading], ...]:
    """The drugs that a cell names beside the cells, in the order in which they are printed."""
    text = cell.text or ""
    made: list[tuple[Concept | None, Reading]] = []
    for trigger in _TRIGGER.finditer(text):
        start = trigger.end()
        end = start + _end(text[start : start + _LONGEST])
        at = start
        for joint in [*_BETWEEN.finditer(text, start, end), None]:
            stop = joint.start() if joint else end
            words = text[at:stop].strip()
            # "patients receiving UC-MSCs": those are the cells, not what is given beside them.
            if words and not lexicon().lookup("cell_type", words):
                i = text.index(words, at)
                mention = lexicon().lookup("product", words) or _indexed(words)
                made.append(
                    (
                        mention.concept if mention else None,
                        read(cell, "combined_with", (i, i + len(words)), words, COMBINED, mention),
                    )
                )
            at = joint.end() if joint else end
    return tuple(made)


def _indexed(words: str) -> Mention | None:
    """The concept of ours that is the substance which the words name whole in a release: values here are ours."""
    links = ground(words, "intervention").links
    mention = (
        mention_of(links[0], "intervention") if len(links) == 1 and links[0].relation == "exact" else None
    )
    return (
        mention
        if mention and mention.concept.field == "product" and mention.concept.id.startswith("tgc:")
        else None
    )


def _end(rest: str) -> int:
    stop = _STOP.search(rest)
    dose = DOSE.search(rest)
    return min(m.start() for m in (stop, dose) if m is not None)
