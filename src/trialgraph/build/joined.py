"""Which numbers of rows and records are of one trial, so that their reports are stated and compared together.

In memory are the numbers of rows, and of the records that name another number; never a record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from trialgraph.extract.record_comparisons.numbers import numbers_of
from trialgraph.extract.record_comparisons.series import named_numbers
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.graph.check_result import CheckResult
from trialgraph.model.disjoint_sets import DisjointSets
from trialgraph.model.report import Curation, Report

__all__ = ["MOST_NUMBERS", "JoinedNumbers", "NumbersSeen"]

#: No trial has more numbers: what links more of them is a fault of records, and nobody's memory has to bear it.
MOST_NUMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class JoinedNumbers:
    """Numbers by the trial that they are of.

    :param roots: the number that stands for the trial, of each number that is not alone
    :param apart: numbers that are linked with more than :data:`MOST_NUMBERS`: their reports are compared with those of
        the same number alone
    """

    roots: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

    def root(self, number: str) -> str:
        """What stands for all numbers of a trial."""
        return self.roots.get(number, number)

    def finding(self) -> Iterator[CheckResult]:
        """That some numbers are linked with too many others."""
        if self.apart:
            first = ", ".join(sorted(self.apart)[:3])
            what = (
                f"{len(self.apart)} numbers ({first}, …) are linked as one trial: records of each are compared with "
                "reports of the same number alone"
            )
            yield CheckResult("info", "registry records", what)


@dataclass(slots=True)
class NumbersSeen:
    """The numbers of a build, as its rows and records are looked through."""

    numbers: DisjointSets = field(default_factory=DisjointSets)
    linked: set[str] = field(default_factory=set)

    def see(self, raw: RawRecord, decisions: Sequence[Curation] = ()) -> None:
        """Take in what a record says of its numbers, but for links that a reviewer rejected."""
        self._join(numbers_of(raw, decisions))

    def see_rows(self, reports: Iterable[Report]) -> None:
        """Take in the numbers that rows print."""
        for report in reports:
            self._join(named_numbers(report))

    def _join(self, named: tuple[str, ...]) -> None:
        for other in named[1:]:
            self.numbers.join(named[0], other)
            self.linked |= {named[0], other}

    def joined(self) -> JoinedNumbers:
        """What is of one trial; to be asked when all was seen."""
        groups: dict[str, list[str]] = defaultdict(list)
        for number in sorted(self.linked):
            groups[self.numbers.root(number)].append(number)
        sound = [some for some in groups.values() if len(some) <= MOST_NUMBERS]
        many = (number for some in groups.values() if len(some) > MOST_NUMBERS for number in some)
        return JoinedNumbers({number: some[0] for some in sound for number in some}, frozenset(many))
