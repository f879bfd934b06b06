"""The build pipeline, from sources to a release, on one page: the table of contents of the package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from trialgraph.base.errors import InputError, Refused
from trialgraph.base.settings import Settings
from trialgraph.build.processes import without_collector
from trialgraph.build.reading import Read, read_in_processes, read_one
from trialgraph.build.record_findings import problem_findings
from trialgraph.build.records import put_aside
from trialgraph.build.reference import reference_quads
from trialgraph.build.report_tables import report_tables
from trialgraph.build.runs import run_shards
from trialgraph.build.shards import Wanted, shards_of
from trialgraph.extract.comparisons.side_by_side import side_by_side
from trialgraph.extract.registries.source import RegistryInput, registry_file_of, registry_input
from trialgraph.extract.sources import default_sources
from trialgraph.graph.check_result import CheckResult, causes_first
from trialgraph.graph.description import Description
from trialgraph.questions.saved_queries import SavedQuery, read_queries
from trialgraph.rdf import iris
from trialgraph.rdf.iris import use_base
from trialgraph.release.inputs import current_release, digest_of_inputs
from trialgraph.release.manifest_content import engines
from trialgraph.release.open import Release
from trialgraph.release.write import Contents, released, writing

__all__ = ["Read", "build", "read_all"]

Progress = Callable[[str], None]


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
    for path in paths or [path for path in default_sources() if not registry_file_of(path)]:
        read = read_one(path, settings, progress, kind=kind, table=table)
        if read.source.slug in made:
            raise _twice(read, path)
        made[read.source.slug] = read
    return tuple(made.values())


def _twice(read: Read, path: str | Path) -> InputError:
    return InputError(f"two sources are called {read.source.slug}", where=str(path), hint="rename one")


def _read_many(paths: Sequence[str | Path], progress: Progress, settings: Settings) -> tuple[Read, ...]:
    """The sources of a build, in processes where there are many."""
    read = read_in_processes(paths, settings, progress)
    if read is None:
        return read_all(paths, progress, settings)
    known: set[str] = set()
    for one, path in zip(read, paths, strict=True):
        if one.source.slug in known:
            raise _twice(one, path)
        known.add(one.source.slug)
    return read


def _records(
    files: Mapping[str | Path, Path], read: Sequence[Read], progress: Progress, settings: Settings
) -> tuple[RegistryInput, ...]:
    """The registry files of a build, each looked through once."""
    known = {one.source.slug for one in read}
    made: list[RegistryInput] = []
    for path, file in files.items():
        one = registry_input(path, file, settings)
        if one.source.slug in known or one.source.slug in iris.GRAPHS:
            raise InputError(
                f"another source is called {one.source.slug}", where=str(path), hint="rename one"
            )
        known.add(one.source.slug)
        progress(f"{one.source.slug}: {one.file.readable:,} records")
        made.append(one)
    return tuple(made)


def build(
    paths: Sequence[str | Path] = (),
    *,
    releases: Path | None = None,
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    if_changed: bool = False,
    wanted: Wanted | None = None,
) -> tuple[Release, tuple[CheckResult, ...]]:
    """Build a release and make it the current one; also returns what needs manual review.

    :param releases: the folder of releases; None: the setting
    :param if_changed: return the current release where nothing that shapes it has changed since it was built
    :param settings: the limits, and the base of the IRIs; None: those of the environment
    :param wanted: what of registry files is built; None: every record, the core of its fields
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
        files = {path: file for path in paths if (file := registry_file_of(path))}
        tables = [path for path in paths if path not in files]
        read = _read_many(tables, progress, settings) if tables else ()
        records = _records(files, read, progress, settings)
        return _built(read, records, wanted, releases, progress, settings, digest)


def _built(
    read: Sequence[Read],
    records: Sequence[RegistryInput],
    wanted: Wanted,
    releases: Path | None,
    progress: Progress,
    settings: Settings,
    digest: str,
) -> tuple[Release, tuple[CheckResult, ...]]:
    reports, sources = [r for one in read for r in one.reports], [one.source for one in read]
    progress(f"stating {len(reports)} reports")
    beside = side_by_side(reports, sources)
    shards = shards_of(reports, sources, [one.table for one in read], beside, settings.shard_reports)
    home = releases or Path(settings.releases)
    with writing(home) as folder:
        aside = put_aside(records, shards, folder, wanted, settings)
        reference = reference_quads(reports, aside.mappings)
        runs, checked, rows = run_shards(aside.shards, reference, folder, settings, progress)
        findings = (
            *(f for one in read for f in one.findings),
            *problem_findings(aside.problems),
            *(CheckResult("info", focus, message) for focus, message in beside.remarks),
            *checked,
        )
        if violations := [f.line() for f in causes_first(findings) if f.severity == "violation"]:
            raise Refused(violations)
        progress("writing")
        sources += [one.source for one in records]
        tables = report_tables(reports, rows, any_records=bool(records))
        queries: tuple[SavedQuery, ...] = ()
        with suppress(InputError):  # a checkout without saved queries builds all the same
            queries = tuple(read_queries(settings=settings).values())
        contents = Contents(sources, tables, findings, digest, queries)
        release = released(
            home,
            folder,
            runs,
            lambda lines: Description(lines, sources, settings),
            contents,
            settings,
        )
    return release, findings
