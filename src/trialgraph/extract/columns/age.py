"""Age limits of eligibility, as written. A mean or median age of those enrolled is no limit and is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.column_type import CellShape
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.extract.text.plausibility import MOST_YEARS_OF_AGE
from trialgraph.model.reading import Rule, read, rule
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import fold

__all__ = ["COLUMN"]

RANGE: Final = rule(
    "age.range",
    "Two ages with a dash or \"to\" between them are the youngest and the oldest that may take part.",
    example="18-65 years", gives="18|65 years", counter_example="45.2 ± 10.1",
)  # fmt: skip
LOWER: Final = rule(
    "age.lower-limit",
    "An age with ≥, + or words to that effect is the youngest that may take part.",
    example="18 years and older", gives="18 years", counter_example="18-65 years",
)  # fmt: skip
UPPER: Final = rule(
    "age.upper-limit",
    "An age with ≤, \"up to\" or words to that effect is the oldest that may take part.",
    example="up to 75 years", gives="75 years", counter_example="≥ 18 years",
)  # fmt: skip

_UNIT: Final = r"(?:[ -]?(?:years?|yrs?|yr|y|months?|mo|weeks?|days?)(?: old| of age)?)"
# Years are what a bare number is.
_UNIT_OF_HEADING: Final = re.compile(r"\b(month|week|day)s?\b")
_AGE: Final = rf"\d{{1,3}}{_UNIT}?"
_NUMBER: Final = re.compile(r"(\d+) ?([ymwd]?)", re.IGNORECASE)
# A heading of one of the limits.
_END: Final = re.compile(r"(?P<low>min(?:imum)?(?![a-z])|lower)|max(?:imum)?(?![a-z])|upper")
_RANGE: Final = re.compile(
    rf"(?:ages? |aged |between |from )?(?P<low>{_AGE}) ?(?:-|–|—|−|~|to|and) ?(?P<high>{_AGE})", re.IGNORECASE
)
_LOWER: Final = re.compile(
    rf"(?:(?:≥|>=|at least|from|minimum|over and including) ?(?P<after>{_AGE})"
    rf"|(?P<before>{_AGE}) ?(?:\+|and (?:older|over|above|up)|or (?:older|over|above)|(?:and )?upwards?))",
    re.IGNORECASE,
)
_UPPER: Final = re.compile(
    rf"(?:(?:≤|<=|up to|at most|maximum|until) ?(?P<after>{_AGE})"
    rf"|(?P<before>{_AGE}) ?(?:and (?:younger|under|below)|or (?:younger|less|under|below)))",
    re.IGNORECASE,
)

# Ages within a text that says more: with a word for it, or in years.
_WITHIN: Final = re.compile(
    rf"(?P<word>\b(?:ages?"
    rf"|aged)(?: range)?(?: ?\([^()]{1, 9}\))? ?[:=]? ?)?(?<![\w.,–-])(?P<ages>{_AGE} ?(?:-|–|—|−"
    rf"|to) ?{_AGE}"
    rf"|(?:≥|>=) ?{_AGE}|(?:≤|<=) ?{_AGE}"
    rf"|{_AGE} ?(?:and|or) (?:older|over|above|younger|under|below))(?![\w.,]*\d)",
    re.IGNORECASE,
)
# The age of a pregnancy, or of a child from conception on.
_GESTATIONAL: Final = re.compile(r"gestation|post-?menstrual|corrected age|\bGA\b|\bPMA\b", re.IGNORECASE)
_AVERAGE: Final = re.compile(r"\bmean\b|\bmedian\b|\baverage\b|±|\bSD\b|\bIQR\b", re.IGNORECASE)


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    if _RANGE.fullmatch(text):
        return 7.0 if re.search(_UNIT, text) else 4.0
    return 7.0 if _LOWER.fullmatch(text) or _UPPER.fullmatch(text) else WRONG


def _read(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    text = cell.text or ""
    if _GESTATIONAL.search(text):
        return
    start = len(text) - len(text.lstrip())
    bare = text.strip()
    if m := _RANGE.fullmatch(bare):
        yield _limit(cell, "minimum_age", m, "low", start, RANGE)
        yield _limit(cell, "maximum_age", m, "high", start, RANGE)
    elif (end := _END.search(fold(cell.header))) and re.fullmatch(_AGE, bare, re.IGNORECASE):
        at = (start, start + len(bare))
        name, by = ("minimum_age", LOWER) if end["low"] else ("maximum_age", UPPER)
        yield name, PlainValue(bare, read(cell, name, at, bare, by))
    elif m := _LOWER.fullmatch(bare):
        yield _limit(cell, "minimum_age", m, "after" if m["after"] else "before", start, LOWER)
    elif m := _UPPER.fullmatch(bare):
        yield _limit(cell, "maximum_age", m, "after" if m["after"] else "before", start, UPPER)
    elif m := _within(text):  # "20, age: 18-65"
        part = replace(cell, text=m["ages"], offsets=cell.offsets[m.start("ages") : m.end("ages") + 1])
        yield from _read(part)


def _within(text: str) -> re.Match[str] | None:
    """The one range or limit of ages in a text that says more, by "age" before it or years behind it."""
    if _AVERAGE.search(text):
        return None
    found = [
        m
        for m in _WITHIN.finditer(text)
        if m["word"] or re.search(r"(?:years?|yrs?|y\.?o\.?)\b", m.group(), re.IGNORECASE)
    ]
    return found[0] if len(found) == 1 else None


def _limit(
    cell: Cell, name: str, m: re.Match[str], group: str, start: int, by: Rule
) -> tuple[str, PlainValue]:
    at = (start + m.start(group), start + m.end(group))
    value = m[group]
    unit = _UNIT_OF_HEADING.search(fold(cell.header).replace("_", " "))
    if unit and value.isdigit() and not re.search(_UNIT, m[0]):
        value = f"{value} {unit[1]}s"
    return name, PlainValue(value, read(cell, name, at, value, by))


_A_YEAR: Final = {"m": 12, "w": 53, "d": 366}


def _beyond_sense(values: Sequence[tuple[str, PlainValue]]) -> str:
    ages = {
        name: (int(m[1]), m[2].lower()) for name, value in values if (m := _NUMBER.match(str(value.value)))
    }
    for number, unit in ages.values():
        if number > MOST_YEARS_OF_AGE * _A_YEAR.get(unit, 1):
            return f"nobody is {number} years old"
    low, high = ages.get("minimum_age"), ages.get("maximum_age")
    if low and high and low[1] in ("", high[1]) and low[0] > high[0]:
        return f"the youngest age {low[0]} is above the oldest, {high[0]}"
    return ""


COLUMN: Final = plain_column(
    field="age",
    order=140,
    headings=r"(?:eligible |eligibility |patients?'? |participants?'? |subjects?'? "
    r"|inclusion )?ages?(?: (?:range|limits?"
    r"|groups?|eligibility|criteria))?|age ?eligible"
    r"|ages? eligible(?: for study)?|age of (?:patients|participants|eligibility)"
    r"|(?:inclusion |eligible )?(?:age ?(?:min(?:imum)?|max(?:imum)?|lower limit|upper limit)|(?:min(?:imum)?"
    r"|max(?:imum)?|lower|upper) age(?: limit)?)",
    display="Eligible ages",
    shape=CellShape(empty=-1.5, longest=60, fits=whole_cell(_fit), most=7.0),
    read=_read,
    beyond_sense=_beyond_sense,
    rules=(RANGE, LOWER, UPPER),
    filler=frozenset(["≥", "≤", "<", ">", "year", "years", "yrs", "old", "age", "aged", "ages"]),
    properties=[
        PlainProperty(
            "minimum_age", "youngest age that may take part, as written", TG.minimumAge, "minimum_age"
        ),
        PlainProperty(
            "maximum_age", "oldest age that may take part, as written", TG.maximumAge, "maximum_age"
        ),
    ],
)
