"""Entered values: the fields of a report that a reviewer may correct, their values, and the corrected report.

What was read stays: the report, and the part of it that the value is stated of, still rest on the readings of the
source; a :class:`~trialgraph.model.report.Correction` names those that the value takes the place of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, get_args

from trialgraph.base.normal_form import normal_form
from trialgraph.extract.column_type import flat_number
from trialgraph.extract.columns.follow_up import months
from trialgraph.extract.columns.phase import read_phase
from trialgraph.extract.reports import UNREAD
from trialgraph.extract.text.plausibility import MOST_CELLS
from trialgraph.model.reading import Reading
from trialgraph.model.report import (
    Arm,
    Condition,
    Correction,
    Curation,
    DoseLevel,
    Report,
    ResultsStatus,
)
from trialgraph.model.table import Cell
from trialgraph.terminology.dose_units import CELLS, DoseBasis, dose_unit
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["CORRECTABLE", "Correctable", "concept_called", "corrected"]

Values = tuple[Concept | int | Decimal | str, ...]


@dataclass(frozen=True, slots=True)
class Correctable:
    """A field that takes an entered value.

    :param field: of the cells that it is read from
    :param reads: names of its readings
    :param expects: what is a value of it, in words
    :param parse: text -> values; ValueError where it is none
    :param state: report, values, a reading for parts that were not read -> the report with these values; ValueError
        where it has no place for them
    """

    field: str
    reads: frozenset[str]
    expects: str
    parse: Callable[[str], Values]
    state: Callable[[Report, Values, Reading], Report]


def corrected(report: Report, name: str, text: str, curation: Curation) -> Report:
    """The report with an entered value.

    :param name: a key of :data:`CORRECTABLE`
    :raises ValueError: the text is no value of it, or the source has no such column
    """
    of = CORRECTABLE[name]
    cells = [cell for cell in report.row.cells if cell.field == of.field]
    if not cells:
        raise ValueError(
            f"the source has no column {of.field}, so it states nothing of it that can be corrected"
        )
    values = of.parse(normal_form(text).text.strip())
    made = of.state(report, values, _basis(report, of, cells[0]))
    correction = Correction(name, values, _in_words(values), _overruled(report, made, of, values), curation)
    return replace(
        made, states={**made.states, of.field: "stated"}, corrections=(*made.corrections, correction)
    )


def _basis(report: Report, of: Correctable, cell: Cell) -> Reading:
    """What a part rests on that was not read: a reading of the field, else text that was left, else the whole cell."""
    own = [r for r in (*report.readings, *report.leftovers) if r.cell.field == of.field]
    own.sort(key=lambda r: r.name not in of.reads)
    return own[0] if own else Reading("unread", cell, cell.text or "", cell.start, cell.end, None, UNREAD.id)


def _overruled(before: Report, after: Report, of: Correctable, values: Values) -> tuple[Reading, ...]:
    """The readings of the field whose value is not among those that the report now states."""
    kept = {dose.reading for dose in after.intervention.doses if dose in before.intervention.doses}
    kept |= {arm.reading for arm in after.arms if arm in before.arms}
    read = [r for r in before.readings if r.name in of.reads and r not in kept]
    if (
        of.field == "patients" and len(values) > 1
    ):  # one for each group: an equal number may be another group's
        return tuple(read)
    return tuple(
        r for r in read if r.value not in values and (r.mention is None or r.mention.concept not in values)
    )


def _in_words(values: Values) -> str:
    plain = [value for value in values if not isinstance(value, Concept)]
    if plain and all(isinstance(value, int) for value in plain):
        return "+".join(map(str, plain))
    return "|".join(map(_word, plain or values))


def _word(value: Concept | int | Decimal | str) -> str:
    if isinstance(value, Concept):
        return value.label
    return str(flat_number(value)) if isinstance(value, Decimal) else str(value)


# ---- patients

_COUNTS: Final = re.compile(r"\d{1,6}(?: ?\+ ?\d{1,6})*")


def _counts(text: str) -> Values:
    if not _COUNTS.fullmatch(text):
        raise ValueError(text)
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _total(report: Report, values: Values, _: Reading) -> Report:
    if len(values) > 1:
        raise ValueError("a total is one number")
    return replace(report, n_total=_number(values[0]))


def _group(role: Literal["treatment", "control"]) -> Callable[[Report, Values, Reading], Report]:
    def state(report: Report, values: Values, basis: Reading) -> Report:
        counts = [_number(value) for value in values]
        of_role = [arm for arm in report.arms if arm.role == role]
        if len(of_role) not in (0, len(counts)) or (not of_role and len(counts) > 1):
            raise ValueError(
                f"{len(of_role)} {role} groups are printed: give their numbers in that order, joined by +"
            )
        given = dict(zip(of_role, counts, strict=True)) if of_role else {}
        arms = [replace(arm, enrolled=given[arm]) if arm in given else arm for arm in report.arms]
        if not of_role:
            arms.append(Arm(role, None, counts[0], basis))
        made = replace(report, arms=tuple(arm for arm in arms if arm.enrolled != 0))
        whole = sum(counts)
        return replace(made, n_treatment=whole) if role == "treatment" else replace(made, n_control=whole)

    return state


def _number(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - counts are parsed as integers above
    return value


# ---- follow-up, phase, results

_TIME: Final = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})?)(?: ?(?P<unit>months?|weeks?|years?|days?))?")


def _times(text: str) -> Values:
    made = []
    for part in text.split("|"):
        m = _TIME.fullmatch(part.strip())
        if m is None or not Decimal(m["number"]):
            raise ValueError(text)
        made.append(months(m["number"], m["unit"] or "month"))
    return tuple(made)


def _follow_up(report: Report, values: Values, basis: Reading) -> Report:
    read = dict(report.follow_up)
    times = [(value, read.get(value, basis)) for value in values if isinstance(value, Decimal)]
    return replace(report, follow_up=tuple(times))


def _phase_of(text: str) -> Values:
    phase = read_phase(Cell("Phase", "phase", "phase", 1, text, 0, len(text)))
    if phase.concept is None or phase.code is None or phase.reading is None or phase.reading.verbatim != text:
        raise ValueError(text)
    return phase.code, phase.concept


def _phase(report: Report, values: Values, _: Reading) -> Report:
    code, concept = values
    assert isinstance(code, str)  # noqa: S101 - made by the parser above
    assert isinstance(concept, Concept)  # noqa: S101 - likewise
    return replace(report, phase=code, phase_concept=concept, phase_status="stated")


def _result(text: str) -> Values:
    if text not in get_args(ResultsStatus):
        raise ValueError(text)
    return (text,)


def _results(report: Report, values: Values, _: Reading) -> Report:
    (found,) = [status for status in get_args(ResultsStatus) if status == values[0]]
    return replace(report, results_status=found)


# ---- concepts


def concept_called(field: str, text: str) -> Concept:
    """The concept of a printed form, a preferred label, or the CURIE of the concept or of a term that it equals.

    :raises ValueError: there is none
    """
    if found := lexicon().lookup(field, text):
        return found.concept
    for surface in lexicon().surfaces(field):
        mention = lexicon().lookup(field, surface)
        if mention and text.casefold() in {
            word.casefold() for word in (mention.concept.label, mention.concept.id, *mention.concept.exact)
        }:
            return mention.concept
    raise ValueError(text)


def _disease_of(text: str) -> Values:
    return tuple(concept_called("disease", part.strip()) for part in text.split("|"))


def _disease(report: Report, values: Values, basis: Reading) -> Report:
    made = []
    for n, concept in enumerate(values):
        assert isinstance(concept, Concept)  # noqa: S101 - made by the parser above
        printed = report.conditions[n : n + 1] or (Condition(concept, (), None, basis.verbatim, basis),)
        made.append(replace(printed[0], disease=concept))
    return replace(report, conditions=tuple(made))


# ---- doses

#: A reviewer enters what the reader reads: doses of cells.
_BASES: Final[dict[str, DoseBasis]] = {dose_unit(CELLS).words(b): b for b in get_args(DoseBasis)}
_MANTISSA: Final = r"\d{1,12}(?:\.\d{1,6})?"
_DOSE: Final = re.compile(
    rf"(?P<low>{_MANTISSA})(?: ?(?:[-–]|to) ?(?P<high>{_MANTISSA}))?"
    r"(?:[eE]\+?(?P<exponent>\d{1,2})| ?[x×*·] ?10\^(?P<power>\d{1,2}))? "
    rf"(?P<unit>{'|'.join(_BASES)})"
)
_SUPERSCRIPT: Final = re.compile(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _doses_of(text: str) -> Values:
    plain = _SUPERSCRIPT.sub(lambda m: "10^" + m[1].translate(_DIGITS), text)
    return tuple(_dose_of(part.strip()) for part in plain.split("|"))


def _dose_of(text: str) -> str:
    m = _DOSE.fullmatch(text)
    if m is None:
        raise ValueError(text)
    scale = Decimal(10) ** int(m["exponent"] or m["power"] or 0)
    low, high = Decimal(m["low"]) * scale, Decimal(m["high"] or m["low"]) * scale
    if not 0 < low <= high <= MOST_CELLS:
        raise ValueError(text)
    ends = dict.fromkeys(f"{end.normalize():f}" for end in (low, high))
    return f"{' to '.join(ends)} {m['unit']}"


def _doses(report: Report, values: Values, basis: Reading) -> Report:
    printed = report.intervention.doses
    levels = []
    for words in map(str, values):
        numbers, _, unit = words.rpartition(" ")
        low, _, high = numbers.partition(" to ")
        ends, of = (Decimal(low), Decimal(high or low)), _BASES[unit]
        same = (d for d in printed if (d.low, d.high, d.basis, d.unit) == (*ends, of, CELLS))
        levels.append(next(same, DoseLevel(*ends, of, basis)))
    first, *further = report.interventions
    given = replace(first, doses=tuple(levels), dose_status="stated")
    return replace(report, interventions=(given, *further))


#: By the name that stands in ``curation.tsv``: the name of the column of ``trialgraph trials``, and ``dose``.
CORRECTABLE: Final[dict[str, Correctable]] = {
    "n_total": Correctable("patients", frozenset({"n_total"}), "a whole number", _counts, _total),
    "n_treatment": Correctable(
        "patients",
        frozenset({"n_treatment"}),
        "a whole number, or one for each printed group, joined by +",
        _counts,
        _group("treatment"),
    ),
    "n_control": Correctable(
        "patients",
        frozenset({"n_control"}),
        "a whole number, or one for each printed group, joined by +",
        _counts,
        _group("control"),
    ),
    "follow_up_months": Correctable(
        "follow-up",
        frozenset({"follow_up"}),
        "a number of months, or with its unit (48 weeks); several joined by |",
        _times,
        _follow_up,
    ),
    "phase": Correctable(
        "phase", frozenset({"phase"}), "a phase as in the column phase: 1, 1/2, 1b/2a", _phase_of, _phase
    ),
    "disease": Correctable(
        "disease",
        frozenset({"disease"}),
        "a label or CURIE of a concept of ontology/concepts/disease.sssom.tsv; several joined by |",
        _disease_of,
        _disease,
    ),
    "dose": Correctable(
        "administration",
        frozenset({"dose"}),
        f"a number or range with its unit ({', '.join(_BASES)}): 1e6 cells/kg, 1-2 × 10^6 cells/kg; levels joined by |",
        _doses_of,
        _doses,
    ),
    "results_status": Correctable(
        "conclusion",
        frozenset({"results_status"}),
        f"one of {', '.join(get_args(ResultsStatus))}",
        _result,
        _results,
    ),
}
