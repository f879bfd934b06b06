"""Where a text names cells that are given, and which cells those are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.cell_source.products import read_products
from trialgraph.extract.registries.prose.texts import ProseText, part_of
from trialgraph.model.reading import Reading
from trialgraph.model.report import Product
from trialgraph.terminology.lexicon import lexicon

__all__ = ["GIVEN", "cells_of", "is_made_of", "names_cells_alone"]

# Where the phrase of a cell begins and ends.
_BREAK: Final = re.compile(
    r"[,;:()\[\]\n]|\.\s|\b(?:and|with|plus|versus|vs|using|receive\w*|given|injection of|infusion of|administ\w+ of"
    r"|transplantation of|implantation of|treated|by|via|will|be|is|are|was|were|which|that|to|for|in|on|at|after"
    r"|before|followed)\b",
    re.IGNORECASE,
)
# What is made of cells and is none, before the cells.
_MADE_OF: Final = re.compile(
    r"\b(?:exosomes?|exos|vesicles?|EVs?|secretome|conditioned (?:culture )?medi(?:um|a)|supernatants?|lysates?"
    r"|factors?)"
    r"(?: \([\w-]{1,12}\))?(?: (?:derived|isolated|obtained|secreted|released|collected|produced))? (?:of|from|by)"
    r"(?: [\w'-]{1,20}){0,6}[\s-]+$",
    re.IGNORECASE,
)
# Before a cell, what is not given: excluded, measured, harvested in order to make something else.
_NOT_GIVEN: Final = re.compile(
    r"\b(?:no|not|without|placebo|sham|exosomes?|vesicles?|secretome|conditioned medi(?:um|a)|derived from|supernatant"
    r"|lysate|history of|previous|prior|effects? on|markers? of|expression|of the patient's|counts? of|number of|T|B|NK"
    r"|dendritic|tumou?r|cancer|(?<!peripheral )(?<!cord )blood|white|red|epithelial|endothelial|beta|islet|lymphoma"
    r"|leuk[a]?emia|sickle|squamous|renal|small|large|giant|germ|mast|plasma|hair|sperm)[\s-]+$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"[\s-]*(?:exos?\b|exosomes?|vesicles?|EVs?\b|secretome|conditioned|supernatant|lysate|carcinoma|lymphoma"
    r"|leuk[a]?emia|growth factors?|tumou?rs?|disease|an[a]?emia|counts?|function|derived (?!from\b|of\b)\w|placebo"
    r"|-free|free\b|medium)",
    re.IGNORECASE,
)
GIVEN: Final = re.compile(
    r"\b(?:inject|infus|administ|transplant|implant|receiv|given|treat|therapy|deliver|appl|dos(?:e|es|ed|ing))",
    re.IGNORECASE,
)
# Cells that no concept names as a whole: "mesenchymal bone marrow cells", "total stromal cells".
_OTHER_CELLS: Final = re.compile(
    r"\b(?:mesenchym\w*|stromal|stem|progenitor|precursor|mononuclear|marrow|(?<=derived )regenerative"
    r"|regenerative(?= cells)"
    r")(?:[- ](?:bone|marrow|adipose|tissue|cord"
    r"|blood|stromal|stem|adult|derived|like|vascular|precursor|progenitor|mononuclear"
    r"|regenerative)){0,4}[- ](?:cells?|fraction)\b"
    r"|\bbone marrow (?:aspirate )?concentrate\b",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\s*[(\[]\s*")
# Marrow that is given as it is.
_MARROW: Final = re.compile(
    r"\b(?:autologous|allogene?ic|haploidentical) bone marrow(?= (?:transplant|infusion|injection|implant|graft)\w*)",
    re.IGNORECASE,
)
# A tissue behind the cells that come from it.
_FROM: Final = re.compile(
    r"\s*(?:cells )?(?:\([\w\s-]{1,30}\)\s*)?(?:(?:derived|obtained|isolated|harvested|extracted|sourced"
    r"|expanded) )?(?:from|of)"
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
# What may stand beside the name of cells, and says no more than which cells they are.
_WHICH: Final = re.compile(
    r"(?:[\s,()/-]|\b(?:autologous|allogene?ic|human|adult|derived|expanded|cultured|from|of|the|and)\b)*",
    re.IGNORECASE,
)
_WINDOW: Final = 90


def names_cells_alone(text: str) -> bool:
    """Whether a text names cells and nothing else: "Autologous Mesenchymal Stem Cells", not "Stem Cell Deficiency"."""
    cells = _names(text, is_name=False)
    rest = list(text)
    for start, end in [*cells, *((start, end) for start, end, _ in lexicon().find("tissue", text))]:
        rest[start:end] = " " * (end - start)
    return bool(cells) and _WHICH.fullmatch("".join(rest)) is not None


def cells_of(text: ProseText) -> tuple[list[Product], list[Reading]]:
    """The cells that a text says are given, and the readings of what else their names say: donor, code."""
    products: list[Product] = []
    readings: list[Reading] = []
    for start, end in _phrases(text.text, is_name=text.part in ("name", "label")):
        made, others = read_products(part_of(text.cell, start, end))
        known = [product for product in made if product.cell_type or product.tissue]
        if not known and _OTHER_CELLS.search(text.text, start, end):
            known = list(made[-1:])
        products += known
        readings += others if known else ()
    return products, readings


def _phrases(text: str, *, is_name: bool) -> Iterator[tuple[int, int]]:
    """Where cells are named that are given, with the words around them that say which.

    :param is_name: whether it is the name of an intervention or arm
    """
    last = left_out = 0
    for start, end in _names(text, is_name=is_name):
        before = text[max(0, start - 3 * _WINDOW) : start]
        # "exosomes of mesenchymal stem cells (MSCs)": the short name is of what the long one is.
        again = left_out and _IN_BRACKETS.fullmatch(text, left_out, start)
        if (
            start < last
            or again
            or _BEHIND.match(text, end)
            or _is_not_given(before)
            or _is_looked_at(before)
        ):
            left_out = end if start >= last else left_out
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
    return found is not None and not GIVEN.search(found[0])


def _names(text: str, *, is_name: bool) -> list[tuple[int, int]]:
    """Where names of cells stand, those that a concept has and others, without overlap."""
    made = [(start, end) for start, end, _ in lexicon().find("cell_type", text)]
    others = [m.span() for m in _OTHER_CELLS.finditer(text)]
    if is_name:
        others += [m.span() for m in _MARROW.finditer(text)]
    made += [at for at in others if not any(at[0] < end and start < at[1] for start, end in made)]
    return sorted(made)


def _with_tissue(text: str, end: int) -> int:
    """The end of the tissue that stands behind the name of cells, else of the name."""
    m = _FROM.match(text, end)
    if m is None:
        return end
    tissue = next(iter(lexicon().find("tissue", text[m.end() : m.end() + 40])), None)
    return m.end() + tissue[1] if tissue and tissue[0] == 0 else end


def is_made_of(before: str) -> bool:
    """Whether the words before cells, or before their tissue, name something that is made of them."""
    return _MADE_OF.search(before) is not None


def _is_not_given(before: str) -> bool:
    """Whether the words before cells say that these are not given."""
    return _NOT_GIVEN.search(before) is not None or is_made_of(before)
