"""The sizes of arms, where the text of an arm says how many patients are in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from trialgraph.extract.registries.prose.rules import ARM_SIZE, GROUP_SIZE
from trialgraph.extract.registries.prose.texts import ProseText, Texts, sentences
from trialgraph.extract.text.groups import ANY_CELLS, is_control
from trialgraph.model.reading import Reading, read
from trialgraph.model.record import RecordFact
from trialgraph.model.report import Arm

__all__ = ["Sizes", "read_sizes", "role_of"]

Role = Literal["treatment", "control"]
_WORDS: Final[Mapping[str, int]] = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_PEOPLE: Final = (
    r"(?:patients?|subjects?|participants?|individuals|persons|people|volunteers|children|infants|cases|adults"
    r"|recipients"
    r"|women|men|eyes|knees|donors)"
)
_NUMBER: Final = rf"\d{{1,4}}|{'|'.join(_WORDS)}"
_N: Final = rf"(?P<n>{_NUMBER})"
# "Forty (40)".
_IN_DIGITS: Final = r"(?: ?\(\d{1,4}\))?"
# No part of another number or name: "type 1 diabetes patients".
_FREE: Final = r"(?<![\w.,:/–-])(?<!type )(?<!stage )(?<!grade )(?<!class )(?<!group )(?<!phase )(?<!day )"
# "30 subjects receive", "the 20 patients of this group", "given to 10 patients", "(n = 15)".
_COUNTS: Final = (
    re.compile(
        rf"{_FREE}{_N}{_IN_DIGITS} (?:(?!to\b|of\b|out\b)[\w-]+ ){{0,4}}?{_PEOPLE}\b(?![^.]{{0,30}}\brandomi[sz]ed\b)",
        re.IGNORECASE,
    ),
    re.compile(r"\b[nN] ?= ?(?P<n>\d{1,4})\b"),
)
_SAID: Final = re.compile(
    r"\b(?:receiv\w*|gets?|got|treated|given|administ\w*|infus\w*|inject\w*|transplant\w*|implant\w*|enrol\w*"
    r"|assigned|allocated"
    r"|undergo\w*|included|in this (?:arm|group)|will|are|were|with|who|n ?=)", re.IGNORECASE,
)  # fmt: skip
# A number of all, of some ("10 of 30 patients"), of several arms or cohorts ("2 x 10"), or not an exact one.
_NOT_OF_ARM: Final = re.compile(
    r"\b(?:randomi[sz]\w*|total|overall|each|per|both|either|cohorts?|first|next|additional|another|at least|up to"
    r"|maximum|minimum|remaining|out of|respectively|groups|arms|ratio)\b"
    rf"|\b(?:approximately|about|around|roughly|circa) (?:{_NUMBER})\b"
    rf"|\b(?:{_NUMBER}) (?:of (?:the |these |those |all )?(?:{_NUMBER})|[x×] ?(?!10 ?[\^eE\d])\d+)\b",
    re.IGNORECASE,
)
_TREATED: Final = re.compile(
    r"\b(?:experimental|treatment|treated|intervention|active|test|study group|stem|stromal|[\w-]{0,15}MSCs?|cells?"
    r"|dose)\b",
    re.IGNORECASE,
)
# "placebo control group (n=8)", "(study group, 30 patients)".
_WITH_N: Final = re.compile(
    r"(?P<label>[^\W\d_][^();:,]{2,90}?)(?:,? ?\([nN] ?= ?|, )(?P<n>\d{1,4})"
    r"(?: (?:pts|patients|subjects|participants))?\)"
)
_OF_GROUPS: Final = (
    r"(?:of (?:the )?)?(?:two |three |four |these |study |treatment |\d )?(?:group|arm|cohort)s?\b"
)
# "20 patients in each group", "15 per group", "each group will have 8 people", "groups of 10", "two groups, 20 each".
_EACH: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_N}{_IN_DIGITS} (?:\w+ ){{0,2}}?{_PEOPLE}\b[^.\d]{{0,25}}?\b(?:in|for|to|per|into|of) (?:each"
        rf"|every|per|both)? ?"
        rf"{_OF_GROUPS}",
        rf"\b{_N}{_IN_DIGITS},? ?(?:{_PEOPLE} )?(?:per|/|in each|for each|in every|to each) ?{_OF_GROUPS}",
        rf"\b(?:each|every|both|all) {_OF_GROUPS}[^.;]{{0,40}}?\b{_N}{_IN_DIGITS} (?:\w+ ){{0,2}}?{_PEOPLE}",
        rf"\b(?:groups|arms|cohorts) of {_N}\b(?! ?[%.,]?\d)",
        rf"\b(?:groups|arms|cohorts)\b[^.;]{{0,60}}?\b{_N}{_IN_DIGITS} (?:\w+ ){{0,2}}?(?:{_PEOPLE} )?(?:in )?each\b",
        r"\b[nN] ?= ?(?P<n>\d{1,3})\b[^.;]{0,12}?\b(?:each|per)\b",
    )
)
# No exact number, or one that is divided again.
_NOT_EACH: Final = re.compile(
    r"\b(?:up to|at least|approximately|about|around|maximum|minimum|max|min|first|least|most|than|additional)\W*$",
    re.IGNORECASE,
)
_DIVIDED: Final = re.compile(r"\b1 ?: ?[2-9]|[2-9] ?: ?\d|\bsubgroups?\b", re.IGNORECASE)
# "10 patients in the control group (placebo) 10 patients received 1 million MSC/kg".
_LISTED: Final = re.compile(
    rf"{_FREE}{_N}{_IN_DIGITS} {_PEOPLE} (?:(?:who |that )?(?:will |are |were |have )?(?:be |been )?"
    r"(?:in|receiv\w*|get|got|treated|given|assigned|allocated|with|undergo\w*)\b)",
    re.IGNORECASE,
)
_LONGEST_GROUP: Final = 160
_OWN_TOTAL: Final = re.compile(
    rf"{_FREE}{_N}{_IN_DIGITS} (?:\w+ ){{0,3}}?{_PEOPLE}\b[^.;]{{0,40}}?\b(?:enrol\w*|includ\w*|recruit\w*"
    rf"|randomi[sz]\w*|select\w*)",
    re.IGNORECASE,
)


#: A longer text is a protocol; its groups stand at its beginning.
_LONGEST_SEARCHED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """The arms with their sizes, and how many patients are treated and how many are controls; None: not stated."""

    arms: tuple[Arm, ...]
    treatment: int | None
    control: int | None


def role_of(label: str) -> Role | None:
    """What an arm is by its name: a control only where its name says so."""
    if is_control(label):
        return "control"
    return "treatment" if _TREATED.search(label) or ANY_CELLS.search(label) else None


def read_sizes(texts: Texts, by: Mapping[tuple[str, str], Sequence[RecordFact]]) -> Sizes:
    """The arms by their labels, each with the one number of patients that its texts state."""
    total = next((f.value for f in by.get(("study", "enrolledTotal"), ()) if isinstance(f.value, int)), None)
    fields = {fact.node[1][0]: fact.value for fact in by.get(("arm", "enrolled"), ())}
    arms: list[Arm] = []
    of_arm: dict[int, list[ProseText]] = {}
    for text in texts:
        if text.kind == "arm":
            of_arm.setdefault(text.number, []).append(text)
    for label in (text for text in texts if text.kind == "arm" and text.part == "label"):
        mine = of_arm[label.number]
        counts = {value: reading for text in mine for value, reading in _counts(text)}
        size: int | None = None
        whole = read(label.cell, "arm", (0, len(label.text)), label.text, ARM_SIZE)
        reading: Reading = whole
        stated = fields.get(label.number)
        if isinstance(stated, int):
            size = stated
        elif len(counts) == 1:
            ((size, reading),) = counts.items()
        if size is not None and isinstance(total, int) and size > total:
            size, reading = None, whole
        arms.append(Arm(role_of(label.text), label.text, size, reading))
    sizes = [arm.enrolled for arm in arms]
    if isinstance(total, int) and sum(size or 0 for size in sizes) > total:
        arms = [Arm(arm.role, arm.label, None, arm.reading) for arm in arms]
    if isinstance(total, int) and len(arms) > 1 and not any(arm.enrolled for arm in arms):
        is_actual = any(fact.value == "actual" for fact in by.get(("study", "enrolmentType"), ()))
        arms = _by_groups(arms, total, texts, is_actual=is_actual)
    return Sizes(tuple(arms), _sum(arms, "treatment"), _sum(arms, "control"))


def _sum(arms: Sequence[Arm], role: Role) -> int | None:
    """The patients of a role, where each arm has a role and each of this one a size."""
    mine = [arm.enrolled for arm in arms if arm.role == role]
    if not mine or any(arm.role is None for arm in arms):
        return None
    stated = [size for size in mine if size is not None]
    return sum(stated) if len(stated) == len(mine) else None


def _number(m: re.Match[str]) -> int:
    word = m["n"].lower()
    return _WORDS.get(word) or int(word)


def _by_groups(arms: list[Arm], total: int, texts: Texts, *, is_actual: bool) -> list[Arm]:
    """The arms with the sizes of the groups that one text states, where they are as many and add up to the total.

    :param is_actual: whether the total is that of the end; then it may also be the planned one that the text states
    """
    for text in texts:
        if text.kind not in ("summary", "description"):
            continue
        totals = {total}
        if is_actual:
            totals |= {
                n for n in map(_number, _OWN_TOTAL.finditer(text.text[:_LONGEST_SEARCHED])) if n <= total
            }
        for part in sentences(text):
            if (m := _each(part.text)) and _number(m) * len(arms) in totals:
                each = read(part.cell, "arm_size", m.span("n"), _number(m), GROUP_SIZE)
                return [replace(arm, enrolled=_number(m), reading=each) for arm in arms]
            found = [(role_of(m["label"]), m) for m in _WITH_N.finditer(part.text)]
            if len(found) == len(arms) and sum(_number(m) for _, m in found) in totals:
                return _matched(arms, part, found)
        listed = _listed(text.text[:_LONGEST_SEARCHED])
        if len(listed) == len(arms) and sum(_number(m) for _, m in listed) in totals:
            return _matched(arms, text, listed)
    return arms


def _each(text: str) -> re.Match[str] | None:
    """The size that a sentence says each group has; none where it is no exact one."""
    if _DIVIDED.search(text):
        return None
    for pattern in _EACH:
        for m in pattern.finditer(text):
            if not _NOT_EACH.search(text, max(0, m.start("n") - 30), m.start("n")):
                return m
    return None


def _listed(text: str) -> list[tuple[Role | None, re.Match[str]]]:
    """Groups that are listed one behind the other, each a number of patients and what they receive."""
    found = list(_LISTED.finditer(text))
    if len(found) < 2:
        return []
    ends = [m.start() for m in found[1:]] + [len(text)]
    if any(end - m.start() > _LONGEST_GROUP for m, end in zip(found[:-1], ends[:-1], strict=True)):
        return []
    return [
        (role_of(text[m.end() : min(end, m.start() + _LONGEST_GROUP)]), m)
        for m, end in zip(found, ends, strict=True)
    ]


def _matched(
    arms: list[Arm], part: ProseText, found: Sequence[tuple[Role | None, re.Match[str]]]
) -> list[Arm]:
    """Each arm with the group of its role; where two have one role, all sizes have to be the same."""
    sizes = {_number(m) for _, m in found}
    made: list[Arm] = []
    for place, arm in enumerate(arms):
        mine = [m for role, m in found if role == arm.role]
        if len(mine) != 1 and len(sizes) > 1:
            return arms
        m = mine[0] if len(mine) == 1 else found[place][1]
        size = _number(m)
        reading = read(part.cell, "arm_size", m.span("n"), size, GROUP_SIZE)
        made.append(replace(arm, enrolled=size, reading=reading))
    return made


def _counts(text: ProseText) -> Iterator[tuple[int, Reading]]:
    for part in sentences(text):
        if _NOT_OF_ARM.search(part.text):
            continue
        for pattern in _COUNTS:
            for m in pattern.finditer(part.text):
                if (text.part == "label" or _SAID.search(part.text)) and (number := _number(m)):
                    yield number, read(part.cell, "arm_size", m.span("n"), number, ARM_SIZE)
