"""Effects in a clause: the value of a measure, its arm, what it is compared with: "60% with MSC vs 30% with placebo".

A value is read only where the clause names its measure and the number can be nothing else: no p value, no time, no
number of patients, no change ("by 35%") and no bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trialgraph.extract.columns.follow_up import DURATION
from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.report import Effect
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import lexicon

__all__ = ["read_effect"]

VALUE: Final = rule(
    "effect.value",
    "A number beside a measure is its value; behind \"to\" it is the one after treatment. A p value, a time, a number "
    "of patients, a change and a bound are none.",
    example="ACR20 response of 93.3% at 3 months vs 53.3% with MSC alone", gives="93.3",
    counter_example="ACR20 response improved (p < 0.05) in 12 of 20 patients by 35%",
)  # fmt: skip
COMPARED: Final = rule(
    "effect.comparator",
    "A second number of the same unit behind \"vs\", \"compared with\" or \"than\" is what the first is compared with.",
    example="ACR20 response of 93.3% at 3 months vs 53.3% with MSC alone", gives="53.3",
    counter_example="DAS28 decreased from 5.6 to 3.1",
)  # fmt: skip
BASELINE: Final = rule(
    "effect.baseline",
    "The number behind \"from\", or beside \"at baseline\", is the value before treatment.",
    example="DAS28 decreased from 5.6 to 3.1", gives="5.6",
    counter_example="ACR20 response of 93.3% vs 53.3%",
)  # fmt: skip
ARM: Final = rule(
    "effect.arm",
    "Words behind \"in\" or \"with\" beside a value, or before its brackets, and the subject of the clause, are its "
    "arm where they name a group, cells or a drug.",
    example="ACR20 response was 60% in the MSC group compared with 30%", gives="MSC group",
    counter_example="Adverse events occurred in 5% of patients",
)  # fmt: skip
COMPARATOR_ARM: Final = rule(
    "effect.comparator-arm",
    "Likewise, the arm of the value that it is compared with.",
    example="ACR20 response of 93.3% at 3 months vs 53.3% with MSC alone", gives="MSC alone",
    counter_example="ACR20 response was 60% in the MSC group compared with 30%",
)  # fmt: skip

_UNITS: Final = {
    "": "1", "point": "1", "points": "1", "%": "%", "percent": "%", "mm/h": "mm/h", "mm/hr": "mm/h",
}  # fmt: skip
_MASS: Final = r"(?:pg|ng|µg|μg|mg|g)/(?:m|d)?[lL]\b"
_NUMBER: Final = re.compile(
    r"(?<![\w.,·×^*/–%-])(?<!\d )(?P<n>\d{1,5}(?:\.\d{1,4})?(?![.,]?\d))(?: ?(?P<unit>%|percent\b|"
    + _MASS
    + r"|mm/hr?\b|points?\b))?(?! ?\d)(?![\w/×^*·])"
)
# What has a number and is no value of a measure.
_NO_VALUE: Final = re.compile(
    r"\b[pP](?:[- ]?values?)?\s*(?:[<>=≤≥]|was|of)\s*\d*\.?\d+|\b9[059] ?% ?(?:CI|confidence interval)\b[^);]*"
    r"|\b(?:HR|OR|RR|(?:hazard|odds|risk) ratio|difference|SD|SE|SEM|IQR|CI|n|N)\b[\s:=of]*\(?-?\d+(?:\.\d+)?"
    r"|±\s*\d+(?:\.\d+)?|\d+\s*(?:/|of|out of)\s*\d+|\d+(?:\.\d+)?\s*[-–]\s*\d+(?:\.\d+)?(?: ?%)?"
    r"|\[[\d,\s–-]+\]|\b(?:weeks?|months?|years?|days?|grade|stage|phase|type|day|visit) \d+(?:\.\d+)?"
)
_BOUNDED: Final = re.compile(
    r"(?:[<>≤≥~≈]|\b(?:by|about|approximately|around|nearly|almost|over|under|up to|at least|at most|more than"
    r"|(?:less|higher|lower|greater|fewer) than"
    r"|(?:improvements?|reductions?|decreases?|increases?|declines?|changes?|gains?|loss) (?:of|was|by)))\s*$",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\s*(?:patients?|subjects?|participants?|cases?|events?|relapses?|times?|fold|doses?|infusions?|injections?|cells?"
    r"|improvements?|reductions?|increases?|decreases?|declines?|changes?|lower|higher|more|less|greater|better|×|x\b)",
    re.IGNORECASE,
)
# A word behind a bare number that does not go on with the sentence may be its unit: "1.2 g/day".
_OTHER_UNIT: Final = re.compile(
    r" ?(?!(?:vs|versus|and|or|to|with|in|at|on|for|from|of|than|compared|as|after|before|by|among|whereas|while|but"
    r"|respectively|when|until|during|both|was|were|which|against|relative)\b)[^\W\d_]",
    re.IGNORECASE,
)
# A bare number is a value only here.
_BEFORE: Final = re.compile(
    r"(?:\b(?:of|was|were|is|to|from|vs\.?|versus|than|and|with|at|scores?|levels?|values?|rates?|averaged|reached)|[=:(,])"
    r"\s*(?:an?|the|only)?\s*$",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(
    r"\b(?:vs\.?|versus|(?:as )?compared (?:with|to)|in comparison (?:with|to)|relative to|than|against|whereas|while)"
    r"(?!\w)",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\band\b", re.IGNORECASE)
_FROM: Final = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_TO: Final = re.compile(r"^\W*to\s*$", re.IGNORECASE)
_AT_BASELINE: Final = re.compile(
    r"^\W*(?:(?:at|as|in)? ?(?:the )?baseline|(?:before|prior to) (?:the )?treatment)\b", re.IGNORECASE
)
_BEHIND: Final = re.compile(
    r"^[\s)]*(?:\([^()]*\)\s*)?(?:at\s+)?(?:of (?:the )?patients\s+)?(?:in|with|for|among|on|receiving|treated with)\s+"
    r"(?:the\s+|those\s+|patients (?:receiving|treated with|given|in)\s+(?:the\s+)?)?(?P<arm>[^,;()]{2,80}?)"
    r"\s*(?:\bat\s*)?[.,;(]?\s*\)?\s*$"
    r"|^[\s)]*\((?:the )?(?P<inner>[^,;()]{2,60})\)",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"\b(?:in|with|for|among|than)\s+(?:(?:the|with|in|for|among)\s+)*(?P<arm>[^,;()]{2,60}?)\s*(?:\(|:|=|\bwas\b|\bwere\b|\bhad\b)\s*$",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"^\W*(?:the |a )?(?P<arm>[^,;()]{2,80}?)\s+(?:significantly |markedly )?(?:improv|increas|decreas|reduc|lower|led"
    r"|show|had|achiev|result|enhanc|was|were|gave)\w*",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"\b(?:groups?|arms?|cohorts?|placebo|sham|controls?|treated|untreated|alone|mono-?therapy|combination|combined"
    r"|dose|standard care|conventional)\b",
    re.IGNORECASE,
)
_NO_ARM: Final = re.compile(r"\b(?:baseline|both|all|each|overall|either|patients with)\b", re.IGNORECASE)


# Between a measure and its value stands nothing else.
_LINK: Final = re.compile(
    r"(?:\s|[(=:,;¤]|\b(?:of|was|were|is|are|had|has|with|in|on|for|from|at|to|by|and|the|an?|than|as|also|only|scores?"
    r"|responses?|rates?|levels?|values?|index|concentrations?|mean|median|average|serum|plasma|patients?|reached|achiev\w+"
    r"|observed|seen|found|occurred|reported|obtained|significantly|markedly|slightly|fell|rose|dropped|went"
    r"|decreas(?:ed|ing)|increas(?:ed|ing)|improv(?:ed|ing)|reduc(?:ed|ing)|lower(?:ed)?|higher|declin(?:ed|ing)|changed"
    r"|baseline)\b)*",
    re.IGNORECASE,
)
# "DAS28 improved in 60%": a share of patients.
_CHANGED: Final = re.compile(
    r"\b(?:fell|rose|dropped|went|(?:decreas|increas|improv|reduc|lower|declin|chang)\w*)", re.IGNORECASE
)
# "Reduction in EDSS": what follows is the size of a change, not the value.
_CHANGE_OF: Final = re.compile(
    r"\b(?:changes?|reductions?|improvements?|decreases?|increases?|declines?|differences?)"
    r"(?: from baseline)? (?:in|of|for) (?:the |serum |mean )*$",
    re.IGNORECASE,
)
_MEASURE: Final = "¤"


@dataclass(frozen=True, slots=True)
class _Value:
    start: int
    end: int
    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a clause that is about one measure.

    :param masked: the text of the cell with a sign for measures, and blanks for times and numbers that are no values
    """

    cell: Cell
    masked: str
    start: int
    end: int
    subject: tuple[int, int] | None

    def read(self, name: str, at: tuple[int, int], value: Decimal | str, by: Rule) -> Reading:
        return read(self.cell, name, at, value, by)


def read_effect(
    cell: Cell, start: int, end: int, measures: Sequence[tuple[int, int]], which: int = 0
) -> Effect | None:
    """The effect that a clause states for one of its measures, or None.

    :param measures: where the clause names its measures, in the order of the text
    :param which: the measure that is asked for
    """
    masked = _masked(cell, measures)
    begin, stop = start, end
    if len(measures) > 1:
        if any(_values(masked, start, measures[0][0])):
            return None
        begin = measures[which][0]
        stop = measures[which + 1][0] if which + 1 < len(measures) else end
    part = _Part(cell, masked, begin, stop, _subject(masked, start, end))
    values = list(_values(masked, begin, stop))
    if not values or None in values or len({value.unit for value in values if value}) > 1:
        return None
    made = _effect(part, [value for value in values if value])
    return made if made and _belongs(part, made, measures[which]) else None


def _belongs(part: _Part, made: Effect, measure: tuple[int, int]) -> bool:
    """Whether the first value stands beside the measure, with nothing between them that has a value of its own."""
    first = min((r for r in (made.reading, made.baseline) if r), key=lambda r: r.start)
    at, end = part.cell.local(first.start), part.cell.local(first.end)
    text = part.masked
    for arm in (made.arm, made.comparator_arm):
        if arm:
            i, j = part.cell.local(arm.start), part.cell.local(arm.end)
            text = text[:i] + " " * (j - i) + text[j:]
    between = text[measure[1] : at] if measure[1] <= at else text[end : measure[0]]
    if _LINK.fullmatch(between) is None:
        return False
    changed = _CHANGE_OF.search(part.masked[: measure[0]]) or (made.unit == "%" and _CHANGED.search(between))
    return made.baseline is not None or not changed


def _masked(cell: Cell, measures: Sequence[tuple[int, int]]) -> str:
    made = cell.text or ""
    for i, j in measures:
        made = made[:i] + _MEASURE * (j - i) + made[j:]
    for pattern in (DURATION, _NO_VALUE):
        made = pattern.sub(lambda m: " " * len(m.group()), made)
    return made


def _values(masked: str, start: int, end: int) -> Iterator[_Value | None]:
    """The numbers of a part; None for one that is a bound, a change or a count, which makes the others doubtful."""
    for m in _NUMBER.finditer(masked, start, end):
        before = masked[max(start, m.start() - 40) : m.start()]
        unit = m["unit"] or ""
        behind = _COUNTED.match(masked, m.end()) or (not unit and _OTHER_UNIT.match(masked, m.end()))
        if behind or _BOUNDED.search(before):
            yield None
        elif unit or _BEFORE.search(before) or before.rstrip().endswith(_MEASURE):
            yield _Value(
                *m.span(), Decimal(m["n"]), _UNITS.get(unit) or unit.replace("µ", "u").replace("μ", "u")
            )


def _effect(part: _Part, values: list[_Value]) -> Effect | None:
    """The effect of one, two or (each from one to another) four values; None where they do not go together."""
    first, baselines = _changes(part, values)
    if not first or len(first) > 2:
        return None
    arms = [_arm(part, values, value) for value in first]
    if len(first) == 2 and not _compared(part, first, arms):
        return None
    if arms[0] is None:
        arms[0] = part.subject
    value, other = first[0], first[1] if len(first) > 1 else None
    baseline = baselines.get(value)
    return Effect(
        value.number,
        value.unit,
        part.read("effect", (value.start, value.end), value.number, VALUE),
        _number(part, "effect_comparator", other, COMPARED),
        _number(part, "effect_baseline", baseline, BASELINE),
        _words(part, "effect_arm", arms[0], ARM),
        _words(part, "effect_comparator_arm", arms[1], COMPARATOR_ARM) if other else None,
    )


def _changes(part: _Part, values: list[_Value]) -> tuple[list[_Value], dict[_Value, _Value]]:
    """The values after treatment, and to each the one before it where it is printed."""
    after: list[_Value] = []
    before: dict[_Value, _Value] = {}
    pair = len(values) == 2
    for k, value in enumerate(values):
        last = values[k - 1] if k else None
        if last is None or last not in after:
            after.append(value)
            continue
        between = part.masked[last.end : value.start]
        changed = _TO.match(between) and (before or _FROM.search(part.masked[: last.start]))
        if changed or (pair and _AT_BASELINE.match(between)):
            after[-1] = value
            before[value] = last
        elif pair and _AT_BASELINE.match(part.masked[value.end : part.end]):
            before[last] = value
        else:
            after.append(value)
    return after, before


def _compared(part: _Part, pair: list[_Value], arms: list[tuple[int, int] | None]) -> bool:
    """Whether the second of two values is what the first is compared with."""
    between = part.masked[pair[0].end : pair[1].start]
    return bool(_AGAINST.search(between) or (_AND.search(between) and all(arms) and arms[0] != arms[1]))


def _arm(part: _Part, values: list[_Value], value: _Value) -> tuple[int, int] | None:
    """Where the arm of a value is named: behind it, else before its brackets."""
    later = min((v.start for v in values if v.start > value.start), default=part.end)
    stop = min((m.start() for m in _joints(part, value.end, later)), default=later)
    if (m := _BEHIND.match(part.masked[value.end : stop])) and (
        at := _group(part, value.end, m, "arm" if m["arm"] else "inner")
    ):
        return at
    earlier = max((v.end for v in values if v.start < value.start), default=part.start)
    start = max((m.start() for m in _joints(part, earlier, value.start)), default=earlier)
    m = _LEFT.search(part.masked[start : value.start])
    return _group(part, start, m, "arm") if m else None


def _joints(part: _Part, start: int, end: int) -> Iterator[re.Match[str]]:
    yield from _AGAINST.finditer(part.masked, start, end)
    if end < part.end:
        yield from _AND.finditer(part.masked, max(start, end - 12), end)


def _group(part: _Part, at: int, m: re.Match[str], name: str) -> tuple[int, int] | None:
    """The place of the words where they name a group, cells or a drug."""
    start, end = at + m.start(name), at + m.end(name)
    words = part.masked[start:end]
    words = words[: len(words) - len(words.lstrip())] + words.strip()
    start += len(words) - len(words.lstrip())
    words = words.strip()
    if _MEASURE in words or _NO_ARM.search(words) or not _names_arm(words):
        return None
    return start, start + len(words)


def _names_arm(words: str) -> bool:
    found = (next(lexicon().find(name, words), None) for name in ("cell_type", "product"))
    return _GROUP.search(words) is not None or any(found)


def _subject(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """The subject of a clause, where it is cells or a drug: "the combination of MSC and IFN-γ improved …"."""
    m = _SUBJECT.match(masked[start:end])
    if m is None or _MEASURE in m["arm"] or not _names_arm(m["arm"]):
        return None
    return start + m.start("arm"), start + m.end("arm")


def _number(part: _Part, name: str, value: _Value | None, by: Rule) -> Reading | None:
    return part.read(name, (value.start, value.end), value.number, by) if value else None


def _words(part: _Part, name: str, at: tuple[int, int] | None, by: Rule) -> Reading | None:
    return part.read(name, at, (part.cell.text or "")[at[0] : at[1]], by) if at else None
