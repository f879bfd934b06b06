"""Registration number: which registry, by the shape of its own numbers."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.extract.text.confusables import look_alikes
from trialgraph.extract.text.patterns import REGISTRIES
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import Registration
from trialgraph.model.table import Cell

__all__ = ["LOOK_ALIKE", "read_look_alikes", "read_registrations"]

BY_SHAPE: Final = rule(
    "registration.by-shape",
    "A number of a registry's own shape is that registry's (shapes after the Bioregistry's records).",
    example="ChiCTR-INR-17012462", gives="ChiCTR-INR-17012462", counter_example="107202",
)  # fmt: skip

LOOK_ALIKE: Final = rule(
    "registration.look-alike",
    "Characters that only look like those of a registry's number (letters of other alphabets, wide digits, unseen "
    "ones) are no number: they are kept as they stand, and no trial is known by them.",
    example="N\u0421T01741857", gives="", counter_example="NCT01741857",
)  # fmt: skip

# A number with one digit more is another number, or none.
_SHAPES: Final = {
    registry: re.compile(rf"(?<![^\W_])(?:{shape})(?!\d)", re.ASCII) for registry, shape in REGISTRIES.items()
}
# One trial has one number, with or without the register's name before it or the country's letters behind it.
_AROUND: Final = re.compile(r"^(?:EUCTR|EudraCT[: ]*|JPRN-)|(?<=-\d\d)-[A-Z]{2}$")


def read_look_alikes(cell: Cell) -> tuple[Reading, ...]:
    """What only looks like a registry number, wherever it stands; it has no value."""
    return tuple(
        read(cell, "look_alike", (found.start, found.end), None, LOOK_ALIKE)
        for found in look_alikes(cell.text or "")
    )


def read_registrations(cell: Cell) -> tuple[Registration, ...]:
    """The registry numbers of a cell, in the order in which they are printed."""
    found = [
        (
            m.start(),
            Registration(registry, number, read(cell, "registration", m.span(), number, BY_SHAPE)),
        )
        for registry, shape in _SHAPES.items()
        for m in shape.finditer(cell.text or "")
        for number in [_AROUND.sub("", m.group())]
    ]
    return tuple(made for _, made in sorted(found, key=lambda pair: pair[0]))
