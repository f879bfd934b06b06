"""What changed from one state of a registry's record to the next, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialgraph.model.record import RecordReport

__all__ = ["Change", "ChangeKind", "Order"]

#: Of two dates, as precise as they are; ``not decidable``: one of them is of the other's month or year.
Order = Literal["before", "same day", "after", "not decidable"]
#: ``stated`` and ``no longer stated``: a value that was not there before, or is not any more. The others are of an
#: outcome.
ChangeKind = Literal[
    "changed", "stated", "no longer stated", "added", "dropped", "moved", "time frame", "wording", "number"
]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that two consecutive states of a record have otherwise.

    :param field: the name of a column of ``trialgraph trials``
    :param before: in words; empty where it was not stated
    :param after: likewise
    :param when: the date of the later state; the change was made then, or since the earlier one
    :param start: whether that is before or after the start of the trial; None where no start is stated
    """

    field: str
    kind: ChangeKind
    before: str
    after: str
    when: str
    start: Order | None
    earlier: RecordReport
    later: RecordReport
