"""The event loop: waitress's, with one registration for each connection that is kept until something changes.

Waitress asks every connection before each wait what it waits for, and wakes the loop after each answer. Here a
connection is asked again when an event came for it, when one of its threads says that the loop has something to do for
it (:meth:`PollLoop.wake`), and all are asked at least once every :data:`ALL_SECONDS`.
"""

from __future__ import annotations

import select
import threading
import time
from collections import deque
from typing import Any, Final

from waitress.wasyncore import readwrite

__all__ = ["PollLoop"]

#: How often all connections are asked what they wait for, in seconds: what no event and no thread told is seen then.
ALL_SECONDS: Final = 0.5
READ: Final = select.POLLIN | select.POLLPRI


class PollLoop:
    """Takes the place of the module ``wasyncore`` in a server.

    :param server: waitress's server (it has no types), which is asked before each wait whether it accepts
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._wake = server.trigger.pull_trigger
        self._poll = select.poll()
        self._flags: dict[int, int] = {}
        #: Connections whose interest may have changed; threads append to it.
        self._changed: deque[Any] = deque()
        self._all_at = 0.0
        self._serving = threading.local()

    def serves(self, channel: Any | None) -> None:
        """The connection whose request this thread answers from now on; None: it answers none."""
        self._serving.channel = channel

    def added(self, channel: Any) -> None:
        """A connection was opened: called in the loop."""
        self._changed.append(channel)

    def removed(self, fd: int) -> None:
        """A connection was closed: called in the loop, before its descriptor is one of another connection."""
        if self._flags.pop(fd, 0):
            self._poll.unregister(fd)

    def wake(self) -> None:
        """Let the loop look again: called by waitress in a thread, for the connection that the thread serves.

        Most answers are out when their thread is done, and the loop listens on the connection already: waking it would
        cost as much as it costs to give a kept answer.
        """
        channel = getattr(self._serving, "channel", None)
        if channel is None:
            self._all_at = 0.0
        elif channel.listens:
            return
        else:
            self._changed.append(channel)
        self._wake()

    def run_soon(self, task: Any) -> None:
        """Run a function in the loop; it may change any connection."""

        def run() -> None:
            self._all_at = 0.0
            task()

        self._wake(run)

    def loop(
        self,
        timeout: float = 30.0,
        use_poll: bool = True,  # noqa: ARG002 - waitress's signature
        map: dict[int, Any] | None = None,  # noqa: A002 - waitress's signature
        count: int | None = None,  # noqa: ARG002 - waitress's signature
    ) -> None:
        """Handle events until nothing is left to wait for.

        :param timeout: seconds that a wait lasts at most
        :param map: descriptor -> what is told of its events
        """
        objects: dict[int, Any] = {} if map is None else map
        milliseconds = int(min(timeout, ALL_SECONDS) * 1_000)
        while objects:
            self._ask(objects)
            for fd, flags in self._poll.poll(milliseconds):
                if fd not in self._flags:
                    continue  # closed by what came before it; its number may be another connection's by now
                if (found := objects.get(fd)) is None:
                    self.removed(fd)
                else:
                    readwrite(found, flags)
                    self._changed.append(found)

    def _ask(self, objects: dict[int, Any]) -> None:
        """Register what those wait for that may have changed, all of them when it is time."""
        now = time.monotonic()
        if now >= self._all_at:
            self._all_at = now + ALL_SECONDS
            self._changed.clear()
            for fd in self._flags.keys() - objects.keys():
                self.removed(fd)
            for fd, one in list(objects.items()):
                self._register(fd, one)
            return
        self._changed.append(self._server)
        while self._changed:
            one = self._changed.popleft()
            if (fd := one._fileno) is not None and objects.get(fd) is one:
                self._register(fd, one)

    def _register(self, fd: int, one: Any) -> None:
        flags = READ if one.readable() else 0
        if one.writable() and not one.accepting:
            flags |= select.POLLOUT
        if flags != self._flags.get(fd, 0):
            if flags:
                self._poll.register(fd, flags)
            else:
                self._poll.unregister(fd)
            self._flags[fd] = flags
