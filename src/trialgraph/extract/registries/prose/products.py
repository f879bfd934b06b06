"""The cells that a record says are given: in the names and descriptions of interventions and arms, in its titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from trialgraph.extract.columns.cell_source.products import placed
from trialgraph.extract.registries.prose.cells import GIVEN, cells_of, is_made_of
from trialgraph.extract.registries.prose.donors import with_donors
from trialgraph.extract.registries.prose.texts import ProseText, Texts, sentences
from trialgraph.extract.text.groups import is_control
from trialgraph.model.reading import Reading
from trialgraph.model.report import Product
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["Products", "read_prose_products"]

#: Parts of tissues that records name beside the whole.
_PARTS: Final = {"tgc:mesenchyme-of-umbilical-cord": "tgc:umbilical-cord"}
# Cells of any kind.
_ANY: Final = re.compile(
    r"(?:(?:the|these|human|adult|such|donor|own|allogene?ic|autologous|type of) )*(?:stem|stromal"
    r"|progenitor) cells?",
    re.IGNORECASE,
)
_GENERAL: Final = frozenset({"tgc:mesenchymal-stem-cell", "tgc:stem-cell"})
_WINDOW: Final = 90
_CELLS: Final = re.compile(
    r"\b(?:[\w-]{0,15}MSCs?|(?:stem|stromal|mesenchymal)[\w -]{0,20} cells?)\b", re.IGNORECASE
)
_DERIVED: Final = re.compile(
    r"[- ]derived\b|[- ](?:MSCs?|mesenchymal|stem cells|stromal cells)\b", re.IGNORECASE
)
_DERIVED_BEFORE: Final = re.compile(
    r"\b(?:cells?|MSCs?)\)?,? (?:(?:will be|are|is|were) )?(?:derived|isolated|obtained|harvested|cultured|expanded)"
    r" from (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_ACELLULAR: Final = re.compile(
    r"exosome|[- ]exos?\b|vesicle|\bEVs?\b|secretome|conditioned medi(?:um|a)|lysate|supernatant|trophic factor",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Products:
    """The cells that are given.

    :param about: which texts are about them: the number of each intervention, and of each arm
    :param donors: readings of who gave them
    """

    products: tuple[Product, ...]
    donors: tuple[Reading, ...]
    about: frozenset[tuple[str, int]]


def read_prose_products(texts: Texts) -> Products:
    """The cells of a record, each kind once, with the tissue and the donor that any of its texts states."""
    named = [(text, *cells_of(text)) for text in texts if text.kind in ("intervention", "arm")]
    about = frozenset((text.kind, text.number) for text, products, _ in named if products) or _not_controls(
        texts
    )
    found = list(named)
    acellular = any(text.kind == "intervention" and _ACELLULAR.search(text.text) for text in texts)
    if any(products for _, products, _ in named) or not acellular:
        found += [(text, *cells_of(text)) for text in texts if text.kind == "title"]
    if not acellular and not any(products for _, products, _ in found):
        found = _of_sentences(texts, ("summary",))
        if not any(products for _, products, _ in found):
            found = _of_sentences(texts, ("description",))
    found += _tissues_told(texts, found)
    found = _without_bystanders(found)
    products = _with_tissues(_merged([product for _, made, _ in found for product in made]), texts)
    made, donors = with_donors(
        products,
        named=[product for _, several, _ in found for product in several],
        beside=[reading for _, several, readings in found if several for reading in readings],
        about=tuple(text for text, several, _ in found if several),
        texts=texts,
    )
    return Products(made, donors, about)


def _with_tissues(products: tuple[Product, ...], texts: Texts) -> tuple[Product, ...]:
    """The cells with the one tissue that a sentence about them says they are derived from, where no name says it."""
    if len(products) != 1 or products[0].tissue is not None:
        return products
    kinds = (("intervention", "arm", "title"), ("summary",), ("description",))
    for kind in kinds:
        parts = [part for text in texts if text.kind in kind for part in sentences(text)]
        found = {c.id: c for part in parts if _CELLS.search(part.text) for c in _derived_from(part.text)}
        if len(found) == 1:
            return (placed(products[0], next(iter(found.values()))),)
        if found:
            break
    return products


def _derived_from(text: str) -> Iterator[Concept]:
    for start, end, mention in lexicon().find("tissue", text):
        if is_made_of(text[max(0, start - _WINDOW) : start]):
            continue
        if _DERIVED.match(text, end) or _DERIVED_BEFORE.search(text, max(0, start - _WINDOW), start):
            yield mention.concept


def _not_controls(texts: Texts) -> frozenset[tuple[str, int]]:
    """What is given where no text about it names cells: a product has only a code then."""
    named = [text for text in texts if text.part in ("name", "label")]
    return frozenset((text.kind, text.number) for text in named if not is_control(text.text))


_Found = tuple[ProseText, list[Product], list[Reading]]


def _without_bystanders(found: list[_Found]) -> list[_Found]:
    """Without cells that only a description has, and that are no stem cells: they are those of the patient."""
    named = {
        product.cell_type.id
        for text, products, _ in found
        for product in products
        if product.cell_type and text.part != "description"
    }
    return [
        (text, [product for product in products if _is_given(product, named)], readings)
        for text, products, readings in found
    ]


def _is_given(product: Product, named: set[str]) -> bool:
    kind = product.cell_type
    return (
        kind is None
        or kind.id in named
        or re.search(r"mesenchym|stem|strom|progenitor", kind.label) is not None
    )


def _of_sentences(texts: Texts, kinds: Sequence[str] = ("summary", "description")) -> list[_Found]:
    """The cells that the sentences of these kinds of text say are given."""
    parts = (part for text in texts if text.kind in kinds for part in sentences(text))
    return [(part, *cells_of(part)) for part in islice(parts, 40) if GIVEN.search(part.text)]


def _tissues_told(texts: Texts, found: list[_Found]) -> list[_Found]:
    """Where no name of the cells says where they come from: the one tissue that the summary and description name."""
    if not any(products for _, products, _ in found):
        return []
    if any(product.tissue for _, products, _ in found for product in products):
        return []
    told = [one for one in _of_sentences(texts) if any(product.tissue for product in one[1])]
    tissues = {product.tissue.id for _, products, _ in told for product in products if product.tissue}
    return [(told[0][0], told[0][1], [])] if len(tissues) == 1 else []


def _merged(products: Iterable[Product]) -> tuple[Product, ...]:
    """Each kind of cells once; a general name beside a special one says nothing more."""
    made: dict[tuple[str | None, str | None], Product] = {}
    for product in products:
        tissue = product.tissue.id if product.tissue else None
        made.setdefault((product.cell_type.id if product.cell_type else None, tissue), product)
    kept = list(made.values())
    named = [p for p in kept if p.cell_type or p.tissue or not _ANY.fullmatch(p.reading.verbatim)]
    kept = _without_wholes(named) or kept
    special = [p for p in kept if p.tissue is not None]
    if special:
        kept = special + [
            p
            for p in kept
            if p.tissue is None and p.cell_type and p.cell_type.id not in _GENERAL and not _is_msc(p)
        ]
    by_tissue: dict[str | None, Product] = {}
    for product in kept:
        key = product.tissue.id if product.tissue else product.cell_type.id if product.cell_type else None
        before = by_tissue.get(key)
        if before is None or (before.cell_type and before.cell_type.id in _GENERAL):
            by_tissue[key] = product
    return tuple(by_tissue.values())


def _without_wholes(products: list[Product]) -> list[Product]:
    """Without those of a tissue of which another has a part: "Wharton's jelly (umbilical cord) cells" are one kind."""
    tissues = {product.tissue.id for product in products if product.tissue}
    wholes = {whole for part, whole in _PARTS.items() if part in tissues}
    return [product for product in products if product.tissue is None or product.tissue.id not in wholes]


def _is_msc(product: Product) -> bool:
    return bool(product.cell_type and "mesenchymal" in product.cell_type.label)
