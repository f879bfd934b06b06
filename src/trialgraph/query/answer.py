"""A streamed answer: the answer to one query, read from its worker part by part."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self

from trialgraph.base.errors import (
    AnswerTooLarge,
    Overloaded,
    QueryRejected,
    QueryTimeout,
    StoreFailed,
    TrialgraphError,
    WorkerFailed,
)
from trialgraph.query.admission import AGAIN, Admission, Ticket
from trialgraph.query.cache import AnswerCache, Flight
from trialgraph.query.guard.tokenizer import place
from trialgraph.query.worker_process import LOOK_SECONDS, Ended, Gone, WorkerProcess

__all__ = ["Answer", "Overrun", "QueryJob"]

#: How long a closing reader waits for an answer that is as good as complete, before it kills the worker.
LINGER_SECONDS: Final = 0.5
LEAST_LOOK_SECONDS: Final = 0.01


class Overrun(Exception):
    """A query exceeds the limit of the worker for short queries; no byte of its answer is out yet."""


class AnswerPool(Protocol):
    """What an answer needs of the pool that it comes from (:class:`trialgraph.query.pool.Pool`)."""

    admission: Admission[WorkerProcess]
    cache: AnswerCache
    short_seconds: float
    short_bytes: int
    answer_bytes: int
    closed: bool

    def count(self, what: str) -> None:
        """Count something that happened."""

    def took_long(self, key: bytes) -> None:
        """Remember that this query took long."""

    def give_back(self, worker: WorkerProcess, ticket: Ticket[WorkerProcess], *, fit: bool) -> None:
        """Return a worker."""


@dataclass(frozen=True, slots=True)
class QueryJob:
    """One query as the pool runs it.

    :param request: the message to the worker, without the time limit
    :param key: the cache key
    :param kept: whether the answer may be cached
    :param limit: seconds that it may take
    :param deadline: when they are over, by the monotonic clock
    :param gone: tells whether the caller's client has gone
    """

    request: dict[str, Any]
    key: bytes
    kept: bool
    limit: float
    deadline: float
    gone: Gone | None

    def timeout(self) -> QueryTimeout:
        """The error for a query that was stopped at its limit."""
        return QueryTimeout(
            f"the query was stopped after {self.limit:g} seconds", hint="ask for less, or add a LIMIT"
        )

    def check_client(self) -> None:
        """Check that the client still waits.

        :raises WorkerFailed: no
        """
        if self.gone and self.gone():
            raise WorkerFailed("the client has disconnected")


class Answer(Iterator[bytes]):
    """The parts of an answer, as they come. Closing it before its end kills the worker.

    After an exception the parts that were read are not the whole answer.

    :ivar cut: at its end: the worker stopped it there, as its reader holds no more bytes
    """

    cut = False

    def __init__(
        self,
        pool: AnswerPool,
        job: QueryJob,
        worker: WorkerProcess,
        ticket: Ticket[WorkerProcess],
        flight: Flight | None,
    ) -> None:
        self._pool, self._job, self._worker, self._ticket, self._flight = (
            pool,
            job,
            worker,
            ticket,
            flight,
        )
        self._began = 0.0
        self._patience = pool.admission.patience(ticket, pool.short_seconds)
        self._first: bytes | None = None
        self._collected: list[bytes] = []
        self._size = 0
        self._done = False
        self._closing = False

    @classmethod
    def of(cls, data: bytes) -> Self:
        """An answer from the cache."""
        answer = cls.__new__(cls)
        answer._first, answer._done = data, True
        return answer

    def ask(self) -> None:
        """Send the query to the worker.

        :raises Ended: the worker had died before
        """
        self._worker.greet(self._job_look)
        seconds = max(self._job.deadline - time.monotonic(), 0.001)
        self._began = self._worker.clock()
        self._worker.ask(self._job.request | {"seconds": seconds})

    def begin(self) -> None:
        """Wait for the first part or the end.

        Where the end came with the first part, the worker is free again before anyone reads the answer. On a
        worker that the query may not keep, the whole answer is waited for, so that it can be asked for again.

        :raises Overrun: the query must be asked again on another worker
        """
        held = [next(self, b"")]
        while not self._done and (self._worker.has_frame() or not self._stays()):
            held.append(next(self, b""))
        self._first = b"".join(held)

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
            kind, data = self._worker.frame(self._look)
        except TrialgraphError as error:
            self.abandon()
            if isinstance(error, QueryTimeout):
                self._pool.count("timed_out")
                raise self._job.timeout() from None
            raise
        except (Ended, ValueError, OSError):
            raise self._died() from None
        if kind == b"D":
            self._collect(data)
            return data
        self._done = True
        if kind == b"Z":
            words = data.split()
            self.cut = b"cut" in words
            self._finish(None if self.cut else b"".join(self._collected))
            self._pool.count("answered")
            self._pool.give_back(
                self._worker, self._ticket, fit=b"retire" not in words and not self._worker.slowed
            )
            raise StopIteration
        message = json.loads(data)
        self._finish(None)
        if message["kind"] == "fatal":
            self._crashed()
        else:
            self._pool.count("refused")
        fit = message["kind"] != "fatal" and not self._worker.slowed
        self._pool.give_back(self._worker, self._ticket, fit=fit)
        raise _refusal(message, self._job.request["text"])

    def _job_look(self) -> float:
        self._job.check_client()
        return LOOK_SECONDS

    def _look(self) -> float:
        """Periodic checks while the worker runs; returns the seconds until the next one."""
        if not self._closing:
            self._job.check_client()
        ran = self._worker.clock() - self._began
        if ran >= self._pool.short_seconds and not self._worker.slowed:
            self._pool.took_long(self._job.key)
            self._worker.slow_down()
        if self._ticket.keeps:
            return LOOK_SECONDS
        if ran >= self._patience:
            self._stays()
        return min(LOOK_SECONDS, max(self._patience - ran, LEAST_LOOK_SECONDS))

    def _stays(self) -> bool:
        """Whether the query may keep its worker, requested from admission once it is no longer short.

        :raises Overrun: it is not, and it may not
        """
        if self._ticket.keeps:
            return True
        quick = self._size <= self._pool.short_bytes and self._worker.clock() - self._began < self._patience
        if quick or self._pool.admission.keep(self._ticket):
            return self._ticket.keeps
        raise Overrun

    def _collect(self, data: bytes) -> None:
        """Count a part, and collect a copy for the cache, as long as it is not too large.

        :raises AnswerTooLarge: the answer is
        """
        self._size += len(data)
        if self._size > self._pool.answer_bytes:
            self._pool.count("too_long")
            self.abandon()
            raise AnswerTooLarge(
                f"the answer is longer than {self._pool.answer_bytes} bytes",
                hint="add a LIMIT, or download a file of the release",
            )
        if not self._flight:
            return
        self._collected.append(data)
        if self._size > self._pool.cache.largest:
            self._finish(None, alone=True)

    def _finish(self, whole: bytes | None, *, alone: bool = False) -> None:
        flight, self._flight = self._flight, None
        self._collected = []
        if flight:
            self._pool.cache.finish(self._job.key, flight, whole, shared=not alone)

    def abandon(self) -> None:
        """Kill the worker, whatever it does."""
        if not self._done:
            self._done = True
            self._finish(None)
            self._pool.count("killed")
            self._pool.give_back(self._worker, self._ticket, fit=False)

    def withdraw(self) -> Flight | None:
        """Let go of worker and ticket, which the caller sees to; the computation goes on elsewhere."""
        self._done = True
        flight, self._flight = self._flight, None
        return flight

    def close(self) -> None:
        """End the answer here."""
        self._first = None
        if self._done:
            return
        self._closing = True
        self._worker.deadline = min(self._worker.deadline, time.monotonic() + LINGER_SECONDS)
        with contextlib.suppress(TrialgraphError, Overrun):
            for _ in self:
                pass
        self.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # A caller that forgot to close must not block a worker.
        with contextlib.suppress(Exception):
            self.close()

    def _crashed(self) -> None:
        """A crash counts as an overrun: of this query, and against its client."""
        self._pool.count("crashed")
        self._pool.took_long(self._job.key)
        self._pool.admission.overran(self._ticket)

    def _died(self) -> TrialgraphError:
        """The error for a worker that ended in the middle of a query."""
        if self._pool.closed:
            self.abandon()
            return Overloaded("the server is stopping", hint=AGAIN)
        code = 0
        if not self._done:
            code = self._worker.exit_code()
        late = -code in (signal.SIGALRM, signal.SIGXCPU) or self._worker.deadline <= time.monotonic()
        if not self._done and late:
            self._pool.count("timed_out")
        elif not self._done:
            self._crashed()
        self.abandon()
        if late:
            return self._job.timeout()
        why = "it needed more memory than it is allowed" if -code == signal.SIGABRT else "the engine crashed"
        return WorkerFailed(
            f"the query could not be finished: {why}", hint="ask for less, or in simpler steps"
        )


def _refusal(message: dict[str, Any], query: str) -> TrialgraphError:
    """The error for what the worker reported."""
    if message["kind"] == "fatal":
        return WorkerFailed(
            "the query could not be finished: it needed more memory than it is allowed", hint="ask for less"
        )
    if message["kind"] == "not representable":
        return QueryRejected(
            f"the answer holds {message['text']}, which this format cannot hold",
            hint="ask for JSON, TSV or Turtle",
            status=406,
        )
    if message["kind"] == "store":
        return StoreFailed(message["text"], status=message["status"], hint="try again later")
    if message["kind"] == "rejected":
        return QueryRejected(message["text"], where=message["where"], hint=message["hint"])
    if message["kind"] == "late":
        return QueryTimeout(message["text"], hint="ask for less, or add a LIMIT")
    if message["kind"] == "engine":
        if found := re.search(r"custom (?:aggregate )?function <([^<>\s]*)>", message["text"]):
            return QueryRejected(f"unknown function {found[1]}", hint="use the functions of SPARQL 1.1")
        return WorkerFailed("the engine could not evaluate the query", hint="ask in simpler steps")
    return QueryRejected(f"syntax error: {message['text']}", where=place(query, int(message["at"])))
