"""Doses that are no cells: vector genomes, milligrams, units, particles, as a cell or its heading states them.

A cell counts as such a dose only as a whole: "2 × 10^13 vg/kg", "10 mg/kg", "50 or 100 µg". In a longer text an amount
may be that of anything that is given beside the product, and is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trialgraph.model.reading import read, rule
from trialgraph.model.report import DoseLevel
from trialgraph.model.table import Cell
from trialgraph.terminology.dose_units import DoseBasis

__all__ = ["read_amounts"]

AMOUNT: Final = rule(
    "dose.amount",
    "A whole cell that is amounts in one unit (vector genomes, mg, µg, IU, particles) is as many dose levels.",
    example="2 × 10^13 vg/kg", gives="20000000000000", counter_example="2 × 10^6 cells/kg",
)  # fmt: skip
BY_HEADING: Final = rule(
    "dose.amount-unit-in-heading",
    "A whole cell of numbers under a heading of doses with a unit that is no cells is as many dose levels in that "
    "unit.",
    example="10", gives="10", counter_example="10 patients",
)  # fmt: skip

_UNITS: Final[Mapping[str, str]] = {
    "vg": "unit-vector-genomes", "gc": "unit-vector-genomes", "vector genomes": "unit-vector-genomes",
    "viral genomes": "unit-vector-genomes", "genome copies": "unit-vector-genomes",
    "mg": "milligram", "g": "gram", "ug": "microgram", "mcg": "microgram", "ng": "nanogram",
    "iu": "international-unit", "pfu": "plaque-forming-unit",
    "cfu": "colony-forming-unit", "particles": "unit-particles", "vp": "unit-particles",
    "exosomes": "unit-vesicles", "vesicles": "unit-vesicles", "nanovesicles": "unit-vesicles",
}  # fmt: skip
_UNIT: Final = (
    r"(?P<unit>vector genomes|viral genomes|genome copies|vg|GC|mg|mcg|[uµμ]g|ng|IU|[PC]FU|vp|particles"
    r"|exosomes|(?:nano)?vesicles|g)(?![A-Za-z])"
)
_PER: Final = (
    r"(?: ?(?:/|per ) ?(?P<per>kg(?: (?:body ?weight|bw))?|m\^?[2²]|cm\^?[2²]|eye|patient|subject|person"
    r"|dose))?"
)
_NUMBER: Final = r"\d{1,9}(?:\.\d{1,6})?"
_POWER: Final = (
    r"(?: ?[×xX*·] ?10(?:\^ ?\{?(?P<caret>\d{1,2})\}?|(?P<raised>[⁰¹²³⁴-⁹]{1,2}))(?!\d)"
    r"|[eE]\+?(?P<exp>\d{1,2})(?!\d))?"
)
_ONE: Final = re.compile(
    rf"(?P<low>{_NUMBER})(?: ?(?:-|–|~|to) ?(?P<high>{_NUMBER}))?{_POWER}(?P<of>[  ]?{_UNIT}{_PER})?"
)
_JOINT: Final = re.compile(r"\s*(?:[,;/\n]|\bor\b|\band\b|,? or\b|,? and\b)\s*")
# A line break, which is a blank in the normal form of a cell.
_LINE: Final = re.compile(r"\s+(?=\d)")
# What may stand around the amounts of a whole cell.
_AROUND: Final = re.compile(
    r"\s*(?:(?:a )?(?:single|one) dose of ?\(?|(?:in )?total(?: (?:over|in|at|to) \d+ (?:sites|locations"
    r"|injections))?|(?:single |total )?doses?:?"
    r"|once|one dose|(?:(?:[A-Z]{2,4}-)?[AM]SC[- ])?(?:[Ee]xos?|exosomes?|EVs?)\)?"
    r"|,? ?(?:(?:once|twice) )?(?:every \w+ (?:days?|weeks?|months?|hours?)|every (?:day|week|month)"
    r"|q\d{1,2}[dwmh]|daily"
    r"|weekly|monthly|per (?:day|week|month)|a (?:day|week|month)|b\.?i\.?d\.?|t\.?i\.?d\.?|q\.?d\.?)"
    r"|[(),.])?\s*",
    re.IGNORECASE,
)
_OF_HEADING: Final = re.compile(rf"[(\[,:] ?(?:[×x] ?)?{_UNIT}{_PER} ?[)\]]?", re.IGNORECASE)
_DOSE: Final = re.compile(r"\bdos(?:e|es|age|ages|ing)\b|\bamount\b", re.IGNORECASE)
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MOST: Final = 12
_MOST_POWER: Final = 18
_BASES: Final[Mapping[str, DoseBasis]] = {
    "kg": "kilogram", "m2": "square metre", "m²": "square metre", "cm2": "square centimetre",
    "cm²": "square centimetre", "eye": "eye", "patient": "patient", "subject": "patient", "person": "patient",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Unit:
    slug: str
    basis: DoseBasis


def read_amounts(cell: Cell) -> tuple[DoseLevel, ...]:
    """The dose levels of a cell that is nothing but amounts in one unit; none where it is anything else."""
    text = cell.text or ""
    found = _amounts(text)
    stated = [unit for m in found if (unit := _unit(m))]
    of_heading = _unit(m) if _DOSE.search(cell.header) and (m := _OF_HEADING.search(cell.header)) else None
    if not found or len(set(stated)) > 1 or (stated and not _unit(found[-1])):
        return ()
    unit = stated[0] if stated else of_heading
    if unit is None or (of_heading and unit.slug != of_heading.slug):
        return ()
    by = AMOUNT if stated else BY_HEADING
    made = []
    for m, behind in zip(found, [*found[1:], None], strict=True):
        # "1, 2 and 4 × 10^13 vg": the power behind the last number is that of all.
        power = _power(m) or (_power(found[-1]) if behind is not None and not _unit(m) else None)
        if power is not None and power > _MOST_POWER:
            return ()
        factor = Decimal(10) ** (power or 0)
        low, high = Decimal(m["low"]) * factor, Decimal(m["high"] or m["low"]) * factor
        if not 0 < low <= high:
            return ()
        value = _plain(low) if low == high else f"{_plain(low)}-{_plain(high)}"
        reading = read(cell, "dose", (m.start(), m.end()), value, by)
        made.append(DoseLevel(_plain(low), _plain(high), unit.basis, reading, unit.slug))
    return tuple(made)


def _amounts(text: str) -> list[re.Match[str]]:
    """The amounts of a text that is nothing else; none where it is."""
    found: list[re.Match[str]] = []
    lead = _AROUND.match(text)
    at = lead.end() if lead else 0
    while m := _ONE.match(text, at):
        found.append(m)
        at = m.end()
        joint = _JOINT.match(text, at) or (_LINE.match(text, at) if m["unit"] else None)
        if joint is None or len(found) > _MOST:
            break
        at = joint.end()
    rest = _AROUND.match(text, at)
    return found if found and rest and not text[rest.end() :].strip(" .,;)") else []


def _unit(m: re.Match[str]) -> _Unit | None:
    if not m["unit"]:
        return None
    slug = _UNITS.get(re.sub(r"[µμ]", "u", m["unit"]).lower())
    per = (m["per"] or "").split(" ")[0].replace("^", "").lower()
    if slug is None or per == "dose":
        return _Unit(slug, "not stated") if slug else None
    return _Unit(slug, _BASES[per] if per else "not stated")


def _power(m: re.Match[str]) -> int | None:
    digits = m["caret"] or m["exp"] or (m["raised"] or "").translate(_RAISED)
    return int(digits) if digits else None


def _plain(value: Decimal) -> Decimal:
    whole = value == value.to_integral_value()
    return value.quantize(Decimal(1)) if whole else value.normalize()
