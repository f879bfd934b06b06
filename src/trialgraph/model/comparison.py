"""Reports of one trial side by side: comparisons of one field of two reports, and trials that may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordFact
from trialgraph.model.report import Conflict, Curation, Report, TrialReport

__all__ = [
    "Comparison",
    "ProposalStatus",
    "SameTrialEvidence",
    "SameTrialProposal",
    "Severity",
    "Side",
    "Verdict",
]

Verdict = Literal["agrees", "differs", "only left", "only right", "not comparable"]
Severity = Literal["major", "minor"]
ProposalStatus = Literal["proposed", "confirmed", "rejected"]


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two reports states of a field.

    :param report: the report
    :param value: in words, as the column of ``trialgraph trials`` has it; empty where nothing is stated or read
    :param readings: what the value rests on
    :param as_of: the date of the source, as it states it; empty where it states none
    :param printed: the value holds words of the source, as no concept covers them
    :param facts: fields of a record that the value rests on
    :param supports: open conflicts of this report, each with the competing reading that the other report states too
    """

    report: TrialReport
    value: str
    readings: tuple[Reading, ...]
    as_of: str
    printed: bool = False
    facts: tuple[RecordFact, ...] = ()
    supports: tuple[tuple[Conflict, Reading], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of two reports of one trial. Neither side is taken to be the correct one.

    :param field: what is compared: a name in :data:`trialgraph.extract.comparisons.rules.FIELDS`
    :param severity: of a difference; None with any other verdict
    :param rule: id of the rule that gives the verdict
    :param note: why, or what a reader should know of it; empty where the values say it all
    """

    field: str
    verdict: Verdict
    severity: Severity | None
    rule: str
    left: Side
    right: Side
    note: str = ""

    @property
    def trials(self) -> tuple[str, ...]:
        """The identity of the trial; two where a reviewer confirmed that they are one."""
        return tuple(dict.fromkeys((self.left.report.trial_key, self.right.report.trial_key)))


@dataclass(frozen=True, slots=True)
class SameTrialEvidence:
    """A reason to think that two reports are of one trial.

    :param kind: ``registry-number``, ``publication``, ``reference-number``, ``author-and-year``,
        ``enrolment-and-author``, ``disease-enrolment-product`` or ``reviewer``
    """

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class SameTrialProposal:
    """Two reports of different sources that may be of one trial: for a reviewer to decide, never merged.

    :param evidence: what speaks for it
    :param against: what speaks against it, in words
    :param decision: the reviewer's, where there is one
    :param decided_in: the report that the decision is recorded at
    """

    left: Report
    right: Report
    evidence: tuple[SameTrialEvidence, ...]
    against: tuple[str, ...]
    status: ProposalStatus = "proposed"
    decision: Curation | None = None
    decided_in: Report | None = None
