"""What a trial plans to measure, with what that measures and which other trials do, and what its report found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from trialgraph.base.readable import amount
from trialgraph.http.lookup import iri_of, whole_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_statements import ReadingLink, TrialStatements
from trialgraph.http.pages.resources.trial.trial_values import finding_effect
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.lists.queries import MEASURES
from trialgraph.views.flags import Flag
from trialgraph.views.names import Name, name_of

__all__ = ["ListedOutcome", "TrialFinding", "findings_of", "outcomes_of"]


@dataclass(frozen=True, slots=True)
class ListedOutcome:
    """A planned outcome.

    :param printed: the words of the source, and where they stand
    :param measures: what it measures, in words; empty where that is not known
    :param others: how many other trials plan to measure it
    :param inner: the source lists it in brackets behind another
    """

    name: Name
    href: str
    printed: tuple[ReadingLink, ...]
    flags: tuple[Flag, ...]
    measures: str
    others: int
    others_href: str
    inner: bool


@dataclass(frozen=True, slots=True)
class TrialFinding:
    """What a report states of a measure.

    :param said: direction, benefit, certainty, effect and time, as they were read
    """

    statement: str
    href: str
    measure: Name | None
    measure_href: str
    said: str
    flags: tuple[Flag, ...]


def outcomes_of(stated: TrialStatements, report: str) -> Iterator[ListedOutcome]:
    """The planned outcomes of a report, in the order of the source."""
    index = index_of_trials()
    for item in stated.iris(report, TG.plansOutcome):
        sources = stated.sources(item)
        inner = bool(stated.iris(item, TG.listedUnder))
        words = spelled_out(stated.text(item, TG.asReported))
        linked = stated.iris(item, TG.ofMeasure)
        for iri in linked:
            others = (index.count("outcome", iri) or 1) - 1
            yield ListedOutcome(
                name_of(iri, stated.label(iri)),
                address(iri, known=True),
                sources.printed,
                sources.flags,
                ", ".join(_measures().get(iri, ())),
                others,
                list_address(outcome=[iri]),
                inner,
            )
        if not linked:
            yield ListedOutcome(Name(words), address(item), sources.printed, sources.flags, "", 0, "", inner)


def findings_of(stated: TrialStatements, report: str) -> Iterator[TrialFinding]:
    """The findings of a report, in the order of the source."""
    for finding in stated.iris(report, TG.hasFinding):
        sources = stated.sources(finding)
        measures = stated.iris(finding, TG.ofMeasure)
        said = [stated.label(iri) for iri in stated.iris(finding, TG.valueDirection, TG.benefit)]
        said += [
            stated.label(iri) for iri in stated.iris(finding, TG.certainty) if not iri.endswith("/as-stated")
        ]
        said += finding_effect(stated, finding)
        said += [f"at {amount(Decimal(text_of(t)))} months" for t in stated.all(finding, TG.atMonths)]
        yield TrialFinding(
            spelled_out(stated.text(finding, TG.statement)),
            next((link.href for link in sources.printed), address(finding)),
            name_of(measures[0], stated.label(measures[0])) if measures else None,
            address(measures[0], known=True) if measures else "",
            ", ".join(said),
            sources.flags,
        )


def _measures() -> dict[str, list[str]]:
    """What each outcome measures, by the outcome ladder; gathered once."""

    def make() -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for row in whole_rows(MEASURES):
            made.setdefault(iri_of(row["outcome"]), []).append(text_of(row["label"]))
        return made

    return site().once("measures", make)
