"""Columns of a grid to their fields: by the heading, by similar headings, and by what the cells hold.

A heading that is known decides alone. One that is read as another, or that says little ("Study", "ID", none at all), is
weighed against the cells: how many of them are, as a whole, what the column would hold. Both are told, as a confidence
and in words. A column that nothing tells is kept and not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from trialgraph.base.normal_form import normal_form
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import column_of
from trialgraph.extract.columns.administration.dose import DOSE
from trialgraph.extract.columns.patients.sizes import written_size
from trialgraph.extract.columns.phase import read_phase
from trialgraph.extract.layout.headings import (
    GENERIC,
    Named,
    aside_of,
    field_of,
    fields_named,
    last_words,
    plain_heading,
)
from trialgraph.extract.segmentation.segmentation import see
from trialgraph.extract.text.evidence import Evidence
from trialgraph.extract.text.fit import CELL
from trialgraph.extract.text.group_headings import group_of_heading
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model.table import Cell

__all__ = ["ASSIGNED", "IGNORED", "Role", "role_of", "share_of"]

#: The reason that is given for a column that was assigned by hand.
ASSIGNED: Final = "assigned in source.toml"
#: What a column is assigned to that is not to be read.
IGNORED: Final = "ignore"

# So many different cells are looked at.
_LOOKED_AT: Final = 30
# From here on the cells of a column are what a field holds; below the other limit they are not.
_MOST: Final = 0.6
_HALF: Final = 0.5
_FEW: Final = 0.2
# Fields that may be told by their cells where the heading says little. Numbers and prose look alike in many columns.
_TOLD_BY_CELLS: Final = frozenset(
    ["registration", "reference", "phase", "countries", "status", "disease", "cell source", "masking", "allocation",
     "sex", "patients"]
)  # fmt: skip
_DIGITS: Final = 6
_DIGIT: Final = re.compile(r"\d")
# A column of designs names phase, masking and allocation in one cell.
_DESIGN: Final = re.compile(r"design|type|methodolog|nature", re.IGNORECASE)
_COUNT_AND_AGE: Final = re.compile(
    r"\s*(?:[nN] ?= ?)?\d{1,5}(?: (?:patients|participants|subjects))?\s*[(\n;,]\s*(?:.{0,20}\b(?:years?|yrs?"
    r"|ages?|aged)\b"
    r"|(?:child|adult))",
    re.IGNORECASE,
)
_OF_WORDS: Final = frozenset(["sponsor", "title", "product"])
_OF_DESIGN: Final = ("phase", "allocation", "masking")
# The lower part of a heading of two levels that only divides what the upper one names.
_DIVIDES: Final = frozenset(
    ["treatment", "treated", "treat", "trt", "tx", "cont", "con", "ctrl", "exp", "int", "intervention arm",
     "control arm",
     "treatment arm", "active", "control", "controls", "experimental", "intervention",
     "intervention group", "treatment group",
     "control group", "experimental group", "study group", "placebo", "comparator", "total", "all", "overall",
     "t", "c", "e",
     "n", "number", "primary", "secondary", "main", "other", "cell", "cells", "msc", "mscs", "type", "details", "name",
     "description", "value", "short term", "long term", "arm 1", "arm 2", "group 1", "group 2", "arm a", "arm b",
     "group a", "group b"]
)  # fmt: skip
# An upper heading whose parts are what the groups receive.
_OF_ARMS: Final = re.compile(
    r"(?:(?:study|trial|treatment) )?(?:groups?|interventions?|treatments?|arms?|regimens?|therap|protocol)"
)


@dataclass(frozen=True, slots=True)
class Role:
    """What a column is about.

    :param fields: several where one column holds several things; none where nobody knows
    :param confidence: 1 where the heading is known or the field was assigned
    :param why: empty where the heading is known
    :param by_last_words: whether only the last words of the heading and the cells say so
    """

    fields: tuple[str, ...] = ()
    confidence: float = 1.0
    why: str = ""
    by_last_words: bool = False


def role_of(heading: str, texts: Sequence[str], assigned: Sequence[str] | None = None) -> Role:
    """What a column is about.

    :param heading: ``Upper: Lower`` where it has two levels
    :param texts: of its cells; those of a sample are enough
    :param assigned: fields that were assigned by hand, ``ignore`` alone for none; None: nothing was assigned
    """
    if assigned is not None:
        return Role(tuple(field for field in assigned if field != IGNORED), 1.0, ASSIGNED)
    sample = list(dict.fromkeys(text for text in texts if text.strip() and not says_nothing(text)))[
        :_LOOKED_AT
    ]
    named = _named(heading, sample)
    lower = plain_heading(heading.rpartition(": ")[2])
    if together := _all_generic(lower):
        words_only = {"patients", "disease"} <= {*together} and sample and not any(map(_counts, sample))
        said = Role(("disease",), 0.9, "its cells are words, and count nobody") if words_only else Role()
        return _by_cells(together, None, sample) or said
    if lower not in GENERIC or (named and named.confidence < 1 and ": " in heading):
        return (
            _with_others(heading, _supported(named, sample), sample)
            if named
            else _by_last_words(lower, sample)
        )
    return _of_generic(lower, named, sample)


def _counts(text: str) -> bool:
    """Whether a text has a number, in digits or in words."""
    return _DIGIT.search(text) is not None or written_size(normal_form(text).text) is not None


def _all_generic(heading: str) -> tuple[str, ...]:
    """What a heading may mean whose parts all say little: "Clinical setting/population"."""
    parts = [part.strip() for part in re.split(r"[/,&]|\band\b|\bor\b", heading)]
    if len(parts) < 2 or field_of(heading) or not all(part in GENERIC for part in parts):
        return ()
    return tuple(dict.fromkeys(field for part in parts for field in GENERIC[part]))


def _by_last_words(heading: str, sample: Sequence[str]) -> Role:
    """The role by the last words of a heading that is not known as a whole, where most cells are what they name."""
    named = last_words(heading)
    column = column_of(named.fields[0]) if named else None
    if not (named and column and sample):
        return Role()
    share = max(share_of(column, sample), sum(_names(column.field, text) for text in sample) / len(sample))
    if share < _MOST:
        return Role()
    return _with_others(
        heading,
        Role(
            named.fields, named.confidence, f"{named.why}; {_percent(share)} of its cells look like it", True
        ),
        sample,
    )


def _of_generic(lower: str, named: Named | None, sample: Sequence[str]) -> Role:
    """The role of a column whose heading says little: what it names, where the cells agree, or what they say."""
    if _count_rows(sample):
        return Role()
    if by_cells := _by_cells(GENERIC[lower], named, sample):
        design = _named_of_design(sample) if by_cells.fields == ("phase",) else ()
        return replace(by_cells, fields=design) if "phase" in design else by_cells
    if {"patients", "disease"} <= {*GENERIC[lower]} and sample and not any(map(_counts, sample)):
        return Role(("disease",), 0.9, "its cells are words, and count nobody")
    if {"cell source", "administration"} <= {*GENERIC[lower]} and _are_doses(sample):
        return Role(("administration",), 0.95, "its cells are numbers of cells")
    if "phase" in GENERIC[lower] and (design := _of_design(sample)):
        return Role(design, 0.97, "its cells name " + " and ".join(design))
    if named is None or not sample:
        return Role(named.fields, named.confidence, named.why) if named else Role()
    column = column_of(named.fields[0])
    digits = sum(text.strip().isdigit() for text in sample)
    # A number identifies no trial; words under such a heading are kept as what it names.
    if column and digits * 2 > len(sample) and share_of(column, sample) <= _FEW:
        return Role()
    return _with_others(lower, _supported(named, sample), sample)


def _are_doses(sample: Sequence[str]) -> bool:
    """Whether most cells have a dose, and hardly any names cells."""
    column = column_of("cell source")
    assert column  # noqa: S101 - a field of a column
    doses = sum(bool(DOSE.search(normal_form(text).text)) for text in sample)
    return doses >= _MOST * len(sample) > 0 and share_of(column, sample) <= _FEW


def _of_design(sample: Sequence[str]) -> tuple[str, ...]:
    """What the cells name of phase, allocation and masking, where most of them name one of these."""
    named = {field: [_names(field, text) for text in sample] for field in _OF_DESIGN}
    some = sum(any(of_text) for of_text in zip(*named.values(), strict=True))
    if not sample or some < _MOST * len(sample):
        return ()
    return tuple(field for field, found in named.items() if any(found))


def _named_of_design(sample: Sequence[str]) -> tuple[str, ...]:
    """What any of the cells names of phase, allocation and masking."""
    return tuple(field for field in _OF_DESIGN if any(_names(field, text) for text in sample))


def _count_rows(sample: Sequence[str]) -> bool:
    """Whether the cells are running numbers."""
    numbers = [int(text) for text in sample if text.strip().isdecimal() and len(text) < _DIGITS]
    return len(numbers) == len(sample) > 1 and all(a < b for a, b in pairwise(numbers)) and numbers[0] <= 1


def _with_others(heading: str, role: Role, sample: Sequence[str]) -> Role:
    """The role with the other fields that the cells name: a design has phase, masking and allocation."""
    if role.fields == ("phase",) and _DESIGN.search(heading):
        found = [field for field in _OF_DESIGN if any(_names(field, text) for text in sample)]
        if found and found != ["phase"]:
            words = " and ".join(found)
            return Role(tuple(found), role.confidence, f"its cells name {words}")
    aside = aside_of(heading)
    if aside and len(role.fields) == 1 and aside not in role.fields:
        both = sum(_has_both(text, (role.fields[0], aside)) for text in sample)
        if sample and both >= _MOST * len(sample):
            return Role((role.fields[0], aside), 0.98, f"heading and cells have {role.fields[0]} and {aside}")
    return role


def _names(field: str, text: str) -> bool:
    column = column_of(field)
    return bool(column and column.read([_cell(field, text)]).readings)


def _has_both(text: str, fields: tuple[str, str]) -> bool:
    """Whether a text has a part in parentheses that is of the second field, behind one of the first."""
    m = re.fullmatch(r"([^()]+)\(([^()]+)\)\s*", normal_form(text).text)
    first, second = column_of(fields[0]), column_of(fields[1])
    if not (m and first and second and _fits(second, m[2].strip())):
        return False
    # Any words may be a sponsor or a title.
    return fields[0] in _OF_WORDS or _fits(first, m[1].strip()) or _names(fields[0], m[1].strip())


def _named(heading: str, sample: Sequence[str]) -> Named | None:
    """What the heading names; of two levels the lower one, where it is more than a part of the upper one."""
    upper, colon, lower = heading.rpartition(": ")
    if not colon:
        return fields_named(heading)
    whole = field_of(f"{upper} {lower}") or field_of(f"{lower} {upper}") or field_of(f"{lower} of {upper}")
    if whole:
        return Named((whole,), 0.97, f"both levels of the heading together name {whole}")
    below, above = fields_named(lower), _named(upper, sample)
    if above and (plain_heading(lower) in _DIVIDES or (below is None and group_of_heading(f"({lower})"))):
        return Named(
            above.fields,
            min(above.confidence, 0.95),
            "the upper level of the heading names " + above.fields[0],
        )
    # "Mean age: Control" is no comparator.
    if plain_heading(lower) in _DIVIDES and not _OF_ARMS.match(plain_heading(upper)):
        return None
    return below


def _supported(named: Named, sample: Sequence[str]) -> Role:
    """The role of a heading with what the cells say to it: a heading that is read as another needs their support."""
    role = Role(named.fields, named.confidence, named.why)
    if named.confidence == 1 or len(named.fields) > 1 or not sample:
        return role
    column = column_of(named.fields[0])
    assert column  # noqa: S101 - headings name fields of columns
    share = share_of(column, sample)
    if share >= _MOST:
        return replace(role, why=f"{role.why}; {_percent(share)} of its cells look like it")
    if share <= _FEW and len(sample) > 2 and column.field in _TOLD_BY_CELLS - {"reference"}:
        return replace(
            role,
            confidence=round(named.confidence * 0.9, 3),
            why=f"{role.why}; only {_percent(share)} of its cells look like it",
        )
    return role


def _by_cells(fields: Sequence[str], named: Named | None, sample: Sequence[str]) -> Role | None:
    """The one field of those that nearly all cells look like, and no other; the one the heading names comes first."""
    if not sample:
        return None
    found = [
        (share, field)
        for field in fields
        if (column := column_of(field))
        for share in [share_of(column, sample)]
    ]
    good = [(share, field) for share, field in found if share >= _MOST]
    if not good and sum(share > _FEW for share, _ in found) == 1:  # half of few, and nothing else
        good = [(share, field) for share, field in found if share >= _HALF]
    first = named.fields[0] if named else None
    if any(field == first for _, field in good):
        return Role((first,), named.confidence, named.why) if named and first else None
    told = [(share, field) for share, field in good if field in _TOLD_BY_CELLS]
    if len(told) != 1:
        return None
    share, field = told[0]
    return Role((field,), round(0.9 + 0.05 * share, 3), f"{_percent(share)} of its cells look like {field}")


def share_of(column: ColumnType, texts: Sequence[str]) -> float:
    """The share of texts that are, as a whole, what the column's cells look like."""
    fitting = sum(_fits(column, normal_form(text).text) or _is_read(column, text) for text in texts)
    return fitting / len(texts) if texts else 0.0


def _is_read(column: ColumnType, text: str) -> bool:
    """Whether a column with a grammar of its own reads a text that its cells have only there: "1/2" is a phase."""
    if column.field == "patients":  # the age of those who may take part stands behind their number
        return bool(_COUNT_AND_AGE.match(text))
    if column.field != "phase":
        return False
    reading = read_phase(_cell(column.field, text)).reading
    return reading is not None and reading.value is not None and reading.verbatim.strip() == text.strip()


def _cell(field: str, text: str) -> Cell:
    return Cell("", field, "sample", 1, text, 0, len(text)).in_normal_form()


def _fits(column: ColumnType, text: str) -> bool:
    text = " ".join(text.split())
    if not text or len(text) > column.shape.longest:
        return False
    seen = see(text[: column.shape.longest]) if column.cues else Evidence(text, [], {}, [], [])
    return column.shape.fits(seen, 0, len(text)) > CELL


def _percent(share: float) -> str:
    return f"{share:.0%}"
