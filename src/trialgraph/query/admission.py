"""Admission control and rate limit per client: fair queuing, a bounded queue, one worker reserved for short queries.

Pure bookkeeping under one lock: it knows tickets and workers, not processes. The rules and the rejected options are
in ``decisions/0009-admission.md``.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Generic, TypeVar

from trialgraph.base.errors import Overloaded, TooManyQueries

__all__ = ["ACTIVE_SECONDS", "AGAIN", "Admission", "Ticket", "as_client", "client_of"]

AGAIN: Final = "try again in a few seconds"
#: Overruns on the worker for short queries count for this many seconds, and at most this many of them.
MEMORY_SECONDS: Final = 30.0
MOST_OVERRUNS: Final = 3
#: How long after its last request a client counts as active.
ACTIVE_SECONDS: Final = 10.0

_client: ContextVar[str] = ContextVar("client", default="")
W = TypeVar("W")


@contextmanager
def as_client(client: str) -> Iterator[None]:
    """Attribute the queries inside the block to a client (:func:`client_of`); outside of it, to the server itself."""
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


@lru_cache(maxsize=4_096)  # asked for each open connection whenever one is accepted
def client_of(address: str) -> str:
    """The unit of the rate limit: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)


@dataclass(eq=False)
class Ticket(Generic[W]):
    """A query that waits or runs.

    :param client: who sent it
    :param slow: known to take long, so it waits for a worker that it may keep to its time limit to its time limit
    :param worker: what it runs on
    :param keeps: it may keep its worker up to its time limit; else only while it is quick
    :param evicted: the queue was full, and its client had the most in it
    :param ready: set when there is a worker, or none will come
    """

    client: str
    slow: bool = False
    worker: W | None = None
    keeps: bool = False
    evicted: bool = False
    ready: threading.Event = field(default_factory=threading.Event)


class Admission(Generic[W]):
    """Tickets and free workers.

    :param size: number of workers; all but one (but at least one) may be kept by long queries at a time
    :param queue: most tickets that may wait
    :param share: most tickets of one client, waiting and running, while others are active
    """

    def __init__(self, size: int, queue: int, share: int) -> None:
        self.queue, self.share = queue, share
        self.keepers = max(1, size - 1)
        self.rejected = 0
        self._lock = threading.Lock()
        self._free: deque[W] = deque()
        #: The queue of each client, the next one first; tickets that wait for a coalesced answer are in none.
        self._queues: OrderedDict[str, list[Ticket[W]]] = OrderedDict()
        self._parked: set[Ticket[W]] = set()
        self._running: set[Ticket[W]] = set()
        #: Tickets whose worker was taken away while their client did not read.
        self._stalled: set[Ticket[W]] = set()
        self._overruns: dict[str, deque[float]] = {}
        self._seen: dict[str, float] = {}
        self._closed = False

    def enter(self, *, slow: bool = False) -> Ticket[W]:
        """Admit a query; it is parked until :meth:`enqueue`.

        :raises TooManyQueries: its client has its share already
        :raises Overloaded: the queue is full, and no other client has more of it
        """
        ticket: Ticket[W] = Ticket(_client.get(), slow)
        with self._lock:
            if self._closed:
                raise Overloaded("the server is stopping", hint=AGAIN)
            self._see(ticket.client)
            # whose queries overran or crashed again and again leaves the worker for short ones to others
            ticket.slow = slow or (
                self._recent(ticket.client) >= MOST_OVERRUNS and self._others(ticket.client)
            )
            own = [t for t in self._tickets() if t.client == ticket.client]
            # A client that is alone may fill the queue: the next client gets room in it by eviction.
            if len(own) >= self.share and self._others(ticket.client):
                self.rejected += 1
                raise TooManyQueries(
                    f"{self.share} of your queries are already running or waiting", hint=AGAIN
                )
            waiting = len(self._parked) + sum(map(len, self._queues.values()))
            queued = sum(t not in self._running and t not in self._stalled for t in own)
            if waiting >= self.queue and not self._evict(queued):
                self.rejected += 1
                raise Overloaded(f"{self.queue} queries are already waiting", hint=AGAIN)
            self._parked.add(ticket)
        return ticket

    def enqueue(self, ticket: Ticket[W]) -> None:
        """Queue a ticket for a worker."""
        with self._lock:
            if ticket.evicted or self._closed:
                ticket.ready.set()
                return
            self._parked.discard(ticket)
            ticket.ready.clear()
            self._queues.setdefault(ticket.client, []).append(ticket)
            self._hand_out()

    def free(self, worker: W) -> None:
        """Make an idle worker available."""
        with self._lock:
            self._free.append(worker)
            self._hand_out()

    def stop(self, ticket: Ticket[W], *, stalled: bool = False) -> None:
        """The ticket's query runs no more, but the ticket is not over; its worker is free when :meth:`free` says so.

        :param stalled: it waits for its client to read, not for a worker
        """
        with self._lock:
            if ticket in self._running:
                self._running.discard(ticket)
                (self._stalled if stalled else self._parked).add(ticket)
            ticket.worker, ticket.keeps = None, False
            self._hand_out()

    def leave(self, ticket: Ticket[W]) -> W | None:
        """The ticket is over, wherever it stood; the worker that it had."""
        with self._lock:
            for place in (self._parked, self._running, self._stalled):
                place.discard(ticket)
            self._dequeue(ticket)
            worker, ticket.worker, ticket.keeps = ticket.worker, None, False
            self._hand_out()
            return worker

    def keep(self, ticket: Ticket[W]) -> bool:
        """Whether a query may keep its worker up to its limit, from now on."""
        with self._lock:
            if not ticket.keeps and self._kept() < self.keepers and not self._slow_waits():
                ticket.keeps = True
            return ticket.keeps

    def patience(self, ticket: Ticket[W], seconds: float) -> float:
        """How long a query may work on a worker that it may not keep: half as long for each recent overrun."""
        with self._lock:
            return float(seconds / 2 ** self._recent(ticket.client))

    def overran(self, ticket: Ticket[W]) -> None:
        """A query was not as quick as it had to be: from now on it waits for a worker that it may keep."""
        now = time.monotonic()
        with self._lock:
            ticket.slow = True
            for client in [c for c, times in self._overruns.items() if times[-1] < now - MEMORY_SECONDS]:
                del self._overruns[client]
            self._overruns.setdefault(ticket.client, deque(maxlen=MOST_OVERRUNS)).append(now)

    def close(self) -> list[W]:
        """Stop handing out workers; returns the free ones."""
        with self._lock:
            self._closed = True
            for ticket in self._tickets():
                ticket.ready.set()
            workers = list(self._free)
            self._free.clear()
            return workers

    def counts(self) -> dict[str, int]:
        """How many queries run, wait and were rejected."""
        with self._lock:
            waiting = len(self._parked) + sum(map(len, self._queues.values()))
            return {"running": len(self._running), "waiting": waiting, "rejected": self.rejected}

    def _tickets(self) -> list[Ticket[W]]:
        return [
            *self._parked,
            *self._running,
            *self._stalled,
            *(t for line in self._queues.values() for t in line),
        ]

    def _recent(self, client: str) -> int:
        """How many overruns and crashes of a client count."""
        since = time.monotonic() - MEMORY_SECONDS
        return sum(at > since for at in self._overruns.get(client, ()))

    def _kept(self) -> int:
        return sum(t.keeps for t in self._running)

    def _slow_waits(self) -> bool:
        return any(t.slow for line in self._queues.values() for t in line)

    def _hand_out(self) -> None:
        """Assign free workers by round-robin over clients. A client that cannot use this one keeps its turn."""
        while self._free and self._queues and not self._closed:
            may_keep = self._kept() < self.keepers
            fits = (
                next((t for t in line if may_keep or not t.slow), None)
                for client, line in self._queues.items()
                if self._may_run(client)
            )
            ticket = next(filter(None, fits), None)
            if ticket is None:
                return
            self._dequeue(ticket)
            if ticket.client in self._queues:
                self._queues.move_to_end(ticket.client)
            # The one that was used last has its memory in the processor's caches.
            ticket.worker, ticket.keeps = self._free.pop(), may_keep
            self._running.add(ticket)
            ticket.ready.set()

    def _may_run(self, client: str) -> bool:
        """Whether a client may have one more worker: while others are active, none has all of them."""
        return sum(t.client == client for t in self._running) < self.keepers or not self._others(client)

    def _see(self, client: str) -> None:
        now = time.monotonic()
        for old in [name for name, then in self._seen.items() if then < now - ACTIVE_SECONDS]:
            del self._seen[old]
        self._seen[client] = now

    def _others(self, client: str) -> bool:
        """Whether another client was active just now; the server itself (without a name) is none."""
        since = time.monotonic() - ACTIVE_SECONDS
        return any(then > since for name, then in self._seen.items() if name not in ("", client))

    def _dequeue(self, ticket: Ticket[W]) -> None:
        line = self._queues.get(ticket.client, [])
        if ticket in line:
            line.remove(ticket)
            if not line:
                del self._queues[ticket.client]

    def _evict(self, waiting: int) -> bool:
        """Make room in the queue by evicting the newest ticket of the client with the most tickets."""
        longest = max(self._queues.values(), key=len, default=[])
        if len(longest) <= waiting + 1:
            return False
        ticket = longest[-1]
        self._dequeue(ticket)
        ticket.evicted = True
        ticket.ready.set()
        self.rejected += 1
        return True
