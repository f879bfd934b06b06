"""Reports to conflicts: two things that cannot both be right, kept with their competing readings.

Nothing is repaired here. A reader that prefers one of two readings has said so; a conflict makes it a thing
that one can query, and a curator may settle it by a line in ``curation.tsv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Final, Literal

from trialgraph.base.errors import InputError
from trialgraph.extract.columns.patients import FOOTNOTE
from trialgraph.model.reading import Reading, rule
from trialgraph.model.report import Conflict, Curation, DoseBasis, PlannedOutcome, Report
from trialgraph.terminology.lexicon import lexicon

__all__ = ["CONFLICT_KINDS", "find_conflicts", "settle"]

AMBIGUOUS: Final = rule(
    "conflict.ambiguous-abbreviation",
    "An abbreviation that is recorded as ambiguous within its column is linked to none of its meanings.",
    example="NRS", gives="numeric rating scale|Scripps Neurological Rating Scale", counter_example="EDSS",
)  # fmt: skip

CONFLICT_KINDS: Final[dict[str, str]] = {
    "arms-do-not-add-up": "The groups as printed do not make the total.",
    "dose-out-of-line": "A dose is more than ten times, or less than a tenth of, the median of its source's other "
    "reports on the same basis.",
    "follow-up-shorter-than-reported-time": "The conclusion names a time after the end of the follow-up.",
    "ambiguous-abbreviation": "An abbreviation has more than one meaning in its column; none is chosen.",
    "unread-text": "A cell holds words or numbers that no rule read, or whose value cannot be meant.",
}

# Fewer peers than this say nothing about what is usual.
_PEERS: Final = 5
_FOLD: Final = 10
# Weeks turned into months may miss by this much.
_MONTHS: Final = Decimal("0.25")


def find_conflicts(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of one source, each with the conflicts found in it and among its peers."""
    usual = _usual_doses(reports)
    return tuple(
        replace(r, conflicts=(*_arms(r), *_doses(r, usual), *_times(r), *_abbreviations(r), *_unread(r)))
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
    message = f"{words} = {sum(counts)}, not {total.verbatim}"
    if competing:
        used = competing[0]
        as_printed = next(g for g in printed if g.start == used.start)
        message += (
            f"; {used.value} with a lost footnote mark instead of {as_printed.value} adds up and is used"
        )
        yield Conflict("arms-do-not-add-up", ("patients",), message, "error", (used, as_printed), 0)
    else:
        yield Conflict("arms-do-not-add-up", ("patients",), message, "error", (total, *printed), None)


def _usual_doses(reports: Sequence[Report]) -> dict[DoseBasis, dict[str, Decimal]]:
    """Per basis, each report's middle dose."""
    found: dict[DoseBasis, dict[str, Decimal]] = {}
    for report in reports:
        for basis in {d.basis for d in report.intervention.doses}:
            doses = [(d.low + d.high) / 2 for d in report.intervention.doses if d.basis == basis]
            found.setdefault(basis, {})[report.key] = median(doses)
    return found


def _doses(report: Report, usual: dict[DoseBasis, dict[str, Decimal]]) -> Iterator[Conflict]:
    for dose in report.intervention.doses:
        peers = [v for key, v in usual[dose.basis].items() if key != report.key and v]
        if len(peers) < _PEERS or dose.basis == "not stated":
            continue
        if not dose.high:  # no cells at all are what a control gets
            continue
        middle, low = median(peers), dose.low or dose.high
        if middle / _FOLD <= low and dose.high <= middle * _FOLD:
            continue
        fold = dose.high / middle if dose.high > middle else middle / low
        side = "times" if dose.high > middle else "times below"
        others = f"the median of {len(peers)} other reports per {dose.basis}"
        message = f"{dose.reading.verbatim} is {fold:.0f} {side} {others}"
        yield Conflict("dose-out-of-line", ("administration",), message, "warning", (dose.reading,), None)


def _times(report: Report) -> Iterator[Conflict]:
    if not report.follow_up:
        return
    last, shown = max(report.follow_up, key=lambda f: f[0])
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
            (shown, reading),
            None,
        )


def _abbreviations(report: Report) -> Iterator[Conflict]:
    for outcome in report.outcomes:
        yield from _ambiguous("outcome", outcome.reading, "outcomes")
    for reading in report.readings:
        if reading.name in {"cell_source", "disease", "route", "phase"}:
            yield from _ambiguous(
                {"cell_source": "cell_type"}.get(reading.name, reading.name),
                reading,
                reading.cell.field or "",
            )


def _ambiguous(field: str, reading: Reading, column: str) -> Iterator[Conflict]:
    found = lexicon().candidates(field, reading.verbatim)
    if not found:
        return
    competing = tuple(replace(reading, value=c.label, rule=AMBIGUOUS.id, mention=None) for c in found)
    used = reading.mention.concept.label if reading.mention else None
    preferred = next((k for k, c in enumerate(found) if c.label == used), None)
    meanings = " or ".join(c.label for c in found)
    message = f"{reading.verbatim} may mean {meanings}" + (f"; read as {used}" if used else "; not linked")
    yield Conflict("ambiguous-abbreviation", (column,), message, "warning", competing, preferred)


def _unread(report: Report) -> Iterator[Conflict]:
    by_cell: dict[str, list[Reading]] = {}
    for left in report.leftovers:
        by_cell.setdefault(left.cell.key, []).append(left)
    for held in by_cell.values():
        cell = held[0].cell
        words = ", ".join(_why(f"“{left.verbatim[:60]}”", report.reasons.get(left)) for left in held)
        message = f"not read in {cell.header}: {words}"
        yield Conflict("unread-text", (cell.field or "",), message, "notice", tuple(held), None)


def _why(words: str, reason: str | None) -> str:
    return f"{words} ({reason})" if reason else words


def settle(reports: Sequence[Report], decisions: Iterable[Curation], where: str) -> tuple[Report, ...]:
    """Lay the curator's decisions over the reports.

    A decision is ``keep`` (what is used stands) or ``use VALUE``, one of the competing readings' values.

    :raises InputError: no such row or conflict, or a value that does not compete
    """
    made = {r.row.number: r for r in reports}
    for decision in decisions:
        report = made.get(decision.row)
        open_ = (
            [c for c in report.conflicts if c.kind == decision.kind and c.status == "open"] if report else []
        )
        if report is None or not open_:
            raise InputError(
                f"row {decision.row} has no open conflict {decision.kind}",
                where=where,
                hint="remove or correct the line",
            )
        made[decision.row] = _apply(report, open_[0], decision, where)
    return tuple(made[r.row.number] for r in reports)


def _apply(report: Report, conflict: Conflict, decision: Curation, where: str) -> Report:
    settled = replace(conflict, status="settled", curation=decision)
    changed = report
    if decision.decision != "keep":
        value = decision.decision.removeprefix("use ")
        choices = [str(r.value) for r in conflict.competing] if _replaceable(conflict) else []
        if not decision.decision.startswith("use ") or value not in choices:
            raise InputError(
                f"row {decision.row}: decision {decision.decision!r} is not one of: keep, "
                + ", ".join(f"use {c}" for c in choices),
                where=where,
                hint="take one of these",
            )
        chosen = conflict.competing[choices.index(value)]
        settled = replace(settled, preferred=choices.index(value))
        changed = _with(report, conflict, chosen)
    return replace(changed, conflicts=tuple(settled if c is conflict else c for c in report.conflicts))


def _replaceable(conflict: Conflict) -> bool:
    """Whether taking another of the competing readings changes what is stated; else it can only be kept."""
    return conflict.kind == "arms-do-not-add-up" or (
        conflict.kind == "ambiguous-abbreviation" and conflict.fields == ("outcomes",)
    )


def _with(report: Report, conflict: Conflict, chosen: Reading) -> Report:
    """The report with the chosen reading in place of the one it used."""
    if conflict.kind == "arms-do-not-add-up" and isinstance(chosen.value, int):
        if chosen.name == "n_total":
            return replace(report, n_total=chosen.value)
        role: Literal["treatment", "control"] = "treatment" if chosen.name == "n_treatment" else "control"
        arms = tuple(
            replace(a, enrolled=chosen.value, reading=chosen) if a.role == role else a for a in report.arms
        )
        if role == "treatment":
            return replace(report, arms=arms, n_treatment=chosen.value)
        return replace(report, arms=arms, n_control=chosen.value)
    if conflict.kind == "ambiguous-abbreviation":
        known = lexicon().lookup("outcome", str(chosen.value))
        reading = replace(chosen, mention=known)
        outcomes = tuple(
            PlannedOutcome(known.concept if known else None, reading)
            if o.reading.start == chosen.start
            else o
            for o in report.outcomes
        )
        return replace(report, outcomes=outcomes)
    return report
