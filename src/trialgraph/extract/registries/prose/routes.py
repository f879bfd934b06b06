"""By which way the cells are given, in the texts about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.extract.columns.administration.route import read_methods, read_routes
from trialgraph.extract.registries.prose.rules import PLACE
from trialgraph.extract.registries.prose.texts import ProseText, Texts, sentences
from trialgraph.model.reading import Reading, read
from trialgraph.terminology.lexicon import Concept, lexicon

__all__ = ["read_prose_routes"]

Routes = tuple[tuple[Concept | None, Reading], ...]
Methods = tuple[tuple[Concept, Reading], ...]
# What else is given or done by a way of its own.
_OTHER: Final = re.compile(
    r"\b(?:an[a]?esth\w*|sedat\w*|antibiotic\w*|heparin|hydrocortisone|(?:methyl)?prednisolone|dexamethasone|steroids?"
    r"|methotrexate|cyclophosphamide|paracetamol|acetaminophen|antihistamin\w*|chlorphen\w*|contrast|biops\w*|aspirat\w*"
    r"|harvest\w*|collected|blood samples?|catheteri[sz]ation|insulin|cyclosporin\w*|immunoglobulin|premedicat\w*"
    r"|pre-?medicated|mobili[sz]\w*|G-?CSF|ultrasound examination|pressure|insertion of|placebo|saline only)\b",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\b(?:cells?|[\w-]{0,15}MSCs?|inject\w*|infus\w*|administ\w*|transplant\w*|implant\w*|deliver\w*|appl\w*|instill\w*"
    r"|given|dos(?:e|es|ing)|treat\w*|therapy|route|receiv\w*|graft\w*)\b",
    re.IGNORECASE,
)
_GIVEN_INTO: Final = (
    r"\b(?:inject\w*|infus\w*|administ\w*|implant\w*|transplant\w*|deliver\w*|given)\b[^.;]{0,80}?"
    r"\b(?:in(?:to)?|through|via|by)(?: the| a| an| his| her| each| either| affected| target| central| peripheral)"
    r"{0,3} "
)
_PLACES: Final = {
    "intra-articular": r"(?:\w+ )?(?:joints?|knees?|hips?)(?: joint| space)?\b(?! muscle)",
    "intravenous": r"(?:\w+ )?(?:veins?|venous (?:line|catheter|access))\b(?<!portal vein)",
    "intramuscular": r"(?:\w+ ){0,2}muscles?\b(?<!heart muscle)(?<!cardiac muscle)",
    "intradiscal": r"(?:intervertebral )?dis[ck]s?\b",
    "intramyocardial": r"(?:myocardium|heart muscle|cardiac muscle)\b",
    "intrathecal": r"(?:cerebro ?spinal fluid|subarachnoid space|spinal canal)\b",
}
_INTO: Final = (
    *((name, re.compile(_GIVEN_INTO + place, re.IGNORECASE)) for name, place in _PLACES.items()),
    ("intrathecal", re.compile(r"\b(?:endolumbal\w*|intralumbar)\b", re.IGNORECASE)),
)
_CELLS: Final = re.compile(r"\b(?:cells?|[\w-]{0,15}MSCs?|[\w-]{0,15}SCs)\b", re.IGNORECASE)


def read_prose_routes(texts: Texts, about: frozenset[tuple[str, int]]) -> tuple[Routes, Methods]:
    """The routes, each once, of the first texts that name one: those about the cells, the titles, the summary."""
    near = [text for text in texts if (text.kind, text.number) in about]
    methods = _methods(near)
    for tier in (near, _of(texts, "title"), _of(texts, "summary"), _of(texts, "description")):
        if routes := _routes(tier):
            return routes, methods
    return (), methods


def _of(texts: Texts, kind: str) -> list[ProseText]:
    return [text for text in texts if text.kind == kind]


def _routes(texts: Sequence[ProseText]) -> Routes:
    made: dict[str, tuple[Concept | None, Reading]] = {}
    for text in texts:
        for part in sentences(text):
            if _OTHER.search(part.text) or not _GIVEN.search(part.text):
                continue
            if text.kind in ("summary", "description") and not _CELLS.search(part.text):
                continue
            for concept, reading in (*read_routes(part.cell), *_by_place(part)):
                if concept is not None:
                    made.setdefault(concept.id, (concept, reading))
    return tuple(made.values())


def _by_place(part: ProseText) -> Iterator[tuple[Concept, Reading]]:
    """Routes that are told by where the cells are given into."""
    for name, pattern in _INTO:
        mention = lexicon().lookup("route", name)
        if mention and (m := pattern.search(part.text)):
            yield mention.concept, read(part.cell, "route", m.span(), None, PLACE, mention)


def _methods(texts: Sequence[ProseText]) -> Methods:
    made: dict[str, tuple[Concept, Reading]] = {}
    for text in texts:
        if text.kind == "intervention":
            for concept, reading in read_methods(text.cell):
                made.setdefault(concept.id, (concept, reading))
    return tuple(made.values())
