"""Values by name of two reports: phases, diseases, tissues, donors, products, routes, statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from trialgraph.extract.comparisons.amounts import own_readings
from trialgraph.extract.comparisons.lineage import is_broader
from trialgraph.extract.comparisons.outcome import (
    AGREES,
    Earlier,
    Outcome,
    Stated,
    compare_sets,
    differs,
    not_comparable,
)
from trialgraph.model.reading import Reading
from trialgraph.model.report import Condition, TrialReport
from trialgraph.rdf import iris
from trialgraph.terminology.lexicon import Concept, fold

__all__ = [
    "compare_diseases",
    "compare_donors",
    "compare_phases",
    "compare_products",
    "compare_results",
    "compare_routes",
    "compare_statuses",
    "compare_tissues",
    "state_diseases",
    "state_donors",
    "state_phase",
    "state_products",
    "state_results",
    "state_routes",
    "state_status",
    "state_tissues",
]


class _Known(NamedTuple):
    """A value: its concept where there is one, and what it is called."""

    concept: Concept | None
    label: str
    printed: bool = False

    @property
    def key(self) -> str:
        return self.concept.curie if self.concept else fold(self.label)


def _stated(found: Iterable[_Known], readings: Iterable[Reading]) -> Stated | None:
    by_key = {one.key: one for one in found}
    words = "|".join(one.label for one in by_key.values())
    printed = any(one.printed for one in by_key.values())
    return Stated(by_key, words, tuple(dict.fromkeys(readings)), printed) if by_key else None


def _labels(side: Stated) -> dict[str, str]:
    return {key: one.label for key, one in side.value.items()}


def _sets(left: Stated, right: Stated, _: Earlier) -> Outcome:
    return compare_sets(_labels(left), _labels(right))


# ---- phase


def state_phase(report: TrialReport) -> Stated | None:
    """The phases of a report."""
    if report.phase is None:
        return None
    return Stated(report.phase, report.phase, own_readings(report, "phase"))


def compare_phases(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """The numbers of the phases."""
    numbers = [set(re.findall(r"\d", side.value)) for side in (left, right)]
    if numbers[0] != numbers[1]:
        return differs("major")
    return AGREES if left.value == right.value else Outcome("agrees", None, "one names the part of the phase")


# ---- disease


def state_diseases(report: TrialReport) -> Stated | None:
    """The conditions of a report."""
    if not report.conditions:
        return None
    words = "|".join(c.disease.label if c.disease else c.as_reported for c in report.conditions)
    readings = tuple(dict.fromkeys(c.reading for c in report.conditions))
    return Stated(report.conditions, words, readings, any(c.disease is None for c in report.conditions))


def compare_diseases(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """The terms of the diseases; qualifiers and sites on one side are told."""
    sides = [left.value, right.value]
    if any(c.disease is None for side in sides for c in side):
        words = [{fold(c.as_reported.strip()) for c in side} for side in sides]
        return AGREES if words[0] == words[1] else not_comparable("a disease is not linked to a term")
    terms = [{c.disease.curie: c.disease for c in side} for side in sides]
    if terms[0].keys() == terms[1].keys():
        besides = [_besides(side) for side in sides]
        only = (besides[0] | besides[1]) - (besides[0] & besides[1])
        return Outcome("agrees", None, f"only one says {', '.join(sorted(only))}") if only else AGREES
    labels = [{key: one.label for key, one in side.items()} for side in terms]
    found = compare_sets(labels[0], labels[1])
    ones, others = (list(side.values()) for side in terms)
    if found.severity == "major" and _hang_together(ones, others):
        return differs("minor", "one is narrower than the other")
    return found


def _besides(conditions: Iterable[Condition]) -> set[str]:
    said = {qualifier.label for c in conditions for qualifier in c.qualifiers}
    return said | {c.site.label for c in conditions if c.site}


def _hang_together(ones: list[Concept], others: list[Concept]) -> bool:
    """Whether each disease of either side is above or below one of the other side."""

    def related(one: Concept, other: Concept) -> bool:
        return one == other or is_broader(one, other) or is_broader(other, one)

    return all(any(related(a, b) for b in others) for a in ones) and all(
        any(related(a, b) for a in ones) for b in others
    )


# ---- cells


def state_tissues(report: TrialReport) -> Stated | None:
    """The tissues that the cells of a report come from."""
    with_tissue = [p for p in report.products if p.tissue]
    return _stated(
        (_Known(p.tissue, p.tissue.label) for p in with_tissue if p.tissue), (p.reading for p in with_tissue)
    )


def compare_tissues(left: Stated, right: Stated, _: Earlier) -> Outcome:
    """Tissues, where a broader word is no difference."""
    known: dict[str, _Known] = {**left.value, **right.value}

    def broader(wide: str, narrow: str) -> bool:
        one, other = known[wide].concept, known[narrow].concept
        return bool(one and other and is_broader(one, other))

    return compare_sets(_labels(left), _labels(right), broader)


def state_donors(report: TrialReport) -> Stated | None:
    """Autologous, allogeneic or both."""
    donors = (_Known(None, p.donor) for p in report.products if p.donor)
    return _stated(donors, own_readings(report, "donor") or (p.reading for p in report.products if p.donor))


compare_donors: Final = _sets


def state_products(report: TrialReport) -> Stated | None:
    """Codes of cell products, and names of products that are no cells."""
    found: dict[str, _Known] = {}
    rest: list[Reading] = []
    for product in report.products:
        name = product.code if product.kind == "cells" else product.label
        if name:
            known = _Known(product.concept, name, product.kind != "cells" and product.concept is None)
            found[product.concept.curie if product.concept else iris.code_slug(name)] = known
            rest.append(product.reading)
    words = "|".join(one.label for one in found.values())
    printed = any(one.printed for one in found.values())
    return Stated(found, words, tuple(dict.fromkeys(rest)), printed) if found else None


compare_products: Final = _sets


def state_routes(report: TrialReport) -> Stated | None:
    """All routes, of all interventions."""
    routes = [route for given in report.interventions for route in given.routes]
    known = (
        _Known(concept, concept.label if concept else reading.verbatim, concept is None)
        for concept, reading in routes
    )
    return _stated(known, (reading for _, reading in routes))


compare_routes: Final = _sets


# ---- statuses

#: How far a trial has come: a later source may rightly give a later one.
_STAGES: Final = {"published": 2, "terminated": 2, "withdrawn": 2, "completed": 2, "not published": 1}


def _explained(left: str, right: str, earlier: Earlier) -> bool:
    if earlier is None:
        return False
    first, last = (left, right) if earlier == "left" else (right, left)
    before, after = _STAGES.get(first, 0), _STAGES.get(last, 0)
    return before < after or before == after == 0


_IN_TIME: Final = "it may have changed between the dates of the sources"


def state_results(report: TrialReport) -> Stated | None:
    """Whether results are published."""
    if report.results_status is None:
        return None
    readings = own_readings(report, "results_status")
    return Stated(
        report.results_status,
        report.results_status,
        readings or ((report.results_reading,) if report.results_reading else ()),
    )


def compare_results(left: Stated, right: Stated, earlier: Earlier) -> Outcome:
    """Whether results are published, by the dates of the sources."""
    if left.value == right.value:
        return AGREES
    if _explained(left.value, right.value, earlier):
        return not_comparable(_IN_TIME)
    return differs("major" if {left.value, right.value} == {"published", "not published"} else "minor")


def state_status(report: TrialReport) -> Stated | None:
    """The recruitment status."""
    found = [v for v in report.values.get("status", ()) if isinstance(v.value, Concept)]
    known = (_Known(v.value, v.value.label) for v in found if isinstance(v.value, Concept))
    return _stated(known, (v.reading for v in found))


def compare_statuses(left: Stated, right: Stated, earlier: Earlier) -> Outcome:
    """The recruitment status, by the dates of the sources."""
    if left.value.keys() == right.value.keys():
        return AGREES
    if _explained(left.words, right.words, earlier):
        return not_comparable(_IN_TIME)
    return differs("minor")
