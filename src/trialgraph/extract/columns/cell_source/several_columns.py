"""Cell source in several columns of a table: cells in one, their tissue or donor in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trialgraph.extract.columns.cell_source.products import UNKNOWN, Donor, placed, read_products
from trialgraph.model.reading import Reading
from trialgraph.model.report import Product
from trialgraph.model.table import Cell

__all__ = ["read_all_products"]

_Read = tuple[tuple[Product, ...], tuple[Reading, ...]]


def read_all_products(cells: Sequence[Cell]) -> _Read:
    """The products of a row: those of the first cell that names some, with tissue and donor that others name alone.

    Where the first names several products, nothing says which of them another column is about.
    """
    made = [read_products(cell) for cell in cells]
    if not made:
        return (), ()
    main = next((n for n, (products, _) in enumerate(made) if any(p.cell_type for p in products)), None)
    if main is None:
        main = next((n for n, (products, _) in enumerate(made) if products), 0)
    products, readings = made[main]
    for n, (others, extra) in enumerate(made):
        if n != main and len(products) == 1:
            products, more = _completed(products[0], others, extra)
            readings += more
    return (products, readings) if products else _of_donor(made)


def _of_donor(made: Sequence[_Read]) -> _Read:
    """A product of which only the donor is stated."""
    donors = [reading for _, extra in made for reading in extra if reading.name == "donor"]
    if len({str(reading.value) for reading in donors}) != 1:
        return (), ()
    stated = donors[0]
    named = replace(stated, name="cell_source", value=None, rule=UNKNOWN.id, mention=None)
    donor: Donor = "autologous" if stated.value == "autologous" else "allogeneic"
    return (Product(None, None, donor, None, named),), (stated,)


def _completed(product: Product, others: Sequence[Product], extra: tuple[Reading, ...]) -> _Read:
    """A product with what another column says of it, and the readings of that."""
    donors = {str(reading.value) for reading in extra if reading.name == "donor"}
    if not others and len(donors) == 1 and len(extra) == 1 and product.donor is None:
        donor = donors.pop()
        return (replace(product, donor="autologous" if donor == "autologous" else "allogeneic"),), extra
    if len(others) == 1 and product.tissue is None and others[0].cell_type is None and others[0].tissue:
        return (placed(product, others[0].tissue),), (replace(others[0].reading, name="tissue"), *extra)
    return (product,), ()
