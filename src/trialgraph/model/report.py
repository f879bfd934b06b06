"""What a trial is, as one source reports it: frozen records, no behaviour beyond what follows from them.

A :class:`Report` is what ONE source says of one trial. Two sources that disagree are two reports.
Every record that states something carries the :class:`~trialgraph.model.reading.Reading` it was made
from; a reading carries its cell, its characters and its rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from trialgraph.model.given import (
    Arm,
    ArmDrug,
    ArmIntervention,
    Condition,
    DoseLevel,
    DoseStatus,
    Intervention,
    Product,
    ProductKind,
)
from trialgraph.model.reading import Reading
from trialgraph.model.table import Row
from trialgraph.terminology.lexicon import Concept

__all__ = [
    "Arm",
    "ArmDrug",
    "ArmIntervention",
    "Claim",
    "Condition",
    "Conflict",
    "Correction",
    "Curation",
    "DoseLevel",
    "DoseStatus",
    "Effect",
    "FieldState",
    "Finding",
    "Intervention",
    "PlainValue",
    "PlannedOutcome",
    "Product",
    "ProductKind",
    "Registration",
    "Report",
    "ResultsStatus",
    "TrialReport",
]

PhaseStatus = Literal["stated", "not stated", "not applicable", "unread"]
#: ``stated``: a value was read; ``not specified``, ``not applicable``: the source says so; ``absent``: no column or an
#: empty cell; ``unread``: there is text, and no rule read a value of it.
FieldState = Literal["stated", "not specified", "not applicable", "absent", "unread"]
ResultsStatus = Literal["ongoing", "not published", "published", "terminated", "suspended", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Registration:
    """A trial's number in a registry (``ClinicalTrials.gov``, ``ChiCTR``, …)."""

    registry: str
    identifier: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Named:
    """A printed item. ``concept`` is None where nothing covers the words."""

    concept: Concept | None
    reading: Reading

    @property
    def label(self) -> str:
        """Preferred label of the concept, else the words as read: those printed, with a head noun that they share."""
        return self.concept.label if self.concept else str(self.reading.value)


@dataclass(frozen=True, slots=True)
class PlannedOutcome(_Named):
    """A thing that the trial plans to measure.

    :param analytes: what the source lists in brackets behind it
    """

    analytes: tuple[PlannedOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim(_Named):
    """A mechanism of action that the report claims."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The value of a measure that a finding states, and what it is compared with.

    :param unit: in UCUM; ``1`` for a plain number
    :param comparator: the reading of the value that it is compared with
    :param baseline: the reading of the value before treatment
    :param arm: the words for the arm of the value
    :param comparator_arm: the words for the arm that it is compared with
    :param in_arm: the arm that these words name, counted among the report's arms from 1
    :param compared_with: likewise
    """

    value: Decimal
    unit: str
    reading: Reading
    comparator: Reading | None = None
    baseline: Reading | None = None
    arm: Reading | None = None
    comparator_arm: Reading | None = None
    in_arm: int | None = None
    compared_with: int | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All that it rests on."""
        every = (self.reading, self.comparator, self.baseline, self.arm, self.comparator_arm)
        return tuple(reading for reading in every if reading)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the report says came out. Directions only where the text says so.

    ``value`` is the direction of the measured value, ``benefit`` the direction for the patient.

    :param at_months: the point in time that the clause names, in months
    """

    measure: Concept | None
    value: Literal["increased", "decreased", "unchanged"] | None
    benefit: Literal["favourable", "unfavourable", "none"] | None
    certainty: Literal["trend", "stated"]
    reading: Reading
    at_months: Decimal | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two things that cannot both be right; never silently repaired.

    :param kind: id of the conflict kind, e.g. ``arms-do-not-add-up``
    :param fields: columns of the cells concerned
    :param competing: the competing readings, the preferred one first where there is one
    :param preferred: index into ``competing``, or None where none is preferred
    :param status: ``open`` or ``settled`` (by a decision that resolves it)
    :param curation: the last decision on it, which settles it or leaves it open
    :param brief: the same as the message in two or three words, to stand at the value
    """

    kind: str
    fields: tuple[str, ...]
    message: str
    severity: Literal["error", "warning", "notice"]
    competing: tuple[Reading, ...]
    preferred: int | None
    status: Literal["open", "settled"] = "open"
    curation: Curation | None = None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Curation:
    """A reviewer's decision, one line of ``curation.tsv``.

    :param row: number of the row, from 1; of a record its number
    :param kind: id of a conflict kind, with ``/2`` behind it for the second of that kind in its row, or the name of a
        field that is corrected (``n_control``)
    :param decision: ``keep``, ``use`` with a competing reading, or ``value`` with what is right
    :param evidence: of an entered value: a DOI, a registry number or the address of a page
    :param line: its line in the file, from 1; 0 where it was not read from one
    :param number: which decision of that kind in its row it is, from 1
    """

    row: int | str
    kind: str
    decision: str
    who: str
    when: str
    why: str
    evidence: str = ""
    line: int = 0
    number: int = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a reviewer entered in place of what was read.

    :param name: the corrected field, by its name in ``curation.tsv`` (``n_control``)
    :param values: what is right
    :param words: the same in one text, as a reviewer may write it
    :param overruled: the readings that it takes the place of; none where it only confirms or nothing was read
    """

    name: str
    values: tuple[Concept | int | Decimal | str, ...]
    words: str
    overruled: tuple[Reading, ...]
    curation: Curation


@dataclass(frozen=True, slots=True)
class PlainValue:
    """A value that a report states of itself: a concept, a number or words."""

    value: Concept | int | Decimal | str
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport(ABC):
    """What one source says of one trial, wherever it says it.

    :param products: those of all interventions
    :param conditions: several where the source names several diseases; ``condition`` is the first
    :param interventions: at least one; ``intervention`` is the first, the one that the trial is about
    :param registrations: all registry numbers that are printed; ``registration`` is the first
    :param references: all numbers in the source's list of references; ``reference`` is the first
    :param follow_up_bounds: those times of follow-up that are printed as a bound, with what they are
    :param reported_times: times that the conclusion names, in months
    :param leftovers: text of its cells that no reading covers and that is no filler, or whose value cannot be meant
    :param reasons: of a leftover whose value cannot be meant, why
    :param states: by field, what the report does about it
    :param curations: the reviewers' decisions about it
    :param corrections: the values that reviewers entered
    :param unresolved: decisions that leave a contradiction, each with what it is
    :param values: plain values by the name of their column in ``trialgraph trials``
    :param current_number: the trial's current number in its registry, where ``registration`` is a former one that a
        record states (:mod:`trialgraph.extract.registries.numbers.former_numbers`); empty: the same
    """

    source: str
    readings: tuple[Reading, ...]
    registration: Registration | None
    phase: str | None
    phase_status: PhaseStatus
    phase_concept: Concept | None
    products: tuple[Product, ...]
    conditions: tuple[Condition, ...]
    n_total: int | None
    n_treatment: int | None
    n_control: int | None
    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]
    follow_up: tuple[tuple[Decimal, Reading], ...]
    mechanisms: tuple[Claim, ...]
    outcomes: tuple[PlannedOutcome, ...]
    findings: tuple[Finding, ...]
    results_status: ResultsStatus | None
    results_reading: Reading | None
    reference: int | None
    conflicts: tuple[Conflict, ...] = field(default=())
    registrations: tuple[Registration, ...] = ()
    references: tuple[int, ...] = ()
    reported_times: tuple[tuple[Decimal, Reading], ...] = ()
    follow_up_bounds: tuple[tuple[Literal["at most", "at least"], Reading], ...] = ()
    values: Mapping[str, tuple[PlainValue, ...]] = field(default_factory=dict)
    leftovers: tuple[Reading, ...] = ()
    reasons: Mapping[Reading, str] = field(default_factory=dict)
    states: Mapping[str, FieldState] = field(default_factory=dict)
    curations: tuple[Curation, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unresolved: tuple[tuple[Curation, str], ...] = ()
    current_number: str = ""

    @property
    def condition(self) -> Condition | None:
        """The first condition."""
        return self.conditions[0] if self.conditions else None

    @property
    def intervention(self) -> Intervention:
        """The first intervention."""
        return self.interventions[0]

    @property
    def doses(self) -> tuple[DoseLevel, ...]:
        """The dose levels of all interventions, in the order in which they are numbered."""
        return tuple(dose for given in self.interventions for dose in given.doses)

    @property
    def combined_with(self) -> tuple[tuple[Concept | None, Reading], ...]:
        """What all interventions are combined with, in the order in which it is numbered."""
        return tuple(drug for given in self.interventions for drug in given.combined_with)

    @property
    @abstractmethod
    def locator(self) -> int | str:
        """What it is known by in its source, and in the IRIs of its parts: number of a row, name of a record."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The source and the place in it, in words: ``review-table-1 row 3``."""

    @property
    def key(self) -> str:
        """``<source>/<locator>``, the report's identity."""
        return f"{self.source}/{self.locator}"

    @property
    def trial_key(self) -> str:
        """The registry id, the present one of several; else the report's own key: never merged by similarity."""
        return self.current_number or (self.registration.identifier if self.registration else self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(TrialReport):
    """What one row of a table says of one trial."""

    row: Row

    @property
    def locator(self) -> int:
        """The number of its row."""
        return self.row.number

    @property
    def label(self) -> str:
        """``<source> row <n>``."""
        return f"{self.source} row {self.row.number}"
