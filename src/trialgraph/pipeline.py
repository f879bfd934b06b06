"""The build pipeline, from sources to a release, on one page: the table of contents of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trialgraph.base.errors import InputError, Refused
from trialgraph.base.settings import Settings
from trialgraph.build.joined import JoinedNumbers, NumbersSeen
from trialgraph.build.parts import GraphParts, writing_parts
from trialgraph.build.processes import TaskEngine, without_collector
from trialgraph.build.reading import Read, read_in_processes, read_one
from trialgraph.build.record_findings import problem_findings
from trialgraph.build.records import current_numbers_of, put_aside, with_current_number
from trialgraph.build.reference import reference_quads
from trialgraph.build.report_tables import Rows, report_tables
from trialgraph.build.runs import run_shards
from trialgraph.build.shards import Wanted, shards_of
from trialgraph.extract.comparisons.side_by_side import side_by_side
from trialgraph.extract.registries.selection import NOT_FOUND, nothing_left
from trialgraph.extract.registries.source import RegistryInput, registry_file_of, registry_input
from trialgraph.extract.sources import Source, default_sources
from trialgraph.graph.check_result import CheckResult, causes_first
from trialgraph.graph.description import Description
from trialgraph.model.report import Report
from trialgraph.questions.saved_queries import SavedQuery, read_queries
from trialgraph.rdf import iris
from trialgraph.rdf.iris import use_base
from trialgraph.release.inputs import current_release, digest_of_inputs
from trialgraph.release.manifest_content import engines
from trialgraph.release.open import Release
from trialgraph.release.progress import Progress
from trialgraph.release.write import Contents, released, writing

__all__ = ["Read", "build", "build_parts", "read_all"]


def read_all(
    paths: Sequence[str | Path] = (),
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    *,
    kind: str = "",
    table: str | None = None,
) -> tuple[Read, ...]:
    """Read sources; by default all seeds.

    Seed folders of registries hold no table: by default they are left out.

    :param settings: the limits; None: those of the environment
    :param kind: what kind of file each is; empty: as its ``source.toml`` says, or as its content shows
    :param table: which table of a file, by its number or words of its caption; None: as ``source.toml`` says, or the
        one that looks like a table of trials
    :raises InputError: a source cannot be read at all, or two have the same slug
    """
    settings = settings or Settings.load()
    made: dict[str, Read] = {}
    for path in paths or [path for path in default_sources() if not registry_file_of(path, settings)]:
        read = read_one(path, settings, progress, kind=kind, table=table)
        if read.source.slug in made:
            raise _twice(read, path)
        made[read.source.slug] = read
    return tuple(made.values())


def _twice(read: Read, path: str | Path) -> InputError:
    return InputError(f"two sources are called {read.source.slug}", where=str(path), hint="rename one")


def _read_many(
    paths: Sequence[str | Path], progress: Progress, settings: Settings, engine: TaskEngine | None
) -> tuple[Read, ...]:
    """The sources of a build, in processes where there are many."""
    read = read_in_processes(paths, settings, progress, engine)
    if read is None:
        return read_all(paths, progress, settings)
    known: set[str] = set()
    for one, path in zip(read, paths, strict=True):
        if one.source.slug in known:
            raise _twice(one, path)
        known.add(one.source.slug)
    return read


def _records(
    files: Mapping[str | Path, Path],
    read: Sequence[Read],
    progress: Progress,
    settings: Settings,
    seen: NumbersSeen,
) -> tuple[RegistryInput, ...]:
    """The registry files of a build, each looked through once."""
    known = {one.source.slug for one in read}
    made: list[RegistryInput] = []
    for path, file in files.items():
        one = registry_input(path, file, settings, among=bool(read) or len(files) > 1, see=seen.see)
        if one.source.slug in known or one.source.slug in iris.GRAPHS:
            raise InputError(
                f"another source is called {one.source.slug}", where=str(path), hint="rename one"
            )
        known.add(one.source.slug)
        progress(f"{one.source.slug}: {one.file.readable:,} records")
        made.append(one)
    nothing = [one.file.nothing for one in made if one.file.nothing]
    if nothing and not read and len(nothing) == len(made):
        raise nothing[0]
    return tuple(made)


def build(
    paths: Sequence[str | Path] = (),
    *,
    releases: Path | None = None,
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    if_changed: bool = False,
    wanted: Wanted | None = None,
    engine: TaskEngine | None = None,
) -> tuple[Release, tuple[CheckResult, ...]]:
    """Build a release and make it the current one; also returns what needs manual review.

    :param releases: the folder of releases; None: the setting
    :param if_changed: return the current release where nothing that shapes it has changed since it was built
    :param settings: the limits, and the base of the IRIs; None: those of the environment
    :param wanted: what of registry files is built; None: every record, the core of its fields
    :param engine: what reads the sources and states their reports; None: processes of this machine
    :raises InputError: a source cannot be read, or this process has minted IRIs under another base
    :raises Refused: the graph has violations; nothing is written
    :raises ReleaseError: the release cannot be written
    """
    settings = settings or Settings.load()
    wanted = wanted or Wanted()
    paths = tuple(paths or default_sources())
    use_base(settings.base_iri)
    # Taken before anything is read: what changes during the build is built the next time.
    digest = digest_of_inputs(paths, engines() | wanted.described(), settings)
    if if_changed and (current := current_release(digest, releases, settings)):
        return current, tuple(CheckResult(**finding) for finding in current.manifest["findings"])
    with without_collector():
        inputs = _inputs(paths, wanted, progress, settings, engine)
        return _built(inputs, releases, progress, settings, digest, engine)


def build_parts(
    paths: Sequence[str | Path],
    folder: Path,
    *,
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    wanted: Wanted | None = None,
    engine: TaskEngine | None = None,
) -> tuple[GraphParts, tuple[CheckResult, ...]]:
    """Write the graph as sorted parts, for a store that is filled part by part, and make no release.

    The same parts, byte for byte, whatever the engine; also returns what needs manual review.

    :param paths: the sources; none: all seeds
    :param folder: not there yet, or empty
    :param settings: the limits, and the base of the IRIs; None: those of the environment
    :param wanted: what of registry files is built; None: every record, the core of its fields
    :param engine: what reads the sources and states their reports; None: processes of this machine
    :raises InputError: a source cannot be read, or the folder has something in it
    :raises Refused: the graph has violations; nothing is written
    :raises OSError: the disk is full …
    """
    settings = settings or Settings.load()
    use_base(settings.base_iri)
    paths = tuple(paths or default_sources())
    with without_collector(), writing_parts(folder) as writer:
        inputs = _inputs(paths, wanted or Wanted(), progress, settings, engine)
        stated = _stated(inputs, writer.folder, progress, settings, engine)
        progress("writing")
        return writer.write(stated.runs), stated.findings


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a build is made of.

    :param read: the tables as they were read
    :param records: the registry files
    :param wanted: what of these is built
    :param joined: numbers of both that are of one trial
    """

    read: Sequence[Read]
    records: Sequence[RegistryInput]
    wanted: Wanted
    joined: JoinedNumbers


def _inputs(
    paths: Sequence[str | Path],
    wanted: Wanted,
    progress: Progress,
    settings: Settings,
    engine: TaskEngine | None,
) -> _Inputs:
    files = {path: file for path in paths if (file := registry_file_of(path, settings))}
    tables = [path for path in paths if path not in files]
    read = _read_many(tables, progress, settings, engine) if tables else ()
    seen = NumbersSeen()
    records = _records(files, read, progress, settings, seen)
    if records:
        seen.see_rows(report for one in read for report in one.reports)
    return _Inputs(read, records, wanted, seen.joined())


@dataclass(frozen=True, slots=True)
class _Stated:
    """The reports of the tables, all sources, the sorted runs of what is stated, and what is to be looked at.

    :param rows: the lines of the records in the table of reports
    """

    reports: Sequence[Report]
    sources: Sequence[Source]
    runs: list[Path]
    findings: tuple[CheckResult, ...]
    rows: list[Rows]


def _stated(
    inputs: _Inputs, folder: Path, progress: Progress, settings: Settings, engine: TaskEngine | None
) -> _Stated:
    read = inputs.read
    current = current_numbers_of(inputs.records, inputs.wanted, settings)
    reports = [with_current_number(report, current.of) for one in read for report in one.reports]
    sources = [one.source for one in read]
    progress(f"stating {len(reports)} reports")
    beside = side_by_side(reports, sources)
    tables, joined = [one.table for one in read], inputs.joined
    shards = shards_of(reports, sources, tables, beside, settings.shard_reports, joined)
    aside = put_aside(inputs.records, shards, folder, inputs.wanted, settings, current.of, joined)
    reference = reference_quads(reports, aside.mappings)
    runs, checked, rows = run_shards(aside.shards, reference, folder, settings, progress, engine)
    left = bool(rows) or not inputs.records or inputs.wanted.only.is_all
    if not (left or reports):
        raise nothing_left(inputs.wanted.only)
    for shard in aside.shards:  # only now: an engine may do a task twice
        if shard.records:
            shard.records.unlink()
    findings = (
        *(f for one in read for f in one.findings),
        *problem_findings(aside.problems),
        *joined.finding(),
        *(CheckResult("warning", "", message, file=where) for where, message in current.remarks),
        *(CheckResult("warning", number, NOT_FOUND) for number in aside.missing),
        *(() if left else (CheckResult("warning", "", nothing_left(inputs.wanted.only).line()),)),
        *(CheckResult("info", focus, message) for focus, message in beside.remarks),
        *checked,
    )
    if violations := [f.line() for f in causes_first(findings) if f.severity == "violation"]:
        raise Refused(violations)
    return _Stated(reports, [*sources, *(one.source for one in inputs.records)], runs, findings, rows)


def _built(
    inputs: _Inputs,
    releases: Path | None,
    progress: Progress,
    settings: Settings,
    digest: str,
    engine: TaskEngine | None,
) -> tuple[Release, tuple[CheckResult, ...]]:
    home = releases or Path(settings.releases)
    with writing(home) as folder:
        stated = _stated(inputs, folder, progress, settings, engine)
        progress("writing")
        tables = report_tables(stated.reports, stated.rows, any_records=bool(inputs.records))
        queries: tuple[SavedQuery, ...] = ()
        with suppress(InputError):  # a checkout without saved queries builds all the same
            queries = tuple(read_queries(settings=settings).values())
        contents = Contents(stated.sources, tables, stated.findings, digest, queries)
        release = released(
            home,
            folder,
            stated.runs,
            lambda lines: Description(lines, stated.sources, settings),
            contents,
            settings,
            progress,
        )
    return release, stated.findings
