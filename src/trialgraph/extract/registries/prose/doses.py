"""How many cells are given, in the texts about them, in the spellings of registries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.columns.administration.plausible_doses import plausible_dosings
from trialgraph.extract.registries.prose.texts import ProseText, Texts, sentences, substituted
from trialgraph.model.reading import Reading
from trialgraph.model.report import DoseLevel
from trialgraph.model.table import Cell
from trialgraph.terminology.dose_units import CELLS

__all__ = ["read_doses"]

About = frozenset[tuple[str, int]]
# What is counted by a dose of cells, near it.
_OF_CELLS: Final = re.compile(
    r"\b(?:cells?|[\w-]{0,15}MSCs?|[\w-]{0,15}SCs?|MPCs?|MAPC|MNCs?|stromal|stem)\b|/ ?kg\b|\bper kg\b"
    r"|\bper kilogram",
    re.IGNORECASE,
)
# A text that counts other things, or cells that are not given.
_OTHER: Final = re.compile(
    r"\b(?:CD34|CD3|CD45|T[- ]?cells?|lymphocytes?|nucleated|platelets?|leu[ck]ocytes?|neutrophils?|white blood"
    r"|granulocytes?|bacteria|CFU|virus|people|persons|individuals|americans|patients (?:suffer|world)"
    r"|years|dollars|euros?|viab\w+ of|erythrocytes?|copies|seed(?:ed|ing)|density|cultured? (?:at|in)|flasks?"
    r"|passages?|harvest\w*|collect\w*|at least \d+ (?:ml|mL)|supplied (?:as|in))\b|/ ?(?:[mµu]?L|cm|mm)\b",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\b(?:dos(?:e|es|age|ing|ed)|receiv\w*|infus\w*|inject\w*|administ\w*|transplant\w*|implant\w*|given|deliver\w*"
    r"|treat\w*|appl(?:y|ied)|suspended|instill\w*|graft\w*)\b",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(
    r"\b(?:max(?:imum|imal|\.)?|not? (?:to )?exceed\w*|capped|limit\w*)\b[^.]{0,60}$", re.IGNORECASE
)
_TOTAL: Final = re.compile(r"\b(?:total|cumulative)(?: \w+){0,3}:? ?$", re.IGNORECASE)
# "10e6 cells/kg": whoever writes a factor before it means 10^6 by it, and so does who writes none.
_POWER: Final = re.compile(r"(?<![\w.,×*·])(?<![×xX*·] )10[eE](\d{1,2})(?!\d)")
# What is left of a number whose beginning could not be read.
_FACTOR: Final = re.compile(r"[×xX*·] ?$")
_DOSE_OF: Final = re.compile(
    r"\b(?:dos(?:e|es|age)|amount)(?: (?:of|is|was|at|level))?[:= ]*\(?$", re.IGNORECASE
)
_NEAR: Final = 60
_COMMA: Final = re.compile(
    r"(?<![\d,.])(\d{1,3}),(\d{1,2})"
    r"(?= ?(?:million|billion|[×xX*·] ?10)| ?(?:-|–|~|to) ?\d{1,3},\d{1,2} ?(?:million|[×xX*·] ?10))"
)
# "2 times 10(6)": a factor and a power, in words and without a superscript.
_TIMES: Final = re.compile(r"(?<=\d) times (?=10)", re.IGNORECASE)
# "million cells/ kilogram": the basis as the column's readers know it.
_KILOGRAM: Final = re.compile(r"(?<=[a-z]) ?/ ?kilograms?\b", re.IGNORECASE)
# "30 000 000 cells": blanks between thousands of a number that is no list.
_BLANKS: Final = re.compile(
    r"(?<![\d.,] )(?<![\d.,])\d{1,3}(?: \d{3}){2,3}(?= (?:[\w-]+ ){0,3}(?:cells|[\w-]*MSCs))"
)
_BRACKETED: Final = re.compile(r"(?<![\w.,])10 ?\((\d{1,2})\)(?!\d)")
# How fast, not how many.
_RATE: Final = re.compile(
    r"[^.;,]{0,20}?(?:/ ?|\bper |\bevery |\beach |\ba )(?:min|minutes?|hours?|h|hrs?|sec|seconds?)\b",
    re.IGNORECASE,
)
# Sentences about other studies, and those that say what is planned here.
_ELSEWHERE: Final = re.compile(
    r"\b(?:previous(?:ly)?|prior (?:stud|trial)\w*|earlier (?:stud|trial)\w*|other (?:stud|trial|author|group"
    r"|investigator)\w*"
    r"|published|literature|et al|reported|have shown|has shown|showed|shown|showing|demonstrated|animals?"
    r"|pre-?clinical\w*"
    r"|mice|mouse|murine|rats?|rabbits?|pigs?|sheep|dogs?)\b",
    re.IGNORECASE,
)
_PLANNED: Final = re.compile(
    r"\b(?:will|planned|cohorts?|arms?|groups?|this (?:study|trial)|dose levels?|escalat\w*|randomi[sz]\w*"
    r"|subjects? (?:receive|are)"
    r"|patients? receive)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\b(?:days?|weeks?|months?|hours?|visits?|groups?|cohorts?|phase|stage|type|grade|arms?|step|level|no\.)"
    r" \d{1,3}(?:(?:, ?| and | or |-)\d{1,3}(?![\d.,]| ?[×xX*] ?10| million))*(?= |,|:|$)",
    re.IGNORECASE,
)


def read_doses(texts: Texts, about: About) -> tuple[tuple[DoseLevel, ...], tuple[Reading, ...]]:
    """The dose levels, each once, and the readings of what they are per."""
    near = [text for text in texts if (text.kind, text.number) in about or text.kind == "arm"]
    for tier in (near, _of(texts, "title"), _of(texts, "summary"), _of(texts, "description")):
        strict = bool(tier) and tier[0].kind in ("summary", "description")
        parts = [part for text in tier for part in sentences(text)]
        if strict:
            parts = [part for part in parts if _GIVEN.search(part.text) and not _ELSEWHERE.search(part.text)]
            planned = [part for part in parts if _PLANNED.search(part.text)]
        for chosen in (planned, parts) if strict else (parts,):
            levels, bases = _read(chosen)
            if levels:
                return levels, bases
    return (), ()


def _of(texts: Texts, kind: str) -> list[ProseText]:
    return [text for text in texts if text.kind == kind]


def _read(parts: Sequence[ProseText]) -> tuple[tuple[DoseLevel, ...], tuple[Reading, ...]]:
    levels: list[DoseLevel] = []
    bases: list[Reading] = []
    totals: set[int] = set()
    for one in parts:
        part = replace(one, cell=_spelled(one.cell))
        (dosing,), _ = plausible_dosings([part.cell])
        kept = [level for level in dosing.levels if _is_meant(part, level)]
        levels += kept
        totals |= {id(level) for level in kept if _is_total(part, level)}
        bases += dosing.bases if kept else ()
    sums = [level for level in levels if id(level) in totals]
    if len(sums) < len(levels):
        levels = [level for level in levels if id(level) not in totals]
    return tuple(_merged(levels)), tuple(dict.fromkeys(bases))


def _spelled(cell: Cell) -> Cell:
    """The cell with a decimal point for a comma and 10^6 for 10e6, without the numbers of days, groups and visits."""
    cell = substituted(substituted(cell, _TIMES, " × "), _BRACKETED, r"10^\1")
    cell = substituted(cell, _KILOGRAM, "/kg")
    text = _COMMA.sub(lambda m: f"{m[1]}.{m[2]}", cell.text or "").replace("ˆ", "^")
    text = _BLANKS.sub(lambda m: m[0].replace(" ", ","), text)
    text = _POWER.sub(lambda m: f"10^{m[1]}", text)
    text = _COUNTED.sub(lambda m: re.sub(r"[\d,]", " ", m[0]), text)
    return replace(cell, text=text)


def _is_meant(part: ProseText, level: DoseLevel) -> bool:
    """Whether a level is of cells that a patient gets, and not the most that anybody may get."""
    start = part.cell.local(level.reading.start)
    at_most = _AT_MOST.search(part.text, max(0, start - 2 * _NEAR), start)
    return level.unit == CELLS and level.low != 0 and at_most is None and _is_of_cells(part, level)


def _is_total(part: ProseText, level: DoseLevel) -> bool:
    """Whether a level is the sum of several."""
    start = part.cell.local(level.reading.start)
    return _TOTAL.search(part.text, max(0, start - _NEAR), start) is not None


def _is_of_cells(part: ProseText, level: DoseLevel) -> bool:
    """Whether a number counts cells that are given: their name or a weight of the patient stands near."""
    start, end = part.cell.local(level.reading.start), part.cell.local(level.reading.end)
    text = part.text
    behind = text[end : end + _NEAR]
    before = text[max(0, start - _NEAR) : start]
    if _OTHER.search(text, max(0, start - 25), min(len(text), end + 45)):
        return False
    if _FACTOR.search(before) or _RATE.match(text, end):
        return False
    lost = level.reading.rule.endswith("lost-superscript")
    if _OF_CELLS.search(behind):
        return True
    return not lost and bool(
        _OF_CELLS.search(before) or _DOSE_OF.search(before) or part.part in ("name", "label")
    )


def _merged(levels: Sequence[DoseLevel]) -> Iterator[DoseLevel]:
    """Each level once; one without a basis, or a bound, says nothing more beside the same that is stated in full."""
    with_basis = {(level.low, level.high) for level in levels if level.basis != "not stated"}
    exact = {level.low for level in levels if level.low == level.high}
    seen: set[tuple[object, ...]] = set()
    for level in levels:
        ends = (level.low, level.high)
        if level.basis == "not stated" and ends in with_basis:
            continue
        if level.low is None and level.high in exact:
            continue
        key = (*ends, level.basis)
        if key not in seen:
            seen.add(key)
            yield replace(level)
