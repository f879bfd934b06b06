"""Tables constructed with the typography of publishers, with the right value of each field.

The words are those of :mod:`tests.extract.segmentation.lines`. What differs is how numbers, dashes, blanks, marks,
powers, ids and lines are set. A table is text as it comes from the publisher's page; the truth is what a curator would
enter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.extract.columns.cells import row
from tests.extract.segmentation.lines import (
    CELLS,
    CODES,
    CONCLUSIONS,
    DISEASES,
    DONORS,
    HEADINGS,
    MEASURES,
    MECHANISMS,
    ROUTES,
)
from trialgraph.extract.columns import columns
from trialgraph.extract.reports import read_report
from trialgraph.extract.trials_table import flat

__all__ = ["FIELD_OF", "PUBLISHERS", "Constructed", "Publisher", "constructed_row", "constructed_table"]

#: The field that a column of ``trialgraph trials`` is read from.
FIELD_OF: Final = {flat_column.name: column.field for column in columns() for flat_column in column.flat}


@dataclass(frozen=True, slots=True)
class Publisher:
    """How a publisher sets a table.

    :param blank: between the parts of a value
    :param dash: of ranges, and for "not stated"
    :param point: of decimals
    :param times: before a power of ten
    :param powers: ways of setting one: ``flat`` (106), ``caret``, ``raised``, ``computer`` (1.00E+06), ``full``
    :param marks: footnote marks that may stand behind the counts of patients
    :param phase: ways of writing a phase, ``{r}`` Roman, ``{a}`` Arabic
    :param groups: ways of writing total and groups
    :param ids: ways of writing a registry number
    :param references: ways of writing references
    :param broken: how many rows in ten are broken over lines
    """

    name: str
    blank: str = " "
    dash: str = "-"
    point: str = "."
    times: str = "×"
    powers: Sequence[str] = ("flat",)
    marks: Sequence[str] = ("",)
    phase: Sequence[str] = ("Phase {r}",)
    groups: Sequence[str] = ("{n} ({t}/{c})",)
    ids: Sequence[str] = ("NCT{id}",)
    references: Sequence[str] = ("[{x}]",)
    broken: int = 0


PUBLISHERS: Final = (
    Publisher("Baishideng", powers=("flat",), groups=("{n} ({t}/{c})", "{n} ({t}/{c})", "{n}")),
    Publisher(
        "Elsevier", blank="\u00a0", dash="–", powers=("raised", "flat"), marks=("", "", "*", "†"),
        ids=("NCT{id}", "NCT\u00a0{id}"), references=("[{x}]", "[{x},{y}]", "[{x}–{z}]"),
    ),
    Publisher(
        "Lancet", blank="\u2009", dash="–", point="·", powers=("raised", "caret"), marks=("", "*", "†", "‡"),
        groups=("{n} ({t} MSC group, {c} placebo group)", "{n} ({t}/{c})"),
    ),
    Publisher(
        "Wiley", blank="\u202f", dash="−", powers=("caret", "computer"), times="x", phase=("phase {r}", "Phase {r}"),
        groups=("{n} ({t}:{c})", "{t}/{c}", "{n} ({t}/{c})"), ids=("NCT{id}", "nct{id}"),
    ),
    Publisher(
        "BMC", dash="—", powers=("raised", "full"), phase=("Phase {a}", "PHASE {a}"), broken=3,
        groups=("{n} ({t}/{c})", "{n} patients ({t}/{c})"), references=("[{x}]", "[{x}, {y}]"),
    ),
    Publisher(
        "MDPI", blank="\u00a0", dash="‑", powers=("flat", "raised"), marks=("", "#", "§"), broken=3,
        phase=("Phase {r}", "Phase {a}"), groups=("{t} vs {c}", "{n} ({t}/{c})"),
    ),
    Publisher(
        "Frontiers", dash="‐", powers=("flat", "caret", "full"), times="*", broken=2,
        ids=("NCT{id}", "ClinicalTrials.gov: NCT{id}"), groups=("{n} ({t}/{c})", "n = {n} ({t}/{c})"),
    ),
)  # fmt: skip

_ROMAN: Final = {
    "1": "I",
    "2": "II",
    "3": "III",
    "4": "IV",
    "1/2": "I/II",
    "2/3": "II/III",
    "1a": "Ia",
    "2b": "IIb",
}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MONTHS: Final = (
    (6, "6"),
    (12, "12"),
    (24, "24"),
    (3, "3"),
    (12, "12 months"),
    (12, "1 year"),
    (36, "3 years"),
)


@dataclass(slots=True)
class Constructed:
    """A row: its cells as printed, and the right value of each column of ``trialgraph trials``."""

    cells: dict[str, str]
    truth: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def constructed_table(publisher: Publisher, seed: int, rows: int) -> tuple[str, list[Constructed]]:
    """A run-together table and its rows."""
    r = random.Random(f"{publisher.name} {seed}")  # noqa: S311 - tables to test with, no secret
    made = [constructed_row(publisher, r) for _ in range(rows)]
    for one in made:
        one.lines = _lines("".join(one.cells.values()), publisher, r)
    text = "\n".join(
        ["Table 1 Trials", *HEADINGS.values(), *(line for one in made for line in one.lines), ""]
    )
    return text, made


def constructed_row(publisher: Publisher, r: random.Random) -> Constructed:
    """A row as that publisher sets it."""
    made = Constructed({})
    for name, build in _CELLS.items():
        made.cells[name] = build(publisher, r, made.truth) if r.random() > _MISSING.get(name, 0.0) else ""
        if not made.cells[name]:
            for column in (c for c, f in FIELD_OF.items() if f == name):
                made.truth[column] = [] if column in _LISTS else None
    return made


def _lines(text: str, publisher: Publisher, r: random.Random) -> list[str]:
    """A row in one line, or broken at blanks."""
    spots = [p for p in range(20, len(text) - 20) if text[p] == " "]
    if r.random() * 10 >= publisher.broken or not spots:
        return [text]
    at = sorted(r.sample(spots, min(len(spots), r.choice((1, 1, 2)))))
    return [text[i:j].strip(" ") for i, j in zip([0, *at], [*at, len(text)], strict=True)]


# Columns that may be empty, and how often.
_MISSING: Final[Mapping[str, float]] = {
    "phase": 0.05,
    "registration": 0.15,
    "reference": 0.1,
    "follow-up": 0.05,
}
_LISTS: Final = frozenset(
    {"follow_up_months", "registration_ids", "dose_levels", "routes", "mechanisms", "outcomes"}
)


def _number(publisher: Publisher, text: str) -> str:
    return text.replace(".", publisher.point)


def _phase(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    code = r.choice(list(_ROMAN))
    truth["phase"] = code
    return r.choice(publisher.phase).format(r=_ROMAN[code], a=code).replace(" ", publisher.blank)


def _patients(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    t, c = r.randint(3, 120), r.choice([0, r.randint(3, 90)])
    form = r.choice(publisher.groups)
    truth["n_total"] = t + c if "{n}" in form else None
    truth["n_treatment"], truth["n_control"] = (t, c) if "{t}" in form else (None, None)
    mark = r.choice(publisher.marks) if form.endswith(")") else ""
    return form.format(n=t + c, t=t, c=c).replace(" (", f"{publisher.blank}(") + mark


def _amount(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    power = r.choice((6, 6, 7, 8))
    way = r.choice(publisher.powers)
    low = r.choice(("1", "2", "5", "1.5", "2.5", "0.5"))
    value = float(low) * 10**power
    high = ""
    if way not in ("computer", "full") and r.random() < 0.2:
        low, high = "1", r.choice(("2", "5"))
        value = 10.0**power
    truth["dose_low"] = int(value)
    truth["dose_high"] = int(float(high or low) * 10**power)
    truth["dose_levels"] = []
    if way == "computer":
        return f"{value:.2E}"
    if way == "full":
        return f"{int(value):,}"
    digits = {"flat": str(power), "caret": f"^{power}", "raised": str(power).translate(_RAISED)}[way]
    mantissa = f"({low}{publisher.dash}{high})" if high else _number(publisher, low)
    blank = publisher.blank
    return f"{mantissa}{blank}{publisher.times}{blank}10{digits}"


def _administration(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    unit, words = r.choice(
        (("cells/kg", "cells/kg"), ("cells/kg", "cells/kg"), ("cells/patient", "cells/patient"))
    )
    route = r.choice(ROUTES)
    amount = _amount(publisher, r, truth)
    truth["dose_unit"] = unit
    truth |= _canonical({"administration": route}, "routes")
    bound = r.random()
    if bound < 0.05:
        truth["dose_high"] = None
        amount = f"≥{amount}"
    elif bound < 0.1:
        truth["dose_low"] = None
        amount = f"up to {amount}"
    return f"{amount}{publisher.blank}{words}, {route}"


def _follow_up(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    if r.random() < 0.2:
        truth["follow_up_months"] = [6, 12]
        return f"6{publisher.dash}12"
    value, text = r.choice(_MONTHS)
    truth["follow_up_months"] = [value]
    return text.replace(" ", publisher.blank)


def _registration(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    number = f"{r.randint(100_000, 6_999_999):08d}"
    truth["registration_id"] = f"NCT{number}"
    truth["registration_ids"] = [f"NCT{number}"]
    return r.choice(publisher.ids).format(id=number)


def _reference(publisher: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    form, x = r.choice(publisher.references), r.randint(1, 180)
    y, z = x + r.randint(2, 9), x + 2
    several = [x, y] if "{y}" in form else [x, x + 1, z] if "{z}" in form else []
    truth["reference"] = several or x
    return form.format(x=x, y=y, z=z)


def _cell_source(_: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    text = r.choice(CELLS) + r.choice(DONORS) + r.choice(CODES)
    truth |= _canonical({"cell_source": text}, "tissue_sources", "cell_types", "donor_type", "product")
    return text


def _disease(_: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    text = r.choice(DISEASES)
    truth |= _canonical({"disease": text}, "disease", "disease_label", "qualifiers")
    return text


def _mechanism(_: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    text = ", ".join(r.sample(MECHANISMS, r.randint(1, 2)))
    truth |= _canonical({"mechanism": text}, "mechanisms")
    return text[0].upper() + text[1:]


def _outcomes(_: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    text = ", ".join(r.sample(MEASURES, r.randint(1, 4)))
    text = text if text[1:2].isupper() else text[0].upper() + text[1:]
    truth |= _canonical({"outcomes": text}, "outcomes")
    return text


def _conclusion(_: Publisher, r: random.Random, truth: dict[str, object]) -> str:
    m, n = r.sample(MEASURES, 2)
    text = r.choice(CONCLUSIONS).format(m=m, n=n)
    text = text if text[1:2].isupper() else text[0].upper() + text[1:]
    truth |= _canonical({"conclusion": text}, "results_status")
    return text


_CELLS: Final = {
    "phase": _phase,
    "cell source": _cell_source,
    "disease": _disease,
    "patients": _patients,
    "administration": _administration,
    "follow-up": _follow_up,
    "mechanism": _mechanism,
    "outcomes": _outcomes,
    "conclusion": _conclusion,
    "registration": _registration,
    "reference": _reference,
}


def _canonical(cells: Mapping[str, str], *names: str) -> Iterator[tuple[str, object]]:
    """What words mean that are set plainly and stand alone: linking words is not what is tested here."""
    record = flat(read_report(row(**cells)), ["all"])
    return iter([(name, record[name]) for name in names])
