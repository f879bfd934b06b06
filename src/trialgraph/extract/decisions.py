"""The decisions of ``curation.tsv`` laid over the reports, as a layer that edits no source.

A decision keeps what is used, takes another of the competing readings, or enters a value with its evidence. A conflict
is settled only where what is used then resolves it; else it stays open and is reported with the decision's line.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from trialgraph.base.errors import InputError
from trialgraph.extract.conflicts import CONFLICT_KINDS, dose_conflicts, time_conflicts, usual_doses
from trialgraph.extract.corrections import CORRECTABLE, concept_called, corrected
from trialgraph.extract.curation import SAME_TRIAL
from trialgraph.model.reading import Reading
from trialgraph.model.report import Condition, Conflict, Correction, Curation, PlannedOutcome, Report
from trialgraph.terminology.lexicon import lexicon

__all__ = ["choices", "settle"]

ARMS: Final = "arms-do-not-add-up"
ABBREVIATION: Final = "ambiguous-abbreviation"
FOLLOW_UP: Final = "follow-up-shorter-than-reported-time"
UNREAD_TEXT: Final = "unread-text"
#: What an ambiguous abbreviation in a list of outcomes is corrected by, beside :data:`CORRECTABLE`.
OUTCOME: Final = "outcome"
_NAMED: Final = re.compile(r"([a-z_]+) ?= ?(.*)", re.DOTALL)


@dataclass
class _Decided:
    """A report on which decisions are being laid.

    :param of: the decisions on each of its conflicts, by their place
    """

    report: Report
    of: dict[int, list[Curation]] = field(default_factory=lambda: defaultdict(list))


def settle(reports: Sequence[Report], decisions: Iterable[Curation], where: str) -> tuple[Report, ...]:
    """Lay the reviewers' decisions over the reports of one source.

    :param where: the file of the decisions
    :raises InputError: no such row, conflict or field, or a decision that is none of it
    """
    made = {r.row.number: _Decided(r) for r in reports}
    numbers: Counter[tuple[int | str, str]] = Counter()
    for decision in decisions:
        kind = decision.kind.partition("/")[0]
        numbers[decision.row, kind] += 1
        numbered = replace(decision, number=numbers[decision.row, kind])
        at = f"{where}:{decision.line}" if decision.line else where
        if decision.row not in made:
            if decision.kind in CORRECTABLE or decision.kind == SAME_TRIAL:
                raise InputError(f"there is no row {decision.row}", where=at, hint="correct the number")
            raise _no_conflict(decision, at)
        held = made[decision.row]
        if decision.kind in CORRECTABLE:
            _enter(held, numbered, decision.kind, _value_of(numbered, at), at)
        elif decision.kind != SAME_TRIAL:  # that is decided on where all sources are known
            _decide(held, numbered, at)
        held.report = replace(held.report, curations=(*held.report.curations, numbered))
    after = [made[r.row.number].report for r in reports]
    return tuple(_closed(made[r.row.number], after) for r in reports)


def choices(
    kind: str, fields: Iterable[str], competing: Sequence[tuple[str, str]], *, preferred: bool
) -> list[str]:
    """The decisions that may settle a conflict, with ``…`` for a value that is to be entered.

    :param fields: of the cells concerned
    :param competing: name and value of the competing readings
    :param preferred: whether one of them is used
    """
    names = {name for name, _ in competing}
    enters = [f"value {name}=…" for name in _enterable(kind, fields, names)]
    if kind == ARMS and not preferred:
        return enters  # all of the readings are used: no choice among them makes the groups add up
    takes = [f"use {_told(name, value, competing)}" for name, value in competing]
    return ["keep", *(takes if _replaceable(kind, names) else ()), *enters]


def _told(name: str, value: str, competing: Sequence[tuple[str, str]]) -> str:
    """A competing reading by its value, with the field's name where two have the same value."""
    return value if [v for _, v in competing].count(value) == 1 else f"{name}={value}"


def _replaceable(kind: str, names: set[str]) -> bool:
    """Whether taking another of the competing readings changes what is stated; else it can only be kept."""
    return kind == ARMS or (kind == ABBREVIATION and names in ({OUTCOME}, {"disease"}))


def _enterable(kind: str, fields: Iterable[str], names: set[str]) -> list[str]:
    """The names of the fields that a decision on such a conflict may enter a value of.

    :param names: of the competing readings
    """
    if kind == ABBREVIATION:
        return (
            [OUTCOME]
            if names == {OUTCOME}
            else [name for name, of in CORRECTABLE.items() if of.reads & names]
        )
    fields = {"follow-up"} if kind == FOLLOW_UP else set(fields)
    return [name for name, of in CORRECTABLE.items() if of.field in fields]


def _of(conflict: Conflict) -> list[str]:
    return _enterable(conflict.kind, conflict.fields, _names(conflict))


def _names(conflict: Conflict) -> set[str]:
    return {reading.name for reading in conflict.competing}


# ---- one decision


def _no_conflict(decision: Curation, where: str) -> InputError:
    known = ", ".join((*CONFLICT_KINDS, *CORRECTABLE, SAME_TRIAL))
    return InputError(
        f"row {decision.row} has no open conflict {decision.kind[:60]}",
        where=where,
        hint="remove or correct the line"
        if decision.kind.partition("/")[0] in CONFLICT_KINDS
        else f"a kind is one of: {known}",
    )


def _decide(held: _Decided, decision: Curation, where: str) -> None:
    verb, _, rest = decision.decision.partition(" ")
    # A conflict is kept or chosen from once; values are entered one for each field.
    found = [
        at
        for at in _addressed(held.report, decision.kind)
        if verb == "value" or all(d.decision.startswith("value ") for d in held.of[at])
    ]
    if not found:
        raise _no_conflict(decision, where)
    for at in found:
        conflict = held.report.conflicts[at]
        if verb == "keep" and not rest:
            break
        if verb == "use" and (chosen := _chosen(conflict, rest.strip())) is not None:
            _take(held, at, chosen)
            break
        if verb == "value" and (name := _entered(conflict, rest)):
            _enter_for(held, at, decision, name, where)
            break
    else:
        raise _no_choice(held.report.conflicts[found[0]], decision, where)
    held.of[at].append(decision)


def _addressed(report: Report, kind: str) -> list[int]:
    """The places of the conflicts that a kind names; with ``/2`` behind it the second of that kind."""
    name, _, number = kind.partition("/")
    found = [at for at, conflict in enumerate(report.conflicts) if conflict.kind == name]
    if not number:
        return found
    return [at for n, at in enumerate(found, start=1) if str(n) == number]


def _no_choice(conflict: Conflict, decision: Curation, where: str) -> InputError:
    told = [(r.name, str(r.value)) for r in conflict.competing]
    known = ["keep"]
    if _replaceable(conflict.kind, _names(conflict)):
        known += [f"use {_told(name, value, told)}" for name, value in told]
    known += [f"value {name}=…" for name in _of(conflict)]
    return InputError(
        f"row {decision.row}: decision {decision.decision[:80]!r} is not one of: {', '.join(known)}",
        where=where,
        hint="take one of these",
    )


def _chosen(conflict: Conflict, text: str) -> int | None:
    """The place of the competing reading that a text names by its value, or as ``n_control=15``."""
    if not _replaceable(conflict.kind, _names(conflict)):
        return None
    found = (at for at, r in enumerate(conflict.competing) if text in (str(r.value), f"{r.name}={r.value}"))
    return next(found, None)


def _take(held: _Decided, at: int, chosen: int) -> None:
    conflict = held.report.conflicts[at]
    made = _with(held.report, conflict, conflict.competing[chosen])
    held.report = _replaced(made, at, replace(conflict, preferred=chosen))


def _replaced(report: Report, at: int, conflict: Conflict) -> Report:
    return replace(report, conflicts=(*report.conflicts[:at], conflict, *report.conflicts[at + 1 :]))


def _with(report: Report, conflict: Conflict, chosen: Reading) -> Report:
    """The report with the chosen reading in place of the one it used."""
    if isinstance(chosen.value, int):
        if chosen.name == "n_total":
            return replace(report, n_total=chosen.value)
        role: Literal["treatment", "control"] = "treatment" if chosen.name == "n_treatment" else "control"
        arms = [
            replace(arm, enrolled=chosen.value, reading=chosen)
            if arm.role == role and arm.reading.start == chosen.start
            else arm
            for arm in report.arms
        ]
        sizes = [arm.enrolled for arm in arms if arm.role == role]
        # Where an arm has no size, the whole is not known.
        count = None if None in sizes else sum(filter(None, sizes)) or chosen.value
        made = replace(report, arms=tuple(arms))
        return replace(made, n_treatment=count) if role == "treatment" else replace(made, n_control=count)
    name = "disease" if conflict.fields == ("disease",) else OUTCOME
    known = lexicon().lookup(name, str(chosen.value))
    reading = replace(chosen, mention=known)
    if name == "disease" and report.conditions:
        return replace(
            report, conditions=tuple(_relinked(condition, reading) for condition in report.conditions)
        )
    return _with_outcome(report, PlannedOutcome(known.concept if known else None, reading))


def _relinked(condition: Condition, reading: Reading) -> Condition:
    """The condition with the chosen reading in place of its own, where that is of the same words."""
    if condition.reading.start != reading.start:
        return condition
    disease = reading.mention.concept if reading.mention else condition.disease
    return replace(condition, disease=disease, reading=reading)


def _with_outcome(report: Report, made: PlannedOutcome) -> Report:
    start = made.reading.start
    return replace(report, outcomes=tuple(made if o.reading.start == start else o for o in report.outcomes))


# ---- entered values


def _value_of(decision: Curation, where: str) -> str:
    """The value that a decision on a field enters."""
    verb, _, rest = decision.decision.partition(" ")
    if verb != "value" or not rest.strip():
        raise InputError(
            f"row {decision.row}: decision {decision.decision[:80]!r} on the field {decision.kind} is no value",
            where=where,
            hint="write value and what is right, or name a conflict kind",
        )
    return rest.strip().removeprefix(f"{decision.kind}=")


def _entered(conflict: Conflict, text: str) -> str:
    """The name of the field that a decision on a conflict enters a value of; empty where it names none of its own."""
    known = _of(conflict)
    if (m := _NAMED.fullmatch(text.strip())) and m[1] in known:
        return m[1] if m[2] else ""
    return known[0] if len(known) == 1 and text.strip() else ""


def _enter_for(held: _Decided, at: int, decision: Curation, name: str, where: str) -> None:
    rest = decision.decision.partition(" ")[2].strip()
    m = _NAMED.fullmatch(rest)
    text = m[2].strip() if m and m[1] == name else rest
    if name != OUTCOME:
        _enter(held, decision, name, text, where)
        return
    _need_evidence(decision, where)
    try:
        concept = concept_called(OUTCOME, text)
    except ValueError:
        raise _no_value(
            decision, name, text, "a label or CURIE of a concept of outcome.sssom.tsv", where
        ) from None
    conflict = held.report.conflicts[at]
    start = conflict.competing[0].start
    printed = next(o.reading for o in held.report.outcomes if o.reading.start == start)
    made = _with_outcome(held.report, PlannedOutcome(concept, printed))
    correction = Correction(name, (concept,), concept.label, conflict.competing, decision)
    held.report = replace(made, corrections=(*made.corrections, correction))


def _enter(held: _Decided, decision: Curation, name: str, text: str, where: str) -> None:
    _need_evidence(decision, where)
    if any(c.name == name for c in held.report.corrections):
        raise InputError(
            f"row {decision.row}: {name} is decided twice", where=where, hint="remove one of the lines"
        )
    try:
        held.report = corrected(held.report, name, text, decision)
    except ValueError as error:
        why = str(error) if str(error) not in (text, "") else ""
        raise _no_value(decision, name, text, why or CORRECTABLE[name].expects, where) from None


def _no_value(decision: Curation, name: str, text: str, expects: str, where: str) -> InputError:
    return InputError(
        f"row {decision.row}: {text[:60]!r} is no value of {name}", where=where, hint=f"wanted: {expects}"
    )


def _need_evidence(decision: Curation, where: str) -> None:
    if not decision.evidence:
        raise InputError(
            f"row {decision.row}: a value is entered without evidence",
            where=where,
            hint="give a doi:…, a registry number like NCT01741857, or an address in the column evidence",
        )


# ---- what the decisions resolve


def _closed(held: _Decided, reports: Sequence[Report]) -> Report:
    """The report with its conflicts settled where what is now used resolves them; else with what is left to resolve."""
    report = held.report
    if not report.curations:
        return report
    conflicts, unresolved = [], []
    for at, conflict in enumerate(report.conflicts):
        decisions = held.of.get(at) or _touching(report, conflict)
        if not decisions:
            conflicts.append(conflict)
            continue
        left = _left(report, conflict, decisions, reports)
        if left:
            unresolved.append((decisions[-1], f"{conflict.kind} stays open: {left}"))
        conflicts.append(_with_decision(report, conflict, decisions[-1], settled=not left))
    report = replace(report, conflicts=tuple(conflicts))
    counts = [c.curation for c in report.corrections if c.name.startswith("n_")]
    if counts and ARMS not in {c.kind for c in conflicts}:
        unresolved += [(counts[-1], left) for left in _counts_left(report)]
    done = {r for c in conflicts if c.kind == UNREAD_TEXT and c.status == "settled" for r in c.competing}
    leftovers = tuple(left for left in report.leftovers if left not in done)
    return replace(report, leftovers=leftovers, unresolved=tuple(unresolved))


def _touching(report: Report, conflict: Conflict) -> list[Curation]:
    """The decisions on a field of a conflict that none names."""
    made = [c for c in report.corrections if c.name in _of(conflict) and c.name != OUTCOME]
    if conflict.kind == UNREAD_TEXT:
        # A value that was read beside the text says nothing of it.
        made = [c for c in made if not any(r.name in CORRECTABLE[c.name].reads for r in report.readings)]
    return [c.curation for c in made]


def _with_decision(report: Report, conflict: Conflict, by: Curation, *, settled: bool) -> Conflict:
    overruled = {r for correction in report.corrections for r in correction.overruled}
    used = None if conflict.preferred is None else conflict.competing[conflict.preferred]
    preferred = None if used in overruled else conflict.preferred
    return replace(conflict, preferred=preferred, status="settled" if settled else "open", curation=by)


def _left(
    report: Report, conflict: Conflict, decisions: Sequence[Curation], reports: Sequence[Report]
) -> str:
    """What contradicts what is now used, in words; empty where the conflict is resolved."""
    if conflict.kind == ARMS:
        return next(_counts_left(report), "")
    # What is only unusual may be kept as it is.
    if any(d.decision == "keep" for d in decisions):
        return ""
    if conflict.kind == "dose-out-of-line":
        again = dose_conflicts(report, usual_doses(reports))
    elif conflict.kind == FOLLOW_UP:
        again = time_conflicts(report)
    else:
        return ""
    return next((c.message for c in again), "")


def _counts_left(report: Report) -> Iterator[str]:
    """Whether the groups that are now stated make the total."""
    groups = [arm.enrolled for arm in report.arms if arm.enrolled is not None]
    if len(groups) < max(2, len(report.arms)):
        groups = [n for n in (report.n_treatment, report.n_control) if n is not None]
    if report.n_total is None or len(groups) < 2 or sum(groups) == report.n_total:
        return
    yield f"{' + '.join(map(str, groups))} = {sum(groups)}, not {report.n_total}"
