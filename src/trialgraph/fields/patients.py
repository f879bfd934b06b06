"""Patients: the total and the arms, as the heading says what they are.

``244 (211/78)`` does not add up; ``54 (392/15)`` does if the last digit of 392 is a footnote mark. Both
readings of the latter are given; which one is used is flagged, never silent (see ``conflicts.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from trialgraph.columns import grammar
from trialgraph.concepts import fold
from trialgraph.model import Arm
from trialgraph.readings import Reading, read, rule
from trialgraph.rows.row import Cell

__all__ = ["Patients", "read_patients"]

TOTAL: Final = rule(
    "patients.total",
    "The number before the parentheses is the number of patients enrolled.",
    example="30 (15/15)", gives="30", counter_example="not reported",
)  # fmt: skip
SLASH: Final = rule(
    "patients.treatment-slash-control",
    "Two numbers with a slash are the treatment and the control group, in the order of the heading.",
    example="37 (17/20)", gives="17/20", counter_example="63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)",
)  # fmt: skip
FOOTNOTE: Final = rule(
    "patients.footnote-mark",
    "Where the groups do not add up, and do once the last digit of one is taken for a "
    "footnote mark, that is the preferred reading.",
    example="54 (392/15)", gives="39", counter_example="244 (211/78)",
)  # fmt: skip
NAMED: Final = rule(
    "patients.named-group",
    "A number followed by a group's name is that group; it is a control group only if its name says so.",
    example="63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", gives="32|31", counter_example="30 (15/15)",
)  # fmt: skip

_GROUP: Final = re.compile(
    r"(?P<n>\d+)(?: patients)?(?: in(?: the)?)? (?P<label>[^\d,;/][^,;]*)|(?P<label2>[^\d,;:=]+)[:=] ?(?P<n2>\d+)"
)
_CONTROL: Final = re.compile(
    r"\b(?:controls?|placebo|sham|comparator|untreated|conventional|standard)\b", re.IGNORECASE
)

Role = Literal["treatment", "control"]


@dataclass(frozen=True, slots=True)
class Patients:
    """What a patients cell says.

    :param treatment: the preferred reading of the treated, None where not stated
    :param control: likewise; 0 where the source says 0, None where it states no control group
    :param arms: the groups with at least one patient
    :param competing: readings that compete for the same number, the preferred one first
    """

    total: Reading | None
    treatment: int | None
    control: int | None
    arms: tuple[Arm, ...]
    groups: tuple[Reading, ...]
    competing: tuple[Reading, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the groups as printed make the total; true where there is nothing to add."""
        printed = [int(g.verbatim) for g in self.groups]
        return not printed or self.total is None or sum(printed) == self.total.value


def read_patients(cell: Cell) -> Patients:
    """Read a patients cell."""
    text = cell.text or ""
    m = grammar.PATIENTS.search(text)
    if m is None:
        return Patients(None, None, None, (), (), ())
    total = read(cell, "n_total", m.span("total"), int(m["total"].replace(",", "")), TOTAL)
    if m["arms"] is None:
        return Patients(total, None, None, (), (), ())
    at = m.start("arms")
    slash = grammar.ARMS.fullmatch(m["arms"].strip())
    if slash and (roles := _roles(cell.header)):
        lead = at + len(m["arms"]) - len(m["arms"].lstrip())
        return _by_slash(cell, total, slash, lead, roles)
    return _by_name(cell, total, m["arms"], at)


def _roles(header: str) -> tuple[Role, Role] | None:
    """The order of the two groups by the heading; treatment first where the heading says nothing."""
    said = re.search(r"\(([^()/]+)/([^()/]+)\)", fold(header))
    if said is None:
        return "treatment", "control"
    first, second = (bool(_CONTROL.search(part)) for part in said.groups())
    if first == second:
        return (
            None if not first and re.search(r"male|female|\bm\b|\bf\b", said[0]) else ("treatment", "control")
        )
    return ("control", "treatment") if first else ("treatment", "control")


def _by_slash(cell: Cell, total: Reading, m: re.Match[str], at: int, roles: tuple[Role, Role]) -> Patients:
    spans = [(at + m.start(k), at + m.end(k)) for k in (1, 2)]
    printed = tuple(
        read(cell, f"n_{role}", span, int(m[k]), SLASH)
        for k, (role, span) in enumerate(zip(roles, spans, strict=True), 1)
    )
    used: list[Reading] = list(printed)
    competing: tuple[Reading, ...] = ()
    if (mended := _footnote(cell, total, printed)) is not None:
        k, reading = mended
        used[k], competing = reading, (reading, printed[k])
    arms = tuple(_arm(role, None, r) for role, r in zip(roles, used, strict=True) if r.value)
    value = {role: _count(r) for role, r in zip(roles, used, strict=True)}
    return Patients(total, value["treatment"], value["control"], arms, printed, competing)


def _footnote(cell: Cell, total: Reading, printed: tuple[Reading, ...]) -> tuple[int, Reading] | None:
    """The one way in which dropping a last digit makes the groups add up, if there is just one."""
    counts = [_count(r) for r in printed]
    if sum(counts) == total.value:
        return None
    ways = [k for k, n in enumerate(counts) if n >= 10 and sum(counts) - n + n // 10 == total.value]
    if len(ways) != 1:
        return None
    k = ways[0]
    start, end = printed[k].start - cell.start, printed[k].end - cell.start
    return k, read(cell, printed[k].name, (start, end), counts[k] // 10, FOOTNOTE)


def _by_name(cell: Cell, total: Reading, inner: str, at: int) -> Patients:
    arms: list[Arm] = []
    groups: list[Reading] = []
    for m in _GROUP.finditer(inner):
        number, label = ("n", "label") if m["n"] else ("n2", "label2")
        name = m[label].strip()
        role: Role = "control" if _CONTROL.search(name) else "treatment"
        reading = read(cell, f"n_{role}", (at + m.start(number), at + m.end(number)), int(m[number]), NAMED)
        groups.append(reading)
        arms.append(_arm(role, name, reading))
    treated = [a.enrolled for a in arms if a.role == "treatment"]
    controls = [a.enrolled for a in arms if a.role == "control"]
    return Patients(
        total,
        sum(treated) if treated else None,
        sum(controls) if controls else None,
        tuple(a for a in arms if a.enrolled),
        tuple(groups),
        (),
    )


def _arm(role: Role, label: str | None, reading: Reading) -> Arm:
    return Arm(role, label, _count(reading), reading)


def _count(reading: Reading) -> int:
    assert isinstance(reading.value, int)  # noqa: S101 - counts are read as integers above
    return reading.value
