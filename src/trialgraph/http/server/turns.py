"""Whose request is next: clients take turns at the threads of the HTTP server, as they do at the workers.

Python runs one thread at a time, so twelve requests of one client that make pages slow down a lookup of another by
twelve. While several clients are active, each has one request that runs; one that waits for a worker or for its reader
does not count. A client that is alone here has all threads.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Any, Final, Protocol

from waitress.task import ThreadedTaskDispatcher

from trialgraph.query.admission import ACTIVE_SECONDS, client_of

__all__ = ["Dispatcher"]

#: Requests of one client that run at a time while other clients are active.
SHARE: Final = 1
#: One that runs for longer, such as the drawing of a figure, no longer keeps the next of its client waiting.
COUNTED_SECONDS: Final = 0.5


class Served(Protocol):
    """A connection with a request."""

    client: str


class _Turns:
    """The queue of waitress's dispatcher, which asks it whether there is something to do, under its lock."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Served]] = OrderedDict()
        self._running: dict[Served, tuple[str, float]] = {}
        self._seen: dict[str, float] = {}
        self.ended = False

    def append(self, task: Served) -> None:
        client, now = client_of(task.client), time.monotonic()
        self._queues.setdefault(client, deque()).append(task)
        if len(self._seen) > (client in self._seen):
            for old in [name for name, then in self._seen.items() if then < now - ACTIVE_SECONDS]:
                del self._seen[old]
        self._seen[client] = now

    def __len__(self) -> int:
        """How many may start now; waitress logs a warning where these are more than idle threads."""
        return sum(len(line) for client, line in self._queues.items() if self._may(client))

    def __bool__(self) -> bool:
        return any(self._may(client) for client in self._queues)

    def popleft(self) -> Served:
        client = next(client for client in self._queues if self._may(client))
        line = self._queues[client]
        task = line.popleft()
        if line:
            self._queues.move_to_end(client)
        else:
            del self._queues[client]
        self._running[task] = (client, time.monotonic())
        return task

    def leave(self, task: Served) -> None:
        self._running.pop(task, None)

    def _may(self, client: str) -> bool:
        if self.ended or len(self._seen) <= (client in self._seen):
            return True  # nobody else is active
        since = time.monotonic() - COUNTED_SECONDS
        return sum(who == client and began > since for who, began in self._running.values()) < SHARE


class _NewestFirst(threading.Condition):
    """Wakes the thread that began to wait last: what it works with is still in the processor's caches."""

    _waiters: deque[Any]

    def notify(self, n: int = 1) -> None:
        """Wake so many threads."""
        self._waiters.rotate(n)  # the standard library takes them from the left
        super().notify(n)


class Dispatcher(ThreadedTaskDispatcher):
    """Waitress's threads with that queue. It is made in the thread of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: Any = _Turns()
        self.queue_cv = _NewestFirst(self.lock)
        self._loop = threading.get_ident()

    def add_task(self, task: Any) -> None:
        """Queue the request of a connection.

        A thread that queues the next request of the connection that it served takes one from the queue itself.
        """
        if threading.get_ident() == self._loop:
            super().add_task(task)
            return
        with self.lock:
            self.queue.append(task)

    def leave(self, task: Served, *, ends: bool = False) -> None:
        """The request of a connection has ended, or waits: another one of its client may start.

        :param ends: it has ended, so the thread that calls looks into the queue itself
        """
        with self.lock:
            self.queue.leave(task)
            if not ends and self.queue:  # a thread that is woken for nothing costs as much as a kept answer
                self.queue_cv.notify()

    def wake(self) -> None:
        """Let idle threads look whether something may start now; called about once a second."""
        with self.lock:
            if self.queue:
                self.queue_cv.notify_all()

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """End the threads."""
        with self.lock:
            self.queue.ended = True
        return bool(super().shutdown(cancel_pending, timeout))
