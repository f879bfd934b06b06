"""The saved queries that the guard lets through, and whether their answers are what their headers expect."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from trialgraph.base.errors import BrokenQuery, QueryRejected, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.query.guard import check
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, makes_graph, read_graph, read_table, too_large
from trialgraph.questions.saved_queries import SavedQueries, SavedQuery, read_queries

__all__ = ["LaterQueries", "differences", "sound_queries"]


class _AnyGraph(Collection[str]):
    """The graphs of a release that is not known yet: each that a query names."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def sound_queries(
    settings: Settings, folder: Path | None = None, graphs: Collection[str] | None = None
) -> SavedQueries:
    """The saved queries; one that the guard refuses is in ``broken``, as is one whose file is malformed.

    :param folder: None: the packaged ones
    :param graphs: those that ``FROM`` may name; None: any, as the release is not known
    :raises InputError: this installation has no folder of queries
    """
    read = read_queries(folder, settings)
    sound, broken = {}, dict(read.broken)
    for slug, saved in read.items():
        try:
            check(saved.sparql, _AnyGraph() if graphs is None else graphs, settings=settings)
        except QueryRejected as error:
            broken[slug] = BrokenQuery(error.what, where=_in_file(saved, error.where), hint=error.hint)
        else:
            sound[slug] = saved
    return SavedQueries(sound, broken)


class LaterQueries(Mapping[str, SavedQuery]):
    """The saved queries, read when one of them is first asked for: a server answers before it has read them.

    :param read: reads them
    """

    def __init__(self, read: Callable[[], SavedQueries]) -> None:
        self._read, self._lock = read, threading.Lock()
        self._all: SavedQueries | None = None

    def all(self) -> SavedQueries:
        """All of them; whoever asks meanwhile waits."""
        if self._all is None:
            with self._lock:
                if self._all is None:
                    self._all = self._read()
        return self._all

    @property
    def broken(self) -> Mapping[str, BrokenQuery]:
        """What is wrong with those that cannot be answered."""
        return self.all().broken

    def __getitem__(self, slug: str) -> SavedQuery:
        return self.all()[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())


def _in_file(saved: SavedQuery, place: str) -> str:
    """A place ``line:column`` of the query, which is counted without its header, as a place of its file."""
    found = re.match(r"(\d+)(:\d+)?", place)
    if not found:
        return saved.file
    lines = [n for n, line in enumerate(saved.text.splitlines(), 1) if not line.startswith("#+")]
    at = lines[min(int(found[1]), len(lines)) - 1] if lines else 1
    return f"{saved.file}:{at}{found[2] or ''}"


def differences(saved: SavedQuery, pool: Pool) -> Iterator[BrokenQuery]:
    """Where the answer, with the defaults, differs from ``expected`` in the header, with file and line.

    What is not stated is not compared. A query that cannot be answered differs, too.
    """
    where = f"{saved.file}:{saved.line_of('expected')}"
    try:
        checked = pool.check(saved.bind())
        graph = makes_graph(checked.kind)
        most = pool.settings.gathered_bytes
        with pool.run(checked, format="ntriples" if graph else "json", most_bytes=most) as answer:
            table = (read_graph if graph else read_table)(answer, None, most)
        if isinstance(table, ResultTable) and table.more:
            raise too_large(most)
    except TrialgraphError as error:
        yield BrokenQuery(error.what, where=_in_file(saved, error.where), hint=error.hint)
        return
    if not isinstance(table, ResultTable):  # the answer to ASK is one value without a name
        table = ResultTable((), ((),), more=False)
    columns, rows = saved.expected.columns, saved.expected.rows
    if columns is not None and tuple(table.columns) != columns:
        yield BrokenQuery(
            f"the columns are {', '.join(table.columns) or 'none'}", where=where, hint="correct expected"
        )
    if rows is not None and len(table.rows) != rows:
        yield BrokenQuery(
            f"{len(table.rows)} rows, {rows} are expected", where=where, hint="correct expected, or the query"
        )
