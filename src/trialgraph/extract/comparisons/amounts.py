"""Counts of patients, doses and times of two reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from trialgraph.extract.column_type import flat_number
from trialgraph.extract.comparisons.outcome import AGREES, Earlier, Outcome, Stated, differs, not_comparable
from trialgraph.model.reading import Reading
from trialgraph.model.report import DoseLevel, TrialReport
from trialgraph.terminology.dose_units import dose_unit

__all__ = [
    "WEEK",
    "compare_doses",
    "compare_follow_up",
    "compare_groups",
    "compare_totals",
    "own_readings",
    "state_count",
    "state_doses",
    "state_follow_up",
]

#: A week, in months.
WEEK: Final = Decimal(7) * 12 / Decimal("365.25")
#: Orders of magnitude are told from here on.
_FOLD: Final = 10


def own_readings(report: TrialReport, *names: str) -> tuple[Reading, ...]:
    """The readings of those names but what a reviewer overruled."""
    overruled = {reading for correction in report.corrections for reading in correction.overruled}
    return tuple(r for r in report.readings if r.name in names and r not in overruled)


# ---- patients


def state_count(name: str) -> Callable[[TrialReport], Stated | None]:
    """What a report states as ``n_total``, ``n_treatment`` or ``n_control``."""

    def state(report: TrialReport) -> Stated | None:
        count: int | None = getattr(report, name)
        if count is None:
            return None
        readings = own_readings(report, name)
        used = tuple(r for r in readings if r.value == count)
        return Stated(count, str(count), used or readings)

    return state


def compare_totals(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """All patients of the trial."""
    one, other = left.value, right.value
    if one == other:
        return AGREES
    return differs("major" if abs(one - other) * 10 > max(one, other) else "minor")


def compare_groups(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """Patients of the groups of one role."""
    if left.value == right.value:
        return AGREES
    alone = 0 in (left.value, right.value)
    return differs("major", "one has no such group" if alone else "")


# ---- doses


def state_doses(report: TrialReport) -> Stated | None:
    """All dose levels of a report."""
    doses = report.doses
    if not doses:
        return None
    return Stated(doses, " | ".join(map(_dose, doses)), tuple(dict.fromkeys(d.reading for d in doses)))


def _dose(dose: DoseLevel) -> str:
    unit = dose_unit(dose.unit).words(dose.basis)
    if dose.low is None or dose.high is None:
        bound, end = ("up to", dose.high) if dose.low is None else ("at least", dose.low)
        return f"{bound} {_plain(end)} {unit}".strip()
    ends = dict.fromkeys((_plain(dose.low), _plain(dose.high)))
    return f"{' to '.join(ends)} {unit}".strip()


def _plain(value: Decimal | None) -> str:
    return "" if value is None else str(flat_number(value))


def compare_doses(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """Dose levels by unit, basis and ends."""
    units = [{(d.unit, d.basis) for d in side.value} for side in (left, right)]
    ends = [_ends(side.value) for side in (left, right)]
    unstated = ["not stated" in {basis for _, basis in side} for side in units]
    if units[0] != units[1]:
        amounts = [{unit for unit, _ in side} for side in units]
        if amounts[0] == amounts[1] and unstated[0] != unstated[1]:
            if ends[0] == ends[1]:
                return Outcome("agrees", None, "one does not state what the dose is per")
            return not_comparable("one does not state what the dose is per")
        return differs(
            "major", "they are on another basis" if amounts[0] == amounts[1] else "of another unit"
        )
    if ends[0] == ends[1]:
        shapes = [sorted((d.low, d.high) for d in side.value if d.low is not None) for side in (left, right)]
        return AGREES if len(shapes[0]) == len(shapes[1]) else Outcome("agrees", None, "a list and a range")
    (low, high), (other_low, other_high) = ends
    if low is None or high is None or other_low is None or other_high is None:
        return not_comparable("one is printed as a bound")
    if low <= other_high and other_low <= high:
        return differs("minor", "they overlap")
    # The gap between them is what a reader has to explain.
    nearer, farther = (other_high, low) if low > other_high else (high, other_low)
    fold = farther / nearer if nearer else None
    return differs("major", f"by a factor of {round(fold)}" if fold and fold >= _FOLD else "")


def _ends(doses: Sequence[DoseLevel]) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest dose; None where a level is bounded on the other side only."""
    lows, highs = [d.low for d in doses], [d.high for d in doses]
    low = None if None in lows else min(n for n in lows if n is not None)
    high = None if None in highs else max(n for n in highs if n is not None)
    return low, high


# ---- follow-up


def state_follow_up(report: TrialReport) -> Stated | None:
    """The longest follow-up, and whether it is printed as a bound."""
    if not report.follow_up:
        return None
    longest, reading = max(report.follow_up, key=lambda one: one[0])
    bound = next((bound for bound, of in report.follow_up_bounds if of == reading), None)
    return Stated((longest, bound), f"{bound} {_plain(longest)}" if bound else _plain(longest), (reading,))


def compare_follow_up(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """The longest times."""
    (one, bound), (other, other_bound) = left.value, right.value
    short, long = sorted((one, other))
    if long - short <= WEEK * long / 6:
        return AGREES
    if _within(one, bound, other) or _within(other, other_bound, one):
        return not_comparable("one is printed as a bound, which the other keeps to")
    return differs("minor" if short and long <= 2 * short else "major")


def _within(value: Decimal, bound: str | None, other: Decimal) -> bool:
    return (bound == "at least" and other >= value) or (bound == "at most" and other <= value)
