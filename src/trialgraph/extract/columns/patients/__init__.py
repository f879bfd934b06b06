"""Patients: the total and the arms, as the heading says what they are.

``244 (211/78)`` does not add up; ``54 (392/15)`` does if the last digit of 392 is a footnote mark. Both
readings of the latter are given; which one is used is flagged, never silent (see ``conflicts.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.arm_statements import GATES, STATEMENTS, arm_links, arm_triples, arm_wording
from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Statement
from trialgraph.extract.columns.patients.headings import HEADINGS
from trialgraph.extract.columns.patients.sizes import explicit_size, is_bare_n, several_sizes, written_size
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.extract.text.group_headings import (
    Role,
    group_of_heading,
    is_share,
    roles_of_heading,
    size_of_group,
)
from trialgraph.extract.text.groups import Group, groups_in, groups_with_n, is_control, list_of_groups
from trialgraph.extract.text.patterns import COUNT
from trialgraph.extract.text.plausibility import MOST_PATIENTS, implausible
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.report import Arm
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN", "PATIENTS", "Patients", "read_patients"]

TOTAL: Final = rule(
    "patients.total",
    "The number before the parentheses is the number of patients enrolled.",
    example="30 (15/15)", gives="30", counter_example="not reported",
)  # fmt: skip
SLASH: Final = rule(
    "patients.treatment-slash-control",
    "Two numbers with a slash are the treatment and the control group, in the order of the heading.",
    example="37 (17/20)", gives="17|20", counter_example="63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)",
)  # fmt: skip
NO_TOTAL: Final = rule(
    "patients.groups-without-total",
    "Two numbers alone with a slash, a colon or \"vs\" are the groups; the total is not stated, and not added up.",
    example="15/15", gives="15|15", counter_example="30 (15/15)",
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
LISTED: Final = rule(
    "patients.named-groups-without-total",
    "A cell that is nothing but named groups with a number each states no total, and none is added up.",
    example="20 UC-MSC + prednisone, 20 prednisone alone", gives="20|20", counter_example="3 patients and 5 controls",
)  # fmt: skip

_MARK: Final = r"[*†‡§¶#]{1,3}"
PATIENTS: Final = re.compile(
    rf"(?:[nN] ?= ?)?(?<![\d.,·])(?P<total>{COUNT})(?![.,·]?\d)(?: patients| participants| subjects)?"
    rf"(?: ?[(\[](?P<arms>[^()\[\]]*)[)\]])?(?P<mark>{_MARK})?"
)
GROUPS: Final = re.compile(
    rf"(?P<first>\d{{1,5}}) ?(?:[/:]|vs\.?|versus) ?(?P<second>\d{{1,5}})(?P<mark>{_MARK})?"
)

# Two groups, a footnote mark behind either, or no number for the second.
_SLASH: Final = re.compile(
    r"(\d+)[⁰¹²³⁴-⁹*†‡§]? ?(?:[/:]|vs\.?|versus) ?(?:(\d+)[⁰¹²³⁴-⁹*†‡§]?|[-–—]|N/?A|n/a)"
)
# A number behind which another stands on the same footing is one group's, not the total: "20 vs 20", "15/15".
# Nor is one with a unit, one of a range, a spread or a bound: "45 ± 10", "18-85 years", "≥ 18", "aged 45".
_NO_TOTAL: Final = re.compile(
    r"\s*(?:vs\.?|versus|and|to|\+|/|[×xX:–~±-])\s*\d|\s*(?:%|(?:years?|yrs?|y|months?|weeks?|days?|[mµ]?[glL]|kg|cells|eyes?|knees?|hips?|limbs?|teeth|sites?)\b)"
)
_NO_COUNT_BEFORE: Final = re.compile(
    r"(?:[≥≤<>~≈±]=?|\b(?:up to|at (?:least|most)|(?:more|less|fewer) than|over|about|approximately|ages?|aged|"
    r"mean|median))\s{0,3}(?:of|was|is|[:=])?\s{0,3}$",
    re.IGNORECASE,
)
# A total is no total where it is so many times more, or less, than its groups together.
_TIMES: Final = 2


@dataclass(frozen=True, slots=True)
class Patients:
    """What a patients cell says.

    :param treatment: the preferred reading of the treated, None where not stated
    :param control: likewise; 0 where the source says 0, None where it states no control group
    :param arms: the groups with at least one patient
    :param competing: readings that compete for the same number, the preferred one first
    :param names: where the names of groups stand in the cell's text
    """

    total: Reading | None
    treatment: int | None
    control: int | None
    arms: tuple[Arm, ...]
    groups: tuple[Reading, ...]
    competing: tuple[Reading, ...]
    names: tuple[tuple[int, int], ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether the groups as printed make the total; true where fewer than two are printed."""
        printed = [_count(g) for g in self.groups]
        return len(printed) < 2 or self.total is None or sum(printed) == self.total.value


def read_patients(cell: Cell) -> Patients:
    """Read a patients cell."""
    words = cell.text or ""
    if pair := GROUPS.fullmatch(words.strip()):
        return _without_total(cell, pair, len(words) - len(words.lstrip()))
    if not {"(", "["} & set(words) and (groups := list_of_groups(words)):
        return _named(cell, None, groups, LISTED)
    if groups := groups_with_n(words):
        return _named(cell, None, groups, LISTED)
    if whole := written_size(words):
        size, at_size = whole
        return Patients(read(cell, "n_total", at_size, size, TOTAL), None, None, (), (), ())
    m = PATIENTS.search(words) if (at := explicit_size(words)) is None else PATIENTS.match(words, at)
    if m is None or _is_no_total(words, m):
        return Patients(None, None, None, (), (), ())
    total = read(cell, "n_total", m.span("total"), int(m["total"].replace(",", "")), TOTAL)
    if m["arms"] is None:
        return Patients(total, None, None, (), (), ())
    at = m.start("arms")
    if slash := _SLASH.fullmatch(m["arms"].strip()):
        roles = roles_of_heading(cell.header)
        if roles is None:
            return Patients(total, None, None, (), (), ())
        lead = at + len(m["arms"]) - len(m["arms"].lstrip())
        return _by_slash(cell, total, slash, lead, roles)
    return _named(cell, total, list_of_groups(m["arms"], at) or groups_in(m["arms"], at), NAMED)


def _is_no_total(words: str, m: re.Match[str]) -> bool:
    if _NO_COUNT_BEFORE.search(words, 0, m.start()) or several_sizes(words):
        return True
    return m["arms"] is None and any(_NO_TOTAL.match(words, at) for at in (m.end("total"), m.end()))


def _without_total(cell: Cell, pair: re.Match[str], lead: int) -> Patients:
    roles = roles_of_heading(cell.header)
    # Of a bare "n" nothing says that the two are groups: enrolled and treated, patients and knees.
    if roles is None or is_bare_n(cell.header):
        return Patients(None, None, None, (), (), ())
    groups = tuple(
        read(cell, f"n_{role}", (lead + pair.start(name), lead + pair.end(name)), int(pair[name]), NO_TOTAL)
        for role, name in zip(roles, ("first", "second"), strict=True)
    )
    counts = {role: _count(group) for role, group in zip(roles, groups, strict=True)}
    arms = tuple(_arm(role, None, group) for role, group in zip(roles, groups, strict=True) if group.value)
    return Patients(None, counts["treatment"], counts["control"], arms, groups, ())


def _by_slash(cell: Cell, total: Reading, m: re.Match[str], at: int, roles: tuple[Role, Role]) -> Patients:
    printed = tuple(
        read(cell, f"n_{role}", (at + m.start(k), at + m.end(k)), int(m[k]), SLASH)
        for k, role in enumerate(roles, 1)
        if m[k] is not None
    )
    used: list[Reading] = list(printed)
    competing: tuple[Reading, ...] = ()
    if (corrected := _footnote(cell, total, printed)) is not None:
        k, reading = corrected
        used[k], competing = reading, (reading, printed[k])
    arms = tuple(_arm(role, None, r) for role, r in zip(roles, used, strict=False) if r.value)
    value = {role: _count(r) for role, r in zip(roles, used, strict=False)}
    return Patients(total, value.get("treatment"), value.get("control"), arms, printed, competing)


def _footnote(cell: Cell, total: Reading, printed: tuple[Reading, ...]) -> tuple[int, Reading] | None:
    """The one way in which dropping a last digit makes the groups add up, if there is just one."""
    counts = [_count(r) for r in printed]
    if sum(counts) == total.value:
        return None
    ways = [k for k, n in enumerate(counts) if n >= 10 and sum(counts) - n + n // 10 == total.value]
    if len(ways) != 1:
        return None
    k = ways[0]
    start, end = cell.local(printed[k].start), cell.local(printed[k].end)
    return k, read(cell, printed[k].name, (start, end), counts[k] // 10, FOOTNOTE)


def _named(cell: Cell, total: Reading | None, found: Sequence[Group], by: Rule) -> Patients:
    arms: list[Arm] = []
    words = cell.text or ""
    for i, j, start, end in found:
        name = words[start:end]
        role: Role = "control" if is_control(name) else "treatment"
        reading = read(cell, f"n_{role}", (i, j), int(words[i:j]), by)
        arms.append(replace(_arm(role, name, reading), label_at=(start, end)))
    counts = {role: [_count(a.reading) for a in arms if a.role == role] for role in ("treatment", "control")}
    return Patients(
        total,
        sum(counts["treatment"]) if counts["treatment"] else None,
        sum(counts["control"]) if counts["control"] else None,
        tuple(a for a in arms if a.enrolled),
        tuple(a.reading for a in arms),
        (),
        tuple(a.label_at for a in arms if a.label_at),
    )


def _arm(role: Role, label: str | None, reading: Reading) -> Arm:
    return Arm(role, label, _count(reading), reading)


def _count(reading: Reading) -> int:
    assert isinstance(reading.value, int)  # noqa: S101 - counts are read as integers above
    return reading.value


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    m = PATIENTS.fullmatch(text)
    if not m:
        return 5.0 if GROUPS.fullmatch(text) else 4.0 if _is_list(text) else WRONG
    total = int(m["total"].replace(",", ""))
    if len(m["total"]) > 1 and m["total"][0] == "0":
        return WRONG
    size = 0.5 - 0.004 * min(total, 800)
    if m["arms"] is None:
        return 1.5 + size
    numbers = [int(n) for n in re.findall(r"\d{1,6}", m["arms"])]
    if not numbers:
        return 4.0 + size
    return (12.0 if sum(numbers) == total else 3.5) + size


def _read(cells: Sequence[Cell]) -> Extracted:
    made = _together(cells)
    if why := _beyond_sense(made):
        nothing = _read([])
        return replace(nothing, implausible=(implausible(cells[0], None, why),))
    total = made.total.value if made.total and isinstance(made.total.value, int) else None
    parts = {
        "n_total": total,
        "n_treatment": made.treatment,
        "n_control": made.control,
        "arms": made.arms,
    }
    readings = (*((made.total,) if made.total else ()), *made.groups, *made.competing)
    names = tuple(cell.place(*at) for cell in cells[:1] for at in made.names)
    return Extracted(parts, readings, covered=names)


def _together(cells: Sequence[Cell]) -> Patients:
    """What the patients cells of a row say: the total, and the groups that stand in columns of their own.

    Several numbers of one group, as of the arms or cohorts of a trial in several rows, are none of them its size.
    """
    by_group: dict[Role | None, list[Cell]] = {}
    for cell in cells:
        if not is_share(cell.header):
            by_group.setdefault(group_of_heading(cell.header), []).append(cell)
    total = _of_all(by_group.pop(None, []))
    groups = [
        (role, reading)
        for role, several in by_group.items()
        if role and len(several) == 1 and (reading := size_of_group(several[0], role))
    ]
    if not groups or total.groups or len(groups) < len(by_group):
        return total
    counts = {role: _count(reading) for role, reading in groups}
    arms = tuple(_arm(role, None, reading) for role, reading in groups if reading.value)
    readings = tuple(reading for _, reading in groups)
    return Patients(total.total, counts.get("treatment"), counts.get("control"), arms, readings, ())


def _of_all(cells: Sequence[Cell]) -> Patients:
    """What the cells say that are about all patients: the first column of several, where it has one cell."""
    if not cells or sum(cell.column == cells[0].column for cell in cells) > 1:
        return Patients(None, None, None, (), (), ())
    made = read_patients(cells[0])
    others = (read_patients(cell) for cell in cells[1:])
    return made if made.total or made.groups else next((p for p in others if p.total), made)


def _beyond_sense(made: Patients) -> str:
    """Why the numbers of a cell cannot be meant; empty where they can."""
    total = _count(made.total) if made.total else None
    used = {(r.start, r.name): _count(r) for r in (*made.groups, *made.competing[:1])}
    if made.competing:  # the preferred reading is the first
        used[made.competing[0].start, made.competing[0].name] = _count(made.competing[0])
    most = max([*used.values(), total or 0])
    if most > MOST_PATIENTS:
        return f"{most} is more patients than a trial of cells has"
    together = sum(used.values())
    if total is None or len(used) < 2 or (total <= _TIMES * together <= _TIMES**2 * total):
        return ""
    side = "less than half" if together > total else "more than twice"
    return f"the total {total} is {side} the sum of its groups, {together}"


def _triples(nodes: Nodes) -> Iterator[Triple]:
    report = nodes.report
    for name, count in (
        (TG.enrolledTotal, report.n_total),
        (TG.enrolledTreatment, report.n_treatment),
        (TG.enrolledControl, report.n_control),
    ):
        if count is not None:
            yield Triple(nodes.iri, name, integer(count))
    yield from arm_triples(nodes)


def _is_list(words: str) -> bool:
    """Whether a text that begins with a number is a list of named groups."""
    return words[:1].isdigit() and "(" not in words and bool(list_of_groups(words))


def _whole(words: str) -> bool:
    if GROUPS.fullmatch(words):
        return not words.startswith("0")
    if _is_list(words):
        return not words.startswith("0")
    m = PATIENTS.fullmatch(words)
    return (
        m is not None and not m["total"].startswith("0") and int(m["total"].replace(",", "")) <= MOST_PATIENTS
    )


_FILLER: Final = frozenset([
    "patient", "patients", "participant", "participants", "subject", "subjects", "case", "cases", "n",
    "group", "groups", "arm", "arms", "total", "control", "controls", "treatment", "treated", "enrolled",
])  # fmt: skip

COLUMN: Final = ColumnType(
    field="patients",
    order=40,
    headings=HEADINGS,
    shape=CellShape(empty=-2.5, longest=160, fits=whole_cell(_fit), most=12.5),
    read=_read,
    flat=(
        FlatColumn("n_total", "patients enrolled", lambda report: report.n_total, number=True),
        FlatColumn(
            "n_treatment",
            "patients treated; the preferred reading where there is a conflict",
            lambda report: report.n_treatment,
            number=True,
        ),
        FlatColumn(
            "n_control",
            "patients in control groups; 0 where the source says 0, empty where it states no control group",
            lambda report: report.n_control,
            number=True,
        ),
    ),
    whole=_whole,
    filler=_FILLER,
    triples=_triples,
    links=arm_links,
    wording=arm_wording,
    statements=(
        Statement("n_total", TG.Report, TG.enrolledTotal),
        Statement("n_treatment", TG.Report, TG.enrolledTreatment),
        Statement("n_control", TG.Report, TG.enrolledControl),
        *STATEMENTS,
    ),
    valued=("n_total", "n_treatment", "n_control", "arm_cells", "arm_drug", "arm_dose"),
    gates=(
        *GATES,
        """VALUES (?field ?class) { ("n_treatment" tg:TreatmentArm) ("n_control" tg:ControlArm) }
    ?report a tg:Report ; tg:fromRow/tg:hasCell ?cell .
    ?focus tg:fromCell ?cell ; tg:readsField ?field ; tg:value ?count ; tg:startOffset ?start .
    FILTER (?count > 0 && (EXISTS { ?any tg:readFrom ?focus } || EXISTS { ?conflict tg:preferredReading ?focus }))
    FILTER NOT EXISTS { ?focus tg:overruledBy/a tg:Curation }
    MINUS {
      ?arm a ?class ; tg:readFrom ?again .
      ?again tg:fromCell ?cell ; tg:startOffset ?start .
    }
    BIND ("it was read and no arm rests on it" AS ?message)""",
        # An arm may have no size, but not where one was read.
        """VALUES ?field { "n_treatment" "n_control" }
    ?focus tg:readFrom ?reading .
    ?reading tg:readsField ?field .
    ?report tg:hasArm ?focus .
    FILTER NOT EXISTS { ?focus tg:enrolled ?size }
    BIND ("the size of the arm was read, and it states none" AS ?message)""",
    ),
)
