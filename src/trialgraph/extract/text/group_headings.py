"""Which group of a trial a heading is about: "Sample size: Control", "N (treatment)"."""

from __future__ import annotations

import re
from typing import Final, Literal

from trialgraph.extract.text.groups import is_control
from trialgraph.extract.text.patterns import COUNT
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import fold

__all__ = ["Role", "group_of_heading", "is_share", "roles_of_heading", "size_of_group"]

Role = Literal["treatment", "control"]

BY_HEADING: Final = rule(
    "patients.group-by-heading",
    "A number that is the whole cell, under a heading that names one group, is the size of that group.",
    example="20", gives="20", counter_example="20 vs 20",
)  # fmt: skip

_CONTROL: Final = re.compile(
    r"\b(?:controls?|con|cg|cont|ctrl|placebo|comparators?|comparison|sham|standard (?:of )?care|c)\b"
)
_TREATMENT: Final = re.compile(
    r"\b(?:treatment|treated|treat|trt|tx|intervention|interventional|experimental|exp|test|study group"
    r"|study arm|cell group|mscs?|"
    r"cell therapy|stem cells?|t)\b"
)
# Letters alone mean a group only in parentheses or behind a colon.
_PART: Final = re.compile(r"\(([^()]*)\)|: ([^:]*)$")
_BARE: Final = re.compile(
    rf"\s*(?:[nN] ?= ?)?(?P<n>{COUNT})(?: (?:patients|participants|subjects))?(?: ?\([^()]*\))?\s*"
)
# Two groups side by side, and how a control group is shortened there.
_TWO: Final = re.compile(r"[/:]|\bvs\b|\bversus\b")
_SHORT: Final = frozenset(["c", "con", "cg", "ctrl", "ctl", "cont", "pbo", "plc", "cntl", "contr", "comp"])
_SHARE: Final = re.compile(r"%|\bpercent(?:age)?\b|\bproportion\b|\brate\b|\bmean\b|\bmedian\b")
_COUNT: Final = re.compile(r"\bn\b|\bno\b|\bnumber\b|\bpatients\b|\bsize\b")


def group_of_heading(header: str) -> Role | None:
    """The one group that a heading names; None where it names none, or both."""
    folded = fold(header).replace("_", " ")
    part = next(
        (a or b for a, b in _PART.findall(folded) if _CONTROL.search(a or b) or _TREATMENT.search(a or b)),
        None,
    )
    if part is not None and _TWO.search(part):
        return None
    words = part if part is not None else re.sub(r"\b[ct]\b", " ", folded)
    control, treatment = bool(_CONTROL.search(words)), bool(_TREATMENT.search(words))
    if control == treatment or (treatment and part is None and "treated" in words):
        return None
    return "control" if control else "treatment"


def is_share(header: str) -> bool:
    """Whether the numbers under a heading are shares or means, and no counts."""
    folded = fold(header)
    return bool(_SHARE.search(folded)) and not _COUNT.search(folded)


def roles_of_heading(header: str) -> tuple[Role, Role] | None:
    """The order of the two groups by the heading; treatment first where the heading says nothing.

    None where it names two things of which not just one is a control group: sexes, enrolled and completed.
    """
    printed_roles = re.search(r"\(([^()/:]+?) ?(?:[/:]|\bvs\.?|\bversus\b) ?([^()/:]+)\)", fold(header))
    if printed_roles is None:
        return "treatment", "control"
    first, second = (is_control(part) or part.strip() in _SHORT for part in printed_roles.groups())
    if first == second:
        return None
    return ("control", "treatment") if first else ("treatment", "control")


def size_of_group(cell: Cell, role: Role) -> Reading | None:
    """The size of the group that the heading names."""
    m = _BARE.fullmatch(cell.text or "")
    return read(cell, f"n_{role}", m.span("n"), int(m["n"].replace(",", "")), BY_HEADING) if m else None
