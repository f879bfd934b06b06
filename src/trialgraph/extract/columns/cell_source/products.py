"""Cell source: cell type × tissue × donor × product code, one product per source that is printed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final, Literal

from trialgraph.extract.text.items import Item, split_items
from trialgraph.model.reading import Reading, Rule, read, rule
from trialgraph.model.report import Product
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, Mention, lexicon

__all__ = ["UNKNOWN", "Donor", "placed", "read_products"]

NAMED: Final = rule(
    "cell-source.named",
    "The printed name of a cell is looked up in the concept file; its name says the tissue.",
    example="UC-MSCs", gives="umbilical cord mesenchymal stem cell", counter_example="XY-cells",
)  # fmt: skip
COMPOSED: Final = rule(
    "cell-source.tissue-and-cell",
    "A known cell within a longer name is that cell, and a tissue named beside it is where it comes from; "
    "a mesenchymal stem cell of a tissue is the kind that is named after it, where there is one.",
    example="Decidua derived MSCs", gives="mesenchymal stem cell", counter_example="MSCs",
)  # fmt: skip
BROADER: Final = rule(
    "cell-source.broader",
    "Where words before a known cell are left that say more of it, it is the broader cell that they narrow.",
    example="Olfactory mucosa-derived MSCs", gives="mesenchymal stem cell", counter_example="Human MSCs",
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
    (
        re.compile(
            r"(?<!non-)(?<!non )\b(?:autologous|autogenic|auto-(?!diagno|immun|antibod|inflam|mat)|auto\b(?!-))",
            re.IGNORECASE,
        ),
        "autologous",
    ),
    (
        re.compile(
            r"\b(?:allogen(?:e?ic|e?ous)|allo-|allo\b|homologous(?! (?:with|to|recomb))|unrelated donor"
            r"|third[- ]party)",
            re.IGNORECASE,
        ),
        "allogeneic",
    ),
)
# Products of cells that are no cells, whatever cell they come from.
_ACELLULAR: Final = re.compile(
    r"exosome|[- ]Exos?\b|MSCs?-(?:Ex|NPs?)\b|vesicle|\bEVs?\b|secretome|\bmedi(?:um|a)\b(?! dose)|lysate|"
    r"supernatant|mitochondri|cell antigen\b|cell depletion|phenotyping|cytometry|"
    r"\bfactors? (?:derived )?from\b|derived\b.{0,80}\bfactors?\b",
    re.IGNORECASE,
)
# What stands before cells that are not given, or that something else was made from.
_NOT_GIVEN: Final = re.compile(
    r"\bnon[- ]$|\banti-?(?:\w+[- ])?$"
    r"|\b(?:no|not|without|placebo|sham|control)\b(?:[\w\s-]*\b(?:of|for))?(?: \w+){0,2}[\s-]*$"
    r"|\b(?:sampling|measurement|quantification|detection|analysis)\s+(?:of\s+)?(?:the |human )*$"
    r"|\b(?:from|out of)\s+(?:the |human |autologous |allogene?ic )*$",
    re.IGNORECASE,
)
_MADE_FROM: Final = re.compile(
    r"\b(?:from|out of)\s+(?:the |human |autologous |allogene?ic |induced |embryonic |pluripotent )*$",
    re.IGNORECASE,
)
# One letter before an abbreviation of a tissue's cells says more of them: "aBM-MSC", "hAD-MSC".
_PREFIX: Final = re.compile(r"\b[a-z](?=[A-Z]{2,}-?M?SCs?\b)")
# "MSC-like cells", "MSC-conditioned": behind a cell's name, another thing.
_ALIKE: Final = re.compile(
    r"[- ]?(?:like|conditioned|free|secreted|derived (?!from\b|of\b|in\b|by\b)\w)", re.IGNORECASE
)
# A tissue of the tissue file where cells go, not where they come from; and fat that is part of a diet.
_SITES: Final = frozenset({"tgc:knee-joint"})
_NO_TISSUE: Final = re.compile(
    r"\b(?:low|high|non)[- ]$|\b(?:to|into|onto|toward|within|in|against|for)\s+(?:the |an? |\w+ ){0,2}$",
    re.IGNORECASE,
)
# Characters before a name that can make another thing of it.
_NEAR: Final = 120
# "Blood pressure": what is measured or taken, not what something is made of.
_MEASURED: Final = re.compile(
    r"[- ](?:pressure|glucose|sugar|flow|gas(?:es)?|loss|counts?|cultures?|smears?|volume|lipids?|oxygen\w*|thinners?"
    r"|cancers?|disease|failure|injury|defects?|thickness|receptivity|scratch\w*|barrier|vessels?|purification|filtration)\b",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(
    r"\b(?:samples?|sampling|collections?|draws?|drawn|drawing|withdrawal|biops(?:y|ies)|tests?|testing|analys[ei]s"
    r"|examinations?|puncture|monitoring|measurements?|assays?|extraction|screening)\b",
    re.IGNORECASE,
)
# A donor's word that is about what is given beside the cells: "MSCs in autologous plasma".
_MATERIAL: Final = re.compile(
    r"[\s,]+(?:\w+[- ]){0,2}(?:serum|plasma|prp|platelets?|fibrin|cartilage|chondrocytes?|bone grafts?|bone chips"
    r"|skin|keratinocytes?|fibroblasts?|tendons?|hsct|hematopoietic|haematopoietic|red (?:blood )?cells?)\b",
    re.IGNORECASE,
)
_PLAIN: Final = "tgc:mesenchymal-stem-cell"
_BLOOD_STEM: Final = "tgc:hematopoietic-stem-cell"
# "Adipose derived, autologous stem cells": no comma of a list.
_DERIVED: Final = re.compile(r"(derived)\s*,(?=\s)", re.IGNORECASE)
# What a cell's phrase begins behind, and words in it that do not narrow the cell.
_BOUNDARY: Final = re.compile(
    r"[,;:/()&\[\]]|(?<!\w)\+|\b(?:of|with|and|or|plus|in|to|from|by|via|using|for|as|group|without"
    r"|(?:co-?)?(?:infu|injec|inject|administ|transplant|implant|treat|therap|collect|applic|deliver)\w*)\b",
    re.IGNORECASE,
)
_OF_EVERY_CELL: Final = re.compile(
    r"human|h|adult|auto|allo|autologous|allogene?ic|derived|tissue|expanded|cultured?|ex|vivo|vitro|the|an?|high(?:er)?"
    r"|low(?:er)?|mid(?:dle)?|medium|doses?|dosage|million|approximately|about|cells?|stem|stromal|mesenchymal|single"
    r"|multiple|repeated|one|two|three|fresh|frozen|cryopreserved|pooled|clinical|grade|gmp|suspensions?|biologicals?"
    r"|drug|conventional|routine|standard|donor|injectable|intra\w+|\d\w*|x",
    re.IGNORECASE,
)
_PASSAGE: Final = re.compile(r"(?:P|[Pp]assages? ?)\d[\d\-–]*")
# Two names with a slash between them: "UC-/BM-MSCs".
_SLASH: Final = re.compile(r"(?P<first>[\w'-]+) ?/ ?(?P<second>[\w'-]+(?: cells)?)")
# A cell written out, a hyphen and another cell: "stem cell-keratinocyte suspension". Abbreviations joined so say what
# the second is made from ("iPSC-MSC"), as pluripotent cells always do.
_WRITTEN_OUT: Final = re.compile(
    r"(?<!pluripotent )(?<!pluripotent stem )(?<!embryonic stem )\bcells?$", re.IGNORECASE
)
_HYPHENS: Final = frozenset("-‐‑")
# What makes a part of a code of an abbreviation before it: "MSC-PL-204" says nothing of a placenta.
_NUMBER_OF_CODE: Final = re.compile(r"-\d{2,}\b(?! ?[×x*^.,]\d)")
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
    bare = _DERIVED.sub(lambda m: m[1] + " " * (len(m.group()) - len(m[1])), bare)
    items = split_items(_SLASH.sub(_listed, _hyphens_listed(bare)), "cell_type")
    donors = _donors(text, items) if donor is None else (donor,) * len(items)
    products = [_product(cell, item, d, code) for item, d in zip(items, donors, strict=True)]
    if len(products) == 1 and products[0].tissue is None:
        products = [placed(products[0], _tissue_in_parentheses(text))]
    return tuple(products), tuple(extra)


def placed(product: Product, tissue: Concept | None) -> Product:
    """The product with a tissue that is named apart from it."""
    kind = _kind(product.reading.mention, tissue)
    if kind is None or kind is product.reading.mention:
        return replace(product, tissue=tissue)
    reading = replace(product.reading, mention=kind, rule=COMPOSED.id)
    return replace(product, cell_type=kind.concept, tissue=tissue, reading=reading)


def _kind(cell: Mention | None, tissue: Concept | None) -> Mention | None:
    """A mesenchymal stem cell of a tissue as the kind that is named after it, else the cell itself."""
    words = lexicon()
    if cell is None or tissue is None or cell.concept.id != _PLAIN:
        return cell
    kinds = (words.concepts[c] for c, t in words.tissues.items() if t == tissue.id)
    named = next((c.label for c in kinds if c.label.endswith("mesenchymal stem cell")), None)
    return (words.lookup("cell_type", named) if named else None) or cell


def _listed(m: re.Match[str]) -> str:
    """A slash between two known cells or tissues as a comma."""
    names = [m[k].strip("-") for k in ("first", "second")]
    known = all(lexicon().lookup("cell_type", n) or lexicon().lookup("tissue", n) for n in names)
    return m.group().replace("/", ",") if known else m.group()


def _hyphens_listed(text: str) -> str:
    """A hyphen between two known cells of which the first is written out, as a comma."""
    found = list(lexicon().find("cell_type", text))
    for (start, end, cell), (behind, _, other) in pairwise(found):
        if (
            text[end:behind] in _HYPHENS
            and cell.concept is not other.concept
            and _WRITTEN_OUT.search(text[start:end])
        ):
            text = f"{text[:end]},{text[behind:]}"
    return text


def _donors(text: str, items: tuple[Item, ...]) -> tuple[Donor | None, ...]:
    """Each item's own donor, where two are named: between parentheses behind it, or as the word before it."""
    made: list[Donor | None] = []
    for k, item in enumerate(items):
        before = text[items[k - 1].end if k else 0 : item.start]
        behind = _PARENS.match(text[item.end :].lstrip())
        places = (_PARENS.sub("", before), behind[1] if behind else "")
        donors = {donor for pattern, donor in _DONORS for place in places if pattern.search(place)}
        made.append(donors.pop() if len(donors) == 1 else None)
    return tuple(made)


def _tissue_in_parentheses(text: str) -> Concept | None:
    found = [lexicon().lookup("tissue", m[1].removesuffix("-derived")) for m in _PARENS.finditer(text)]
    return next((m.concept for m in found if m), None)


def _donor(cell: Cell, text: str, extra: list[Reading]) -> Donor | None:
    donors: list[Donor] = []
    for pattern, donor in _DONORS:
        if m := _about_cells(text, pattern):
            donors.append(donor)
            extra.append(read(cell, "donor", m.span(), donor, DONOR, lexicon().lookup("donor", donor)))
    return donors[0] if len(donors) == 1 else None


def _about_cells(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first word for a donor that is about the cells, where a name has cells and other material."""
    cells: list[int] | None = None
    for donor in pattern.finditer(text):
        material = _MATERIAL.match(text, donor.end())
        if material is None:
            return donor
        if cells is None:
            found = lexicon().find("cell_type", text)
            cells = [i for i, _, m in found if m.concept.id != _BLOOD_STEM]
        if not cells or any(donor.end() <= i < material.end() for i in cells):
            return donor
    return None


def _code(cell: Cell, text: str, extra: list[Reading]) -> str | None:
    for m in _PARENS.finditer(text):
        for part in re.finditer(r"[^,;\s][^,;]*", m[1]):
            inner = part.group().strip()
            donor = any(pattern.search(inner) for pattern, _ in _DONORS)
            known = lexicon().lookup("cell_type", inner) or lexicon().lookup("tissue", inner)
            if donor or known or _PASSAGE.fullmatch(inner) or not _CODE_SHAPE.fullmatch(inner):
                continue
            at = m.start(1) + part.start()
            named = lexicon().lookup("product", inner)
            extra.append(read(cell, "product_code", (at, at + len(inner)), inner, CODE, named))
            return inner
    return None


def _product(cell: Cell, item: Item, donor: Donor | None, code: str | None) -> Product:
    taken = _TAKEN.search(cell.text or "", item.start, item.end + _NEAR) is not None
    cell_type, tissue, by = _known(item, taken)
    concept = cell_type.concept if cell_type else None
    reading = read(cell, "cell_source", (item.start, item.end), item.words, by, cell_type)
    return Product(concept, tissue, donor, code, reading)


def _known(item: Item, taken: bool) -> tuple[Mention | None, Concept | None, Rule]:
    words = lexicon()
    if _ACELLULAR.search(item.words):
        return None, None, UNKNOWN
    if mention := words.lookup("cell_type", item.words):
        return mention, words.tissue_of(mention.concept), NAMED
    text = _PREFIX.sub(" ", item.words)
    tissues = [f for f in words.find("tissue", text) if _is_source(text, f)]
    cells = [f for f in words.find("cell_type", text) if not _ALIKE.match(text, f[1])]
    # "Neurons derived from stem cells": the first are given.
    made_from = [f for f in cells[1:] if _MADE_FROM.search(text, max(0, f[0] - _NEAR), f[0])]
    cells = [f for f in cells if f not in made_from]
    if cells and _NOT_GIVEN.search(text, max(0, cells[0][0] - _NEAR), cells[0][0]):
        return None, None, UNKNOWN
    if cells:
        tissue = words.tissue_of(cells[-1][2].concept) or (tissues[0][2].concept if tissues else None)
        by = BROADER if _is_narrowed(text, cells[-1], tissues) else COMPOSED
        return _kind(cells[-1][2], tissue), tissue, by
    if tissues and not taken:
        return None, tissues[0][2].concept, COMPOSED
    return None, None, UNKNOWN


def _is_narrowed(text: str, found: tuple[int, int, Mention], tissues: list[tuple[int, int, Mention]]) -> bool:
    """Whether words stand right before a cell, within its phrase, that are neither its tissue nor of every cell."""
    start = found[0]
    masked = text[:start]
    for i, j, _ in tissues:
        masked = masked[:i] + " " * (j - i) + masked[j:]
    phrase = _BOUNDARY.split(masked[max(0, start - _NEAR) :])[-1]
    words = lexicon()
    named = (word for word in re.findall(r"[^\W_]+", phrase) if not _OF_EVERY_CELL.fullmatch(word))
    return any(not (words.lookup("route", word) or words.lookup("tissue", word)) for word in named)


def _is_source(text: str, found: tuple[int, int, Mention]) -> bool:
    """Whether a tissue is where something comes from, not where it goes, and not what is measured."""
    start, end, mention = found
    if mention.concept.id in _SITES or _NO_TISSUE.search(text, max(0, start - _NEAR), start):
        return False
    if text[start:end].isupper() and _NUMBER_OF_CODE.match(text, end):
        return False
    return _MEASURED.match(text, end) is None
