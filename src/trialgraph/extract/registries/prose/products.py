"""The cells that a record says are given: in the names and descriptions of interventions and arms, in its titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from trialgraph.extract.columns.cell_source.products import Donor, placed, read_products
from trialgraph.extract.registries.prose.texts import ProseText, Texts, part_of, sentences
from trialgraph.extract.text.groups import is_control
from trialgraph.model.reading import Reading
from trialgraph.model.report import Product
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["Products", "read_prose_products"]

_GENERAL: Final = frozenset({"tgc:mesenchymal-stem-cell", "tgc:stem-cell"})
# Where the phrase of a cell begins and ends.
_BREAK: Final = re.compile(
    r"[,;:()\[\]\n]|\.\s|\b(?:and|with|plus|versus|vs|using|receive\w*|given|injection of|infusion of|administ\w+ of"
    r"|transplantation of|implantation of|treated|by|via|will|be|is|are|was|were|which|that|to|for|in|on|at|after"
    r"|before|followed)\b",
    re.IGNORECASE,
)
# Before a cell, what is not given: excluded, measured, harvested in order to make something else.
_NOT_GIVEN: Final = re.compile(
    r"\b(?:no|not|without|placebo|sham|exosomes?|vesicles?|secretome|conditioned medi(?:um|a)(?: (?:of|from))?"
    r"|derived from|supernatant|lysate|factors?(?: \([\w-]{1,12}\))? (?:derived )?from|history of|previous|prior"
    r"|effects? on|markers? of|expression|of the patient's|counts? of|number of|T|B|NK|dendritic|tumou?r|cancer|blood"
    r"|white|red|epithelial|endothelial|beta|islet|lymphoma|leuk[a]?emia|sickle|squamous|renal|small|large|giant|germ"
    r"|mast|plasma|hair|sperm)[\s-]+$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[\s-]*(?:exos?\b|exosomes?|vesicles?|EVs?\b|secretome|conditioned|supernatant|lysate|carcinoma|lymphoma"
    r"|leuk[a]?emia|growth factors?|tumou?rs?|disease|an[a]?emia|counts?|function|derived (?!from\b|of\b)\w|placebo"
    r"|-free|free\b|medium)",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\b(?:inject|infus|administ|transplant|implant|receiv|given|treat|therapy|deliver|appl|dos(?:e|es|ed|ing))",
    re.IGNORECASE,
)
# Another transplantation, with a donor of its own.
_GRAFT: Final = re.compile(
    r"\bHSCT\b|\bh(?:a)?ematopoietic\b|\b(?:kidney|renal|liver|organ|solid|bone marrow|islet|skin) (?:allo)?"
    r"(?:transplant|graft)",
    re.IGNORECASE,
)
_WINDOW: Final = 90
# A longer sentence may be about the donors of other things.
_LONGEST: Final = 400
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
# Cells that no concept names as a whole: "mesenchymal bone marrow cells", "total stromal cells".
_OTHER_CELLS: Final = re.compile(
    r"\b(?:mesenchym\w*|stromal|stem|progenitor|precursor|mononuclear|marrow)(?:[- ](?:bone|marrow|adipose|tissue|cord"
    r"|blood|stromal|stem|adult|derived|like|vascular|precursor|progenitor|mononuclear)){0,4}[- ](?:cells?|fraction)\b"
    r"|\bbone marrow (?:aspirate )?concentrate\b",
    re.IGNORECASE,
)
# A tissue behind the cells that come from it.
_FROM: Final = re.compile(
    r"\s*(?:\([\w\s-]{1,30}\)\s*)?(?:(?:derived|obtained|isolated|harvested|extracted|sourced|expanded) )?(?:from|of)"
    r"(?: the| human| autologous| allogene?ic| adult| healthy| donor| donated| abdominal| subcutaneous){0,3} ",
    re.IGNORECASE,
)
# What a title says of cells that are given, and of those that are only looked at.
_LOOKED_AT: Final = re.compile(
    r"\b(?:impact|effects?|influence) of .{1,100} on\b[^.]{0,150}$"
    r"|\b(?:on|markers?|levels?|number|function|characteri[sz]ation|properties|behaviou?r"
    r"|mobili[sz]ation|isolat\w+|collection|banking|in vitro|response|role) (?:of )?(?:[\w-]+ ){0,8}$",
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
    named = [(text, *_cells_of(text)) for text in texts if text.kind in ("intervention", "arm")]
    about = frozenset((text.kind, text.number) for text, products, _ in named if products) or _not_controls(
        texts
    )
    found = list(named)
    acellular = any(text.kind == "intervention" and _ACELLULAR.search(text.text) for text in texts)
    if any(products for _, products, _ in named) or not acellular:
        found += [(text, *_cells_of(text)) for text in texts if text.kind == "title"]
    if not acellular and not any(products for _, products, _ in found):
        found = _of_sentences(texts)
    found += _tissues_told(texts, found)
    found = _without_bystanders(found)
    products = _with_tissues(_merged([product for _, made, _ in found for product in made]), texts)
    donors = [
        reading for _, made, readings in found if made for reading in readings if reading.name == "donor"
    ]
    if not donors and products:
        donors = _donors_told([text for text, made, _ in found if made])
    if not donors and products:
        donors = _donors_told([text for text in texts if text.kind == "summary"])
    names: set[str] = {str(reading.value) for reading in donors}
    donor: Donor | None = None
    if len(names) == 1:
        donor = "autologous" if "autologous" in names else "allogeneic"
    if len(names) > 1:
        donors = []
    once = {reading.value: reading for reading in reversed(donors)}
    return Products(tuple(replace(p, donor=donor) for p in products), tuple(once.values()), about)


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


def _of_sentences(texts: Texts) -> list[_Found]:
    """The cells that the sentences of the summary say are given."""
    parts = (part for text in texts if text.kind in ("summary", "description") for part in sentences(text))
    return [(part, *_cells_of(part)) for part in islice(parts, 40) if _GIVEN.search(part.text)]


def _tissues_told(texts: Texts, found: list[_Found]) -> list[_Found]:
    """Where no name of the cells says where they come from: the one tissue that the summary and description name."""
    if not any(products for _, products, _ in found):
        return []
    if any(product.tissue for _, products, _ in found for product in products):
        return []
    told = [one for one in _of_sentences(texts) if any(product.tissue for product in one[1])]
    tissues = {product.tissue.id for _, products, _ in told for product in products if product.tissue}
    return [(told[0][0], told[0][1], [])] if len(tissues) == 1 else []


def _donors_told(texts: Iterable[ProseText]) -> list[Reading]:
    """Who gave the cells, where it stands apart from their name in a sentence that names them."""
    made: list[Reading] = []
    for text in texts:
        for part in sentences(text):
            if len(part.text) <= _LONGEST and not _GRAFT.search(part.text) and _cells_of(part)[0]:
                made += [reading for reading in read_products(part.cell)[1] if reading.name == "donor"]
    return made


def _cells_of(text: ProseText) -> tuple[list[Product], list[Reading]]:
    products: list[Product] = []
    readings: list[Reading] = []
    for start, end in _phrases(text.text):
        made, others = read_products(part_of(text.cell, start, end))
        known = [product for product in made if product.cell_type or product.tissue]
        if not known and _OTHER_CELLS.search(text.text, start, end):
            known = list(made[-1:])
        products += known
        readings += others if known else ()
    return products, readings


def _phrases(text: str) -> Iterator[tuple[int, int]]:
    """Where cells are named that are given, with the words around them that say which."""
    last = 0
    for start, end in _names(text):
        before = text[max(0, start - 3 * _WINDOW) : start]
        if start < last or _BEHIND.match(text, end) or _NOT_GIVEN.search(before) or _is_looked_at(before):
            continue
        begin = max(last, start - _WINDOW)
        breaks = [m.end() for m in _BREAK.finditer(text, begin, start)]
        begin = breaks[-1] if breaks else begin
        while begin < start and begin and text[begin - 1].isalnum() and text[begin].isalnum():
            begin += 1
        last = _with_tissue(text, end)
        yield begin, last


def _is_looked_at(before: str) -> bool:
    """Whether cells are only examined, as the words before them say."""
    found = _LOOKED_AT.search(before)
    return found is not None and not _GIVEN.search(found[0])


def _names(text: str) -> list[tuple[int, int]]:
    """Where names of cells stand, those that a concept has and others, without overlap."""
    made = [(start, end) for start, end, _ in lexicon().find("cell_type", text)]
    others = [m.span() for m in _OTHER_CELLS.finditer(text)]
    made += [at for at in others if not any(at[0] < end and start < at[1] for start, end in made)]
    return sorted(made)


def _with_tissue(text: str, end: int) -> int:
    """The end of the tissue that stands behind the name of cells, else of the name."""
    m = _FROM.match(text, end)
    if m is None:
        return end
    tissue = next(iter(lexicon().find("tissue", text[m.end() : m.end() + 40])), None)
    return m.end() + tissue[1] if tissue and tissue[0] == 0 else end


def _merged(products: Iterable[Product]) -> tuple[Product, ...]:
    """Each kind of cells once; a general name beside a special one says nothing more."""
    made: dict[tuple[str | None, str | None], Product] = {}
    for product in products:
        tissue = product.tissue.id if product.tissue else None
        made.setdefault((product.cell_type.id if product.cell_type else None, tissue), product)
    kept = list(made.values())
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


def _is_msc(product: Product) -> bool:
    return bool(product.cell_type and "mesenchymal" in product.cell_type.label)
