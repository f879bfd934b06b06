"""Which records of registry files are of trials that something else names: by their numbers, before they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.extract.record_comparisons.series import Numbers, named_numbers
from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.links import record_links
from trialgraph.extract.registries.reading import RegistrySource
from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.report import TrialReport

__all__ = ["joinable_numbers", "numbers_of"]

#: Numbers stand in these parts of a record alone: of the others nothing is looked at.
_IDENTITY: Final = ("protocolSection", "identificationModule")


def numbers_of(raw: RawRecord) -> tuple[str, ...]:
    """The number of a record and those that it says are of the same trial."""
    own = [found.number for found in find_numbers(raw.identifier)]
    if not own or raw.problem is not None:
        return tuple(own)
    value = raw.value
    if raw.mapping == "clinicaltrials_gov":
        top, part = _IDENTITY
        section = value.get(top)
        value = {top: {part: section.get(part, {})}} if isinstance(section, dict) else {}
    links = record_links(own[0], record_facts(raw.mapping, value).facts)
    return (own[0], *(link.other for link in links))


def joinable_numbers(
    tables: Iterable[TrialReport], files: Sequence[RegistrySource], settings: Settings
) -> frozenset[str]:
    """The numbers of records that are of a trial which a row, another record or another state of it names."""
    numbers, named = Numbers(), Counter[str]()
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
            if mine := numbers_of(raw):
                yield mine
