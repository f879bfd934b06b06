"""Reports to conflicts: two things that cannot both be right, kept with their competing readings.

Nothing is repaired here. A reader that prefers one of two readings records it; a conflict makes it a thing
that one can query, and a reviewer may settle it by a line in ``curation.tsv`` (:mod:`trialgraph.extract.decisions`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Final

from trialgraph.base.readable import amount, times
from trialgraph.extract.ambiguity import RESOLVED
from trialgraph.extract.columns.disease.indexed import SHORT
from trialgraph.extract.columns.patients import FOOTNOTE
from trialgraph.model.reading import Reading, rule
from trialgraph.model.report import Conflict, DoseLevel, Report
from trialgraph.terminology.dose_units import CELLS, DoseBasis
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.names.grounding import ground

__all__ = ["CONFLICT_KINDS", "Usual", "dose_conflicts", "find_conflicts", "time_conflicts", "usual_doses"]

AMBIGUOUS: Final = rule(
    "conflict.ambiguous-abbreviation",
    "An abbreviation that is recorded as ambiguous within its column is linked to none of its meanings, unless the "
    "source's legend or the row's other cells leave just one.",
    example="NRS", gives="numeric rating scale|Scripps Neurological Rating Scale", counter_example="EDSS",
)  # fmt: skip

CONFLICT_KINDS: Final[dict[str, str]] = {
    "arms-do-not-add-up": "The groups as printed do not make the total.",
    "dose-out-of-line": "A dose is more than ten times, or less than a tenth of, the median of its source's other "
    "reports on the same basis.",
    "follow-up-shorter-than-reported-time": "The conclusion names a time after the end of the follow-up.",
    "ambiguous-abbreviation": "An abbreviation has more than one meaning in its column, and neither the source's "
    "legend nor the row's other cells leave just one; none is chosen.",
    "unread-text": "A cell holds words or numbers that no rule read, or whose value cannot be meant.",
}

# Fewer peers than this say nothing about what is usual.
_PEERS: Final = 5
_FOLD: Final = 10
# Weeks turned into months may miss by this much.
_MONTHS: Final = Decimal("0.25")


def find_conflicts(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of one source, each with the conflicts found in it and among its peers."""
    usual = usual_doses(reports)
    return tuple(
        replace(
            r,
            conflicts=(
                *_arms(r),
                *dose_conflicts(r, usual),
                *time_conflicts(r),
                *_abbreviations(r),
                *_unread(r),
            ),
        )
        for r in reports
    )


def _arms(report: Report) -> Iterator[Conflict]:
    total = next((r for r in report.readings if r.name == "n_total"), None)
    groups = [r for r in report.readings if r.name in ("n_treatment", "n_control")]
    competing = tuple(r for r in groups if r.rule == FOOTNOTE.id)
    printed = [r for r in groups if r.rule != FOOTNOTE.id]
    counts = [g.value for g in printed if isinstance(g.value, int)]
    if total is None or len(printed) < 2 or sum(counts) == total.value:
        return
    words = " + ".join(g.verbatim for g in printed)
    brief, message = f"sum is {sum(counts):,}", f"{words} = {sum(counts)}, not {total.verbatim}"
    if competing:
        used = competing[0]
        as_printed = next(g for g in printed if g.start == used.start)
        message += (
            f"; {used.value} with a lost footnote mark instead of {as_printed.value} adds up and is used"
        )
        brief = f"printed {as_printed.value}"
        yield Conflict(
            "arms-do-not-add-up", ("patients",), message, "error", (used, as_printed), 0, brief=brief
        )
    else:
        yield Conflict(
            "arms-do-not-add-up", ("patients",), message, "error", (total, *printed), None, brief=brief
        )


class Usual:
    """The middle doses of some reports, sorted once: what is usual is asked for each of thousands of reports."""

    def __init__(self, doses: Mapping[str, Decimal]) -> None:
        self._doses = doses
        # No cells at all are what a control gets.
        self._sorted = sorted(dose for dose in doses.values() if dose)

    def beside(self, key: str) -> tuple[int, Decimal | None]:
        """How many other reports there are, and the median of their doses; None where there is none.

        :param key: of the report that is left out
        """
        own = self._doses.get(key)
        at = bisect_left(self._sorted, own) if own else len(self._sorted)
        number = len(self._sorted) - bool(own)
        if not number:
            return 0, None
        low, high = (self._sorted[n + (n >= at)] for n in ((number - 1) // 2, number // 2))
        return number, low if low == high else (low + high) / 2


def usual_doses(reports: Sequence[Report]) -> dict[DoseBasis, Usual]:
    """Per basis, each report's middle dose in cells; a bound is none."""
    found: dict[DoseBasis, dict[str, Decimal]] = {}
    for report in reports:
        for basis in {d.basis for d in _in_cells(report)}:
            ends = [_ends(d) for d in _in_cells(report) if d.basis == basis]
            doses = [(low + high) / 2 for low, high in filter(None, ends)]
            if doses:
                found.setdefault(basis, {})[report.key] = median(doses)
    return {basis: Usual(doses) for basis, doses in found.items()}


def _in_cells(report: Report) -> list[DoseLevel]:
    """The doses that can be compared: a mass says nothing without its substance."""
    return [dose for dose in report.doses if dose.unit == CELLS]


def _ends(dose: DoseLevel) -> tuple[Decimal, Decimal] | None:
    return None if dose.low is None or dose.high is None else (dose.low, dose.high)


def dose_conflicts(report: Report, usual: Mapping[DoseBasis, Usual]) -> Iterator[Conflict]:
    """The doses of a report that are out of line with those of its peers, from :func:`usual_doses`."""
    for dose in _in_cells(report):
        peers, middle = usual[dose.basis].beside(report.key) if dose.basis in usual else (0, None)
        if peers < _PEERS or middle is None or dose.basis == "not stated" or not (ends := _ends(dose)):
            continue
        lowest, high = ends
        if not high:  # no cells at all are what a control gets
            continue
        low = lowest or high
        if middle / _FOLD <= low and high <= middle * _FOLD:
            continue
        fold = high / middle if high > middle else middle / low
        odd = high if high > middle else low
        brief = f"{times(fold)} {'the median' if high > middle else 'below the median'}"
        others = f"of {peers} other reports per {dose.basis}"
        message = f"{brief} {others} ({amount(odd)} against {amount(middle)})"
        yield Conflict(
            "dose-out-of-line",
            ("administration",),
            message,
            "warning",
            (dose.reading,),
            None,
            brief=brief,
        )


def time_conflicts(report: Report) -> Iterator[Conflict]:
    """A time that the conclusion names after the end of the follow-up."""
    if not report.follow_up:
        return
    last, last_reading = max(report.follow_up, key=lambda f: f[0])
    # What lasts "at least" some time may last as long as the conclusion speaks of.
    if any(bound == "at least" for bound, _ in report.follow_up_bounds):
        return
    late = [t for t in report.reported_times if t[0] > last + _MONTHS]
    if late:
        value, reading = max(late, key=lambda t: t[0])
        message = (
            f"the follow-up is {last} months, the conclusion speaks of {value} months ({reading.verbatim})"
        )
        yield Conflict(
            "follow-up-shorter-than-reported-time",
            ("follow-up", "conclusion"),
            message,
            "warning",
            (last_reading, reading),
            None,
            brief=f"{value} in result",
        )


def _abbreviations(report: Report) -> Iterator[Conflict]:
    for outcome in (o for item in report.outcomes for o in (item, *item.analytes)):
        yield from _ambiguous("outcome", outcome.reading, "outcomes")
    for reading in report.readings:
        if reading.name in {"cell_source", "disease", "route", "phase"}:
            yield from _ambiguous(
                {"cell_source": "cell_type"}.get(reading.name, reading.name),
                reading,
                reading.cell.field or "",
            )


def _ambiguous(field: str, reading: Reading, column: str) -> Iterator[Conflict]:
    found = [candidate.label for candidate in lexicon().candidates(field, reading.verbatim)]
    if not found and reading.rule == SHORT.id:
        found = [
            label for one in ground(reading.verbatim, "disease").ambiguous for _, label in one.candidates
        ]
    # Terms of two ontologies with one name (NASH in MONDO and DOID) are one meaning, as it is printed.
    found = list(dict.fromkeys(found))
    if len(found) < 2 or reading.rule in RESOLVED:
        return
    competing = tuple(replace(reading, value=label, rule=AMBIGUOUS.id, mention=None) for label in found)
    meanings = " or ".join(found)
    message = f"{reading.verbatim} may mean {meanings}; not linked"
    brief = f"{reading.verbatim} ambiguous"
    yield Conflict("ambiguous-abbreviation", (column,), message, "warning", competing, None, brief=brief)


def _unread(report: Report) -> Iterator[Conflict]:
    by_cell: dict[str, list[Reading]] = {}
    for left in report.leftovers:
        by_cell.setdefault(left.cell.key, []).append(left)
    for held in by_cell.values():
        cell = held[0].cell
        words = ", ".join(_why(f"“{left.verbatim[:60]}”", report.reasons.get(left)) for left in held)
        message = f"not read in {cell.header}: {words}"
        yield Conflict(
            "unread-text", (cell.field or "",), message, "notice", tuple(held), None, brief="not read"
        )


def _why(words: str, reason: str | None) -> str:
    return f"{words} ({reason})" if reason else words
