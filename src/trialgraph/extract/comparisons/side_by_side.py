"""All sources together: reports joined by trial, reviewers' decisions applied, compared; proposals for the rest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.extract.comparisons.pairs import SourceFacts, compare_group, facts_of, in_order, order_of
from trialgraph.extract.comparisons.proposals import Crowd, propose
from trialgraph.extract.curation import SAME_TRIAL
from trialgraph.extract.sources import Source
from trialgraph.model.comparison import Comparison, ProposalStatus, SameTrialEvidence, SameTrialProposal
from trialgraph.model.report import Curation, Report

__all__ = ["SideBySide", "side_by_side"]

_DECISION: Final = re.compile(r"(?P<verb>confirm|reject) (?P<source>.+)/(?P<row>[0-9]{1,9})")
_STATUS: Final[dict[str, ProposalStatus]] = {"confirm": "confirmed", "reject": "rejected"}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What several sources say of the same trials.

    :param counts_for: each report with the report whose trial it counts for: the first of its trial, where a reviewer
        confirmed that several are one, too
    :param remarks: what is left out, and decisions without effect: in words, with file and line
    """

    comparisons: tuple[Comparison, ...] = ()
    proposals: tuple[SameTrialProposal, ...] = ()
    counts_for: tuple[tuple[Report, Report], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision on two reports.

    :param where: file and line
    """

    decision: Curation
    at: Report
    status: ProposalStatus
    where: str


def side_by_side(reports: Iterable[Report], sources: Sequence[Source]) -> SideBySide:
    """Compare the reports of all sources; nothing where there is one source.

    :raises InputError: a decision names no report, or decisions contradict each other
    """
    facts = facts_of(sources)
    reports = in_order(reports, facts)
    remarks: list[tuple[str, str]] = []
    decided = _decisions(reports, sources, remarks)
    if len(sources) < 2:
        return SideBySide(remarks=tuple(remarks))
    by_key = {report.key: report for report in reports}
    proposals, crowds = propose(reports, facts)
    groups = _groups(reports, decided, by_key)
    comparisons: list[Comparison] = []
    for group in groups.values():
        made, left_out = compare_group(group, facts)
        comparisons += made
        if left_out:
            what = f"{len(group)} reports of one trial: {left_out} pairs of them are not compared"
            remarks.append((group[0].trial_key, what))
    remarks += [(one.evidence.words, _crowded(one)) for one in crowds]
    counts = [(report, group[0]) for group in groups.values() for report in group]
    settled = _settled(proposals, decided, by_key, facts)
    return SideBySide(tuple(comparisons), settled, tuple(counts), tuple(dict.fromkeys(remarks)))


def _crowded(one: Crowd) -> str:
    return f"{one.reports} reports share this, too many to mean one trial: not proposed"


# ---- decisions


def _decisions(
    reports: Sequence[Report], sources: Sequence[Source], remarks: list[tuple[str, str]]
) -> dict[Pair, _Decided]:
    """The decisions by the keys of their two reports, in the order of the reports."""
    files = {source.slug: source.path.parent / "curation.tsv" for source in sources}
    slugs = set(files)
    by_key = {report.key: n for n, report in enumerate(reports)}
    made: dict[Pair, _Decided] = {}
    for report in reports:
        for decision in report.curations:
            if decision.kind != SAME_TRIAL:
                continue
            file = files.get(report.source, "curation.tsv")
            where = f"{file}:{decision.line}" if decision.line else str(file)
            verb, source, row = _parsed(decision, report, where)
            other = f"{source}/{row}"
            if source not in slugs:
                remarks.append((where, f"{source} is not read here: the decision on {other} is not applied"))
                continue
            if other not in by_key:
                raise InputError(f"{source} has no row {row}", where=where, hint="correct the number")
            one, two = sorted((report.key, other), key=by_key.__getitem__)
            fresh = _Decided(decision, report, _STATUS[verb], where)
            before = made.setdefault((one, two), fresh)
            if before.status != fresh.status:
                raise InputError(
                    f"{other} is {fresh.status} here and {before.status} in {before.where}",
                    where=where,
                    hint="keep one of the two lines",
                )
    return made


def _parsed(decision: Curation, report: Report, where: str) -> tuple[str, str, int]:
    m = _DECISION.fullmatch(decision.decision)
    if m is None or m["source"] == report.source:
        raise InputError(
            f"row {decision.row}: {decision.decision[:80]!r} decides on no report of another source",
            where=where,
            hint="write confirm SOURCE/ROW, or reject SOURCE/ROW",
        )
    return m["verb"], m["source"], int(m["row"])


def _groups(
    reports: Sequence[Report], decided: Mapping[Pair, _Decided], by_key: Mapping[str, Report]
) -> dict[str, list[Report]]:
    """The reports of each trial under its identity, trials that a reviewer confirmed to be one under the first."""
    first: dict[str, str] = {}

    def root(key: str) -> str:
        while key in first:
            key = first[key]
        return key

    rank: dict[str, tuple[bool, int]] = {}
    for n, report in enumerate(reports):
        # A registry number is the identity to keep; else that of the report which comes first.
        rank.setdefault(report.trial_key, (report.registration is None, n))
    for pair, found in decided.items():
        if found.status == "confirmed":
            roots = {root(by_key[key].trial_key) for key in pair}
            if len(roots) == 2:
                keep, drop = sorted(roots, key=rank.__getitem__)
                first[drop] = keep
    for pair, found in decided.items():
        trials = [root(by_key[key].trial_key) for key in pair]
        if found.status == "rejected" and trials[0] == trials[1]:
            same = by_key[pair[0]].trial_key == by_key[pair[1]].trial_key
            what = "have one registry number" if same else "are confirmed to be one trial by other lines"
            raise InputError(
                f"{' and '.join(pair)} are rejected as one trial and {what}",
                where=found.where,
                hint="remove the line that is wrong",
            )
    made: dict[str, list[Report]] = defaultdict(list)
    # The first of a group is of the trial that the others count for.
    for report in sorted(reports, key=lambda r: r.trial_key in first):
        made[root(report.trial_key)].append(report)
    return made


def _settled(
    proposals: Sequence[SameTrialProposal],
    decided: Mapping[Pair, _Decided],
    by_key: Mapping[str, Report],
    facts: Mapping[str, SourceFacts],
) -> tuple[SameTrialProposal, ...]:
    """The proposals with their decisions, and what a reviewer decided without a proposal."""
    made = {(p.left.key, p.right.key): p for p in proposals}
    for pair, found in decided.items():
        by_hand = SameTrialEvidence("reviewer", f"{found.decision.who} {found.status} it")
        proposal = made.get(pair) or SameTrialProposal(by_key[pair[0]], by_key[pair[1]], (by_hand,), ())
        made[pair] = replace(proposal, status=found.status, decision=found.decision, decided_in=found.at)
    return tuple(sorted(made.values(), key=lambda p: (order_of(p.left, facts), order_of(p.right, facts))))
