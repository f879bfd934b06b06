"""Who is treated and what is given: conditions, products, dose levels, interventions, arms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialgraph.model.reading import Reading
from trialgraph.terminology.dose_units import CELLS, DoseBasis
from trialgraph.terminology.lexicon import Concept

__all__ = [
    "Arm",
    "ArmDrug",
    "ArmIntervention",
    "Condition",
    "DoseLevel",
    "DoseStatus",
    "Intervention",
    "Product",
    "ProductKind",
]

DoseStatus = Literal["stated", "not specified", "not stated", "unread"]
#: What a source gives a product as: a kind of its own, or cells, which are a biologic with more to say of them.
ProductKind = Literal["cells", "drug", "biologic", "device", "procedure"]


@dataclass(frozen=True, slots=True)
class Product:
    """What is given or done. A cell product is cell type × tissue source × donor × product code; any other a concept.

    ``cell_type`` of cells is None only where the source names something no concept covers (the reading has it).

    :param code: of cells
    :param kind: None where the source does not say what it is ("placebo", "standard of care")
    :param concept: what any product but cells is; None where no concept covers the words
    """

    cell_type: Concept | None
    tissue: Concept | None
    donor: Literal["autologous", "allogeneic"] | None
    code: str | None
    reading: Reading
    kind: ProductKind | None = "cells"
    concept: Concept | None = None

    @property
    def label(self) -> str:
        """Preferred label of the concept of any product but cells, else the words as read."""
        return self.concept.label if self.concept else self.reading.verbatim


@dataclass(frozen=True, slots=True)
class Condition:
    """Disease + qualifiers + site. ``disease`` is the exact concept of the printed name, or None.

    :param beside: the readings of its qualifiers and its site
    """

    disease: Concept | None
    qualifiers: tuple[Concept, ...]
    site: Concept | None
    as_reported: str
    reading: Reading
    beside: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class ArmDrug:
    """A drug that one arm receives.

    :param number: its place among the drugs of the report, those that its interventions are combined with first, from 1
    """

    number: int
    concept: Concept | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class ArmIntervention:
    """What one arm receives, where arms of a report receive different things.

    :param products: places among the report's products, from 1
    :param doses: places among the report's dose levels, from 1
    """

    products: tuple[int, ...]
    drugs: tuple[ArmDrug, ...]
    doses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of patients. ``role`` is ``treatment`` or ``control`` as the source has it, never inferred.

    :param role: None where the source does not say: the type of an arm in a registry is no role
    :param enrolled: None where the source gives no size
    :param label_at: where its name stands in the cell's text in normal form
    :param as_reported: whether it receives the intervention as the source words it
    :param own: what it receives, where that is not the intervention as the source words it; None: the source does
        not say
    :param named: readings of what its name says that it receives
    :param drugs: the drugs that its name names
    :param cells_named: whether its name names cells, those of the report or others
    :param cells_denied: whether its name says that it receives none
    :param receives: places among the report's interventions, from 1, where the source lists what each arm receives:
        then ``as_reported`` and ``own`` say nothing
    """

    role: Literal["treatment", "control"] | None
    label: str | None
    enrolled: int | None
    reading: Reading
    label_at: tuple[int, int] | None = None
    as_reported: bool = True
    own: ArmIntervention | None = None
    named: tuple[Reading, ...] = ()
    drugs: tuple[ArmDrug, ...] = ()
    cells_named: bool = False
    cells_denied: bool = False
    receives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """One dose; ``low`` = ``high`` unless the source prints a range.

    :param low: None for an upper bound ("up to", ≤)
    :param high: None for a lower bound ("at least", ≥)
    :param unit: of the amount, by the slug of its concept (see :mod:`trialgraph.terminology.dose_units`)
    """

    low: Decimal | None
    high: Decimal | None
    basis: DoseBasis
    reading: Reading
    unit: str = CELLS


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given and how. Several routes are alternatives as the source words them ("IV or intrathecal").

    :param products: places among the report's products, from 1; None: all of them
    """

    doses: tuple[DoseLevel, ...]
    dose_status: DoseStatus
    routes: tuple[tuple[Concept | None, Reading], ...]
    methods: tuple[tuple[Concept, Reading], ...]
    combined_with: tuple[tuple[Concept | None, Reading], ...]
    dose_count: int | None = None
    products: tuple[int, ...] | None = None
