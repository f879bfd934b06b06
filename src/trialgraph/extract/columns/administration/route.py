"""Route and way of delivery: intravenous, intrathecal, intra-articular …; infusion, injection, implantation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["AMBIGUOUS", "read_methods", "read_routes"]

ROUTE: Final = rule(
    "route.named",
    "A word of the route file in the administration is a route; several are alternatives, as the source words them.",
    example="1 × 106 cells/kg, IV or intrathecal injection", gives="intravenous|intrathecal",
    counter_example="UC-MSC transplantation",
)  # fmt: skip
AMBIGUOUS: Final = rule(
    "route.ambiguous-abbreviation",
    "An abbreviation of several routes is kept as printed, without a link.",
    example="IA injection", gives="", counter_example="IV injection",
)  # fmt: skip
METHOD: Final = rule(
    "method.named",
    "Infusion, injection, implantation and transplantation are ways of delivery, not routes.",
    example="Intra-articular implantation", gives="implantation", counter_example="Dose not specified",
)  # fmt: skip

# What makes another thing of a route's word: "subcutaneous fat", "local anaesthesia", "oral mucosa".
_NO_ROUTE: Final = re.compile(
    r"\s+(?:\w+ )?(?:an(?:a)?esth\w+|mucosa\w*|cavity|lens(?:es)?|catheters?|fractures?|grafts?|flaps?|blocks?"
    r"|lesions?"
    r"|disease|cancer|h(?:a)?emorrhage|pressure|ultrasound|nodules?|polyps?|septum|recurrence|devices?|growth"
    r"|thrombosis|bypass|intervention|angioplasty|(?:chemo)?emboli[sz]ation|ligation|stenosis|flow|hypertension)\b"
    r"|(?<=subcutaneous)\s+(?:fat|adipose|tissue)\b"
    r"|\s+(?:tumou?rs?|carcinomas?|surger(?:y|ies)|resections?|clamp\w*|infarct\w*|occlusions?|aneurysms?|mucositis"
    r"|contraceptives?|sphincter|swabs?)\b",
    re.IGNORECASE,
)
# "Local" is a route only of something that is given.
_GENERAL: Final = frozenset({"local", "nasal", "oral", "topical", "inhaled", "nebulized", "nebulised"})
_GIVEN: Final = re.compile(
    r"\W*$|\s*[,;)/]|\s+(?:\w+ ){0,2}(?:and|or|inject\w*|infus\w*|implant\w*|transplant\w*|admin\w*|appl\w*"
    r"|deliver\w*"
    r"|instill\w*|drips?|drops?|spray|route|inhal\w*|use|capsules?|tablets?|solution|suspension|gel|cream|ointment"
    r"|dos(?:e|es|ing)|daily|once|twice)\b",
    re.IGNORECASE,
)
# "SMUP-IA-01": letters within a product's code.
_CODE_BEFORE: Final = re.compile(r"[\w-]+$")
_CODE_BEHIND: Final = re.compile(r"[\w-]+")
# "iv infusion", "iv" alone: no Roman four.
_SMALL: Final = re.compile(
    r"(?<![\w/.-])(?<!grade )(?<!stage )(?<!phase )(?<!type )(?<!class )(?<!factor )iv(?=\s*(?:$|[,;/)(]"
    r"|\s(?:inject|infus|admin|drip|bolus|route|transfus|dos|and |or |push)))|^\s*(?:im|sc|iv|it|ia|icv)\s*$"
)
# "grade III/IV", "stages II-IV": a Roman four.
_FOUR: Final = re.compile(
    r"(?:\b(?:grades?|stages?|class(?:es)?|phases?|types?|factor|cranial nerve)\b[\s:]*"
    r"|\bI{1,3}[ab]?\s*(?:[-–/,&]|to|or|and|vs\.?)\s*)$",
    re.IGNORECASE,
)
_LONGEST: Final = 40
_Routes = tuple[tuple[Concept | None, Reading], ...]
_Methods = tuple[tuple[Concept, Reading], ...]


def read_routes(cell: Cell) -> _Routes:
    """The routes of a cell, each once, in the order in which they are printed; without a concept where ambiguous."""
    made: list[tuple[Concept | None, Reading]] = []
    for concept, reading in _named(cell, "route", ROUTE):
        if lexicon().candidates("route", reading.verbatim):
            made.append((None, replace(reading, rule=AMBIGUOUS.id, mention=None)))
        else:
            made.append((concept, reading))
    return tuple(made)


def read_methods(cell: Cell) -> _Methods:
    """The ways of delivery of a cell, each once."""
    return _named(cell, "method", METHOD)


def _named(cell: Cell, field: str, by: Rule) -> _Methods:
    text = cell.text or ""
    if field == "route":
        text = _SMALL.sub(lambda m: m.group().upper(), text)
    seen: dict[str, tuple[Concept, Reading]] = {}
    for i, j, mention in lexicon().find(field, text):
        if mention.concept.id not in seen and _is_meant(text, i, j):
            seen[mention.concept.id] = (mention.concept, read(cell, field, (i, j), None, by, mention))
    return tuple(seen.values())


def _is_meant(text: str, start: int, end: int) -> bool:
    """Whether a word of the file says how something is given: not an organ or a device, nor a code."""
    if _NO_ROUTE.match(text, end):
        return False
    if text[start:end].casefold() in _GENERAL and not _GIVEN.match(text, end):
        return False
    if not text[start:end].isupper():
        return True
    if text[start:end] == "IV" and _FOUR.search(text, max(0, start - _LONGEST), start):
        return False
    before = _CODE_BEFORE.search(text, max(0, start - _LONGEST), start)
    behind = _CODE_BEHIND.match(text, end, end + _LONGEST)
    return not any(m and any(c.isdigit() for c in m[0]) for m in (before, behind))
