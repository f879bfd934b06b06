"""Dose: decimals in cells and an explicit basis. ``1 × 106`` has lost its superscript and is a million.

A range is one dose level with a low and a high; a list is several levels; the basis (per kilogram, patient,
joint) is read, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

from trialgraph.extract.columns.administration.amounts import read_amounts
from trialgraph.extract.columns.administration.dose_heading import (
    basis_of_heading,
    counts_other_things,
    unit_of_heading,
)
from trialgraph.extract.columns.administration.dose_rules import (
    BY_HEADING,
    LIST,
    LIST_LOST,
    LOWER,
    MIDDLE,
    NOT_SPECIFIED,
    PER_AREA,
    PER_JOINT,
    PER_KG,
    PER_PATIENT,
    RANGE,
    RANGE_LOST,
    SINGLE,
    SINGLE_LOST,
    UPPER,
    WORDS,
    WRITTEN,
)
from trialgraph.extract.columns.administration.written_numbers import MOST_POWER, RAISED, written_numbers
from trialgraph.model.reading import Reading, Rule, read
from trialgraph.model.report import DoseLevel
from trialgraph.model.table import Cell
from trialgraph.terminology.dose_units import DoseBasis

__all__ = ["DOSE", "Dosing", "read_dosing"]

# A power of ten whose superscript may be lost: 10^6, 10⁶, 106; not 1.06 nor 1060.
_POWER_OF_TEN: Final = (
    r"[×xX*·] ?10(?:\^ ?\{?(?P<caret>\d{1,2})\}?|(?P<raised>[⁰¹²³⁴-⁹]{1,2})|"
    r"[eE](?P<exp>\d{1,2})|(?P<lost>1[0-2](?!\d)|[3-9]))"
)
# Bounded, as are lists, so that a long run of digits takes no square of its length to search.
_NUMBER: Final = r"\d{1,9}(?:\.\d{1,6})?"
DOSE: Final = re.compile(
    rf"(?P<range>(?:[(\[] ?)?(?P<low>{_NUMBER}) ?[-–~] ?(?P<high>{_NUMBER}) ?[)\]]? ?{_POWER_OF_TEN})"
    rf"|(?P<list>(?:{_NUMBER}(?: ?[*×x])?(?:, ?| or | and |, or |, and | to | & )){{0,11}}{_NUMBER}) ?"
    rf"(?:{_POWER_OF_TEN.replace('(?P<', '(?P<l')}|(?P<word>million|billion|M(?=\ ?(?:/ ?kg|per kg"
    rf"|(?:[\w+-]+ )?cells?\b|[\w-]*MSCs?\b))))"
)

_PER: Final[tuple[tuple[re.Pattern[str], DoseBasis, Rule], ...]] = (
    (re.compile(r"/ ?kg|per kg|per kilogram|kg ?[-−^]+ ?1|/kilogram", re.IGNORECASE), "kilogram", PER_KG),
    (re.compile(r"(?:/ ?|per )(?:patient|person|subject|participant)", re.IGNORECASE), "patient", PER_PATIENT),
    (re.compile(r"(?:/ ?|per |each )(?:\w+ )?(?:joint|knee|hip)", re.IGNORECASE), "joint", PER_JOINT),
    (re.compile(r"(?:/ ?|per )(?:m\^? ?[2²]|square met(?:re|er))(?!\w)", re.IGNORECASE), "square metre", PER_AREA),
)  # fmt: skip
# Not cells: units and masses of a drug that is given beside them, and cell-free products.
_OTHER_UNIT: Final = re.compile(
    r"\s?(?:IU|U|units?|[PCT]FU|TU|TCID50|[mµμn]?g|m?L|[mµμ]l|vg|GC|gc|IEQ|EVs?)\b(?! ?(?:cells|MSC))"
    r"|\s?(?:[\w-]+[ -]){0,3}?(?:exosomes?|vesicles?|particles?|vector genomes?|viral genomes?|genome copies|copies|"
    r"virions?|platelets?|islets?|molecules?|spores?|bacteria|beads?|secretome)\b",
    re.IGNORECASE,
)
# Behind a dose of the same list or range a bound is its upper end, or leaves the dose unread.
_UP_TO: Final = (
    r"(?:≤|<=?|\b(?:up to|at most|no(?:t)? more than|less than|under|below"
    r"|max(?:imum|imal|\.)?(?: dose)?(?: of|:)?))"
)
_FROM_ON: Final = (
    r"(?:≥|>=?|\b(?:at least|no(?:t)? less than|more than|over|above"
    r"|min(?:imum|imal|\.)?(?: dose)?(?: of|:)?))"
)
_BOUND_BEFORE: Final = re.compile(
    rf"(?:(?P<upper>{_UP_TO})|(?P<lower>{_FROM_ON})|(?P<near>[~≈]|\bca\.?)) ?\(?$", re.IGNORECASE
)
# The upper end of a range is a power of its own: "1 × 10^6–10^7".
_UPPER_POWER: Final = re.compile(
    r" ?(?:-|–|~|to) ?10(?:\^ ?\{?(?P<caret>\d{1,2})\}?|(?P<raised>[⁰¹²³⁴-⁹]{1,2}))(?!\d)"
)
_NOT_SPECIFIED: Final = re.compile(
    r"[Dd]os(?:e|es|age) (?:is |was |were )?(?:not (?:specified|stated|reported|given|"
    r"mentioned|disclosed)|unspecified|unknown|undisclosed)"
)
# Any number of digits that a line can hold is written in full.
_WIDE: Final = Context(prec=20_000)
_MULTIPLES: Final = {"million": Decimal(10) ** 6, "M": Decimal(10) ** 6, "billion": Decimal(10) ** 9}
_MANTISSA: Final = re.compile(r"\d+(?:\.\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d+")
# Of the three characters before a number and a blank before these.
_PART_BEFORE: Final = re.compile(r"\d[.,·]?$|[.·]$|[\s\d],\s?$")
_MULTIPLE: Final = re.compile(r"\s?(?:thousand|million|billion)\b", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"\d,\d{3}(?!\d)")
# What stands right before the last number of a dose and belongs to it: "2.4 ± 0.3", "1/2/4", "0.5-1 million"; not the
# power of the dose before it: "1 × 10^8 ~ 3 × 10^8".
_LEAD: Final = re.compile(
    r"(?<![\d.,^eE×xX*·])(?<![×xX*·] )(?:\d+(?:\.\d+)? ?(?P<spread>±) ?|(?:\d+(?:\.\d+)?/)+|\d+(?:\.\d+)? ?[-–~] ?)$"
)
# A mean or median before its range in parentheses: "1.2 (0.9–1.65) × 10^6/kg".
_MIDDLE: Final = re.compile(rf"(?<![\d.,·/±–-])(?P<value>{_NUMBER}) ?$")
_SPREAD: Final = re.compile(r" ?± ?\(?")
# Between two doses of one list or range.
_JOINT: Final = re.compile(r" ?(?P<to>(?:up )?to|-|–|~) ?|[,;]? ?(?:or|and|&|,|;) ?")
_TO: Final = re.compile(
    r"(?: ?(?:[\w+-]{1,20}[ -])?(?:cells?|[\w-]{0,15}SCs?)\b)?(?: ?(?:/|per) ?(?:kg|kilogram|patient|joint))?"
    r" ?(?:(?:up )?to|-|–|~) ?"
)
_BETWEEN: Final = re.compile(r"\b[Bb]etween $")
_PER_VOLUME: Final = re.compile(
    r"[\w+ -]{0,20}?(?:/|\bper) ?(?:\d+(?:\.\d+)? ?)?(?:[mµμ]?[lL]\b|[mc]m|m(?:\^? ?[3³]|\b(?!\^?[2²]))|[mµμ]?g\b)"
)


@dataclass(frozen=True, slots=True)
class Dosing:
    """What a cell says of the dose.

    :param status: ``stated``, ``not specified`` (the source says so) or ``not stated`` (it says nothing)
    :param bases: the readings of the bases, beside the levels' own
    :param spans: of the whole doses as printed, in the cell's text
    """

    levels: tuple[DoseLevel, ...]
    status: str
    bases: tuple[Reading, ...]
    not_specified: Reading | None
    spans: tuple[tuple[int, int], ...] = ()


def read_dosing(cell: Cell) -> Dosing:
    """The doses of a cell, in the order in which they are printed."""
    text = cell.text or ""
    if amounts := read_amounts(cell):
        spans = tuple((cell.local(a.reading.start), cell.local(a.reading.end)) for a in amounts)
        return Dosing(amounts, "stated", (), None, spans)
    if counts_other_things(cell.header):
        return Dosing((), "not stated", (), None)
    if unit := unit_of_heading(cell.header, text):
        level = _level(cell, unit.at, unit.low, unit.high, unit.basis, BY_HEADING)
        return Dosing((level,), "stated", (), None, (unit.at,))
    levels: list[DoseLevel] = []
    bases: list[Reading] = []
    found = _unbounded(text, _without_spreads(text, _of_cells(text)))
    if not found:
        return _plain_numbers(cell, text)
    if len(found) == 1 and (bound := _bound(text, found[0].start())):
        return _bounded(cell, found[0], bound)
    basis: DoseBasis = "not stated"
    behind: list[DoseLevel] = []
    # From the last to the first: "2 × 107 or 4 × 107 cells/patient" has one basis, behind the last number.
    for m, following in reversed(list(zip(found, [*found[1:], None], strict=False))):
        stop = following.start() if following else len(text)
        joined = following is not None and _JOINT.fullmatch(text, m.end(), stop)
        if not joined:
            basis = _basis(cell, text, m.end(), stop, bases)
        made = _levels(cell, m, basis)
        is_range = following is not None and _is_range(text, m, following)
        if is_range and not behind:
            made = []  # the other end cannot be read
        elif is_range and _rises(made, levels):
            top = levels.pop(0)
            at = (cell.local(made[0].reading.start), cell.local(top.reading.end))
            by = RANGE_LOST if _power(m)[1] else RANGE
            made = [_level(cell, at, made[0].low, top.high, basis, by)]
        levels[:0] = behind = made
    spans = tuple(
        (m.start(), upper.end()) if (upper := _UPPER_POWER.match(text, m.end())) else m.span() for m in found
    )
    return Dosing(
        tuple(levels),
        "stated" if levels else "not stated",
        tuple(reversed(bases)),
        None,
        spans if levels else (),
    )


def _without_spreads(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The doses without those behind a dose and ±: they are its spread."""
    return [
        m for k, m in enumerate(found) if not k or not _SPREAD.fullmatch(text, found[k - 1].end(), m.start())
    ]


def _is_range(text: str, low: re.Match[str], high: re.Match[str]) -> bool:
    """Whether two doses are the ends of one range; each may have its own unit."""
    between = text[low.end() : high.start()]
    if _TO.fullmatch(between):
        return True
    return between.strip() in ("and", "&") and bool(_BETWEEN.search(text, 0, low.start()))


def _rises(lower: Sequence[DoseLevel], upper: Sequence[DoseLevel]) -> bool:
    """Whether one dose is followed by one that is not smaller, and per the same."""
    if len(lower) != 1 or not upper or lower[0].basis != upper[0].basis:
        return False
    low, high = lower[0].low, upper[0].low
    return low is not None and high is not None and high >= low


def _bound(text: str, start: int) -> re.Match[str] | None:
    return _BOUND_BEFORE.search(text, 0, start)


def _unbounded(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The doses without those behind a bound, but for the only dose of a cell and for the upper end of a range."""
    if len(found) == 1:
        bound = _bound(text, found[0].start())
        return [] if bound and bound["near"] else found
    kept: list[re.Match[str]] = []
    for k, m in enumerate(found):
        joint = _JOINT.fullmatch(text, found[k - 1].end(), m.start()) if k and found[k - 1] in kept else None
        if (joint and joint["to"]) or not _bound(text, m.start()):
            kept.append(m)
    return kept


def _bounded(cell: Cell, m: re.Match[str], bound: re.Match[str]) -> Dosing:
    """The only dose of a cell, as a bound; a range or a list behind a bound is none."""
    text = cell.text or ""
    bases: list[Reading] = []
    made = _levels(cell, m, _basis(cell, text, m.end(), len(text), bases))
    if len(made) != 1 or made[0].low != made[0].high:
        return Dosing((), "not stated", (), None)
    at = (bound.start(), cell.local(made[0].reading.end))
    level = _as_bound(cell, at, bound, made[0])
    return Dosing((level,), "stated", tuple(bases), None, (at,))


def _as_bound(cell: Cell, at: tuple[int, int], bound: re.Match[str], level: DoseLevel) -> DoseLevel:
    upper = bound["upper"] is not None
    value = f"{'≤' if upper else '≥'}{level.high}"
    reading = read(cell, "dose", at, value, UPPER if upper else LOWER)
    return DoseLevel(None if upper else level.low, level.high if upper else None, level.basis, reading)


def _plain_numbers(cell: Cell, text: str) -> Dosing:
    """Doses that are written without a power of ten, where the cell has no other; else what it says of the dose."""
    levels: list[DoseLevel] = []
    bases: list[Reading] = []
    spans: list[tuple[int, int]] = []
    found = [
        one
        for one in written_numbers(text)
        if not (_OTHER_UNIT.match(text, one.end) or _MULTIPLE.match(text, one.end))
    ]
    for one in found:
        bound, single = _bound(text, one.start), one.low == one.high
        if bound and (bound["near"] or len(found) > 1 or not single):
            continue
        basis = _basis(cell, text, one.end, len(text), bases)
        by = WRITTEN if single else RANGE
        level = _level(cell, (one.start, one.end), one.low, one.high, basis, by)
        at = (bound.start() if bound else one.start, one.end)
        levels.append(_as_bound(cell, at, bound, level) if bound else level)
        spans.append(at)
    not_specified = None
    if not levels and (words := _NOT_SPECIFIED.search(text)):
        not_specified = read(cell, "dose_status", words.span(), "not specified", NOT_SPECIFIED)
    status = "stated" if levels else "not specified" if not_specified else "not stated"
    return Dosing(tuple(levels), status, tuple(bases), not_specified, tuple(spans))


def _of_cells(text: str) -> list[re.Match[str]]:
    """The doses of cells; what is joined to a number of something else is no dose of cells, either."""
    found = list(DOSE.finditer(text))
    kept: list[re.Match[str]] = []
    other: re.Match[str] | None = None
    for k in range(len(found) - 1, -1, -1):
        m = found[k]
        joined = other is not None and _JOINT.fullmatch(text, m.end(), other.start())
        if joined or _counts_others(text, m):
            other = m
        elif _is_dose(
            text, m, behind_dose=k > 0 and bool(_JOINT.fullmatch(text, found[k - 1].end(), m.start()))
        ):
            kept.insert(0, m)
    return kept


def _counts_others(text: str, m: re.Match[str]) -> bool:
    """Whether a number is one of a drug's units, or a concentration."""
    return bool(_OTHER_UNIT.match(text, m.end()) or _PER_VOLUME.match(text, m.end()))


def _is_dose(text: str, m: re.Match[str], *, behind_dose: bool) -> bool:
    """Whether a number of that shape counts cells: no part of a longer number."""
    cut_short = re.match(r"[\d⁰¹²³⁴-⁹]|[.·]\d", text[m.end() : m.end() + 2])
    if not m["word"] and (len(power := _digits(m)[0]) > 2 or int(power) > MOST_POWER):
        return False
    # A part of a longer number is none: 1·5, 1.5.2, 12,5; what stands behind "1, " may be the rest of a list.
    first = m.start("low") if m["range"] else m.start()
    if first and not behind_dose and _PART_BEFORE.search(f" {text[max(0, first - 3) : first]}"):
        return False
    # "1,200" is 1.2 to some and 1200 to others.
    return not cut_short and not (m["list"] and _THOUSANDS.search(m["list"]))


def _basis(cell: Cell, text: str, start: int, stop: int, bases: list[Reading]) -> DoseBasis:
    """The denominator nearest behind the dose, in the same clause."""
    clause = re.split(r"[,;]|\. ", text[start:stop], maxsplit=1)[0]
    hits = [(m.start(), m.end(), basis, by) for pattern, basis, by in _PER if (m := pattern.search(clause))]
    if not hits:
        return basis_of_heading(cell.header, clause)
    i, j, basis, by = min(hits, key=lambda hit: hit[0])
    bases.append(read(cell, "dose_basis", (start + i, start + j), basis, by))
    return basis


def _levels(cell: Cell, m: re.Match[str], basis: DoseBasis) -> list[DoseLevel]:
    power, lost = _power(m)
    if upper := _UPPER_POWER.match(m.string, m.end()):
        digits = upper["caret"] or upper["raised"].translate(RAISED)
        numbers = list(_MANTISSA.finditer(m["list"] or ""))
        high = Decimal(10) ** int(digits)
        if len(numbers) != 1 or int(digits) > MOST_POWER or high < Decimal(numbers[0].group()) * power:
            return []
        low = Decimal(numbers[0].group()) * power
        return [_level(cell, (m.start(), upper.end()), low, high, basis, RANGE)]
    if m["range"] and (middle := _MIDDLE.search(m.string, 0, m.start())) and m["range"][0] in "([":
        value = Decimal(middle["value"]) * power
        return [_level(cell, (middle.start(), m.end()), value, value, basis, MIDDLE)]
    if m["range"]:
        low, high = Decimal(m["low"]) * power, Decimal(m["high"]) * power
        by = RANGE_LOST if lost else RANGE
        return [_level(cell, m.span(), low, high, basis, by)]
    lead = _LEAD.search(m.string, 0, m.start("list"))
    at = lead.start() if lead else m.start("list")
    printed = m.string[at : m.end("list")]
    numbers = list(_MANTISSA.finditer(printed))
    if lead and lead["spread"]:
        numbers = numbers[:1]
    if len(numbers) == 2 and re.search(r"\d(?: to |[-–~])", printed):
        low, high = (Decimal(n.group()) * power for n in numbers)
        return [_level(cell, (at, m.end()), low, high, basis, RANGE_LOST if lost else RANGE)]
    if len(numbers) == 1 or _DECIMAL_COMMA.fullmatch(printed):
        by = WORDS if m["word"] else SINGLE_LOST if lost else SINGLE
        value = Decimal(printed.replace(",", ".") if len(numbers) > 1 else numbers[0].group()) * power
        return [_level(cell, (at, m.end()), value, value, basis, by)]
    by = WORDS if m["word"] else LIST_LOST if lost else LIST
    return [
        _level(
            cell,
            (at + n.start(), at + n.end()),
            Decimal(n.group()) * power,
            Decimal(n.group()) * power,
            basis,
            by,
        )
        for n in numbers
    ]


def _power(m: re.Match[str]) -> tuple[Decimal, bool]:
    """The power of ten, and whether its superscript was lost."""
    if m["word"]:
        return _MULTIPLES[m["word"]], False
    digits, lost = _digits(m)
    return Decimal(10) ** int(digits), lost


def _digits(m: re.Match[str]) -> tuple[str, bool]:
    """The exponent as printed, and whether its superscript was lost."""
    prefix = "" if m["range"] else "l"
    lost = m[f"{prefix}lost"]
    digits = (
        m[f"{prefix}caret"] or m[f"{prefix}exp"] or (m[f"{prefix}raised"] or "").translate(RAISED) or lost
    )
    return digits, bool(lost)


def _level(
    cell: Cell, at: tuple[int, int], low: Decimal | None, high: Decimal | None, basis: DoseBasis, by: Rule
) -> DoseLevel:
    assert low is not None and high is not None  # noqa: S101, PT018 - only a bound lacks an end, and is made elsewhere
    low, high = _plain(low), _plain(high)
    value = f"{low}-{high}" if low != high else low
    return DoseLevel(low, high, basis, read(cell, "dose", at, value, by))


def _plain(value: Decimal) -> Decimal:
    """Cells are counted: no exponent, no trailing zeros."""
    whole = value == value.to_integral_value()
    return value.quantize(Decimal(1), context=_WIDE) if whole else value.normalize()
