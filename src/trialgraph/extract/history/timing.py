"""Dates of a record against each other, as precise as they are stated: no day is invented."""

from __future__ import annotations

from typing import Final, Literal

from trialgraph.extract.record_comparisons.pair import as_of
from trialgraph.model.change import Order
from trialgraph.model.record import RecordReport

__all__ = [
    "OVERDUE_MONTHS",
    "is_overdue",
    "months_later",
    "order_of_dates",
    "registered",
    "registration_date",
]

#: From the primary completion on, after which results are said to be overdue. A statement of dates, not of law.
OVERDUE_MONTHS: Final = 12
_REPORTS: Final = ("derived", "result")
_ENDED: Final = frozenset({"completed", "terminated"})


def order_of_dates(date: str, other: str) -> Order | None:
    """Whether a date is before or after another; None where one is not stated.

    ``2013-01`` against ``2013-01-15`` is not decidable; two equal months are not either.
    """
    if not date or not other:
        return None
    length = min(len(date), len(other))
    if date[:length] == other[:length]:
        return "same day" if length == len("yyyy-mm-dd") else "not decidable"
    return "before" if date[:length] < other[:length] else "after"


def registration_date(record: RecordReport) -> tuple[str, str]:
    """The property of the date of registration, and the date; both empty where none is stated.

    The date on which the record was first submitted; of a copy in the portal the registration date that it states.
    """
    for name in ("firstSubmitted", "registrationDate", "firstPosted"):
        if date := record.words(name):
            return name, date
    return "", ""


def registered(record: RecordReport) -> Order | None:
    """Whether the trial was registered before or after its start; None where a date is missing."""
    return order_of_dates(registration_date(record)[1], record.words("startDate"))


def months_later(date: str, months: int) -> str:
    """A date so many months later, in its precision; empty for a year alone, which has no months."""
    year, _, rest = date.partition("-")
    if not rest:
        return ""
    count = int(year) * 12 + int(rest[:2]) - 1 + months
    return f"{count // 12:04}-{count % 12 + 1:02}{rest[2:]}"


def is_overdue(record: RecordReport, on: str = "") -> Literal["yes", "no", "not decidable"] | None:
    """Whether results were due on a date, and there are none; None where no primary completion is stated.

    None are overdue where the registry has results or names a paper that reports the trial, where the trial was
    withdrawn, or has not ended as far as is known.

    :param on: the date; empty: that of the state of the record
    """
    if record.first("hasResults") is True or any(f.value in _REPORTS for f in record.of("reference", "type")):
        return "no"
    done, on = record.words("primaryCompletionDate"), on or as_of(record)
    if not done or not on:
        return None
    ended = (
        record.words("primaryCompletionDateType") == "actual" or record.words("recruitmentStatus") in _ENDED
    )
    if not ended or record.words("recruitmentStatus") == "withdrawn":
        return "no"
    due = months_later(done, OVERDUE_MONTHS)
    if not due:
        years = int(on[:4]) - int(done)
        return "no" if years < 1 else "yes" if years > 1 else "not decidable"
    order = order_of_dates(due, on)
    return "yes" if order == "before" else "not decidable" if order == "not decidable" else "no"
