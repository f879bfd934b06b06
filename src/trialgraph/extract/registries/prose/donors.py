"""Who gave the cells: the patient or another, where the record says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from trialgraph.extract.columns.cell_source.products import Donor, read_products
from trialgraph.extract.registries.prose.cells import GIVEN, cells_of
from trialgraph.extract.registries.prose.texts import ProseText, Texts, part_of, sentences
from trialgraph.model.reading import Reading
from trialgraph.model.report import Product

__all__ = ["with_donors"]

# Another transplantation, with a donor of its own.
_GRAFT: Final = re.compile(
    r"\bHSCT\b|\bh(?:a)?ematopoietic\b|\bperipheral blood (?:stem|progenitor)|\bPBSCT?\b|\ballo-?SCT\b"
    r"|\b(?:kidney|renal|liver|organ|solid|bone marrow|islet|skin) (?:allo)?"
    r"(?:transplant|graft)",
    re.IGNORECASE,
)
_OF_BLOOD: Final = re.compile(r"[ -]*(?:h(?:a)?ematopoietic|HSCT?s?\b|PBSCT?\b)", re.IGNORECASE)
# A longer sentence may be about the donors of other things.
_LONGEST: Final = 400
# "autologous or allograft cells": one of both, which is none that is stated.
_EITHER: Final = re.compile(
    r"\b(?:autologous|allogen\w+|allografts?) ?(?:or|and/or|/) ?(?:autologous|allogen\w+|allografts?)\b",
    re.IGNORECASE,
)
_CODED: Final = re.compile(
    r"\b(?:autologous|allogen(?:e?ic|e?ous)) (?:[A-Z][\w-]*[A-Z\d][\w-]*|expanded|cultured|cell) (?:cells?"
    r"|therapy)\b",
    re.IGNORECASE,
)


def with_donors(
    products: tuple[Product, ...],
    named: Sequence[Product],
    beside: Sequence[Reading],
    about: Texts,
    texts: Texts,
) -> tuple[tuple[Product, ...], tuple[Reading, ...]]:
    """The cells with who gave them, and the readings that say so; without where they contradict each other.

    :param named: the cells as each text names them, each with the donor that the name states
    :param beside: the readings that stand in the names of the cells
    :param about: the texts that name them
    """
    donors = [reading for reading in beside if reading.name == "donor" and not _is_of_graft(reading)]
    if products and not donors:
        donors = _donors_apart(products, about, texts)
    if any(_EITHER.search(text.text) for text in texts if text.kind != "description"):
        donors = []
    names: set[str] = {str(reading.value) for reading in donors}
    if len(names) > 1:
        made = _with_own_donors(products, named)
        if {product.donor for product in made} != names:
            made, donors = tuple(replace(product, donor=None) for product in products), []
    else:
        donor: Donor | None = None
        if names:
            donor = "autologous" if "autologous" in names else "allogeneic"
        made = tuple(replace(product, donor=donor) for product in products)
    once = {reading.value: reading for reading in reversed(donors)}
    return made, tuple(once.values())


def _is_of_graft(reading: Reading) -> bool:
    """Whether a donor is that of another transplantation: "after allogeneic haematopoietic stem cell transplant"."""
    text = reading.cell.text or ""
    return bool(_OF_BLOOD.match(text, reading.cell.local(reading.end)))


def _donors_apart(products: tuple[Product, ...], about: Texts, texts: Texts) -> list[Reading]:
    """The donors that stand apart from the names of the cells, in the first texts that say any."""
    return (
        _donors_told(about)
        or _donors_told([text for text in texts if text.kind == "summary"])
        or _donors_of_any_cells(texts)
        or _donors_told([text for text in texts if text.kind == "description"], of=products)
    )


def _with_own_donors(products: tuple[Product, ...], named: Sequence[Product]) -> tuple[Product, ...]:
    """Each kind of cells with the one donor that its names state, where kinds have different ones."""
    made: list[Product] = []
    for product in products:
        mine = {
            p.donor
            for p in named
            if p.donor and (p.cell_type, p.tissue) == (product.cell_type, product.tissue)
        }
        made.append(replace(product, donor=next(iter(mine)) if len(mine) == 1 else None))
    return tuple(made)


def _donors_of_any_cells(texts: Texts) -> list[Reading]:
    """Who gave the cells, as a title says of cells that only a code names: "Allogeneic PLX-PAD Cells"."""
    made: list[Reading] = []
    for text in texts:
        if text.kind != "title" or _GRAFT.search(text.text):
            continue
        for m in _CODED.finditer(text.text):
            made += [r for r in read_products(part_of(text.cell, *m.span()))[1] if r.name == "donor"]
    return made


def _donors_told(texts: Iterable[ProseText], *, of: Sequence[Product] = ()) -> list[Reading]:
    """Who gave the cells, where it stands apart from their name in a sentence that names them.

    :param of: the sentence has to say that just these kinds of cells are given
    """
    kinds = {product.cell_type for product in of if product.cell_type}
    made: list[Reading] = []
    for text in texts:
        for part in sentences(text):
            if of and not GIVEN.search(part.text):
                continue
            if len(part.text) > _LONGEST or _GRAFT.search(part.text):
                continue
            cells = cells_of(part)[0]
            if cells and (not of or all(product.cell_type in kinds for product in cells)):
                made += [reading for reading in read_products(part.cell)[1] if reading.name == "donor"]
    return made
