"""Sources to reports: one after the other, or many in processes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.build.processes import Processes, TaskEngine, jobs_of
from trialgraph.extract.ambiguity import resolved
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.curation import read_curation
from trialgraph.extract.decisions import settle
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source, read_source
from trialgraph.extract.tables import read_rows, recognised
from trialgraph.extract.text.legend import read_legend
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.reading_checks import check_reading
from trialgraph.model.report import Report
from trialgraph.model.table import Table
from trialgraph.rdf.iris import use_base
from trialgraph.release.progress import Progress, Step

__all__ = ["Read", "read_in_processes", "read_one"]

#: Fewer sources than this are read before other processes have started.
_FEW: Final = 16


@dataclass(frozen=True, slots=True)
class Read:
    """A source, its table, and the reports that were read from it."""

    source: Source
    table: Table
    reports: tuple[Report, ...]

    @property
    def findings(self) -> tuple[CheckResult, ...]:
        """What needs manual review (:mod:`trialgraph.graph.reading_checks`)."""
        return tuple(check_reading(self.source, self.table, self.reports))


@dataclass(frozen=True, slots=True)
class _Path:
    number: int
    path: str

    @property
    def slugs(self) -> str:
        """The file, for messages."""
        return self.path


def read_one(
    path: str | Path, settings: Settings, progress: Progress, *, kind: str = "", table: str | None = None
) -> Read:
    """Read a source.

    :raises InputError: it cannot be read at all
    """
    source = recognised(read_source(path, settings, kind=kind, table=table), settings)
    progress(f"reading {source.slug}")
    known: dict[int, Report] = {}
    found = read_rows(source, settings, reports=known)
    legend = read_legend(source.text, found.non_cell_text)
    reports = find_conflicts(
        [resolved(known.get(row.number) or read_report(row), legend) for row in found.rows]
    )
    reports = settle(reports, read_curation(source, settings), str(source.path.parent / "curation.tsv"))
    return Read(source, found, reports)


def read_in_processes(
    paths: Sequence[str | Path], settings: Settings, progress: Progress, engine: TaskEngine | None = None
) -> tuple[Read, ...] | None:
    """Many sources, in their order; None where there are few for this machine, or standard input is among them.

    :param engine: what reads them, however few; None: processes of this machine, as the setting ``jobs`` says
    :raises InputError: one of them cannot be read at all
    """
    few = engine is None and (jobs_of(settings.jobs) < 2 or len(paths) < _FEW)
    if few or "-" in map(str, paths):
        return None
    # Processes of a cluster have other working directories.
    tasks = [_Path(n, os.path.abspath(path) if engine else str(path)) for n, path in enumerate(paths)]
    engine = engine or Processes(settings.jobs)
    made: dict[int, Read] = {}
    step = Step(progress, "reading", "sources", len(tasks))
    for number, read in engine.results(partial(_read, settings), tasks, partial(use_base, settings.base_iri)):
        made[number] = read
        step.add(1)
    return tuple(made[number] for number in sorted(made))


def _read(settings: Settings, task: _Path) -> tuple[int, Read]:
    return task.number, read_one(task.path, settings, lambda _: None)
