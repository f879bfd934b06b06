"""Cell source: cell type × tissue × donor × product code, one product per source that is printed."""

from __future__ import annotations

import re
from typing import Final, Literal

from trialgraph.concepts import Concept, Mention, lexicon
from trialgraph.fields.items import Item, split_items
from trialgraph.model import Product
from trialgraph.readings import Reading, Rule, read, rule
from trialgraph.rows.row import Cell

__all__ = ["read_products"]

NAMED: Final = rule(
    "cell-source.named",
    "The printed name of a cell is looked up in the concept file; its name says the tissue.",
    example="UC-MSCs", gives="umbilical cord mesenchymal stem cell", counter_example="XY-cells",
)  # fmt: skip
COMPOSED: Final = rule(
    "cell-source.tissue-and-cell",
    "A tissue and a cell named side by side are that cell from that tissue.",
    example="Endometrium derived MSCs", gives="mesenchymal stem cell", counter_example="MSCs",
)  # fmt: skip
UNKNOWN: Final = rule(
    "cell-source.unmapped",
    "A name that no concept covers is kept as printed, without a link.",
    example="XY-cells", gives="", counter_example="UC-MSCs",
)  # fmt: skip
DONOR: Final = rule(
    "cell-source.donor",
    "The donor is autologous or allogeneic only where the source says so.",
    example="BM-MSCs (autologous)", gives="autologous", counter_example="BM-MSCs",
)  # fmt: skip
CODE: Final = rule(
    "cell-source.product-code",
    "A name in parentheses with capitals or digits, no donor and no concept, is the product's code.",
    example="AD-MSCs (allogeneic) (Cx611)", gives="Cx611", counter_example="BM-MSCs (autologous)",
)  # fmt: skip

Donor = Literal["autologous", "allogeneic"]
_PARENS: Final = re.compile(r"\(([^()]*)\)")
_DONORS: Final[tuple[tuple[re.Pattern[str], Donor], ...]] = (
    (re.compile(r"\b(?:autologous|autogenic|auto-)", re.IGNORECASE), "autologous"),
    (re.compile(r"\b(?:allogene?ic|homologous|unrelated donor)", re.IGNORECASE), "allogeneic"),
)
_CODE_SHAPE: Final = re.compile(r"(?=[^\d]*(?:\d|[A-Z].*[A-Z]|[a-z][A-Z]|®|™))[A-Za-z][\w®™\- ]{1,25}")


def read_products(cell: Cell) -> tuple[tuple[Product, ...], tuple[Reading, ...]]:
    """The products that a cell names, and the readings of donor and code that go with all of them."""
    text = cell.text or ""
    extra: list[Reading] = []
    donor = _donor(cell, text, extra)
    code = _code(cell, text, extra)
    bare = _PARENS.sub(lambda m: " " * len(m.group()), text)
    for pattern, _ in _DONORS:
        bare = pattern.sub(lambda m: " " * len(m.group()), bare)
    products = [_product(cell, item, donor, code) for item in split_items(bare, "cell_type")]
    return tuple(products), tuple(extra)


def _donor(cell: Cell, text: str, extra: list[Reading]) -> Donor | None:
    said: list[Donor] = []
    for pattern, donor in _DONORS:
        if m := pattern.search(text):
            said.append(donor)
            extra.append(read(cell, "donor", m.span(), donor, DONOR, lexicon().lookup("donor", donor)))
    return said[0] if len(said) == 1 else None


def _code(cell: Cell, text: str, extra: list[Reading]) -> str | None:
    for m in _PARENS.finditer(text):
        inner = m[1].strip()
        donor = any(pattern.search(inner) for pattern, _ in _DONORS)
        known = lexicon().lookup("cell_type", inner) or lexicon().lookup("tissue", inner)
        if donor or known or not _CODE_SHAPE.fullmatch(inner):
            continue
        extra.append(read(cell, "product_code", m.span(1), inner, CODE, lexicon().lookup("product", inner)))
        return inner
    return None


def _product(cell: Cell, item: Item, donor: Donor | None, code: str | None) -> Product:
    cell_type, tissue, by = _known(item)
    concept = cell_type.concept if cell_type else None
    reading = read(cell, "cell_source", (item.start, item.end), item.words, by, cell_type)
    return Product(concept, tissue, donor, code, reading)


def _known(item: Item) -> tuple[Mention | None, Concept | None, Rule]:
    words = lexicon()
    if mention := words.lookup("cell_type", item.words):
        return mention, words.tissue_of(mention.concept), NAMED
    tissues = list(words.find("tissue", item.words))
    cells = list(words.find("cell_type", item.words))
    if cells:
        own = words.tissue_of(cells[-1][2].concept)
        return cells[-1][2], own or (tissues[0][2].concept if tissues else None), COMPOSED
    if tissues:
        return None, tissues[0][2].concept, COMPOSED
    return None, None, UNKNOWN
