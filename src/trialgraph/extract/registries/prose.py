"""What is read from the prose of a record: doses, routes, cells, sizes of arms, follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.report import Intervention, Product
from trialgraph.model.table import Cell

__all__ = ["Prose", "read_prose"]


@dataclass(frozen=True, slots=True)
class Prose:
    """What the prose of a record says.

    :param cells: the strings that something was read from
    """

    products: tuple[Product, ...]
    intervention: Intervention
    follow_up: tuple[tuple[Decimal, Reading], ...] = ()
    readings: tuple[Reading, ...] = ()
    cells: tuple[Cell, ...] = ()


def read_prose(record: RegistryRecord, facts: Sequence[RecordFact]) -> Prose:
    """What the prose of a record says."""
    del record, facts
    return Prose((), Intervention((), "not stated", (), (), ()))
