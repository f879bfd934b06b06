"""The longest follow-up: of the time frames of the outcomes, else of what a text says of the follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from trialgraph.extract.columns.follow_up import DURATION, UNDECIDED, months
from trialgraph.extract.registries.prose.rules import ORDERED, TIME
from trialgraph.extract.registries.prose.texts import Texts, cell_in_normal_form, sentences
from trialgraph.extract.text.plausibility import MOST_MONTHS
from trialgraph.model.reading import Reading, Rule, read
from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.table import Cell

__all__ = ["read_longest", "times_in"]

_N: Final = r"\d{1,4}(?:\.\d{1,2})?"
_WORDS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
)  # fmt: skip
_MORE_WORDS: Final[Mapping[str, int]] = {"twenty-four": 24, "twenty four": 24, "thirty": 30, "thirty-six": 36}
_UNIT: Final = r"(?P<unit>months?|weeks?|years?|days?)"
_SPELLED: Final = re.compile(
    rf"\b(?P<word>{'|'.join((*_MORE_WORDS, *sorted(_WORDS, key=len, reverse=True)))})[ -]{_UNIT}\b",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    rf"\b(?P<unit>months?|weeks?|years?|days?) ?(?P<numbers>{_N}(?:(?:, ?(?:and )?| and | or | to |/"
    rf"| ?[-–&] ?){_N})*)"
    r"(?![\d.]*\d|[ -]?(?:months?|weeks?|years?|days?|hours?|h\b|min))",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(rf"\b(?P<n>\d{{1,3}})(?:st|nd|rd|th) {_UNIT}\b", re.IGNORECASE)
_SHORT: Final = re.compile(r"(?<![\w.])(?P<n>\d{1,3})[ -]?(?P<unit>M|W|Y|D|mo|mos|mths?|wks?|yrs?)\b(?![-/])")
# A decimal comma: "1,5 years".
_HALF: Final = re.compile(r"(\d{1,2}),5")
_SHORT_UNITS: Final = {"m": "month", "w": "week", "y": "year", "d": "day"}
# An interval, or a time before the treatment, or one of something else.
_NOT_BEFORE: Final = re.compile(
    r"\b(?:every|each|per|prior|previous|past|last|within the last|twice|once|times?(?: in)?|minus|aged?|older than"
    r"|at least \d+ doses over)\W*(?:the )?$|(?<!\w)-$",
    re.IGNORECASE,
)
_NOT_AFTER: Final = re.compile(
    r"\W*(?:prior|before|pre-|preceding|ago|of age|old\b|post-? ?menstrual|gestation"
    r"|corrected|pma\b|intervals?|apart|earlier)",
    re.IGNORECASE,
)
_FOLLOWED: Final = re.compile(r"\bfollow(?:ed|[- ]?up|ing up)\b|\bobserved\b|\bmonitored\b", re.IGNORECASE)
#: The registry takes 254 characters.
_LONGEST: Final = 2_000
_OUTCOMES: Final = ("primary-outcome", "secondary-outcome", "other-outcome", "outcome")

Time = tuple[Decimal, tuple[int, int], Rule]


def read_longest(
    record: RegistryRecord, by: Mapping[tuple[str, str], Sequence[RecordFact]], texts: Texts
) -> tuple[tuple[Decimal, Reading], ...]:
    """The longest time of follow-up, where one is stated."""
    cells = [
        cell_in_normal_form(record, fact)
        for kind in _OUTCOMES
        for fact in by.get((kind, "timeFrame"), ())
        if len(str(fact.value)) <= _LONGEST
    ]
    if found := _longest(cells):
        return (found,)
    told = [
        part.cell
        for text in texts
        if text.kind in ("arm", "summary", "description")
        for part in sentences(text)
        if _FOLLOWED.search(part.text)
    ]
    found = _longest(told)
    return (found,) if found else ()


def _longest(cells: Sequence[Cell]) -> tuple[Decimal, Reading] | None:
    best: tuple[Decimal, Cell, tuple[int, int], Rule] | None = None
    for cell in cells:
        for value, at, by in times_in(cell.text or ""):
            if value <= MOST_MONTHS and (best is None or value > best[0]):
                best = (value, cell, at, by)
    if best is None:
        return None
    value, cell, at, by = best
    return value, read(cell, "follow_up", at, value, by)


def times_in(text: str) -> Iterator[Time]:
    """The times of a text in months, where each stands, and the rule that reads it."""
    taken = text
    for time in _numbered(text):
        yield time
        taken = taken[: time[1][0]] + " " * (time[1][1] - time[1][0]) + taken[time[1][1] :]
    for m in _BEHIND.finditer(taken):
        if _is_meant(text, m.start(), m.end()):
            for n in re.finditer(_N, m["numbers"]):
                at = (m.start("numbers") + n.start(), m.start("numbers") + n.end())
                yield months(n[0], m["unit"].lower()), at, ORDERED
    for m in _ORDINAL.finditer(taken):
        if _is_meant(text, m.start(), m.end()):
            yield months(m["n"], m["unit"].lower()), m.span(), ORDERED


def _numbered(text: str) -> Iterator[Time]:
    small = text.lower()
    if len(small) == len(text):
        text = small
    yield from _with_units(text)
    for m in _SPELLED.finditer(text):
        if _is_meant(text, m.start(), m.end()):
            word = m["word"].lower()
            number = _MORE_WORDS.get(word) or _WORDS.index(word) + 1
            yield months(str(number), m["unit"].lower()), m.span(), TIME
    for m in _SHORT.finditer(text):
        if _is_meant(text, m.start(), m.end()):
            yield months(m["n"], _SHORT_UNITS[m["unit"][0].lower()]), m.span(), TIME


def _with_units(text: str) -> Iterator[Time]:
    for m in DURATION.finditer(text):
        if not _is_meant(text, m.start(), m.end()):
            continue
        if (half := _HALF.fullmatch(m["numbers"])) and m["unit"].startswith("y"):
            yield months(f"{half[1]}.5", m["unit"]), (m.start(), m.start() + len(m["numbers"])), TIME
            continue
        if UNDECIDED.fullmatch(m["numbers"]):
            continue
        for n in re.finditer(_N, m["numbers"]):
            start = m.start() + n.start()
            yield months(n[0], m["unit"]), (start, start + len(n[0])), TIME


def _is_meant(text: str, start: int, end: int) -> bool:
    """Whether a time is one after the treatment."""
    return not (_NOT_BEFORE.search(text, max(0, start - 40), start) or _NOT_AFTER.match(text, end))
