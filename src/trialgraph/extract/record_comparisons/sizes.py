"""Patients of the whole trial and of its groups, where a registry plans, counts, or has a single group."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from trialgraph.extract.comparisons.amounts import own_readings
from trialgraph.extract.comparisons.outcome import AGREES, Outcome, Stated, differs, not_comparable
from trialgraph.extract.record_comparisons.pair import Pair, of_study, record_of, told_by
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport

__all__ = ["compare_group_sizes", "compare_sizes", "state_group_size", "state_size"]

Kind = Literal["planned", "actual", "not stated", "reported"]
#: What a registry's type of a count says of it.
_KINDS: Final[dict[str, Kind]] = {"actual": "actual", "estimated": "planned"}
#: In these designs patients are in more than one group, or are added later.
_NO_GROUPS: Final = ("crossover", "sequential")
#: Groups of these types get none of what is tested. Another type is no role: an active comparator is often treated.
_CONTROLS: Final = frozenset({"placebo comparator", "sham comparator", "no intervention"})


@dataclass(frozen=True, slots=True)
class PatientCount:
    """A number of patients.

    :param kind: planned or actual, as a registry says; ``reported`` by a review
    """

    count: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class GroupCount:
    """The patients of the groups of one role.

    :param count: None where there is such a group and its size is not stated
    :param kind: as of :class:`PatientCount`
    :param single: the registry says that the trial has a single group
    """

    count: int | None
    kind: Kind
    single: bool = False


# ---- all patients


def state_size(report: TrialReport) -> Stated | None:
    """The number of patients of a trial, and whether it is planned or actual."""
    record = record_of(report)
    if record is None:
        count, kind = report.n_total, "reported"
        own = own_readings(report, "n_total")
        used = tuple(r for r in own if r.value == count) or own
        return None if count is None else Stated(PatientCount(count, "reported"), str(count), used)
    actual = record.first("enrolledActual")
    if isinstance(actual, int):
        return Stated(
            PatientCount(actual, "actual"), f"{actual} (actual)", (), facts=of_study(record, "enrolledActual")
        )
    if record.n_total is None:
        return None
    kind = _kind(record)
    words = f"{record.n_total} ({kind})" if kind != "not stated" else str(record.n_total)
    facts = of_study(record, "enrolledTotal", "enrolmentType")
    return Stated(PatientCount(record.n_total, kind), words, (), facts=facts)


def _kind(record: RecordReport) -> Kind:
    if record.record.registry == "ICTRP":
        return "planned"  # its field is the target size
    return _KINDS.get(record.words("enrolmentType"), "not stated")


def compare_sizes(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """All patients: an actual number by a tenth, a planned one by which side has more."""
    one, other = left.value, right.value
    if one.count == other.count:
        return AGREES
    if country := _of_country(pair):
        return not_comparable(country)
    told = f"{_sentence(one, pair.left, pair)}, {_sentence(other, pair.right, pair)}"
    planned = [size.kind == "planned" for size in (one, other)]
    if planned[0] != planned[1]:
        plan, had = (one, other) if planned[0] else (other, one)
        if had.count < plan.count:
            return differs("minor", f"{told}: fewer than planned, which is no concern by itself")
        return differs("major", f"{told}: more than planned")
    major = abs(one.count - other.count) * 10 > max(one.count, other.count)
    return differs("major" if major else "minor", told)


def _of_country(pair: Pair) -> str:
    """EUCTR has a record for each country, and its number of patients may be that country's."""
    country = next(
        (one for one in pair.records if re.fullmatch(r"EUCTR.+-[A-Z]{2,3}", one.record.identifier)), None
    )
    return f"{country.record.identifier} is the record of one country" if country else ""


def _sentence(size: PatientCount, report: TrialReport, pair: Pair) -> str:
    verb = {"planned": "planned", "actual": "enrolled"}.get(size.kind, "says")
    return f"{told_by(report, pair)} {verb} {size.count:,}" + (" patients" if verb == "says" else "")


# ---- groups


def state_group_size(role: Literal["treatment", "control"]) -> Callable[[TrialReport], Stated | None]:
    """The patients of the groups of a role."""
    name = f"n_{role}"

    def state(report: TrialReport) -> Stated | None:
        count: int | None = getattr(report, name)
        record = record_of(report)
        if count is not None:
            readings = _readings_of_groups(report, role, count)
            kind = _kind(record) if record else "reported"
            return Stated(GroupCount(count, kind), str(count), readings)
        return _of_design(record, role) if record else None

    return state


def _readings_of_groups(
    report: TrialReport, role: Literal["treatment", "control"], count: int
) -> tuple[Reading, ...]:
    """The readings that the number of patients of a role rests on: one of that number, else those that are added."""
    own = own_readings(report, f"n_{role}")
    of_arms = dict.fromkeys(arm.reading for arm in report.arms if arm.role == role)
    return tuple(r for r in own if r.value == count) or own or tuple(of_arms)


def _of_design(record: RecordReport, role: Literal["treatment", "control"]) -> Stated | None:
    """What the design alone says of the groups of a role."""
    model = record.words("interventionModel")
    arms = len({fact.node for fact in record.of("arm", "label")})
    if model == "single group" and arms <= 1:
        count = 0 if role == "control" else record.n_total
        if count is None:
            return None
        facts = of_study(record, "interventionModel", *(() if role == "control" else ("enrolledTotal",)))
        return Stated(
            GroupCount(count, _kind(record), single=True), f"{count} (single group)", (), facts=facts
        )
    if role == "control" and _has_control(record):
        readings = tuple(dict.fromkeys(arm.reading for arm in record.arms if arm.role == "control"))
        types = tuple(fact for fact in record.of("arm", "type") if fact.value in _CONTROLS)
        words = "a control group, size not stated"
        return Stated(GroupCount(None, "not stated"), words, readings, facts=types)
    return None


def _has_control(record: RecordReport) -> bool:
    named = any(arm.role == "control" for arm in record.arms)
    return named or any(fact.value in _CONTROLS for fact in record.of("arm", "type"))


def compare_group_sizes(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """Patients of the groups of one role."""
    for record in pair.records:
        if (model := record.words("interventionModel")) in _NO_GROUPS:
            return not_comparable(
                f"the registry's design is {model}: its groups are no groups of one treatment"
            )
    one, other = left.value, right.value
    if one.count is None and other.count is None:
        return Outcome("agrees", None, "both have a control group, and do not say how large it is")
    if one.count is None or other.count is None:
        known, silent_one = (other, pair.left) if one.count is None else (one, pair.right)
        if known.count == 0:
            return differs("major", f"{told_by(silent_one, pair)} has a control group")
        silent: Literal["only left", "only right"] = "only left" if other.count is None else "only right"
        return Outcome(silent, None, "the registry has a control group, and does not say how large it is")
    if one.count == other.count:
        single = one.single or other.single
        return Outcome("agrees", None, "the registry has a single group") if single else AGREES
    if (one.single or other.single) and 0 not in (one.count, other.count):
        sizes = [Stated(PatientCount(side.count, side.kind), "", ()) for side in (one, other)]
        return compare_sizes(sizes[0], sizes[1], pair)
    if country := _of_country(pair):
        return not_comparable(country)
    if 0 in (one.count, other.count):
        return differs("major", "one has no such group")
    return differs("major")
