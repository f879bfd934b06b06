"""What the heading of a dose says for its cells: the power of ten, cells or other things, per kilogram or patient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trialgraph.terminology.dose_units import DoseBasis

__all__ = ["HeadingDose", "basis_of_heading", "counts_other_things", "unit_of_heading"]

_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# The unit of a heading stands in parentheses, or behind a comma or a colon.
_UNIT: Final = re.compile(r"[(\[,:;](?P<unit>[^()\[\]]*)[)\]]?|(?<=\s)in (?P<words>.*)")
_IN_NAME: Final = re.compile(
    r"\b(?:dos(?:e|es|age|ing)|number)\b (?P<unit>.*\b(?:per|cells?|millions?|mg|kg|10\S*)\b.*)",
    re.IGNORECASE,
)
_POWER: Final = re.compile(
    r"(?:[×xX*·] ?)?10(?:\^ ?\{?(?P<caret>\d{1,2})\}?|(?P<raised>[⁰¹²³⁴-⁹]{1,2})|[eE](?P<exp>\d{1,2})"
    r"|(?P<lost>1[0-2]|[5-9]))(?!\d)"
)
_WORD: Final = re.compile(r"\b(?P<word>millions?|billions?|mio\.?)\b", re.IGNORECASE)
_CELLS: Final = re.compile(r"\bcells?\b|\b\w*-?MSCs?\b|\bSCs?\b", re.IGNORECASE)
# Units of other things than cells.
_OTHER: Final = re.compile(
    r"(?<![\w/])(?:[mµμn]?g|m?L|[mµμ]l|ml|I?U|IU|units?|[PCT]FU|TU|TCID50|vg|GC|gc|vp|particles?|genomes?|copies|exosomes?|EVs?"
    r"|vesicles?|IEQ|islets?|Gy|mmol|mol|µM|drops?|doses?|tablets?|puffs?)(?![\w])"
)
_PER: Final[tuple[tuple[re.Pattern[str], DoseBasis], ...]] = (
    (re.compile(r"(?:/ ?|per )(?:kg|kilogram)|kg ?[-−^⁻]+ ?[1¹]", re.IGNORECASE), "kilogram"),
    (re.compile(r"(?:/ ?|per )(?:patient|person|subject|participant)", re.IGNORECASE), "patient"),
    (re.compile(r"(?:/ ?|per )(?:\w+ )?(?:joint|knee|hip)", re.IGNORECASE), "joint"),
)
_NUMBER: Final = r"\d{1,9}(?:\.\d{1,6})?"
_BARE: Final = re.compile(
    rf"\s*(?P<low>{_NUMBER})(?: ?(?:-|–|~|to) ?(?P<high>{_NUMBER})|(?P<spread> ?\({_NUMBER} ?[-–] ?{_NUMBER}\)))?"
    r"(?P<per> ?(?:/ ?|per )(?:kg(?: (?:body ?weight|bw))?|patient|person|(?:knee |hip )?joint|knee))?\s*",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\s*(?:(?P<number>\d{1,3}(?:,\d{3}){1,4}|\d{5,12})|(?P<mantissa>\d{1,3}(?:\.\d{1,6})?)[eE]\+?0?(?P<power>\d{1,2}))\s*"
)
_MOST_POWER: Final = 15
# What says in a cell of what it is the dose, without a unit that is known.
_OWN_BASIS: Final = re.compile(r"\b(?:total|each|per|whole|fixed)\b|/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeadingDose:
    """A dose whose unit stands in the heading.

    :param at: where its number stands in the cell's text
    """

    low: Decimal
    high: Decimal
    basis: DoseBasis
    at: tuple[int, int]


def _unit(header: str) -> str:
    header = header.replace("_", " ")
    found = " ".join(m["unit"] or m["words"] or "" for m in _UNIT.finditer(header)).strip()
    if found:
        return found
    # Names of an extraction sheet have no parentheses: "dose cells per kg".
    return m["unit"] if (m := _IN_NAME.search(header)) else ""


def counts_other_things(header: str) -> bool:
    """Whether the unit of a heading is none of cells: milligrams, vector genomes, millilitres."""
    unit = _unit(header)
    # "cells/mL" is a concentration.
    return bool(_OTHER.search(_CELLS.sub(" ", unit))) or bool(re.search(r"/ ?(?:m?L|ml|µl|cm)\b", unit))


def basis_of_heading(header: str, behind: str) -> DoseBasis:
    """What a dose is per by the heading, where nothing behind it in the cell says otherwise."""
    found = {basis for pattern, basis in _PER if pattern.search(_unit(header))}
    return found.pop() if len(found) == 1 and not _OWN_BASIS.search(behind) else "not stated"


def unit_of_heading(header: str, text: str) -> HeadingDose | None:
    """The dose of a cell that is a bare number or range, by the power of ten or the cells that the heading names."""
    unit = _unit(header)
    if not unit:
        return None
    factor, basis = _factor(unit), basis_of_heading(header, "")
    if factor and (m := _BARE.fullmatch(text)):
        low, high = Decimal(m["low"]) * factor, Decimal(m["high"] or m["low"]) * factor
        at = (m.start("low"), len(text.rstrip()))
        if m["per"]:
            own: DoseBasis = next(kind for pattern, kind in _PER if pattern.search(m["per"]))
            if basis not in ("not stated", own):
                return None
            basis = own
    elif not factor and _CELLS.search(unit) and (m := _WHOLE.fullmatch(text)):
        if m["power"] and int(m["power"]) > _MOST_POWER:
            return None
        number = Decimal((m["number"] or m["mantissa"]).replace(",", ""))
        low = high = number * Decimal(10) ** int(m["power"] or 0)
        at = (len(text) - len(text.lstrip()), len(text.rstrip()))
    else:
        return None
    return HeadingDose(low, high, basis, at) if 0 < low <= high else None


def _factor(unit: str) -> Decimal | None:
    powers = list(_POWER.finditer(unit))
    words = list(_WORD.finditer(unit))
    if len(powers) + len(words) != 1:
        return None
    if words:
        return Decimal(10) ** (9 if words[0]["word"].lower().startswith("b") else 6)
    m = powers[0]
    digits = m["caret"] or m["exp"] or (m["raised"] or "").translate(_RAISED) or m["lost"]
    return Decimal(10) ** int(digits) if 3 <= int(digits) <= _MOST_POWER else None
