"""Reports of different sources that may be of one trial, with what speaks for it: for a reviewer, never merged.

Reports are put together by what they share (blocking), not compared all with all: work and output grow with the number
of reports. What more reports share than :data:`MOST_SHARING` tells no two trials apart; it is left out and told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from trialgraph.extract.comparisons.citations import Citations, citations_of
from trialgraph.extract.comparisons.named import state_products, state_tissues
from trialgraph.extract.comparisons.pairs import SourceFacts, compare_pair, in_order
from trialgraph.model.comparison import Comparison, SameTrialEvidence, SameTrialProposal
from trialgraph.model.report import Report

__all__ = ["EVIDENCE_KINDS", "MOST_SHARING", "Crowd", "propose"]

#: Reports that share one thing; more are too many for it to mean one trial.
MOST_SHARING: Final = 12

#: What may speak for one trial, the strongest first.
EVIDENCE_KINDS: Final[dict[str, str]] = {
    "registry-number": "One registry number among those that both rows print.",
    "publication": "One DOI or PubMed id among those that both rows cite.",
    "reference-number": "One entry in one list of references: the tables are of one publication.",
    "author-and-year": "The same first author and year of the cited publication.",
    "enrolment-and-author": "The same number of patients and the same first author.",
    "disease-enrolment-product": "The same disease, number of patients, and tissue or product.",
    "reviewer": "A reviewer's decision.",
}
#: Of these, each may well be chance: an unrelated disease tells two trials apart.
_WEAK: Final = frozenset({"author-and-year", "enrolment-and-author", "disease-enrolment-product"})
#: The others hold whatever the registry numbers say: one of them may be misprinted.
_STRONG: Final = EVIDENCE_KINDS.keys() - _WEAK

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Something that too many reports share to be proposed.

    :param reports: how many share it
    """

    evidence: SameTrialEvidence
    reports: int


def propose(
    reports: Iterable[Report], facts: Mapping[str, SourceFacts]
) -> tuple[tuple[SameTrialProposal, ...], tuple[Crowd, ...]]:
    """The proposals, in the order of their reports, and what is left out."""
    shared: dict[Key, list[Report]] = defaultdict(list)
    for report in in_order(reports, facts):
        for key in dict.fromkeys(_keys(report, facts)):
            shared[key].append(report)
    pairs: dict[tuple[str, str], tuple[Report, Report, list[SameTrialEvidence]]] = {}
    crowds: list[Crowd] = []
    for key, sharing in shared.items():
        if len({report.source for report in sharing}) < 2:
            continue
        if len(sharing) > MOST_SHARING:
            if len({report.trial_key for report in sharing}) > 1:
                crowds.append(Crowd(_evidence(key, sharing[0]), len(sharing)))
            continue
        for left, right in combinations(sharing, 2):
            if left.source != right.source and left.trial_key != right.trial_key:
                held = pairs.setdefault((left.key, right.key), (left, right, []))
                held[2].append(_evidence(key, left))
    made = (_proposal(left, right, evidence, facts) for left, right, evidence in pairs.values())
    return tuple(filter(None, made)), tuple(crowds)


def _keys(report: Report, facts: Mapping[str, SourceFacts]) -> Iterator[Key]:
    """What the report may share with another one of its trial."""
    cited = citations_of(report)
    for registration in report.registrations:
        yield "registry-number", registration.identifier
    for publication in cited.publications:
        yield "publication", publication
    if doi := facts.get(report.source, SourceFacts()).doi:
        for number in report.references:
            yield "reference-number", doi, str(number)
    if cited.author:
        yield from _by_author(report, cited)
    if report.n_total:
        yield from _by_disease(report, str(report.n_total))


def _by_author(report: Report, cited: Citations) -> Iterator[Key]:
    if cited.year:
        yield "author-and-year", cited.author, cited.year
    if report.n_total:
        yield "enrolment-and-author", str(report.n_total), cited.author


def _by_disease(report: Report, count: str) -> Iterator[Key]:
    given = [stated.words for stated in (state_products(report), state_tissues(report)) if stated]
    for condition in report.conditions:
        if condition.disease:
            for words in given:
                yield "disease-enrolment-product", condition.disease.label, count, words.casefold()


def _evidence(key: Key, report: Report) -> SameTrialEvidence:
    kind, *parts = key
    words = {
        "registry-number": "both print {0}",
        "publication": "both cite {0}",
        "reference-number": "both are entry {1} in the references of doi:{0}",
        "author-and-year": "both cite {author} {1}",
        "enrolment-and-author": "both have {0} patients and cite {author}",
        "disease-enrolment-product": "both have {1} patients with {0}, and {2}",
    }[kind]
    return SameTrialEvidence(kind, words.format(*parts, author=citations_of(report).printed))


def _proposal(
    left: Report, right: Report, evidence: Sequence[SameTrialEvidence], facts: Mapping[str, SourceFacts]
) -> SameTrialProposal | None:
    """The proposal, or None where what is shared is chance."""
    strong = any(one.kind in _STRONG for one in evidence)
    apart = _apart(left, right)
    if apart and not strong:
        return None
    compared = list(compare_pair(left, right, facts))
    if not strong and any(c.field == "disease" and c.severity == "major" for c in compared):
        return None
    against = (*([apart] if apart else ()), *(_differing(c) for c in compared if c.verdict == "differs"))
    order = list(EVIDENCE_KINDS)
    ranked = sorted(dict.fromkeys(evidence), key=lambda one: (order.index(one.kind), one.words))
    return SameTrialProposal(left, right, tuple(ranked), against)


def _apart(left: Report, right: Report) -> str:
    """Numbers of one registry that differ: it counts them as two trials."""
    ones = {r.registry: r.identifier for r in left.registrations}
    for other in right.registrations:
        if other.registry in ones and other.identifier not in {r.identifier for r in left.registrations}:
            return f"{other.registry} has them as {ones[other.registry]} and {other.identifier}"
    return ""


def _differing(one: Comparison) -> str:
    values = [("another term" if side.printed else side.value) for side in (one.left, one.right)]
    return f"{one.field}: {values[0]} against {values[1]}"
