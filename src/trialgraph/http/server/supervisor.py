"""Graceful shutdown and signal handling: a thread next to the server's event loop that also watches for releases."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from waitress import wasyncore

from trialgraph.http.server.channel import Channel, hang_up
from trialgraph.http.server.live import Live
from trialgraph.http.server.reload import Renewal

__all__ = ["Supervisor"]

ENDING: Final = frozenset((signal.SIGTERM, signal.SIGINT))
#: How often a stopping server checks whether it is done, in seconds.
STOP_LOOK_SECONDS: Final = 0.05
#: How long requests whose query was stopped may take to send the error, in seconds.
LAST_ERRORS_SECONDS: Final = 1.0
#: Growth that is worth looking whether memory can be given back, in bytes.
WORTH_BYTES: Final = 2_000_000
#: Pauses between two times that it is given back, in seconds: the first, and the longest.
TRIM_SECONDS: Final = (2.0, 4.0)


class _Heap:
    """Memory that was freed goes back to the system: glibc keeps what lies between blocks that are in use.

    Looking costs microseconds; giving back, some milliseconds, only when the process has grown since.
    """

    def __init__(self) -> None:
        self._least, self._pause, self._at = _resident(), TRIM_SECONDS[0], 0.0
        self._trim: Callable[[int], int] | None = None
        with contextlib.suppress(AttributeError, OSError):  # another C library
            self._trim = ctypes.CDLL(None).malloc_trim

    def give_back(self) -> None:
        """Give back what is free, if there may be much; more seldom while there is not."""
        now, resident = time.monotonic(), _resident()
        if self._trim is None or now < self._at or resident < self._least + WORTH_BYTES:
            return
        self._trim(0)
        after = _resident()
        little = resident - after < WORTH_BYTES
        self._pause = min(2 * self._pause, TRIM_SECONDS[1]) if little else TRIM_SECONDS[0]
        self._at = now + self._pause
        self._least = min(self._least, after) if not little else self._least


def _resident() -> int:
    """Bytes of memory that this process has; 0 where that is unknown."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


class Supervisor(threading.Thread):
    """The thread next to the event loop.

    :param server: waitress's server (it has no types)
    :param signals: descriptor from which the numbers of signals are read
    """

    def __init__(self, server: Any, live: Live, renewal: Renewal, signals: int) -> None:
        super().__init__(name="supervisor", daemon=True)
        self.ended_by: int | None = None
        self._server, self._live, self._renewal, self._signals = server, live, renewal, signals
        self._settings = live.site.settings
        self._stuck: dict[Channel, float] = {}
        self._heap = _Heap()

    def run(self) -> None:
        """Watch until a signal ends the server."""
        pause = self._settings.watch_seconds
        while True:
            heard = self._heard(pause)
            if ends := heard & ENDING:
                self.ended_by = min(ends)
                self._end()
                return
            if signal.SIGHUP in heard:
                self._renewal.renew()
            else:
                self._renewal.look()
            self._live.sweep()
            self._in_loop(self._cut_stuck)
            self._in_loop(self._sweep)
            self._heap.give_back()

    def _heard(self, seconds: float) -> set[int]:
        """The signals that arrived, waiting at most so long for the first."""
        if not select.select([self._signals], [], [], seconds)[0]:
            return set()
        return set(os.read(self._signals, 1024))

    def _in_loop(self, task: Callable[[], None]) -> None:
        """Run a task in the event loop: its data structures are not thread-safe."""
        self._server.asyncore.run_soon(task)

    def _end(self) -> None:
        """Stop listening, let requests in flight finish, end the loop. A second signal ends it at once."""
        self._in_loop(self._stop_listening)
        if not self._drained(self._settings.stop_seconds):
            self._live.close()  # kills the queries that still run; their clients get an error
            self._drained(LAST_ERRORS_SECONDS)
        self._in_loop(self._close_all)

    def _drained(self, seconds: float) -> bool:
        """Wait so long for the requests in flight; whether all are done."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._in_loop(self._let_go)
            if self._heard(STOP_LOOK_SECONDS) & ENDING:
                return False
            if not self._server.active_channels:
                return True
        return False

    def _stop_listening(self) -> None:
        self._server.accepting = False
        wasyncore.dispatcher.close(self._server)

    def _let_go(self) -> None:
        """Close idle connections; the others after their answer."""
        for channel in list(self._server.active_channels.values()):
            for request in list(channel.requests):
                request.headers["CONNECTION"] = "close"
            if not channel.requests and not channel.total_outbufs_len:
                channel.will_close = True

    def _close_all(self) -> None:
        for channel in list(self._server.active_channels.values()):
            hang_up(channel)
        wasyncore.close_all(self._server._map, ignore_all=True)

    def _sweep(self) -> None:
        self._server.task_dispatcher.wake()
        for channel in list(self._server.active_channels.values()):
            channel.end_linger()
        self._server.connections.sweep(self._server.active_channels.values())

    def _cut_stuck(self) -> None:
        """Close connections whose client has blocked a thread for longer than any query may take."""
        now, seconds = time.monotonic(), self._live.site.pool.seconds
        most = self._server.adj.outbuf_high_watermark
        full = [c for c in self._server.active_channels.values() if c.requests and c.total_outbufs_len > most]
        self._stuck = {channel: self._stuck.get(channel, now) for channel in full}
        for channel, since in self._stuck.items():
            if now - since > seconds:
                hang_up(channel)  # at once, not when it becomes writable, which may be never
