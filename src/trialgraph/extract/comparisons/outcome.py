"""What a rule of comparison makes of two values, and rules that several fields share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from trialgraph.model.comparison import Severity, Verdict
from trialgraph.model.reading import Reading
from trialgraph.model.record import RecordFact

__all__ = ["AGREES", "Earlier", "Outcome", "Stated", "compare_sets", "differs", "not_comparable"]

#: Which of two sources is the earlier one by its date; None where the dates are the same or not both known.
Earlier = Literal["left", "right"] | None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a report states of a field.

    :param value: as the field's rule compares it
    :param words: the same as the column of ``trialgraph trials`` has it
    :param readings: what it rests on
    :param printed: the words, or some of them, are those of the source, as no concept covers them
    :param facts: fields of a record that it rests on
    """

    value: Any
    words: str
    readings: tuple[Reading, ...]
    printed: bool = False
    facts: tuple[RecordFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on two values that both reports state.

    :param facts: fields of a record that it rests on, beside those of the values
    """

    verdict: Verdict
    severity: Severity | None = None
    note: str = ""
    facts: tuple[RecordFact, ...] = ()


AGREES: Final = Outcome("agrees")


def differs(severity: Severity, note: str = "") -> Outcome:
    """The values cannot both be right."""
    return Outcome("differs", severity, note)


def not_comparable(why: str) -> Outcome:
    """Both reports state something, and it says nothing of whether they agree."""
    return Outcome("not comparable", None, why)


def compare_sets(
    left: Mapping[str, str], right: Mapping[str, str], broader: Callable[[str, str], bool] | None = None
) -> Outcome:
    """Two sets of values, each with its label: major where nothing is shared, else minor.

    :param broader: whether the first value is a broader word for the second; then a broader word is no difference
    """
    if left.keys() == right.keys():
        return AGREES
    only_left, only_right = left.keys() - right.keys(), right.keys() - left.keys()
    if broader and only_left and only_right:
        pairs = [(a, b) for a in sorted(only_left) for b in sorted(only_right)]
        related = [(a, b) for a, b in pairs if broader(a, b) or broader(b, a)]
        if {a for a, _ in related} == only_left and {b for _, b in related} == only_right:
            wide, narrow = next(pair if broader(*pair) else pair[::-1] for pair in related)
            known = {**left, **right}
            return Outcome("agrees", None, f"{known[wide]} is a broader word for {known[narrow]}")
    if not only_left or not only_right:
        extra = only_left or only_right
        labels = left if only_left else right
        return differs("minor", f"only one names {', '.join(sorted(labels[key] for key in extra))}")
    if left.keys() & right.keys():
        return differs("minor", "they share some and differ in others")
    return differs("major")
