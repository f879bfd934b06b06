"""A dose level of the graph -> its size and unit as people write them: ``1.5 × 10⁸ cells/kg``."""

from __future__ import annotations

from decimal import Decimal

from trialgraph.base.readable import dose
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements
from trialgraph.rdf.vocabulary import TG
from trialgraph.terminology.dose_units import unit_words

__all__ = ["dose_bounds", "dose_ends", "dose_size", "dose_unit"]


def dose_bounds(stated: TrialStatements, level: str) -> tuple[Decimal, Decimal]:
    """Low and high of a dose level; equal where it is one dose, and for a bound, which has one end."""
    low, high = (stated.text(level, name) for name in (TG.doseLow, TG.doseHigh))
    return Decimal(low or high or 0), Decimal(high or low or 0)


def dose_ends(stated: TrialStatements, level: str) -> tuple[Decimal | None, Decimal | None]:
    """Low and high of a dose level; None for the end that a bound lacks."""
    low, high = (stated.text(level, name) for name in (TG.doseLow, TG.doseHigh))
    return Decimal(low) if low else None, Decimal(high) if high else None


def dose_size(stated: TrialStatements, level: str) -> str:
    """A dose level without its unit: ``1–2 × 10⁶``, ``up to 1 × 10⁶``."""
    return dose(*dose_ends(stated, level))


def dose_unit(stated: TrialStatements, level: str) -> str:
    """The unit of a dose level as it is written: ``cells/kg``."""
    return unit_words(stated.text(level, TG.ucumCode)) or "cells"
