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
from collections.abc import Iterator, Sequence
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
        self, query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Checked:
        """The query with its dataset, if it may be run here (:func:`trialgraph.guard.check`).

        A dataset given beside the query takes the place of the query's own ``FROM``. There, other than in
        ``FROM``, an ``http(s)`` IRI of no graph stands for an empty graph: clients are set up for many
        endpoints, and the tests of the SPARQL 1.1 Protocol name graphs that a server does not hold.

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
        checked = check(query, self.graphs)
        if not default_graphs and not named_graphs:
            return checked
        return Checked(
            checked.text, checked.kind, tuple(default_graphs), tuple(named_graphs), checked.volatile
        )

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


class Answer(Iterator[bytes]):
    """The parts of an answer, as they come. Closing it before its end kills the worker.

    After an exception the parts that were read are not the whole answer.
    """

    def __init__(
        self, pool: Pool, worker: WorkerProcess, query: str, limit: float, gone: Gone | None
    ) -> None:
        self._pool, self._worker, self._query, self._limit, self._gone = pool, worker, query, limit, gone
        self._first: bytes | None = None
        self._done = False

    def begin(self) -> None:
        """Wait for the first part or the end.

        Where the end came with the first part, the worker is free again before anyone reads the answer.
        """
        self._first = next(self, b"")
        if not self._done and self._worker.has_frame():
            first, self._first = self._first, None
            self._first = first + next(self, b"")

    @property
    def complete(self) -> bool:
        """Whether the whole answer is here already."""
        return self._done

    def __next__(self) -> bytes:
        if self._first:
            first, self._first = self._first, None
            return first
        if self._done:
            raise StopIteration
        try:
            kind, data = self._worker.frame(self._gone)
        except TrialgraphError as error:
            self.abandon()
            if isinstance(error, QueryTimeout):
                raise self._timeout() from None
            raise
        except (Ended, ValueError, OSError):
            raise self._died() from None
        if kind == b"D":
            return data
        self._done = True
        if kind == b"Z":
            self._pool.give_back(self._worker, fit=data != b"retire")
            raise StopIteration
        said = json.loads(data)
        self._pool.give_back(self._worker, fit=said["kind"] != "fatal")
        raise _refusal(said, self._query)

    def abandon(self) -> None:
        """Kill the worker, whatever it does."""
        if not self._done:
            self._done = True
            self._pool.give_back(self._worker, fit=False)

    def close(self) -> None:
        """End the answer here."""
        self._first = None
        if self._done:
            return
        self._worker.deadline = min(self._worker.deadline, time.monotonic() + LINGER_SECONDS)
        self._gone = None
        with contextlib.suppress(TrialgraphError):
            for _ in self:
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # A reader that forgot to close must not keep a worker for itself.
        with contextlib.suppress(Exception):
            self.close()

    def _timeout(self) -> QueryTimeout:
        return QueryTimeout(
            f"the query was stopped after {self._limit:g} seconds", mend="ask for less, or add a LIMIT"
        )

    def _died(self) -> TrialgraphError:
        """The error for a worker that ended in the middle of a query."""
        code = 0
        if not self._done:
            code = self._worker.exit_code()
        self.abandon()
        if -code in (signal.SIGALRM, signal.SIGXCPU) or self._worker.deadline <= time.monotonic():
            return self._timeout()
        why = (
            "it needed more memory than it may have" if -code == signal.SIGABRT else "the engine broke on it"
        )
        return WorkerFailed(
            f"the query could not be finished: {why}", mend="ask for less, or in simpler steps"
        )


def _nameable(iri: str) -> bool:
    """Whether an IRI could name a graph that this release does not have: absolute, ``http(s)``, well-formed."""
    if not iri.startswith(("http:", "https:")):
        return False
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def _refusal(said: dict[str, Any], query: str) -> TrialgraphError:
    """What the worker said of a query, in this project's words."""
    if said["kind"] == "fatal":
        return WorkerFailed(
            "the query could not be finished: it needed more memory than it may have", mend="ask for less"
        )
    if said["kind"] == "engine":
        if found := re.search(r"custom (?:aggregate )?function <([^<>\s]*)>", said["text"]):
            return QueryRejected(f"unknown function {found[1]}", mend="use the functions of SPARQL 1.1")
        return WorkerFailed("the engine could not evaluate the query", mend="ask in simpler steps")
    return QueryRejected(f"syntax error: {said['text']}", where=place(query, int(said["at"])))
