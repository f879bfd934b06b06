"""What the rules for records need to know of the two reports beside their values."""

from __future__ import annotations

from dataclasses import dataclass

from trialgraph.extract.comparisons.outcome import Earlier
from trialgraph.model.record import RecordFact, RecordReport
from trialgraph.model.report import TrialReport

__all__ = ["Pair", "as_of", "earlier_of", "of_study", "record_of", "told_by"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports of one trial, at least one of them a record.

    :param left: the review, or the first of two records
    :param dates: of both sides; empty where none is stated
    """

    left: TrialReport
    right: TrialReport
    dates: tuple[str, str] = ("", "")

    @property
    def records(self) -> tuple[RecordReport, ...]:
        """Those of the two that are records."""
        return tuple(one for one in (self.left, self.right) if isinstance(one, RecordReport))

    @property
    def earlier(self) -> Earlier:
        """Which side is of an earlier date."""
        return earlier_of(*self.dates)


def record_of(report: TrialReport) -> RecordReport | None:
    """The report, where it is a record's."""
    return report if isinstance(report, RecordReport) else None


def of_study(record: RecordReport, *names: str) -> tuple[RecordFact, ...]:
    """The facts of those properties that a record states of its study."""
    return tuple(fact for name in names for fact in record.of("study", name))


def told_by(report: TrialReport, pair: Pair) -> str:
    """Who of the two says it, as the subject of a sentence."""
    record = record_of(report)
    if record is None:
        return "the review"
    if len(pair.records) < 2:
        return "the registry"
    registries = {one.record.registry for one in pair.records}
    return record.record.registry if len(registries) > 1 else f"the record of {as_of(record) or 'no date'}"


def as_of(record: RecordReport) -> str:
    """The date of a record's state: of its data, else of its last change; empty where it says neither."""
    if record.record.data_version:
        return str(record.record.data_version)
    return record.words("lastUpdatePosted") or record.words("lastUpdateSubmitted")


def earlier_of(left: str, right: str) -> Earlier:
    """Of two dates, as precise as they are: the same month beside a day in it says nothing."""
    length = min(len(left), len(right))
    if not length or left[:length] == right[:length]:
        return None
    return "left" if left < right else "right"
