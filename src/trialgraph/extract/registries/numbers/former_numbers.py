"""Former numbers of trials in the same registry: which trial each of them is today, by what records state.

A registry that finds a study registered twice keeps one number and names the other as a former one of the record that
stays. So both numbers are of one trial, whoever uses which of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trialgraph.model.disjoint_sets import DisjointSets

__all__ = ["CurrentNumbers", "FormerNumber", "current_numbers"]


@dataclass(frozen=True, slots=True)
class FormerNumber:
    """A record's statement that its trial had another number.

    :param record: the record's place among those of its file, from 0
    :param number: the record's own number
    :param where: the record, for messages
    """

    record: int
    number: str
    former: str
    where: str


@dataclass(frozen=True, slots=True)
class CurrentNumbers:
    """The current number of each former one.

    :param of: former number -> current number
    :param remarks: former numbers that records give to different trials, each with the place of the statement, in words
    """

    of: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()


def current_numbers(stated: Iterable[FormerNumber]) -> CurrentNumbers:
    """Follow each former number to the one that is nobody's former number.

    Where records give it to different trials, or numbers are each other's former ones, nothing is merged, and it is a
    remark.
    """
    every = tuple(stated)
    trial = DisjointSets()
    for one in every:
        trial.join(one.number, one.former)
    former = {one.former for one in every}
    present: dict[str, set[str]] = defaultdict(set)
    for one in every:
        if one.number not in former:
            present[trial.root(one.number)].add(one.number)
    made: dict[str, str] = {}
    remarks: list[tuple[str, str]] = []
    for one in every:
        trials = present[trial.root(one.number)]
        if len(trials) == 1:
            made[one.former] = min(trials)
        else:
            remarks.append((one.where, _remark(one, trials)))
    return CurrentNumbers(made, tuple(dict.fromkeys(remarks)))


def _remark(one: FormerNumber, trials: set[str]) -> str:
    among = (
        f"several trials ({', '.join(sorted(trials)[:4])})" if trials else "numbers that are former ones, too"
    )
    return (
        f"{one.number}: the former number {one.former} leads to {among}: it is not merged; "
        f"reject the wrong one in curation.tsv: {one.number}, same-trial, reject {one.former}"
    )
