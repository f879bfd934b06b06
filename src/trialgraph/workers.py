"""Query -> answer, in processes that can be killed.

The engine has no way to cancel a query, and a hostile one can crash it. So it runs in a few worker processes
(:mod:`trialgraph.worker`), each with the release opened read-only, one query at a time. A worker that
overruns its time, dies or is left by its reader is killed and replaced; the pool survives all of it.
Why so, and what was rejected: ``decisions/0005-workers.md``.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, Self

from pyoxigraph import NamedNode

from trialgraph.errors import (
    Overloaded,
    QueryRejected,
    QueryTimeout,
    ReleaseError,
    TrialgraphError,
    UsageError,
    WorkerFailed,
)
from trialgraph.guard import Checked, check
from trialgraph.limits import setting
from trialgraph.release import Release
from trialgraph.tokens import place
from trialgraph.worker import GRAPH_FORMATS, RESULT_FORMATS
from trialgraph.worker_process import LOOK_SECONDS, Ended, Gone, WorkerProcess

__all__ = ["Answer", "Pool"]

#: How long a closing reader waits for an answer that is as good as complete, before it kills the worker.
LINGER_SECONDS: Final = 0.5
START_SECONDS: Final = 60.0


class Pool:
    """Worker processes on one release. Use from any thread; close it when done.

    :param release: the release to answer from
    :param size: number of processes (setting ``workers``)
    :param seconds: longest run of a query, from its admission (setting ``query_seconds``)
    :raises ReleaseError: a worker cannot open the release
    """

    def __init__(self, release: Release, size: int | None = None, seconds: float | None = None) -> None:
        self.release = release
        self.size = size or int(setting("workers"))
        self.seconds = seconds or float(setting("query_seconds"))
        self.queue = int(setting("queue"))
        self.memory = int(setting("worker_memory_bytes"))
        self._free = threading.Condition()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._tickets: deque[object] = deque()
        self._closed = False
        self._idle.extend(WorkerProcess(release, self.memory) for _ in range(self.size))
        try:
            for worker in self._idle:
                worker.deadline = time.monotonic() + START_SECONDS
                hello = worker.greet()
        except (Ended, TrialgraphError) as error:
            self.close()
            if isinstance(error, ReleaseError):
                raise
            raise WorkerFailed(
                "a query worker does not start", mend="look at the memory limit worker_memory_bytes"
            ) from error
        self.graphs: frozenset[str] = frozenset(hello["graphs"])
        self.confined: str = hello["confined"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the workers. Answers that are still being read end with an error."""
        with self._free:
            self._closed = True
            workers = [*self._idle, *self._busy]
            self._idle.clear()
            self._busy.clear()
            self._free.notify_all()
        for worker in workers:
            worker.kill()

    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        with self._free:
            return tuple(w.process.pid for w in (*self._idle, *self._busy))

    def check(
        self,
        query: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        services: Collection[str] = (),
    ) -> Checked:
        """The query with its dataset, if it may be run here (:func:`trialgraph.guard.check`).

        A dataset given beside the query takes the place of the query's own ``FROM``. There, other than in
        ``FROM``, an ``http(s)`` IRI of no graph stands for an empty graph: clients are set up for many
        endpoints, and the tests of the SPARQL 1.1 Protocol name graphs that a server does not hold.

        :param services: endpoints that it may ask; :func:`trialgraph.federation.joined` has to ask them before
            the query can run
        :raises QueryRejected: it may not
        """
        for iri in (*default_graphs, *named_graphs):
            if iri not in self.graphs and not _nameable(iri):
                raise QueryRejected(
                    "this release has no such graph, and nothing is fetched or read",
                    where="default-graph-uri" if iri in default_graphs else "named-graph-uri",
                    mend="list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }",
                    status=403,
                )
        checked = check(query, self.graphs, services)
        if not default_graphs and not named_graphs:
            return checked
        return replace(checked, default_graphs=tuple(default_graphs), named_graphs=tuple(named_graphs))

    def run(
        self,
        query: str | Checked,
        *,
        format: str | None = None,  # noqa: A002 - the word of the command line and of ?format=
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
        gone: Gone | None = None,
    ) -> Answer:
        """Run a query; returns when the first part of the answer, or its end, is there.

        :param query: its text, or what :meth:`check` made of it (then with its dataset)
        :param format: short name: ``json xml csv tsv`` for SELECT and ASK, ``turtle ntriples rdfxml jsonld
            trig nquads n3`` for CONSTRUCT and DESCRIBE; None: ``json`` or ``turtle``
        :param seconds: a shorter limit than the pool's
        :param gone: asked while waiting whether the caller's client has gone; then the worker is killed
        :raises QueryRejected: the guard or the engine refuses it
        :raises QueryTimeout: it was stopped at the limit
        :raises Overloaded: too many queries wait already, or none of the workers came free in time
        :raises WorkerFailed: the worker died
        """
        checked = query if isinstance(query, Checked) else self.check(query, default_graphs, named_graphs)
        graph = checked.kind in ("CONSTRUCT", "DESCRIBE")
        name = format or ("turtle" if graph else "json")
        known = GRAPH_FORMATS if graph else RESULT_FORMATS
        if name not in known:
            raise UsageError(
                f"a {checked.kind} has no format {name!r}",
                where="format",
                mend=f"use one of {' '.join(known)}",
            )
        limit = min(seconds or self.seconds, self.seconds)
        deadline = time.monotonic() + limit
        for tries in range(self.size + 1):
            worker = self._take(deadline, gone)
            answer = Answer(self, worker, checked.text, limit, gone)
            try:
                worker.greet(gone)
                worker.ask(
                    {
                        "text": checked.text,
                        "format": name,
                        "default": checked.default_graphs,
                        "named": checked.named_graphs,
                        "seconds": max(deadline - time.monotonic(), 0.001),
                    }
                )
            except Ended:
                # It died while idle: not this query's doing, so another worker gets it.
                answer.abandon()
                if tries == self.size:
                    raise WorkerFailed("the query workers do not start", mend="try again later") from None
                continue
            except TrialgraphError:
                answer.abandon()
                raise
            break
        answer.begin()
        return answer

    def _take(self, deadline: float, gone: Gone | None) -> WorkerProcess:
        """A free worker, first come first served."""
        ticket = object()
        with self._free:
            if len(self._tickets) >= self.queue:
                raise Overloaded(f"{self.queue} queries wait already", mend="try again in a few seconds")
            self._tickets.append(ticket)
            try:
                while not (self._idle and self._tickets[0] is ticket):
                    left = deadline - time.monotonic()
                    if self._closed:
                        raise Overloaded("the server is stopping", mend="try again in a few seconds")
                    if left <= 0:
                        raise Overloaded(
                            "no query worker came free within the time limit",
                            mend="try again in a few seconds",
                        )
                    if gone and gone():
                        raise WorkerFailed("nobody waits for this answer any more")
                    self._reap()
                    self._free.wait(min(left, LOOK_SECONDS))
                worker = self._idle.pop(0)
                worker.deadline = deadline
                self._busy.add(worker)
                return worker
            finally:
                self._tickets.remove(ticket)
                self._free.notify_all()

    def _reap(self) -> None:
        """Replace workers whose reader stands still past the deadline (their processes ended themselves)."""
        for worker in [w for w in self._busy if w.deadline + LOOK_SECONDS < time.monotonic()]:
            self._busy.discard(worker)
            worker.process.kill()
            self._idle.append(WorkerProcess(self.release, self.memory))

    def give_back(self, worker: WorkerProcess, *, fit: bool) -> None:
        """Return a worker; one that is not fit is killed and replaced at once."""
        if not fit:
            worker.kill()
        with self._free:
            if worker in self._busy and not self._closed:
                self._busy.discard(worker)
                self._idle.append(worker if fit else WorkerProcess(self.release, self.memory))
                self._free.notify_all()


def _nameable(iri: str) -> bool:
    """Whether an IRI could name a graph that this release does not have: absolute, ``http(s)``, well-formed."""
    if not iri.startswith(("http:", "https:")):
        return False
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True
