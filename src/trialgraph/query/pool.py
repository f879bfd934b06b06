"""The worker pool: queries run in processes that can be killed and replaced.

The engine cannot cancel a query, and a hostile one can crash it. So it runs in a few worker processes
(:mod:`trialgraph.query.worker`), each with the release opened read-only, one query at a time. A worker that exceeds
its time, dies or loses its client is killed and replaced; the pool survives all of it. Reasons and rejected
options: ``decisions/0005-workers.md``; who runs next: ``decisions/0009-admission.md``.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from trialgraph.base.errors import Overloaded, ReleaseError, TrialgraphError, UsageError, WorkerFailed
from trialgraph.base.settings import Settings
from trialgraph.query.admission import AGAIN, Admission, Ticket
from trialgraph.query.answer import Answer, Overrun, QueryJob
from trialgraph.query.cache import AnswerCache, Flight, SlowQueries, answer_key
from trialgraph.query.engines.engine import EmbeddedEngine, Engine
from trialgraph.query.guard import Checked
from trialgraph.query.guard.dataset import check_with_dataset
from trialgraph.query.refill import Refill
from trialgraph.query.results import formats
from trialgraph.query.stored import FileAnswer, StoredAnswers
from trialgraph.query.worker_process import LOOK_SECONDS, Ended, Gone, WorkerProcess, sized
from trialgraph.rdf.iris import use_base
from trialgraph.release.open import Release
from trialgraph.release.store_record import Standing, compare

__all__ = ["Answer", "Pool"]

#: How long a client whose query was stopped waits for the end of the process, in seconds.
KILL_SECONDS: Final = 0.1


class Pool:
    """Worker processes on one release. Use from any thread; close it when done.

    :param release: the release to answer from
    :param size: number of processes; None: the setting ``workers``
    :param seconds: longest run of a query, from its admission; None: the setting ``query_seconds``
    :param settings: the limits; None: those of the environment
    :param store: what is known of the release's store; None: that is found out
    :param engine: what evaluates the queries; None: the workers themselves, on the release
    :raises TrialgraphError: a worker cannot open the release, or the external store does not hold it
    """

    def __init__(
        self,
        release: Release,
        size: int | None = None,
        seconds: float | None = None,
        *,
        settings: Settings | None = None,
        store: Standing | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.release = release
        self.engine = engine or EmbeddedEngine(release)
        self.settings = settings = settings or Settings.load()
        use_base(settings.base_iri)
        self.size, self.worker_memory = sized(settings, size)
        self.seconds = seconds or settings.query_seconds
        self.short_seconds, self.short_bytes = settings.short_seconds, settings.short_bytes
        self.answer_bytes = settings.answer_bytes
        self.admission = Admission[WorkerProcess](self.size, settings.queue, settings.client_queries)
        self.cache = AnswerCache(settings.cache_answers, settings.cache_bytes, settings.cache_answer_bytes)
        self._lock = threading.Lock()
        self._workers: list[WorkerProcess] = []
        self._busy: dict[WorkerProcess, Ticket[WorkerProcess]] = {}
        self._slow = SlowQueries()
        self._counts: Counter[str] = Counter()
        self.closed = False
        self._refill = Refill(self._add, lambda: self.closed or len(self._workers) >= self.size)
        #: Since when there has been no worker at all; None while there is one.
        self.empty_since: float | None = None
        self.store = store or self.engine.standing()
        hello = self._start()
        self.graphs: frozenset[str] = frozenset(hello["graphs"])
        self.confined: str = hello["confined"]
        #: What the release has as files.
        self.stored = StoredAnswers(release, self.graphs, self.answer_bytes)

    def _start(self) -> dict[str, Any]:
        """Start a worker, then the others (the application starts beside them, on a core); its ready message."""
        try:
            first = self._spawn()
            first.deadline = time.monotonic() + self.settings.start_seconds
            hello = first.greet()
            others = [self._spawn() for _ in range(self.size - 1)]
        except (Ended, TrialgraphError) as error:
            if not self.store.compared:  # its store may be why
                for worker in self._workers:
                    worker.kill()
                self._workers = []
                self.store = Standing(compare(self.release.path), compared=True)
                return self._start()
            self.close()
            if isinstance(error, ReleaseError):
                raise
            raise WorkerFailed(
                "a query worker did not start", hint="look at the memory limit worker_memory_bytes"
            ) from error
        for worker in others:
            self.admission.free(worker)  # who gets it waits until it is ready
        self.admission.free(first)
        return hello

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the workers. Answers that are still being read end with an error."""
        with self._lock:
            self.closed = True
            workers, self._workers = self._workers, []
            self._busy.clear()
        self.admission.close()
        for worker in workers:
            worker.kill()

    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        with self._lock:
            return tuple(worker.process.pid for worker in self._workers)

    def stats(self) -> dict[str, int]:
        """Counters and gauges of the pool.

        ``running`` and ``waiting`` queries; ``answered``, ``timed_out``, ``refused`` (by the engine), ``killed``
        (with a worker, for whatever reason), ``crashed``, ``rejected`` (queue or a client's share full), ``too_long``
        (answers), ``requeued`` (from the worker kept for quick queries); ``cache_hits``, ``cache_misses``,
        ``cache_answers``, ``cache_bytes``; ``workers``; ``start_failed`` (workers that could not be started).
        """
        names = (
            *("answered", "timed_out", "refused", "killed", "crashed"),
            *("too_long", "requeued", "start_failed"),
        )
        with self._lock:
            counted = {name: self._counts[name] for name in names} | {"workers": len(self._workers)}
        return (
            counted
            | self.admission.counts()
            | {
                "cache_hits": self.cache.hits,
                "cache_misses": self.cache.misses,
                "cache_answers": len(self.cache),
                "cache_bytes": self.cache.held,
            }
        )

    def count(self, what: str) -> None:
        """Count something that happened."""
        with self._lock:
            self._counts[what] += 1

    def took_long(self, key: bytes) -> None:
        """Remember that this query took long: it is not tried on the worker for short queries again."""
        self._slow.add(key)

    def check(
        self,
        query: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        services: Collection[str] = (),
    ) -> Checked:
        """The query with its dataset, if it may be run (:func:`~trialgraph.query.guard.dataset.check_with_dataset`).

        :param services: endpoints that it may call; :func:`trialgraph.query.federation.joined` has to call them
            before the query can run
        :raises QueryRejected: it may not
        """
        return check_with_dataset(
            query, default_graphs, named_graphs, self.graphs, services, settings=self.settings
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
        fresh: bool = False,
        most_bytes: int = 0,
    ) -> Answer:
        """Run a query; returns when the first part of the answer, or its end, is there.

        :param query: its text, or what :meth:`check` made of it (then with its dataset)
        :param format: short name: ``json xml csv tsv`` for SELECT and ASK, ``turtle ntriples rdfxml jsonld
            trig nquads n3`` for CONSTRUCT and DESCRIBE; None: ``json`` or ``turtle``
        :param seconds: a shorter limit than the pool's
        :param gone: polled while waiting: whether the caller's client has gone; then the worker is killed
        :param fresh: bypass the cache and the files of the release
        :param most_bytes: the bytes after which the worker stops, for a caller that holds the answer in memory
            (:attr:`Answer.cut` says so at the end); 0: no limit
        :raises QueryRejected: the guard or the engine refuses it
        :raises QueryTimeout: it was stopped at the limit
        :raises Overloaded: too many queries are already waiting, or none of the workers came free in time
        :raises TooManyQueries: too many of them are of this client (:func:`trialgraph.query.admission.as_client`)
        :raises WorkerFailed: the worker died
        """
        checked = query if isinstance(query, Checked) else self.check(query, default_graphs, named_graphs)
        job = self._job(checked, format, min(seconds or self.seconds, self.seconds), gone, fresh=fresh)
        job.request["most"] = most_bytes  # no part of the key: an answer that is cut is not kept
        if job.kept and (kept := self.cache.get(job.key)) is not None:
            return Answer.of(kept)
        if not fresh and (stored := self.stored.find(checked, job.request["format"])):
            return FileAnswer(stored, most_bytes)
        ticket = self.admission.enter(slow=job.key in self._slow)
        flight = None
        try:
            if job.kept:
                kept, flight = self._coalesce(job)
                if kept is not None:
                    self.admission.leave(ticket)
                    return Answer.of(kept)
            return self._run(job, ticket, flight)
        except BaseException:
            if flight:
                self.cache.finish(job.key, flight, None, shared=True)
            self._drop(ticket)
            raise

    def _job(
        self, checked: Checked, format_: str | None, limit: float, gone: Gone | None, *, fresh: bool
    ) -> QueryJob:
        known = [form.name for form in formats(checked.kind)]
        name = format_ or known[0]
        if name not in known:
            raise UsageError(
                f"a {checked.kind} has no format {name!r}",
                where="format",
                hint=f"use one of {' '.join(known)}",
            )
        default, named = checked.default_graphs, checked.named_graphs
        request: dict[str, Any] = {"text": checked.text, "format": name, "default": default, "named": named}
        request["graph"] = self.stored.graph(checked)
        key = answer_key((checked.text, name, "default", *default, "named", *named))
        kept = not fresh and not checked.volatile
        return QueryJob(request, key, kept, limit, time.monotonic() + limit, gone)

    def _coalesce(self, job: QueryJob) -> tuple[bytes | None, Flight | None]:
        """Coalesce with an identical query in flight: its answer, else the duty to compute it."""
        while True:
            flight, leading = self.cache.join(job.key)
            if leading:
                return None, flight
            while not flight.over.wait(LOOK_SECONDS):
                job.check_client()
                if job.deadline <= time.monotonic():
                    raise job.timeout()
            if not flight.shared:
                return None, None
            if (kept := self.cache.get(job.key)) is not None:
                return kept, None
            if job.deadline - time.monotonic() < LOOK_SECONDS:
                raise job.timeout()  # it was stopped just now; too little time is left for another try

    def _run(self, job: QueryJob, ticket: Ticket[WorkerProcess], flight: Flight | None) -> Answer:
        tries = 0
        while True:
            worker = self._take(job, ticket)
            answer = Answer(self, job, worker, ticket, flight)
            try:
                answer.ask()
                answer.begin()
            except Ended:
                # It died while idle: not this query's fault, so another worker gets it.
                tries += 1
                if tries > self.size:
                    raise WorkerFailed("the query workers did not start", hint="try again later") from None
            except Overrun:
                self.count("requeued")
                self.admission.overran(ticket)
            except TrialgraphError:
                answer.abandon()
                raise
            else:
                return answer
            flight = answer.withdraw()
            self.admission.stop(ticket)
            self._replace(worker)

    def _take(self, job: QueryJob, ticket: Ticket[WorkerProcess]) -> WorkerProcess:
        """A worker, when it is the ticket's turn."""
        self.admission.enqueue(ticket)
        while not ticket.ready.is_set():
            left = job.deadline - time.monotonic()
            if left <= 0:
                raise Overloaded("no query worker came free within the time limit", hint=AGAIN)
            job.check_client()
            self._reap()
            ticket.ready.wait(min(left, LOOK_SECONDS))
        worker = ticket.worker
        if worker is None:
            why = "others wait for a place in the queue" if ticket.evicted else "the server is stopping"
            raise Overloaded(why, hint=AGAIN)
        worker.deadline = job.deadline
        with self._lock:
            self._busy[worker] = ticket
        return worker

    def _spawn(self) -> WorkerProcess:
        worker = WorkerProcess(self.engine, self.worker_memory, self.store.known)
        with self._lock:
            if not self.closed:
                self._workers.append(worker)
                self.empty_since = None
                return worker
        worker.kill()
        raise Overloaded("the server is stopping", hint=AGAIN)

    def _replace(self, worker: WorkerProcess) -> None:
        """Kill a worker and start another one."""
        with self._lock:
            self._busy.pop(worker, None)
            known = worker in self._workers
            if known:
                self._workers.remove(worker)
        if worker.end(KILL_SECONDS):
            self._succeed(worker, needed=known)
        else:  # its client need not wait for that
            succeed = partial(self._succeed, worker, needed=known)
            threading.Thread(target=succeed, daemon=True).start()

    def _succeed(self, worker: WorkerProcess, *, needed: bool) -> None:
        worker.kill()
        if needed:
            self._add()

    def _add(self) -> bool:
        """Start one more worker; where that is not possible now, it is tried again. Whether there is one more."""
        try:
            worker = self._spawn()
        except Overloaded:  # the pool was closed meanwhile
            return True
        except (OSError, MemoryError):
            with self._lock:
                self._counts["start_failed"] += 1
                if not self._workers and self.empty_since is None:
                    self.empty_since = time.monotonic()
            self._refill.begin()
            return False
        self.admission.free(worker)
        return True

    def _reap(self) -> None:
        """Replace workers whose client does not read past the deadline (their processes ended themselves)."""
        late = time.monotonic() - LOOK_SECONDS
        with self._lock:
            found = [(worker, ticket) for worker, ticket in self._busy.items() if worker.deadline < late]
            for worker, _ in found:
                del self._busy[worker]
                self._workers.remove(worker)
        for worker, ticket in found:
            worker.process.kill()
            self.admission.stop(ticket, stalled=True)
            self._add()

    def _drop(self, ticket: Ticket[WorkerProcess]) -> None:
        """Give up the ticket of a query that did not start, and its worker, if it had one."""
        worker = self.admission.leave(ticket)
        if worker is not None:
            with self._lock:
                used = self._busy.get(worker)
            if used is None:
                self.admission.free(worker)
            else:
                self._replace(worker)

    def give_back(self, worker: WorkerProcess, ticket: Ticket[WorkerProcess], *, fit: bool) -> None:
        """Return a worker; one that is not fit is killed and replaced at once."""
        self.admission.leave(ticket)
        if not fit:
            self._replace(worker)
            return
        with self._lock:
            self._busy.pop(worker, None)
            known = worker in self._workers
        if known:
            self.admission.free(worker)
        else:
            worker.kill()
