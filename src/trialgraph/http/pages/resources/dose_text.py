"""A dose level -> its size and unit as people write them: ``1.5 × 10⁸ cells/kg``."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from trialgraph.http.pages.resources.trial_statements import TrialStatements
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.dose_units import unit_words

__all__ = ["dose_bounds", "dose_size", "dose_unit", "power"]

SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def power(amount: Decimal) -> str:
    """An amount as people write it: ``1.5 × 10⁸``, and small ones as they are."""
    if amount < 10_000:
        return f"{amount.normalize():f}"
    exponent = amount.adjusted()
    lead = (amount / Decimal(10) ** exponent).normalize()
    ten = f"10{str(exponent).translate(SUPERSCRIPTS)}"
    return ten if lead == 1 else f"{lead:f} × {ten}"


def dose_bounds(stated: TrialStatements, level: str) -> tuple[Decimal, Decimal]:
    """Low and high of a dose level; equal where it is one dose, and for a bound, which has one end."""
    low, high = (stated.text(level, name) for name in (TG.doseLow, TG.doseHigh))
    return Decimal(low or high or 0), Decimal(high or low or 0)


def dose_size(stated: TrialStatements, level: str) -> str:
    """A dose level without its unit: ``10⁶ to 2 × 10⁶``, ``up to 10⁶``."""
    low, high = dose_bounds(stated, level)
    if not stated.text(level, TG.doseLow):
        return f"up to {power(high)}"
    if not stated.text(level, TG.doseHigh):
        return f"at least {power(low)}"
    return power(low) if low == high else f"{power(low)} to {power(high)}"


def dose_unit(stated: TrialStatements, level: str) -> str:
    """The unit of a dose level as it is written: ``cells/kg``."""
    return unit_words(stated.text(level, TG.ucumCode)) or "cells"
