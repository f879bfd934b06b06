"""Registry files of a build: their records, put aside for the shards, one in memory at a time.

What is said of a trial is checked together, so a record goes to the shard that has other reports of its trial; the
others fill shards of their own. A record waits in a file of its shard, read and stated by the process that has it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO, Final, TypeVar

from trialgraph.base.settings import Settings
from trialgraph.build.joined import JoinedNumbers
from trialgraph.build.shards import Shard, Wanted
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.numbers.former_numbers import CurrentNumbers, FormerNumber, current_numbers
from trialgraph.extract.registries.numbers.links import number_of
from trialgraph.extract.registries.selection import Selection
from trialgraph.extract.registries.source import RegistryInput
from trialgraph.extract.registries.study import read_record
from trialgraph.extract.sources import Source
from trialgraph.model.record import Problem, RecordReport
from trialgraph.model.report import TrialReport

__all__ = [
    "PutAside",
    "ReadRecord",
    "current_numbers_of",
    "put_aside",
    "records_of",
    "with_current_number",
    "with_current_numbers",
]

R = TypeVar("R", bound=TrialReport)

_OPEN_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class PutAside:
    """The records of a build, put aside.

    :param shards: those of the tables and of the records
    :param problems: records that cannot be read
    :param mappings: the mapping files of those that can
    :param missing: numbers that were asked for and that no file has
    """

    shards: tuple[Shard, ...]
    problems: tuple[Problem, ...] = ()
    mappings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record that was read.

    :param place: number of its source among the registry files of the build, and of itself in its file
    :param report: with its longer texts, whatever is stated of them: they are compared
    :param raw: the record
    :param problems: values of it that could not be read
    """

    place: tuple[int, int]
    report: RecordReport
    raw: RawRecord
    problems: tuple[Problem, ...]


def current_numbers_of(inputs: Sequence[RegistryInput], wanted: Wanted, settings: Settings) -> CurrentNumbers:
    """The current numbers of trials that records which are built give former numbers of."""
    return current_numbers(chain.from_iterable(_former(one, wanted, settings) for one in inputs))


def _former(one: RegistryInput, wanted: Wanted, settings: Settings) -> Iterator[FormerNumber]:
    """The statements of a file's records that are built: what is not built merges nothing."""
    if wanted.only == Selection() or not one.file.former:
        yield from one.file.former
        return
    stated: dict[int, list[FormerNumber]] = {}
    for former in one.file.former:
        stated.setdefault(former.record, []).append(former)
    for number, raw in enumerate(raw_records(one.file.path, settings, one.file.held)):
        if number in stated and wanted.only.takes(raw):
            report, _ = read_record(one.source.slug, raw)
            if wanted.only.keeps(report):
                yield from stated[number]


def with_current_number(report: R, current: Mapping[str, str]) -> R:
    """A report under the current number of its trial, where its own is a former one."""
    own = report.registration.identifier if report.registration else ""
    return replace(report, current_number=current[own]) if own in current else report


def put_aside(
    inputs: Sequence[RegistryInput],
    shards: Sequence[Shard],
    folder: Path,
    wanted: Wanted,
    settings: Settings,
    current: Mapping[str, str],
    joined: JoinedNumbers | None = None,
) -> PutAside:
    """The shards with the records that each has, and what cannot be read.

    :param shards: of the tables
    :param current: the current numbers of trials by their former ones
    :param folder: where the files of the shards go
    :param joined: numbers that rows and records say are of one trial
    :raises OSError: the disk is full …
    """
    if not inputs:
        return PutAside(tuple(shards), missing=tuple(sorted(wanted.only.asked)))
    places = _Places(shards, current, joined or JoinedNumbers(), settings.shard_reports)
    held: dict[int, dict[str, Source]] = {}
    problems: list[Problem] = []
    mappings: set[str] = set()
    met: set[str] = set()
    with _Files(folder) as files:
        for n, one in enumerate(inputs):
            for place, found in _wanted(one, wanted, settings, met):
                if isinstance(found, Problem):
                    problems.append(found)
                    continue
                number = places.shard_of(number_of(found.identifier))
                held.setdefault(number, {})[one.source.slug] = one.source
                mappings.add(found.mapping)
                files.add(number, ((n, place), one.source.slug, found))
        paths = files.paths()
    ordered = _with_records(shards, held, paths, wanted)
    if current or any(one.file.decisions.by_record for one in inputs):
        decisions = {one.source.slug: one.file.decisions for one in inputs}
        ordered = tuple(replace(shard, current=current, decisions=decisions) for shard in ordered)
    missing = tuple(sorted(wanted.only.asked - met))
    return PutAside(ordered, tuple(problems), tuple(sorted(mappings)), missing)


def _with_records(
    shards: Sequence[Shard], held: Mapping[int, dict[str, Source]], paths: Mapping[int, Path], wanted: Wanted
) -> tuple[Shard, ...]:
    """The shards of the tables and those of records alone, with their files and sources."""
    made = {shard.number: shard for shard in shards}
    for number, sources in held.items():
        # What is known of all reports is the same in each.
        empty = replace(
            made[0], number=number, reports=(), names={}, sources=(), tables=(), beside=SideBySide()
        )
        shard = made.get(number, empty)
        made[number] = replace(
            shard, sources=(*shard.sources, *sources.values()), records=paths[number], wanted=wanted
        )
    return tuple(made[number] for number in sorted(made))


def _wanted(
    one: RegistryInput, wanted: Wanted, settings: Settings, met: set[str]
) -> Iterator[tuple[int, RawRecord | Problem]]:
    """The records of a file that are read, and the problems of those that are not, each with its number.

    :param met: gets the wanted numbers that the file has
    """
    for number, raw in enumerate(raw_records(one.file.path, settings, one.file.held)):
        met |= wanted.only.numbers_met(raw)
        if raw.problem is None and not wanted.only.takes(raw):
            continue
        if number in one.file.dropped:
            yield number, one.file.dropped[number]
        elif raw.problem is not None:
            yield number, raw.problem
        else:
            yield number, raw


class _Places:
    """The shard of each trial's reports: that of its rows, else the last that is not full."""

    def __init__(
        self, shards: Sequence[Shard], current: Mapping[str, str], joined: JoinedNumbers, most: int
    ) -> None:
        self.current, self.joined, self.most = current, joined, most
        self.known = {joined.root(report.trial_key): one.number for one in shards for report in one.reports}
        self.filled = {shard.number: len(shard.reports) for shard in shards}
        self.last = len(shards) - 1

    def shard_of(self, number: str) -> int:
        """Where one more report under a registration number goes."""
        trial = self.joined.root(self.current.get(number, number))
        shard = self.known.get(trial)
        if shard is None:
            if self.filled.get(self.last, 0) >= self.most:
                self.last += 1
            shard = self.known[trial] = self.last
        self.filled[shard] = self.filled.get(shard, 0) + 1
        return shard


class _Files:
    """A file for each shard, to which records are added; no more are open at once than a process may have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[int, IO[bytes]] = {}
        self.known: dict[int, Path] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.open.values():
            file.close()

    def add(self, number: int, record: tuple[tuple[int, int], str, RawRecord]) -> None:
        """Put a record aside."""
        file = self.open.get(number)
        if file is None:
            if len(self.open) >= _OPEN_AT_ONCE:
                self.open.pop(next(iter(self.open))).close()
            path = self.known.setdefault(number, self.folder / f"{number:06}.records")
            file = self.open[number] = path.open("ab")
        pickle.dump(record, file, protocol=pickle.HIGHEST_PROTOCOL)

    def paths(self) -> Mapping[int, Path]:
        """The files by the numbers of their shards, with all that was added."""
        for file in self.open.values():
            file.flush()
        return self.known


def records_of(shard: Shard) -> Iterator[ReadRecord]:
    """The records of a shard that are wanted, read one after the other.

    :raises OSError: it cannot be read
    """
    if shard.records is None:
        return
    with shard.records.open("rb") as file:
        while True:
            try:
                # Written by the first process of this build, into a folder that only the build has.
                place, slug, raw = pickle.load(file)  # noqa: S301
            except EOFError:
                break
            decided = shard.decisions[slug].of(raw) if slug in shard.decisions else ()
            report, problems = read_record(slug, raw, (*shard.wanted.layers, "words"), decided)
            if shard.wanted.only.keeps(report):
                yield ReadRecord(place, with_current_numbers(report, shard.current), raw, tuple(problems))


def with_current_numbers(report: RecordReport, current: Mapping[str, str]) -> RecordReport:
    """A record's report with the current numbers of its trial and of those that it links."""
    if not current:
        return report
    links = (replace(link, current=current.get(link.other, "")) for link in report.links)
    return replace(with_current_number(report, current), links=tuple(links))
