"""A line to evidence: where one cell may end and the next begin, and which words speak for which column.

Columns that were run together leave seams: ``SLE2 (2/0)1 ×``, ``scoresCD4+``. A seam is a change of character
class without white space. Words of the concept files hide seams of their own (``FoxP3``, ``DAS28``, ``MSCs``):
inside such a word a change of class says nothing. All weights are log-odds, chosen by hand on constructed
lines of other diseases, cells and outcomes than the seed's (measured in
``tests/extract/segmentation/test_segmentation_accuracy.py``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Final

from trialgraph.terminology.lexicon import fold, lexicon

__all__ = ["Event", "Evidence", "evidence", "vocabulary"]

# Inside a word of the lexicon a boundary is unlikely, and an unused seam costs nothing.
_IN_WORD: Final = -10.0
_IN_PHASE: Final = -2.0
# At the edge of a word of the lexicon it is likelier than elsewhere.
_AT_WORD: Final = 1.6
# Where a line of a broken row ends, a cell may end.
_AT_BREAK: Final = 1.0
_DASH: Final = "-–—"
# A seam that is no boundary needs an explanation: this share of its weight is taken from the cell.
_UNUSED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Event:
    """A word or words of the lexicon, or of a grammar, found in a line."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class Evidence:
    """What a line shows before any column is considered.

    :param text: the line
    :param cuts: positions where a boundary is conceivable, with 0 and the length
    :param boundary: weight of a boundary at each position of ``cuts``
    :param unused: running sum of the cost of seams left inside a cell, by position
    :param events: lexicon and grammar matches
    :param breaks: positions of blanks that stand for a line break
    :param letters: how many letters stand before each position
    :param open: how many more brackets were opened before each position than closed
    """

    text: str
    cuts: list[int]
    boundary: dict[int, float]
    unused: list[float]
    events: list[Event]
    cues: dict[str, list[float]] = field(default_factory=dict)
    breaks: frozenset[int] = frozenset()
    letters: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)


def evidence(
    text: str,
    cues: Mapping[str, tuple[tuple[re.Pattern[str], float], ...]],
    weights: Mapping[str, Mapping[str, float]],
    lexicons: tuple[str, ...],
    patterns: Mapping[str, re.Pattern[str]],
    breaks: Iterable[int] = (),
) -> Evidence:
    """Evidence of one line.

    :param cues: by field, patterns of cue words with their weights
    :param weights: by field, the weight of an event by its kind
    :param lexicons: concept files whose words are events of that kind
    :param patterns: by kind, what else is an event
    :param breaks: positions of blanks that stand for a line break
    """
    events = list(_events(text, lexicons, patterns))
    inside = _inside(text, events)
    seams = [0.0, *(_seam(text, p) for p in range(1, len(text))), 0.0]
    for small, capital in _small_letters(text):
        seams[small], inside[capital] = _SMALL, _IN_WORD
    boundary, cost = _boundaries(text, events, inside, seams)
    for p in breaks:
        if 0 < p < len(text) - 1:
            goes_on = text[p + 1].islower() and text[p - 1].isalnum()
            boundary[p + 1] = inside[p + 1] + (-_AT_BREAK if goes_on else _AT_BREAK)
    made = Evidence(
        text,
        sorted(boundary),
        boundary,
        list(accumulate(cost)),
        events,
        breaks=frozenset(breaks),
        letters=[0, *accumulate(map(str.isalpha, text))],
        open=[0, *accumulate((char == "(") - (char == ")") for char in text)],
    )
    for name, words in cues.items():
        made.cues[name] = _running(text, words, [(e, weights[name].get(e.kind, 0.0)) for e in events])
    return made


def _boundaries(
    text: str, events: list[Event], inside: list[float], seams: list[float]
) -> tuple[dict[int, float], list[float]]:
    """The weight of a boundary where one is conceivable, and by position what a seam costs that is none."""
    starts = {e.start for e in events}
    ends = {e.end for e in events}
    boundary = {0: 0.0, len(text): 0.0}
    cost = [0.0] * (len(text) + 1)
    for p in range(1, len(text)):
        if text[p - 1].isspace() or text[p].isspace() or text[p] in ",;:.%)]":
            continue
        edges = (p in starts) + (p in ends)
        if edges == 1 and text[p - 1].isupper() and text[p].isupper():
            edges = 0  # ALS in ALSFRS-R is no word of its own; RA|UC-MSCs are two
        weight = seams[p] + (inside[p] or _AT_WORD * edges)
        # Two numbers may stand side by side, and a dash may be a cell of its own.
        plain = (text[p - 1].isdigit() and text[p].isdigit()) or text[p - 1] in _DASH or text[p] in _DASH
        if seams[p] > 0 or p in starts or p in ends or (plain and not inside[p]):
            boundary[p] = weight
        if seams[p] > 0 and not inside[p]:
            cost[p] = _UNUSED * seams[p]
    return boundary, cost


def _running(
    text: str, patterns: Iterable[tuple[re.Pattern[str], float]], events: Iterable[tuple[Event, float]]
) -> list[float]:
    """Running sum of cue weights by position; a cue counts at its middle, so that a cut word counts once."""
    points = [0.0] * (len(text) + 1)
    for pattern, weight in patterns:
        for m in pattern.finditer(text):
            points[(m.start() + m.end()) // 2] += weight
    for event, weight in events:
        # The longer the known words, the less by chance.
        points[(event.start + event.end) // 2] += weight * min(2.0, 0.8 + 0.025 * (event.end - event.start))
    return [0.0, *accumulate(points)][: len(text) + 1]


def _seam(text: str, p: int) -> float:
    """Weight of the change of character class between ``text[p-1]`` and ``text[p]``; 0 or less: no seam."""
    a, b = text[p - 1], text[p]
    if a.isspace() or b.isspace():
        return -9.0
    nxt = text[p + 1] if p + 1 < len(text) else " "
    if b.isupper():
        return _before_upper(text, p, a, nxt)
    if b.isdigit():
        return _before_digit(text, p, a)
    if b.islower():
        if a in ")]":
            return 2.5
        return 0.8 if a.isdigit() else (-3.0 if a.isalpha() else -2.0)
    if b in "([":
        return (
            2.5 if a in ")]" else (1.2 if b == "[" else 0.5 if a.isdigit() else 0.3 if a.isalpha() else -1.0)
        )
    if b in _DASH:
        return 0.4 if a in ")].%" or (a.isalnum() and not nxt.islower() and not nxt.isspace()) else -1.0
    return -2.0


def _before_upper(text: str, p: int, a: str, nxt: str) -> float:
    if a in ")]":
        return 3.5
    if a in ".%":
        return 3.0
    if a.islower():
        # Three characters show whether the run of letters is longer than two; more would cost a square.
        run = re.search(r"[^\W\d_]*$", text[max(0, p - 3) : p])
        short = run is not None and run.group().islower() and len(run.group()) <= 2
        return 0.3 if short else 3.0
    if a.isdigit():
        return 2.5 if nxt.islower() else 1.5
    if a.isupper():
        # "CCPStudy": the last capital belongs to the next word; "MSCs" is a plural, no seam.
        return 1.5 if nxt.islower() and not re.match(r"[A-Z]s(?![a-z])", text[p:]) else -2.5
    return _after_dash(text, p) if a in _DASH else -1.0


def _after_dash(text: str, p: int) -> float:
    """A dash that stands alone in its cell begins at a seam; one inside a word does not."""
    if p == 1 or text[p - 2] in ")].":
        return 1.5
    return 0.5 if text[p - 2].isdigit() and text[p].isupper() else -1.0


def _before_digit(text: str, p: int, a: str) -> float:
    if a in _DASH:
        return _after_dash(text, p)
    if a in ")]":
        return 3.0
    if a.isalpha():
        return 1.3 if a.islower() else 0.9
    return -3.0 if a.isdigit() else (0.3 if a in "%." else -2.5)


def _inside(text: str, events: list[Event]) -> list[float]:
    """Weight of a boundary inside a word; 0 outside of all words."""
    inside = [0.0] * (len(text) + 1)
    for e in events:
        # A dose is no word: "121 × 106" may well be 12|1 × 106. A phase may have read on: "Phase I|VSELs".
        glued = e.start > 0 and text[e.start - 1].islower() and text[e.start].islower()
        if e.kind == "dose" or glued or (e.end - e.start < 3 and e.kind != "word"):
            continue
        weight = _IN_PHASE if e.kind == "phase" or text[e.start].isdigit() else _IN_WORD
        for p in range(e.start + 1, e.end):
            inside[p] = min(inside[p], weight)
    return inside


# Camel-case and mixed words that no lexicon lists: gene and cell markers, units, cytokines.
_WORD: Final = re.compile(
    r"CD\d+[a-z]?(?:[+-](?:CD\d+[a-z]?|FoxP3|Foxp3|FOXP3))*[+-]?|IL-?\d+[A-Z]?|Fox[pP]3|Th\d+|"
    r"Treg(?:/Th\d+)?|Ig[AGMED]|(?<![A-Za-z0-9])[a-z]{1,2}[A-Z]{2,}s?|TNF-?[αa]|IFN-?[γg]|"
    r"TGF-?[βb]\d?|\d{1,3}-h\b|vs\.?|(?<![A-Z])[A-Z][a-z][A-Z]\d[a-z]?(?![a-z])|(?:cells)?/kg|"
    r"cells/patient|10\^?\d(?= ?(?:cells|/))|\d\.\d+|(?<![A-Za-z])[A-Z]\d(?![\d.,])"
)


def _events(text: str, lexicons: tuple[str, ...], patterns: Mapping[str, re.Pattern[str]]) -> Iterator[Event]:
    folded, (loose, strict) = fold(text), _words_of(lexicons)
    found: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for at in range(len(text)):
        for subject, words in (
            (folded, loose.get(folded[at : at + 2], ())),
            (text, strict.get(text[at], ())),
        ):
            for place, kind, of in words:
                end = of.end(subject, at)
                if end and _may_stand(text, at, end):
                    found[place].append(Event(at, end, kind))
    for _, events in sorted(found.items()):
        yield from events
    for name, pattern in (*patterns.items(), ("word", _WORD)):
        for m in pattern.finditer(text):
            yield Event(m.start(), m.end(), name)


# mRSS, hUC-MSCs, fMRI: a seam before the small letter is as good as one before a capital.
_SMALL: Final = 3.0


def _small_letters(text: str) -> Iterator[tuple[int, int]]:
    """Small letters that begin a word of their own: before capitals behind a word, and before "= 30".

    "injectionmRSS" is "injection" and "mRSS", not "injectionm" and "RSS".

    :returns: position of the small letter, and of the capital behind it
    """
    known = vocabulary()
    # "n = 30" behind a word is a cell of its own.
    yield from ((m.start(), m.end()) for m in re.finditer(r"(?<=[a-z)])n(?= ?= ?\d)", text))
    for m in re.finditer(r"(?<=[a-z])(?=[A-Z]{2})", text):
        found = re.search(r"[A-Za-z]+$", text[max(0, m.start() - 30) : m.start()])
        word = found.group().lower() if found else ""
        if word in known or word.removesuffix("s") in known:
            continue
        for length in (1, 2):
            if len(word) >= length + 3 and word[:-length] in known:
                yield m.start() - length, m.start()
                break


@cache
def vocabulary() -> frozenset[str]:
    """The words of all surface forms, in small letters."""
    words = lexicon()
    surfaces = (surface for name in words.lines for surface in words.surfaces(name))
    return frozenset(w for s in surfaces for w in re.findall(r"[a-z]{3,}", s.lower()))


_CAMEL: Final = re.compile(r"[a-z]{1,2}[A-Z]{2}")


def _may_stand(text: str, start: int, end: int) -> bool:
    """Whether a word may begin and end there: at white space, punctuation, or a seam of any kind."""
    # hUC-MSCs, fMRI: a small letter before capitals may follow a small letter at a seam.
    camel = _CAMEL.match(text, start) is not None
    left = start == 0 or camel or not (text[start - 1].islower() and text[start].islower())
    right = (
        end == len(text) or _CAMEL.match(text, end) or not (text[end - 1].islower() and text[end].islower())
    )
    if not (left and right):
        return False
    # An abbreviation inside a longer run of capitals is no word of its own: RA in RAPID3, AS in VAS.
    if end - start <= 3 and text[start:end].isupper():
        before = start > 0 and text[start - 1].isupper()
        after = end < len(text) and (text[end].isupper() or text[end].isdigit())
        return not (before and after)
    return True


class _Words:
    """Words that begin alike, longest first; most are never met, so their pattern is compiled when they are."""

    def __init__(self) -> None:
        self.parts: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def end(self, text: str, at: int) -> int:
        """The end of the longest of them that begins there; 0: none does."""
        if self._pattern is None:
            self._pattern = re.compile("|".join(sorted(self.parts, key=lambda part: (-len(part), part))))
        found = self._pattern.match(text, at)
        return found.end() if found else 0


#: By what they begin with: the place of their events, their concept file, the words.
_ByBeginning = dict[str, list[tuple[tuple[int, int], str, _Words]]]


@cache
def _words_of(kinds: tuple[str, ...]) -> tuple[_ByBeginning, _ByBeginning]:
    """Words in any case, by the two characters of folded text that they begin with; abbreviations to the letter."""
    tables: tuple[_ByBeginning, _ByBeginning] = ({}, {})
    for n, kind in enumerate(kinds):
        for strict in (0, 1):
            made: dict[str, _Words] = defaultdict(_Words)
            for part, beginnings in _SURFACES[strict](kind):
                for beginning in beginnings:
                    made[beginning].parts.add(part)
            for beginning, words in made.items():
                tables[strict].setdefault(beginning, []).append(((n, strict), kind, words))
    return tables


def _loose(kind: str) -> Iterator[tuple[str, Iterable[str]]]:
    for surface in lexicon().surfaces(kind):
        if not _is_short(surface) and len(surface) >= 3:
            words = [w for w in re.split(r"[\s\-]+", fold(surface)) if w]
            body = r"[ \-]".join(map(re.escape, words))
            first = words[0]
            yield (
                body + ("" if body.endswith("s") else "(?:s(?![a-z]))?"),
                (first[:2],) if len(first) > 1 else (f"{first} ", f"{first}-"),
            )


def _strict(kind: str) -> Iterator[tuple[str, Iterable[str]]]:
    for surface in filter(_is_short, lexicon().surfaces(kind)):
        body = re.escape(surface).replace("\\ ", r"[ \-]").replace("\\-", r"[ \-–]?")
        # A hyphen may be left out.
        beginnings = (*" -–", surface[1]) if surface[0] in " -" else surface[0]
        yield body + ("s?" if surface[-1].isupper() else ""), beginnings


def _is_short(surface: str) -> bool:
    """Whether it is an abbreviation, which is known to the letter."""
    return sum(c.isupper() for c in surface) >= 2 and len(surface) <= 12


_SURFACES: Final = (_loose, _strict)
