"""A trial -> tables of its arms, of its doses among those of all reports, and of the values it shares with others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.base.readable import amount
from trialgraph.http.lookup import whole_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.dose_text import dose_bounds, dose_size, dose_unit
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import RDF, TG
from trialgraph.release.lists.facets import FACETS
from trialgraph.release.lists.queries import REPORTED_DOSES
from trialgraph.views.figures.dose_strip import DoseStrip, dose_strip

__all__ = [
    "ArmSize",
    "DosePlace",
    "Doses",
    "SharedValue",
    "arms_of",
    "doses_among",
    "doses_of",
    "role_of",
    "shared_values",
]

#: Facets whose values are listed as shared; outcomes are too many.
SHARED: Final = tuple(facet for facet in FACETS if facet.name not in ("outcome", "conflict", "registry"))


@dataclass(frozen=True, slots=True)
class ArmSize:
    """An arm of a report, with its number of patients where it is stated."""

    label: str
    patients: int | None


@dataclass(frozen=True, slots=True)
class DosePlace:
    """A dose level, and how many of the different doses of all reports are lower and higher."""

    label: str
    lower: int
    higher: int


@dataclass(frozen=True, slots=True)
class Doses:
    """The dose levels of a report in one unit and on one basis.

    :param reported: how many different doses all reports state in this unit and on this basis
    :param lowest: of these, as text
    :param highest: of these, as text
    :param strip: all of them in a picture, where there is something to compare
    """

    unit: str
    levels: tuple[DosePlace, ...]
    reported: int
    lowest: str
    highest: str
    strip: DoseStrip | None = None


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value of a trial, and how many other trials have it or a narrower one.

    :param href: the page of the value
    :param others_href: the list of these trials, this one included
    """

    facet: str
    label: str
    href: str
    others: int
    others_href: str


def arms_of(stated: TrialStatements, report: str) -> Iterator[ArmSize]:
    """The arms of a report."""
    for arm in stated.iris(report, TG.hasArm):
        number = stated.text(arm, TG.enrolled)
        label = spelled_out(stated.text(arm, TG.asReported)) or role_of(stated, arm)
        yield ArmSize(label, int(number) if number else None)


def role_of(stated: TrialStatements, arm: str) -> str:
    """What an arm without a name is called."""
    kinds = stated.iris(arm, RDF.type)
    if TG.ControlArm.value in kinds:
        return "control"
    return "treatment" if TG.TreatmentArm.value in kinds else "arm"


def doses_of(stated: TrialStatements, report: str) -> Iterator[Doses]:
    """The dose levels of a report, by unit and basis."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for given in stated.iris(report, TG.hasIntervention):
        for level in stated.iris(given, TG.hasDoseLevel):
            by_unit[stated.text(level, TG.ucumCode)].append(level)
    for unit, levels in by_unit.items():
        named = [(dose_size(stated, level), *dose_bounds(stated, level)) for level in levels]
        yield doses_among(named, _reported().get(unit, ()), dose_unit(stated, levels[0]))


def doses_among(
    levels: Sequence[tuple[str, Decimal, Decimal]], reported: Sequence[Decimal], unit: str
) -> Doses:
    """Dose levels among the doses of all reports in the same unit and on the same basis.

    :param levels: label, low and high of each
    :param reported: the different doses of all reports, by their lower ends, in order
    """
    made = tuple(
        DosePlace(label, bisect_left(reported, low), len(reported) - bisect_right(reported, high))
        for label, low, high in levels
    )
    ends = (min(reported), max(reported)) if reported else ()
    lowest, highest = map(amount, ends) if ends else ("", "")
    return Doses(unit, made, len(reported), lowest, highest, dose_strip(levels, reported))


def shared_values(stated: TrialStatements) -> Iterator[SharedValue]:
    """The values of a trial by which other trials are found."""
    found = index_of_trials()
    for facet in SHARED:
        for iri in stated.iris(stated.iri, NamedNode(facet.link)):
            others = (found.count(facet.name, iri) or 1) - 1
            near = list_address(**{facet.name: [iri]})
            yield SharedValue(facet.title, stated.label(iri), address(iri, known=True), others, near)


def _reported() -> dict[str, tuple[Decimal, ...]]:
    """By UCUM code, which has unit and basis, the lower ends of all dose levels of the release."""

    def make() -> dict[str, tuple[Decimal, ...]]:
        held: dict[str, set[Decimal]] = defaultdict(set)
        for row in whole_rows(REPORTED_DOSES):
            held[text_of(row["unit"])].add(Decimal(text_of(row["low"])))
        return {unit: tuple(sorted(doses)) for unit, doses in held.items()}

    return site().once("doses", make)
