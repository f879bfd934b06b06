"""Follow-up: decimal months, with the words beside them; the heading's unit counts where the cell has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from pyoxigraph import Triple

from trialgraph.extract.column_type import (
    CellShape,
    ColumnType,
    Extracted,
    FlatColumn,
    Statement,
    flat_number,
)
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.extract.text.patterns import NUMBER
from trialgraph.extract.text.plausibility import MOST_MONTHS, implausible
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import decimal
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.lexicon import fold

__all__ = ["CELL_DURATION", "COLUMN", "DURATION", "UNDECIDED", "months", "read_bounds", "read_follow_up"]

HEADING_UNIT: Final = rule(
    "follow-up.unit-of-heading",
    "A bare number, or a list of them, is in the unit that the heading names.",
    example="12", gives="12", counter_example="12 weeks",
)  # fmt: skip
OWN_UNIT: Final = rule(
    "follow-up.unit-of-cell",
    "A number with a unit of its own is turned into months: 12 months a year, 365.25/12 days a month.",
    example="48 weeks", gives="11.04", counter_example="12",
)  # fmt: skip
UPPER: Final = rule(
    "follow-up.upper-bound",
    "The time behind \"up to\" or ≤ is the end of the follow-up, and may be later than that of a patient.",
    example="up to 12", gives="12|12", counter_example="12",
)  # fmt: skip
LOWER: Final = rule(
    "follow-up.lower-bound",
    "The time behind \"at least\" or ≥ is the shortest follow-up of a patient.",
    example="≥12", gives="12|12", counter_example="up to 12",
)  # fmt: skip
SERIES: Final = rule(
    "follow-up.series",
    "Several times of one unit are several follow-ups.",
    example="Follow-up examinations after 3, 6, and 8 months", gives="3|6|8", counter_example="12",
)  # fmt: skip

# Days in the mean Gregorian month (365.25 / 12), as UCUM's "mo".
_DAYS: Final = Decimal("30.4375")
_UNITS: Final = {
    "m": Decimal(1), "mo": Decimal(1), "month": Decimal(1),
    "y": Decimal(12), "yr": Decimal(12), "year": Decimal(12),
    "w": Decimal(7) / _DAYS, "wk": Decimal(7) / _DAYS, "week": Decimal(7) / _DAYS,
    "d": Decimal(1) / _DAYS, "day": Decimal(1) / _DAYS,
}  # fmt: skip
# No more digits than a time has: a longer number is none.
_N: Final = r"\d{1,6}(?:\.\d{1,6})?(?!\d)"
DURATION: Final = re.compile(
    rf"(?<![\w.,])(?P<numbers>{_N}(?:(?:, ?| ?[-–/] ?| or | and | to |, and |, or )(?:{_N}))*)[ -]?"
    r"(?P<unit>months?|mos?|weeks?|wks?|w|years?|yrs?|y|days?|d)(?![A-Za-z])"
)
# A whole cell of times with a letter for each unit: "2 W; 1, 2, 6 M".
_LETTER: Final = re.compile(rf"(?P<numbers>{_N}(?:, ?{_N})*) ?(?P<unit>[MWYDmwyd])\b")
_LETTERS: Final = re.compile(
    rf"\s*{_N}(?:, ?{_N}){{0,20}} ?[MWYDmwyd]\b(?:[;,] ?{_N}(?:, ?{_N}){{0,20}} ?[MWYDmwyd]\b){{0,8}}\s*"
)
_AT_MOST: Final = (
    r"(?:[Uu]p to|[Uu]ntil|[Aa]t most|[Nn]o(?:t)? more than|[Ll]ess than|[Mm]ax(?:imum|\.)?(?: of)?|≤|<=?)"
)
_AT_LEAST: Final = (
    r"(?:[Aa]t least|[Nn]o(?:t)? less than|[Mm]ore than|[Oo]ver|[Mm]in(?:imum|\.)?(?: of)?|≥|>=?)"
)
_BOUND: Final = rf"(?:{_AT_MOST}|{_AT_LEAST}) ?"
_BOUND_BEFORE: Final = re.compile(rf"(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})) ?$")
_BARE: Final = re.compile(
    rf" ?(?:{_BOUND})?{_N}(?:(?:, ?| ?[-–/] ?| or | and | to |, and |, or ){_N})*[*†‡§]? ?"
)
#: Two numbers, or one with a decimal comma, a separator of thousands or a fraction: "1,5 years", "1 1/2 years".
UNDECIDED: Final = re.compile(r"(?<![\d,/])(?:\d+,\d+|(?:\d+[ -])?(?:1/2|1/4|3/4))(?![\d,/])")
_COMPOUND: Final = re.compile(
    rf"(?<![\w.,])(?P<years>{_N})[ -]?years?,? (?:and )?(?P<months>{_N})[ -]?months?(?![A-Za-z])"
)


_WORDS: Final = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_IN_WORDS: Final = re.compile(
    rf"\s*(?:at )?(?P<all>(?P<word>{'|'.join(_WORDS)})[ -](?P<unit>years?|months?|weeks?|days?))(?: follow[ -]?up)?\W*",
    re.IGNORECASE,
)
# "Week 24", "Days 1, 7 and 28".
_ORDERED: Final = re.compile(
    rf"\s*(?:at |by |to )?(?P<unit>years?|months?|weeks?|days?) (?P<numbers>{_N}(?:(?:, | and |, and "
    rf"|,){_N}){{0,12}})\W*",
    re.IGNORECASE,
)


def months(number: str, unit: str) -> Decimal:
    """``number`` of ``unit`` in months, to two decimals, without trailing zeros."""
    value = Decimal(number) * _UNITS[unit.rstrip("s") or unit]
    return _plain(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


Times = tuple[tuple[Decimal, Reading], ...]
Bounds = tuple[tuple[Literal["at most", "at least"], Reading], ...]


def read_follow_up(cell: Cell) -> Times:
    """The follow-up times of a cell, in months.

    A bare number under a heading without a unit is no time: nothing is returned rather than invented.
    """
    return tuple((value, read(cell, "follow_up", at, value, by)) for value, at, by in _times(cell))


def read_bounds(cell: Cell) -> Bounds:
    """Those of the times that are printed as a bound."""
    sides: dict[str, Literal["at most", "at least"]] = {UPPER.id: "at most", LOWER.id: "at least"}
    return tuple(
        (side, read(cell, f"follow_up_{side.replace(' ', '_')}", at, value, by))
        for value, at, by in _times(cell)
        if (side := sides.get(by.id))
    )


def _times(cell: Cell) -> Iterator[tuple[Decimal, tuple[int, int], Rule]]:
    """Each time in months, where it stands, and the rule that reads it."""
    text = cell.text or ""
    if _LETTERS.fullmatch(text):
        for m in _LETTER.finditer(text):
            for n in re.finditer(_N, m["numbers"]):
                at = (m.start() + n.start(), m.start() + n.end())
                yield months(n.group(), m["unit"].lower()), at, OWN_UNIT
        return
    some = False
    for m in _COMPOUND.finditer(text):
        some = True
        value = months(m["years"], "year") + months(m["months"], "month")
        yield value, *_bounded(text, m.span(), OWN_UNIT)
    # What a compound has taken is not read again; blanks keep the offsets.
    for m in DURATION.finditer(_COMPOUND.sub(lambda taken: " " * len(taken.group()), text)):
        some = True
        if UNDECIDED.fullmatch(m["numbers"]):
            continue
        numbers = list(re.finditer(_N, m["numbers"]))
        for n in numbers:
            at = (m.start() + n.start(), m.start() + n.end())
            value = months(n.group(), m["unit"])
            yield value, *(_bounded(text, at, OWN_UNIT) if len(numbers) == 1 else (at, SERIES))
    if not some:
        yield from _without_unit(cell, text)


def _without_unit(cell: Cell, text: str) -> Iterator[tuple[Decimal, tuple[int, int], Rule]]:
    """The times of a cell that has no number before a unit: "Week 24", "two years", or bare numbers."""
    if m := _ORDERED.fullmatch(text):
        for n in re.finditer(_N, m["numbers"]):
            at = (m.start("numbers") + n.start(), m.start("numbers") + n.end())
            yield months(n.group(), m["unit"].lower()), at, SERIES if "," in m["numbers"] else OWN_UNIT
    elif m := _IN_WORDS.fullmatch(text):
        yield months(str(_WORDS.index(m["word"].lower()) + 1), m["unit"].lower()), m.span("all"), OWN_UNIT
    elif (unit := _unit_of(cell.header)) and _BARE.fullmatch(text) and not UNDECIDED.search(text):
        for n in re.finditer(_N, text):
            yield months(n.group(), unit), *_bounded(text, n.span(), HEADING_UNIT)


def _unit_of(header: str) -> str | None:
    """The one unit that a heading names; None where it names two, or a time itself ("at 6 months")."""
    found = list(
        re.finditer(
            r"(?P<time>\d[ -]?)?\b(?P<unit>month|week|year|day|(?:mo|m|wk|w|yr|y|d)(?=s?\b))",
            fold(header).replace("_", " "),
        )
    )
    units = {m["unit"][0] for m in found}
    return found[0]["unit"] if len(units) == 1 and not any(m["time"] for m in found) else None


def _bounded(text: str, at: tuple[int, int], by: Rule) -> tuple[tuple[int, int], Rule]:
    """The place of a time with the bound before it, and the rule of the bound; without one as they are."""
    bound = _BOUND_BEFORE.search(text, 0, at[0])
    if bound is None:
        return at, by
    return (bound.start(), at[1]), UPPER if bound["most"] else LOWER


# A whole cell that is a time.
CELL_DURATION: Final = re.compile(
    rf"(?:{_BOUND}|[~≈] ?)?(?P<low>{NUMBER})(?:(?:, ?| ?[-–/±] ?| or | and | to |, and |, or )(?P<high>{NUMBER}))*"
    r"(?:[ -]?(?P<unit>months?|mo|weeks?|wks?|years?|yrs?|days?|d|w|m|y))?[*†‡§]?"
)
_TYPICAL_MONTHS: Final = frozenset(
    map(str, (*range(1, 7), 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 48, 60, 72, 84, 96, 120))
)


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 0.5
    m = CELL_DURATION.fullmatch(text)
    if m:
        if float(m["low"].replace(",", "")) > 240 or (len(text) > 1 and text[0] == "0"):
            return -4.0
        typical = m["low"] in _TYPICAL_MONTHS and not m["high"]
        return 6.0 + (1.0 if typical else 0.0) + (1.0 if m["unit"] else 0.0)
    if re.search(r"\d ?(?:month|week|year|day|mo\b)", text):
        opening = re.match(r"[Ff]ollow|[Aa]fter|[Aa]t |[Uu]p to|[Mm]edian|[Mm]ean|[Ee]very|\d", text)
        return (5.0 if opening else 0.0) - 0.02 * len(text)
    return WRONG


def _read(cells: Sequence[Cell]) -> Extracted:
    by_cell = [(cell, read_follow_up(cell)) for cell in cells]
    late = [(cell, max(value for value, _ in times)) for cell, times in by_cell if _is_late(times)]
    meant = [(cell, times) for cell, times in by_cell if not _is_late(times)]
    times = tuple(time for _, found in meant for time in found)
    bounds = tuple(bound for cell, _ in meant for bound in read_bounds(cell))
    return Extracted(
        {"follow_up": times, "follow_up_bounds": bounds},
        tuple(reading for _, reading in (*times, *bounds)),
        implausible=tuple(
            implausible(cell, None, f"{value} months is longer than trials follow patients")
            for cell, value in late
        ),
    )


def _is_late(times: Times) -> bool:
    return any(value > MOST_MONTHS for value, _ in times)


_BOUNDS: Final = {"at most": TG.followUpAtMost, "at least": TG.followUpAtLeast}


def _triples(nodes: Nodes) -> Iterator[Triple]:
    for value, _ in nodes.report.follow_up:
        yield Triple(nodes.iri, TG.followUpMonths, decimal(value))
    for side, reading in nodes.report.follow_up_bounds:
        if isinstance(reading.value, Decimal):
            yield Triple(nodes.iri, _BOUNDS[side], decimal(reading.value))


def _whole(text: str) -> bool:
    m = CELL_DURATION.fullmatch(text)
    return m is not None and (text in _TYPICAL_MONTHS or m["unit"] is not None)


COLUMN: Final = ColumnType(
    field="follow-up",
    order=60,
    headings=r"(?:(?:duration|length|time|period) of (?:the )?)?(?:(?:maximum|max|minimum|min|last|latest"
    r"|final|average|longest|total|mean|median"
    r"|planned|study"
    r"|trial|patient"
    r"|clinical) ){0,4}follow[ -]?(?:up|ups)(?: (?:period|periods|time|times|duration|length|months?|weeks?|years?"
    r"|point|points|time points?"
    r"|interval|schedule))?|(?:observation|evaluation|assessment) (?:period|time|time points?)|f ?u|duration|(?:study"
    r"|trial) (?:duration|period|length)|length"
    r"|duration of (?:the )?(?:study|trial|observation)|(?:end )?time ?points?|time frames?"
    r"|end ?points? of (?:observation|follow ?up)",
    shape=CellShape(empty=-2.0, longest=160, fits=whole_cell(_fit), most=8.0),
    read=_read,
    flat=(
        FlatColumn(
            "follow_up_months",
            "follow-up times in months",
            lambda report: [flat_number(value) for value, _ in report.follow_up],
            several=True,
            number=True,
        ),
    ),
    whole=_whole,
    filler=frozenset(
        [
            "follow",
            "up",
            "followup",
            "follow-up",
            "after",
            "until",
            "over",
            "examination",
            "examinations",
            "period",
            "duration",
            "month",
            "months",
            "week",
            "weeks",
            "year",
            "years",
            "day",
            "days",
        ]
    ),
    triples=_triples,
    statements=(
        Statement("follow_up", TG.Report, TG.followUpMonths, "value"),
        Statement("follow_up_at_most", TG.Report, TG.followUpAtMost, "value"),
        Statement("follow_up_at_least", TG.Report, TG.followUpAtLeast, "value"),
    ),
    valued=("follow_up", "follow_up_at_most", "follow_up_at_least"),
)
