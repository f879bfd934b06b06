"""What a trial is, as one source reports it: frozen records, no behaviour beyond what follows from them.

A :class:`Report` is what ONE source says of one trial. Two sources that disagree are two reports.
Every record that states something carries the :class:`~trialgraph.model.reading.Reading` it was made
from; a reading carries its cell, its characters and its rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from trialgraph.model.reading import Reading
from trialgraph.model.table import Row
from trialgraph.terminology.lexicon import Concept

__all__ = [
    "Arm",
    "Claim",
    "Condition",
    "Conflict",
    "DoseBasis",
    "DoseLevel",
    "FieldState",
    "Finding",
    "Intervention",
    "PlainValue",
    "PlannedOutcome",
    "Product",
    "Registration",
    "Report",
    "ResultsStatus",
]

DoseBasis = Literal["kilogram", "patient", "joint", "not stated"]
DoseStatus = Literal["stated", "not specified", "not stated", "unread"]
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
class Product:
    """A cell product: cell type × tissue source × donor × product code.

    ``cell_type`` is None only where the source names something no concept covers (the reading has it).
    """

    cell_type: Concept | None
    tissue: Concept | None
    donor: Literal["autologous", "allogeneic"] | None
    code: str | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class Condition:
    """Disease + qualifiers + site. ``disease`` is the exact concept of the printed name, or None."""

    disease: Concept | None
    qualifiers: tuple[Concept, ...]
    site: Concept | None
    as_reported: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of patients. ``role`` is ``treatment`` or ``control`` as the source has it, never inferred.

    :param as_given: whether the group gets the intervention as the source words it; a named group that does not
        name the drug given beside the cells does not
    """

    role: Literal["treatment", "control"]
    label: str | None
    enrolled: int
    reading: Reading
    as_given: bool = True


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """One dose in cells; ``low`` = ``high`` unless the source prints a range."""

    low: Decimal
    high: Decimal
    basis: DoseBasis
    reading: Reading


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given and how. Several routes are alternatives as the source words them ("IV or intrathecal")."""

    doses: tuple[DoseLevel, ...]
    dose_status: DoseStatus
    routes: tuple[tuple[Concept | None, Reading], ...]
    methods: tuple[tuple[Concept, Reading], ...]
    combined_with: tuple[tuple[Concept | None, Reading], ...]
    dose_count: int | None = None


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
    """A thing that the trial plans to measure."""


@dataclass(frozen=True, slots=True)
class Claim(_Named):
    """A mechanism of action that the report claims."""


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


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two things that cannot both be right; never silently repaired.

    :param kind: id of the conflict kind, e.g. ``arms-do-not-add-up``
    :param fields: columns of the cells concerned
    :param competing: the competing readings, the preferred one first where there is one
    :param preferred: index into ``competing``, or None where none is preferred
    :param status: ``open`` or ``settled`` (by a curation line)
    """

    kind: str
    fields: tuple[str, ...]
    message: str
    severity: Literal["error", "warning", "notice"]
    competing: tuple[Reading, ...]
    preferred: int | None
    status: Literal["open", "settled"] = "open"
    curation: Curation | None = None


@dataclass(frozen=True, slots=True)
class Curation:
    """A reviewer's decision, one line of ``curation.tsv``."""

    row: int
    kind: str
    decision: str
    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class PlainValue:
    """A value that a report states of itself: a concept, a number or words."""

    value: Concept | int | Decimal | str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Report:
    """What one source says of one trial (one row of a table).

    :param registrations: all registry numbers that are printed; ``registration`` is the first
    :param references: all numbers in the source's list of references; ``reference`` is the first
    :param reported_times: times that the conclusion names, in months
    :param leftovers: text of its cells that no reading covers and that is no filler, or whose value cannot be meant
    :param reasons: of a leftover whose value cannot be meant, why
    :param states: by field, what the report does about it
    :param values: plain values by the name of their column in ``trialgraph trials``
    """

    source: str
    row: Row
    readings: tuple[Reading, ...]
    registration: Registration | None
    phase: str | None
    phase_status: PhaseStatus
    phase_concept: Concept | None
    products: tuple[Product, ...]
    condition: Condition | None
    n_total: int | None
    n_treatment: int | None
    n_control: int | None
    arms: tuple[Arm, ...]
    intervention: Intervention
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
    values: Mapping[str, tuple[PlainValue, ...]] = field(default_factory=dict)
    leftovers: tuple[Reading, ...] = ()
    reasons: Mapping[Reading, str] = field(default_factory=dict)
    states: Mapping[str, FieldState] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """``<source>/<row>``, the report's identity."""
        return f"{self.source}/{self.row.number}"

    @property
    def trial_key(self) -> str:
        """The registry id, else source + row: never merged by similarity."""
        return self.registration.identifier if self.registration else self.key
