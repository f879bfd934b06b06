"""Which records of registry files are of trials that something else names: by their numbers, before they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trialgraph.base.settings import Settings
from trialgraph.extract.record_comparisons.series import named_numbers
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.numbers.links import links_of
from trialgraph.extract.registries.reading import RegistrySource
from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.disjoint_sets import DisjointSets
from trialgraph.model.report import Curation, TrialReport

__all__ = ["joinable_numbers", "numbers_of"]


def numbers_of(raw: RawRecord, decisions: Sequence[Curation] = ()) -> tuple[str, ...]:
    """The number of a record and those that it says are of the same trial, but for links that a reviewer rejected."""
    own = [found.number for found in find_numbers(raw.identifier)]
    links = links_of(raw, decisions) if own else ()
    return (*own[:1], *(link.other for link in links if link.status != "rejected"))


def joinable_numbers(
    tables: Iterable[TrialReport], files: Sequence[RegistrySource], settings: Settings
) -> frozenset[str]:
    """The numbers of records that are of a trial which a row, another record or another state of it names."""
    numbers, named = DisjointSets(), Counter[str]()
    for report in tables:
        mine = named_numbers(report)
        for other in mine[1:]:
            numbers.join(mine[0], other)
        named[mine[0]] += 1
    records: list[str] = []
    for mine in _of_files(files, settings):
        for other in mine[1:]:
            numbers.join(mine[0], other)
        records.append(mine[0])
    found = Counter(numbers.root(number) for number in (*named.elements(), *records))
    return frozenset(number for number in records if found[numbers.root(number)] > 1)


def _of_files(files: Sequence[RegistrySource], settings: Settings) -> Iterator[tuple[str, ...]]:
    for file in files:
        for raw in raw_records(file.path, settings, file.held):
            if mine := numbers_of(raw, file.decisions.of(raw)):
                yield mine
