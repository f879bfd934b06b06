"""What is read from the prose of a record: the cells, how many are given and how, the sizes of arms, the follow-up.

Input: the texts of a record, with their places. Output: what a table's columns give, each value with its reading. The
readers are those of the columns; what is of registries alone are their spellings, and which texts are about the cells
that are given. Where a record gives no cells, nothing is read but the follow-up and the sizes of arms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trialgraph.extract.registries.prose.doses import read_doses
from trialgraph.extract.registries.prose.products import Products, read_prose_products
from trialgraph.extract.registries.prose.routes import read_prose_routes
from trialgraph.extract.registries.prose.sizes import Sizes, read_sizes
from trialgraph.extract.registries.prose.texts import texts_of
from trialgraph.extract.registries.prose.times import read_longest
from trialgraph.extract.registries.prose.title import read_sub_phase
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.report import Arm, Intervention, Product

__all__ = ["Prose", "read_prose"]


@dataclass(frozen=True, slots=True)
class Prose:
    """What the prose of a record says."""

    products: tuple[Product, ...]
    intervention: Intervention
    arms: tuple[Arm, ...]
    n_treatment: int | None
    n_control: int | None
    follow_up: tuple[tuple[Decimal, Reading], ...]
    readings: tuple[Reading, ...]


def read_prose(record: RegistryRecord, by: Mapping[tuple[str, str], Sequence[RecordFact]]) -> Prose:
    """What the prose of a record says.

    :param by: the facts of the record, its words among them, by kind of node and property
    """
    texts = texts_of(record, by)
    found: Products = read_prose_products(texts)
    sizes: Sizes = read_sizes(texts, by)
    times = read_longest(record, by, texts)
    levels, bases = read_doses(texts, found.about) if found.products else ((), ())
    routes, methods = read_prose_routes(texts, found.about) if found.products else ((), ())
    given = Intervention(levels, "stated" if levels else "not stated", routes, methods, ())
    phase = read_sub_phase(texts)
    readings = (
        *(product.reading for product in found.products),
        *found.donors,
        *(level.reading for level in levels),
        *bases,
        *(reading for _, reading in (*routes, *methods)),
        *(arm.reading for arm in sizes.arms),
        *(reading for _, reading in times),
        *phase,
    )
    return Prose(found.products, given, sizes.arms, sizes.treatment, sizes.control, times, readings)
