"""Registration number: which registry, by the shape of its own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Link, Statement
from trialgraph.extract.text.confusables import find_confusables
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.extract.text.registries import SPELLED, find_numbers
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import Registration
from trialgraph.model.table import Cell
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, RESOLVED, TG
from trialgraph.rdf.vocabulary import REGISTRIES as PREFIX_OF

__all__ = ["COLUMN", "CONFUSABLE", "read_look_alikes", "read_registrations"]

BY_SHAPE: Final = rule(
    "registration.by-shape",
    "A number of a registry's own shape is that registry's, in any spelling in use; a placeholder is none.",
    example="ChiCTR-INR-17012462", gives="ChiCTR-INR-17012462", counter_example="107202",
)  # fmt: skip

BY_HEADING: Final = rule(
    "registration.digits-under-nct",
    "A whole cell of eight digits under a heading that is NCT and no more is such a number of ClinicalTrials.gov.",
    example="01151124", gives="NCT01151124", counter_example="1151124",
)  # fmt: skip

# Numbers of ClinicalTrials.gov begin with a nought.
_DIGITS: Final = re.compile(r"\s*(0\d{7})\s*", re.ASCII)
# Behind a name, under a heading that names both: "Study name, NCT number".
_DIGITS_BEHIND: Final = re.compile(r"[^\d\n]*[^\W\d][^\n]{0,60}[,;:(\n]\s*(0\d{7})\)?\s*", re.ASCII)
# Before a date or a reference: "01461213 (October 2011)".
_DIGITS_BEFORE: Final = re.compile(r"\s*(0\d{7})(?=\s*(?:[(\[;,\n]|$))", re.ASCII)
_OF_REGISTRY: Final = re.compile(r"\bNCT\b|clinical ?trials?\.gov", re.IGNORECASE)
_NCT: Final = re.compile(
    r"(?:NCT|ClinicalTrials\.gov)(?: ?(?:ID|numbers?|no\.?|identifiers?|#))?", re.IGNORECASE
)

CONFUSABLE: Final = rule(
    "registration.look-alike",
    "Characters that only look like those of a registry's number (letters of other alphabets, wide digits, unseen "
    "ones) are no number: they are kept as they stand, and no trial is known by them.",
    example="N\u0421T01741857", gives="", counter_example="NCT01741857",
)  # fmt: skip


def read_look_alikes(cell: Cell) -> tuple[Reading, ...]:
    """What only looks like a registry number, wherever it stands; it has no value."""
    return tuple(
        read(cell, "look_alike", (found.start, found.end), None, CONFUSABLE)
        for found in find_confusables(cell.text or "")
    )


def read_registrations(cell: Cell) -> tuple[Registration, ...]:
    """The registry numbers of a cell, in the order in which they are printed, each once."""
    made: dict[str, Registration] = {}
    if (bare := _DIGITS.fullmatch(cell.text or "")) and _NCT.fullmatch(cell.header.strip()):
        number = f"NCT{bare[1]}"
        reading = read(cell, "registration", bare.span(1), number, BY_HEADING)
        return (Registration("ClinicalTrials.gov", number, reading),)
    if _OF_REGISTRY.search(cell.header) and (before := _DIGITS_BEFORE.match(cell.text or "")):
        number = f"NCT{before[1]}"
        reading = read(cell, "registration", before.span(1), number, BY_HEADING)
        return (Registration("ClinicalTrials.gov", number, reading),)
    if "NCT" in cell.header and (behind := _DIGITS_BEHIND.fullmatch(cell.text or "")):
        number = f"NCT{behind[1]}"
        reading = read(cell, "registration", behind.span(1), number, BY_HEADING)
        return (Registration("ClinicalTrials.gov", number, reading),)
    for found in find_numbers(cell.text or ""):
        reading = read(cell, "registration", (found.start, found.end), found.number, BY_SHAPE)
        # Dashes and blanks may be of any kind; letters and digits that only look alike are no number.
        if normal_spelling(reading.verbatim):
            made.setdefault(found.number, Registration(found.register, found.number, reading))
    return tuple(made.values())


def normal_spelling(words: str) -> bool:
    """Whether letters and digits are ASCII."""
    return all(char.isascii() or not char.isalnum() for char in words)


def _fit(words: str) -> float:
    if SPELLED.fullmatch(words):
        return 12.0
    if (dash := blank_weight(words)) is not None:
        return dash - 1
    if SPELLED.match(words) and not SPELLED.sub("", words).strip(" ,;/and&()"):
        return 11.0
    return WRONG


def _read(cells: Sequence[Cell]) -> Extracted:
    found = [registration for cell in cells for registration in read_registrations(cell)]
    parts = {"registration": found[0] if found else None, "registrations": tuple(found)}
    return Extracted(parts, tuple(r.reading for r in found))


def _triples(nodes: Nodes) -> Iterator[Triple]:
    registration = nodes.report.registration
    if registration is None:
        return
    trial, registry = nodes.trial, iris.registry(registration.registry)
    if nodes.report.current_number:  # what the trial is called today is stated by the record that says so
        yield Triple(trial, TG.formerIdentifier, text(registration.identifier))
        return
    yield Triple(trial, DCTERMS.identifier, text(registration.identifier))
    yield Triple(trial, TG.registry, registry)
    yield Triple(registry, RDF.type, TG.Registry)
    yield Triple(registry, RDFS.label, text(registration.registry))
    if prefix := PREFIX_OF.get(registration.registry):
        yield Triple(trial, TG.registeredAs, iris.bioregistry(prefix, registration.identifier))
        if prefix in RESOLVED:
            yield Triple(trial, RDFS.seeAlso, iris.resolvable(prefix, registration.identifier))


def _links(nodes: Nodes) -> Iterator[Link]:
    if nodes.report.registration:
        yield nodes.trial, nodes.report.registration.reading


def _whole(words: str) -> bool:
    return SPELLED.fullmatch(words) is not None


COLUMN: Final = ColumnType(
    field="registration",
    order=100,
    headings=r"(?:(?:clinical )?(?:trial|trials|study|registry|registration|nct|clinicaltrials\.gov|clinicaltrials"
    r"|clinical trials\.gov"
    r"|clinicaltrials\.gov nct|protocol|register|chictr|eudract|isrctn|who ictrp|trial registry)? ?(?:registration"
    r"|registry|register"
    r"|registered|trial)? ?(?:numbers?|nos?\.?|nr\.?|ids?|ids?\.|identifiers?|codes?|#)|(?:clinical )?(?:trial "
    r"|study )?"
    r"(?:registration|registry|register)(?: ?(?:/|and|,) ?(?:number|id|country|status))?|nct|ncts|nctid"
    r"|nct ?number|isrctn|chictr|eudract|umin|irct|ctri|jrct|drks|anzctr|actrn|euctr"
    r"|(?:ct|clinicaltrial|clinicaltrials|clinical trial|clinical trials)\.?gov(?:\.us)? ?(?:numbers?"
    r"|nos?\.?|ids?|identifiers?|codes?)?"
    r"|(?:clinical ?trials?|trial|study)(?:\.gov)? ?(?:registration|registry|register|identification"
    r"|reg)?(?: ?(?:numbers?|nos?\.?|ids?"
    r"|identifiers?|codes?))|clinicaltrials\.gov|registered (?:number|id)|(?:number|id"
    r"|identifier) of (?:the )?(?:trial|registration"
    r"|study|registry)|(?:trial|study) registered|id(?:entification)? (?:numbers?|nos?\.?)"
    r"|(?:ct|nct|unique|trial) ?(?:numbers?|identifiers?|ids?|no\.?)|nct #?\w?|registration (?:number|no\.?"
    r"|id)s? ?/ ?(?:name|nct)|identifier)",
    shape=CellShape(empty=-1.0, longest=120, fits=whole_cell(_fit), most=12.0),
    read=_read,
    flat=(
        FlatColumn(
            "registry",
            "ClinicalTrials.gov, ChiCTR, …; empty where no number is printed",
            lambda report: report.registration.registry if report.registration else None,
        ),
        FlatColumn(
            "registration_ids",
            "all registry numbers that are printed",
            lambda report: [r.identifier for r in report.registrations],
            several=True,
        ),
        FlatColumn(
            "registration_id",
            "the number in that registry",
            lambda report: report.registration.identifier if report.registration else None,
        ),
    ),
    whole=_whole,
    filler=frozenset(
        [
            "registration",
            "registered",
            "registry",
            "trial",
            "trials",
            "number",
            "no",
            "id",
            "identifier",
            "identifiers",
            "clinicaltrials",
            "gov",
            "nct",
            "eudract",
            "euctr",
            "ctis",
            "chictr",
            "isrctn",
        ]
    ),
    triples=_triples,
    links=_links,
    statements=(Statement("registration", TG.Trial, DCTERMS.identifier),),
    valued=("registration",),
    other_readings=("look_alike",),
    patterns={"registration": SPELLED},
)
