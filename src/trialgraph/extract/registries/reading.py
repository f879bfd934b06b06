"""A registry's file read twice: first which of its records are kept, then those, one after the other.

The same study may stand in a file several times. Which state of it counts is known only at the end, so the first pass
looks at numbers and data versions alone; in memory are those of all records, and one record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.registries.formats.containers import standard_input
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.numbers.former_numbers import FormerNumber
from trialgraph.extract.registries.numbers.link_decisions import LinkDecisions
from trialgraph.extract.registries.numbers.links import former_numbers, number_of
from trialgraph.extract.registries.selection import Selection
from trialgraph.extract.registries.study import read_record
from trialgraph.model.record import Layer, Problem, RecordReport
from trialgraph.model.report import Curation

__all__ = ["OLDER", "RegistrySource", "See", "registry_source"]

#: Is shown a record with the decisions on its links.
See = Callable[[RawRecord, Sequence[Curation]], None]

#: Reason of the problem that a newer state of the same study is read.
OLDER: Final = "older state of a study"
_SUFFIXES: Final = (".gz", ".zip", ".json", ".jsonl", ".ndjson", ".csv", ".xml")


@dataclass(slots=True)
class RegistrySource:
    """A registry's file, with what the first pass found.

    :param slug: name of the source: that of the file without its suffixes
    :param dropped: by place in the file, from 0, why a record is left out
    :param readable: how many records are kept
    :param held: the bytes of standard input, which is read once
    :param decisions: reviewers' decisions on links of its records
    :param nothing: that no record in it can be read, where that is so
    :param former: former numbers that its records state, but for those that are left out or rejected
    """

    slug: str
    path: str
    dropped: dict[int, Problem] = field(default_factory=dict)
    readable: int = 0
    held: bytes | None = field(default=None, repr=False)
    decisions: LinkDecisions = field(default_factory=LinkDecisions)
    former: tuple[FormerNumber, ...] = ()
    nothing: InputError | None = None

    def reports(
        self,
        settings: Settings,
        only: Selection | None = None,
        *,
        states: bool = False,
        layers: Sequence[Layer] = ("core",),
        met: set[str] | None = None,
    ) -> Iterator[RecordReport | Problem]:
        """The reports of the file and its problems, in its order.

        :param only: which records are wanted; None: all
        :param states: whether older states of a study are reports, too
        :param layers: which facts the reports state
        :param met: gets the wanted numbers that the file has
        """
        only = only or Selection()
        met = set() if met is None else met
        for number, raw in enumerate(raw_records(self.path, settings, self.held)):
            met |= only.numbers_met(raw)
            if raw.problem is None and not only.takes(raw):
                continue
            dropped = self.dropped.get(number)
            if dropped is not None and not (states and dropped.reason == OLDER):
                yield dropped
            elif raw.problem is not None:
                yield raw.problem
            else:
                report, problems = read_record(self.slug, raw, layers, self.decisions.of(raw))
                if only.keeps(report):
                    yield report
                    yield from problems


@dataclass(slots=True)
class _Kept:
    number: int
    raw_version: str
    sha256: str
    where: str
    clash: bool = False


def registry_source(
    path: str | Path,
    settings: Settings,
    decisions: LinkDecisions | None = None,
    *,
    among: bool = False,
    see: See | None = None,
) -> RegistrySource:
    """The first pass over a file.

    :param decisions: those on links of its records
    :param among: whether it is one of several sources: then it may have nothing that can be read, and each of its
        records is told as in other files
    :param see: is shown each record that can be read, older states too, with the decisions on its links
    :raises InputError: the file cannot be read, or none of its records, or a decision is on no link of theirs
    """
    source = RegistrySource(_slug(path), str(path), decisions=decisions or LinkDecisions())
    if source.path == "-":
        source.held = standard_input(settings)
    kept: dict[str, _Kept] = {}
    reasons: Counter[str] = Counter()
    first: Problem | None = None
    former: list[FormerNumber] = []
    for number, raw in enumerate(raw_records(path, settings, source.held)):
        if raw.problem is not None:
            reasons[raw.problem.reason] += 1
            first = first or raw.problem
        else:
            _keep(source, kept, number, raw)
            if see:
                see(raw, source.decisions.of(raw))
            if number not in source.dropped:
                source.decisions.look_at(number, raw)
                own = number_of(raw.identifier)
                stated = former_numbers(raw, source.decisions.of(raw))
                former += (FormerNumber(number, own, one, raw.where) for one in stated if one != own)
    source.readable = sum(not one.clash for one in kept.values())
    if not source.readable:
        reasons.update(problem.reason for problem in source.dropped.values())
        source.nothing = _nothing(str(path), first or next(iter(source.dropped.values()), None), reasons)
        if first is None or not among:
            raise source.nothing
    source.decisions.check(source.dropped)
    source.former = tuple(one for one in former if one.record not in source.dropped)
    return source


def _keep(source: RegistrySource, kept: dict[str, _Kept], number: int, raw: RawRecord) -> None:
    """Keep the newest state of a study; two different ones of the same date are both left out."""
    where = raw.where
    new = _Kept(number, raw.version, raw.sha256, where)
    old = kept.get(raw.identifier)
    if old is None or new.raw_version > old.raw_version:
        kept[raw.identifier] = new
        if old is not None and not old.clash:
            source.dropped[old.number] = _older(raw.identifier, old, new)
    elif new.raw_version < old.raw_version:
        source.dropped[number] = _older(raw.identifier, new, old)
    elif new.sha256 == old.sha256 and not old.clash:
        source.dropped[number] = Problem(
            where, raw.identifier, "same record twice", f"the same record as at {old.where}", harmless=True
        )
    else:
        for one, other in ((old, new), (new, old)):
            source.dropped.setdefault(one.number, _clash(raw.identifier, one, other))
        old.clash = True


def _older(identifier: str, old: _Kept, new: _Kept) -> Problem:
    dates = f"of {old.raw_version or 'no date'}; that of {new.raw_version} at {new.where} is read"
    return Problem(old.where, identifier, OLDER, f"an older state of the study, {dates}", refused=True)


def _clash(identifier: str, one: _Kept, other: _Kept) -> Problem:
    date = f"the date {one.raw_version}" if one.raw_version else "no date"
    what = f"the study stands at {other.where} too, with {date} and another content"
    return Problem(
        one.where,
        identifier,
        "two states of one date",
        what,
        "neither is read: keep the right one",
        refused=True,
    )


def _nothing(path: str, first: Problem | None, reasons: Counter[str]) -> InputError:
    if first is None:
        return InputError("there is no record in it", where=path, hint="give a file with records of trials")
    counted = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
    named = f"{first.identifier}: " if first.identifier else ""
    return InputError(
        f"no record in it can be read: {counted}; the first: {named}{first.what}",
        where=first.where if first.where.partition(":")[0] else path,
        hint="give records of ClinicalTrials.gov (JSON of its API or download) or an export of the WHO's ICTRP",
    )


def _slug(path: str | Path) -> str:
    name = "-" if str(path) == "-" else Path(path).name
    while (suffix := Path(name).suffix.lower()) in _SUFFIXES and suffix:
        name = name[: -len(suffix)]
    return name
