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
_ORAL: Final = "tgc:oral"
_GIVEN_LOCALLY: Final = r"(?:inject|infus|admin|appl[iy]|implant|transplant|deliver|instill)\w*"
_LOCAL_BEFORE: Final = re.compile(rf"\b{_GIVEN_LOCALLY}\s+(?:\w+ )?$", re.IGNORECASE)
_LOCAL_BEHIND: Final = re.compile(rf"\s+(?:\w+ )?{_GIVEN_LOCALLY}", re.IGNORECASE)
# Tablets beside a transplantation are taken by mouth, cells hardly ever.
_CELLS_ORALLY: Final = re.compile(
    r"\b(?:cells?|[\w-]{0,15}MSCs?)\b(?:[ ,]+(?!mg\b)[\w-]+){0,5}[ ,]+(?:per os|by mouth|oral)", re.IGNORECASE
)
Methods = tuple[tuple[Concept, Reading], ...]
# What else is given or done by a way of its own.
_OTHER: Final = re.compile(
    r"\b(?:an[a]?esth\w*|sedat\w*|antibiotic\w*|heparin|hydrocortisone|(?:methyl)?prednisolone|dexamethasone"
    r"|steroids?"
    r"|methotrexate|cyclophosphamide|paracetamol|acetaminophen|antihistamin\w*|chlorphen\w*|contrast|biops\w*"
    r"|aspirat\w*"
    r"|harvest\w*|collected|blood samples?|catheteri[sz]ation|insulin|cyclosporin\w*|immunoglobulins?"
    r"|immune globulins?|IVIG|premedicat\w*"
    r"|pre-?medicated|mobili[sz]\w*|G-?CSF|ultrasound examination|pressure|insertion of|placebo|saline only)\b",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"\b(?:cells?|[\w-]{0,15}MSCs?|inject\w*|infus\w*|administ\w*|transplant\w*|implant\w*|deliver\w*|appl\w*"
    r"|instill\w*"
    r"|given|dos(?:e|es|ing)|treat\w*|therapy|route|receiv\w*|graft\w*)\b",
    re.IGNORECASE,
)
_GIVEN_INTO: Final = (
    r"\b(?:inject\w*|infus\w*|administ\w*|implant\w*|transplant\w*|deliver\w*|given)\b[^.;]{0,80}?"
    r"\b(?:in(?:to)?|through|via|by)(?: the| a| an| his| her| each| either| affected| target| central| peripheral)"
    r"{0,3} "
)
# A drug, by its mass.
_MASS: Final = re.compile(r"\d ?(?:mg|[µμu]g|mcg|g|IU)(?:\b|/)")
_PLACES: Final = {
    "intra-articular": r"(?:\w+ )?(?:joints?|knees?|hips?)(?: joint| space)?\b(?! muscle)",
    "intravenous": r"(?:\w+ )?(?:veins?|venous (?:line|catheter|access))\b(?<!portal vein)",
    "intramuscular": r"(?:\w+ ){0,2}muscles?\b(?<!heart muscle)(?<!cardiac muscle)",
    "intradiscal": r"(?:intervertebral )?dis[ck]s?\b",
    "intramyocardial": r"(?:myocardium|heart muscle|cardiac muscle)\b",
    "subcutaneous": r"subcutaneous (?:fat|fatty tissue|adipose tissue|tissues?|layers?)\b",
    "intrathecal": r"(?:cerebro ?spinal fluid|subarachnoid space|spinal canal)\b",
}
_INTO: Final = (
    *((name, re.compile(_GIVEN_INTO + place, re.IGNORECASE)) for name, place in _PLACES.items()),
    ("intrathecal", re.compile(r"\b(?:endolumbal\w*|intralumbar)\b", re.IGNORECASE)),
)
# A part of the body: "buccal fat pad", "oral mucosa".
_OF_TISSUE: Final = re.compile(
    r"\s+(?:fat|mucos\w*|epitheli\w*|pads?|cavity|septum|swabs?|smears?)\b", re.IGNORECASE
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
            cells, drug = _CELLS.search(part.text) is not None, _MASS.search(part.text) is not None
            told = (one for one in read_routes(part.cell) if not _is_of_tissue(part, one[1]))
            for concept, reading in (*told, *_by_place(part)):
                if concept is None or (drug and not cells):
                    continue
                if reading.verbatim.lower().startswith("local") and not _is_given_locally(part, reading):
                    continue
                if concept.id == _ORAL and not _CELLS_ORALLY.search(part.text):
                    continue
                made.setdefault(concept.id, (concept, reading))
    return _without_local(tuple(made.values()))


def _is_of_tissue(part: ProseText, reading: Reading) -> bool:
    """Whether the word of a route says which part of the body: the route would be "intra…" or "trans…"."""
    return bool(_OF_TISSUE.match(part.text, part.cell.local(reading.end)))


def _is_given_locally(part: ProseText, reading: Reading) -> bool:
    """Whether "local" says how something is given: not "local immunity", "acts locally"."""
    start, end = part.cell.local(reading.start), part.cell.local(reading.end)
    before = _LOCAL_BEFORE.search(part.text, max(0, start - 40), start)
    return bool(before or _LOCAL_BEHIND.match(part.text, end) or " " in reading.verbatim)


def _without_local(routes: Routes) -> Routes:
    """Without "local" where another route says where."""
    told = tuple(one for one in routes if not one[1].verbatim.lower().startswith("local"))
    return told or routes


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
