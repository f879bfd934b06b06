"""Registry files beside tables: their reports one after the other, and what is said of them on stderr.

There it says in a line which record is left out and why, and at the end of a file what was counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from trialgraph.base.errors import Findings, InputError
from trialgraph.base.escaping import visible
from trialgraph.base.settings import Settings
from trialgraph.cli.terminal import print_message
from trialgraph.extract.record_comparisons.numbers import joinable_numbers
from trialgraph.extract.registries.reading import RegistrySource
from trialgraph.extract.registries.selection import NOT_FOUND, Selection, nothing_left, selection
from trialgraph.extract.registries.source import registry_file_of, registry_input
from trialgraph.extract.sources import default_sources
from trialgraph.model.record import Layer, Problem, RecordReport
from trialgraph.model.report import TrialReport

if TYPE_CHECKING:
    from trialgraph.pipeline import Read

__all__ = ["Told", "WantedReports", "joined_reports", "wanted_reports"]

_MOST_UNKNOWN: Final = 5
_MOST_COUNTED: Final = 1_000
ReadTables = Callable[[Sequence[str]], "Sequence[Read]"]


@dataclass(slots=True)
class Told:
    """What was found in the registry files of a run.

    :param met: the wanted numbers that they have
    :param lacking: how many lines said that something that was asked for is not there
    """

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    met: set[str] = field(default_factory=set)
    lacking: int = 0

    @property
    def findings(self) -> int:
        """Records and values that could not be read, and what was asked for and is not there."""
        return self.refused.total() + self.values.total() + self.lacking

    def finish(self) -> None:
        """Return where everything could be read.

        :raises Findings: it could not
        """
        if self.findings:
            raise Findings(f"{self.findings} findings")


@dataclass(slots=True)
class WantedReports:
    """The sources of a run, tables and registry files, in their order.

    :param read: the tables
    :param told: what was found in the registry files, as far as they were read
    :param layers: which facts of records their reports state
    :param states: whether older states of a study are reports, too
    """

    order: Sequence[Read | RegistrySource]
    read: Sequence[Read]
    only: Selection
    settings: Settings
    told: Told = field(default_factory=Told)
    layers: tuple[Layer, ...] = ("core",)
    states: bool = False

    def reports(self) -> Iterator[TrialReport]:
        """Their reports; of registry files those that are wanted, one at a time.

        :raises UsageError: none is left
        """
        for one in self.order:
            if isinstance(one, RegistrySource):
                yield from _reports_of(one, self)
            else:
                yield from one.reports
        self._tell_what_lacks()

    def _tell_what_lacks(self) -> None:
        """Say which numbers no file has, and whether no record of a registry is left."""
        missing = sorted(self.only.asked - self.told.met)
        for number in missing[: self.settings.listed_findings]:
            print_message(f"{number}: {NOT_FOUND}")
        if more := len(missing[self.settings.listed_findings :]):
            print_message(f"{more} more numbers that were asked for: no registry file here has them")
        self.told.lacking += len(missing)
        if self.told.read or self.only.is_all or self.states:
            return
        if not any(isinstance(one, RegistrySource) for one in self.order):
            return
        if not any(one.reports for one in self.read):
            raise nothing_left(self.only)
        print_message(nothing_left(self.only).line())
        self.told.lacking += 1


def wanted_reports(
    sources: Sequence[str], read_tables: ReadTables, only: Sequence[str], settings: Settings, *, tables: bool
) -> WantedReports:
    """The sources, tables read and registry files looked through once.

    :param only: which records of registry files are wanted; empty: all
    :param tables: whether each source is said to be a table
    :raises InputError: a source cannot be read at all, or two have the same slug
    """
    wanted = selection(only, lambda path: read_tables([path])[0].reports, settings)
    sources = sources or [str(path) for path in default_sources()]
    records = {path: file for path in sources if not tables and (file := registry_file_of(path, settings))}
    of_tables = [path for path in sources if path not in records]
    read = read_tables(of_tables) if of_tables else ()
    made: dict[str, Read | RegistrySource] = dict(zip(of_tables, read, strict=False))
    several = len(sources) > 1
    files = {path: registry_input(path, file, settings, among=several).file for path, file in records.items()}
    nothing = [file.nothing for file in files.values() if file.nothing]
    if nothing and not read and len(nothing) == len(files):
        raise nothing[0]
    made |= files
    slugs = [one.slug if isinstance(one, RegistrySource) else one.source.slug for one in made.values()]
    if twice := next((slug for slug in slugs if slugs.count(slug) > 1), None):
        raise InputError(f"two sources are called {twice}", where=twice, hint="rename one")
    return WantedReports([made[path] for path in sources] or list(read), read, wanted, settings)


def joined_reports(sources: Sequence[str], read_tables: ReadTables, settings: Settings) -> WantedReports:
    """The sources with the records, in all their states, of trials that something else in them names.

    :raises InputError: a source cannot be read at all, or two have the same slug
    """
    found = wanted_reports(sources, read_tables, (), settings, tables=False)
    files = [one for one in found.order if isinstance(one, RegistrySource)]
    if files:
        numbers = joinable_numbers((r for one in found.read for r in one.reports), files, settings)
        # No number has a blank in it: where nothing joins, nothing is wanted.
        found.only = Selection(numbers or frozenset({" "}))
    found.states, found.layers = True, ("core", "words")
    return found


def _reports_of(source: RegistrySource, wanted: WantedReports) -> Iterator[RecordReport]:
    """The reports of a file that are wanted; its problems go to stderr."""
    here = Told()
    for found in source.reports(
        wanted.settings, wanted.only, states=wanted.states, layers=wanted.layers, met=wanted.told.met
    ):
        if isinstance(found, Problem):
            _tell(found, wanted.settings, here)
            continue
        here.read += 1
        for place, count in found.unknown:
            # However many there are, the first tell what is wrong.
            known = place in here.unknown or len(here.unknown) < _MOST_COUNTED
            here.unknown[place if known else "others"] += count
        yield found
    _summary(source, here)
    told = wanted.told
    told.read += here.read
    for name in ("refused", "values", "unknown"):
        getattr(told, name).update(getattr(here, name))


def _tell(problem: Problem, settings: Settings, here: Told) -> None:
    if problem.harmless:
        print_message(f"note: {problem.line()}")
    elif problem.refused:
        here.refused[problem.reason] += 1
        print_message(problem.line())
    else:
        here.values[problem.reason] += 1
        if here.values.total() <= settings.listed_findings:
            print_message(problem.line())


def _summary(source: RegistrySource, here: Told) -> None:
    if not (here.findings or here.unknown):
        return
    parts = [f"{_many(here.read, 'study', 'studies')} read"]
    for counted, one, many in ((here.refused, "study", "studies"), (here.values, "value", "values")):
        if counted:
            reasons = ", ".join(f"{reason} {count}" for reason, count in counted.most_common())
            parts.append(f"{_many(counted.total(), one, many)} not read ({reasons})")
    if here.unknown:
        first = ", ".join(f"{place} {count}" for place, count in here.unknown.most_common(_MOST_UNKNOWN))
        more = ", …" if len(here.unknown) > _MOST_UNKNOWN else ""
        known = _many(here.unknown.total(), "field or word that is", "fields or words that are")
        parts.append(f"{known} not known ({first}{more})")
    print_message(visible(f"{source.path}: {'; '.join(parts)}"))


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
