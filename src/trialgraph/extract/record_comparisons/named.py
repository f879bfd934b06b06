"""Phases, diseases, cells and routes of a record beside those of another report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.columns.disease import read_conditions
from trialgraph.extract.comparisons.lineage import is_broader
from trialgraph.extract.comparisons.named import (
    compare_diseases,
    compare_donors,
    compare_routes,
    compare_tissues,
    state_diseases,
    state_phase,
)
from trialgraph.extract.comparisons.outcome import (
    AGREES,
    Outcome,
    Stated,
    differs,
    not_comparable,
)
from trialgraph.extract.record_comparisons.pair import Pair, of_study, record_of
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Condition, TrialReport
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept

__all__ = [
    "compare_conditions",
    "compare_donor_types",
    "compare_registered_phases",
    "compare_routes_of_records",
    "compare_tissue_sources",
    "state_conditions",
    "state_registered_phase",
]

#: The registry calls phase 0 "early phase 1".
_ZERO: Final = frozenset({"0", "early 1"})
#: A condition that is what is given, or that it is given.
_INTERVENTION: Final = re.compile(
    r"\b(?:stem|stromal|progenitor) cells?\b|\bMSCs?\b|\btransplant(?:ation|s)?\b|\binfusions?\b|\bexosomes?\b"
    r"|\bsafety\b|\btherap(?:y|ies)\b|\btreatments?\b",
    re.IGNORECASE,
)


# ---- phase


def state_registered_phase(report: TrialReport) -> Stated | None:
    """The phases of a report; of a record those of its field, with the sub-phase that its title states."""
    stated = state_phase(report)
    record = record_of(report)
    if stated is None or record is None:
        return stated
    titled = [r for r in report.readings if r.name == "phase" and r.value is not None]
    words = f"{stated.words} ({titled[0].value} in the title)" if titled else stated.words
    return Stated(stated.value, words, tuple(titled[:1]), facts=of_study(record, "registeredPhase"))


def compare_registered_phases(left: Stated, right: Stated, _: Pair) -> Outcome:
    """The phases, a and b aside."""
    one, other = (_phases(side.value) for side in (left, right))
    if one != other:
        return differs("major")
    if left.value == right.value:
        return AGREES
    if one == {"0"}:
        return Outcome("agrees", None, "early phase 1 is what the registry calls phase 0")
    return Outcome("agrees", None, "one names the part of the phase")


def _phases(code: str) -> set[str]:
    return {"0" if part in _ZERO else re.sub(r"[a-c]$", "", part) for part in code.split("/")}


# ---- disease


def state_conditions(report: TrialReport) -> Stated | None:
    """The conditions of a report without those of a record that are no diseases but what is given."""
    kept = tuple(c for c in report.conditions if not (record_of(report) and _is_intervention(c)))
    if len(kept) == len(report.conditions) or not kept:
        return state_diseases(report)
    words = "|".join(c.disease.label if c.disease else c.as_reported for c in kept)
    printed = any(c.disease is None for c in kept)
    return Stated(kept, words, tuple(dict.fromkeys(c.reading for c in kept)), printed)


def _is_intervention(condition: Condition) -> bool:
    return condition.disease is None and bool(_INTERVENTION.search(condition.as_reported))


def compare_conditions(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """The terms of the diseases. What is linked to no term is no difference where the others agree."""
    linked = [tuple(c for c in side.value if c.disease) for side in (left, right)]
    unlinked = [len(some) < len(side.value) for some, side in zip(linked, (left, right), strict=True)]
    if not any(unlinked) or not all(linked):
        return _related(left, right, pair)
    sides = [
        Stated(some, side.words, side.readings) for some, side in zip(linked, (left, right), strict=True)
    ]
    found = _related(sides[0], sides[1], pair)
    if found.verdict == "agrees":
        return Outcome("agrees", None, found.note or "another condition is linked to no term")
    return not_comparable("a disease is not linked to a term")


def _related(left: Stated, right: Stated, pair: Pair) -> Outcome:
    """As of two reviews; a record may list more than the review, and its terms of MeSH may be nearer than its words."""
    found = compare_diseases(left, right, None)
    record = record_of(pair.right) or record_of(pair.left)
    if found.verdict != "differs" or record is None or len(pair.records) > 1:
        return found
    sides = [{c.disease.curie: c.disease for c in side.value if c.disease} for side in (left, right)]
    review, registered = sides if record is pair.right else sides[::-1]
    if review.keys() < registered.keys():
        more = ", ".join(one.label for curie, one in registered.items() if curie not in review)
        return Outcome("agrees", None, f"the registry names {more}, too")
    indexed = {c.disease.curie: c.disease for c in _mesh_terms(record) if c.disease}
    if review.keys() <= indexed.keys():
        terms = ", ".join(indexed[curie].label for curie in review)
        return Outcome("agrees", None, f"the registry's term of MeSH is {terms}")
    return found


def _mesh_terms(record: RecordReport) -> Iterator[Condition]:
    """The diseases that the registry's own terms of MeSH for the conditions are."""
    for fact in record.of("condition-mesh", "term"):
        text = str(fact.value)
        cell = Cell("", "disease", "disease", 0, text, 0, len(text), address=record.record.place(fact))
        yield from read_conditions(cell.in_normal_form())


def _hangs(one: Concept, other: Concept) -> bool:
    return is_broader(one, other) or is_broader(other, one)


# ---- cells and routes


def compare_tissue_sources(left: Stated, right: Stated, _: Pair) -> Outcome:
    """Tissues, as of two reviews."""
    return compare_tissues(left, right, None)


def compare_donor_types(left: Stated, right: Stated, _: Pair) -> Outcome:
    """Donors, as of two reviews."""
    return compare_donors(left, right, None)


def compare_routes_of_records(left: Stated, right: Stated, _: Pair) -> Outcome:
    """Routes, as of two reviews; words that no concept covers cannot be compared."""
    if left.printed or right.printed:
        shared = left.value.keys() == right.value.keys()
        return AGREES if shared else not_comparable("a route is linked to no concept")
    found = compare_routes(left, right, None)
    if found.verdict == "differs" and _broader(left, right):
        return Outcome("agrees", None, "one is a broader word for the other")
    return found


def _broader(left: Stated, right: Stated) -> bool:
    ones, others = ([known.concept for known in side.value.values()] for side in (left, right))
    return len(ones) == len(others) == 1 and _hangs(ones[0], others[0])
