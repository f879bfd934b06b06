"""Registration number: which registry, by the shape of its own numbers."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.columns.grammar import REGISTRIES
from trialgraph.model import Registration
from trialgraph.readings import read, rule
from trialgraph.rows.row import Cell

__all__ = ["read_registrations"]

BY_SHAPE: Final = rule(
    "registration.by-shape",
    "A number of a registry's own shape is that registry's (shapes after the Bioregistry's records).",
    example="ChiCTR-INR-17012462", gives="ChiCTR", counter_example="107202",
)  # fmt: skip

_SHAPES: Final = {registry: re.compile(shape) for registry, shape in REGISTRIES.items()}


def read_registrations(cell: Cell) -> tuple[Registration, ...]:
    """The registry numbers of a cell, in the order in which they are printed."""
    found = [
        (
            m.start(),
            Registration(registry, m.group(), read(cell, "registration", m.span(), m.group(), BY_SHAPE)),
        )
        for registry, shape in _SHAPES.items()
        for m in shape.finditer(cell.text or "")
    ]
    return tuple(made for _, made in sorted(found, key=lambda pair: pair[0]))
