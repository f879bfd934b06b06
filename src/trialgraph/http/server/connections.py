"""Which connections are kept: deadlines for a request's headers and body, a share for each client, a pace for readers.

A connection costs a descriptor whether or not it sends anything, so one address with 1,001 half-sent requests would
lock out all others. Runs in the event loop alone, as waitress's own data structures do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from trialgraph.base.settings import Settings
from trialgraph.query.admission import client_of

__all__ = ["Connection", "Connections", "State"]

#: Idle: between two requests. Unfinished: a request has begun and is not whole. Active: it is answered.
State = Literal["idle", "unfinished", "active"]
#: Which are closed first where room is needed.
ORDER: Final[tuple[State, ...]] = ("idle", "unfinished", "active")
#: An answer that is hardly taken for so long may be given up where room is needed, in seconds.
STILL_SECONDS: Final = 2.0
#: Whoever takes an answer from a file within so many seconds is not slow, unless descriptors are scarce.
HOLDING_SECONDS: Final = 3.0
#: Of all connections, how many are kept free for those that come.
RESERVE: Final = 8


class Connection(Protocol):
    """What is looked at of a connection.

    :attr client: its address, without port; ``unix`` for a Unix socket
    :attr files: further descriptors that it holds: a file that is sent, what is buffered on disk
    :attr began: when it was opened, its request began or its client last took something, on the monotonic clock
    :attr received_bytes: bytes of the request that is being received
    :attr headers_done: whether its headers are here
    :attr sent: bytes that the client took, of all answers
    :attr unsent: bytes that wait for the client
    """

    client: str
    began: float
    received_bytes: int
    sent: int

    @property
    def files(self) -> int: ...  # noqa: D102
    @property
    def state(self) -> State: ...  # noqa: D102
    @property
    def headers_done(self) -> bool: ...  # noqa: D102
    @property
    def unsent(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Pace:
    """Since when a client has been observed to take an answer, and how much it had taken then.

    :attr since: on the monotonic clock
    """

    since: float
    sent: int

    def rate(self, one: Connection, now: float) -> float:
        """Bytes a second since then."""
        return (one.sent - self.sent) / max(now - self.since, 0.001)


class Connections:
    """Decides which connections are to be closed.

    :param settings: ``connections``, ``client_connections``, ``slow_readers``, ``header_seconds``, ``idle_seconds``,
        ``least_rate``; the first and the third sized to the limit of open files
    :param close: closes one at once
    :param scarce: whether clients have all descriptors that they may have
    :param proxy: whether all clients come from this address, so that it has no share
    """

    def __init__(
        self,
        settings: Settings,
        close: Callable[[Connection], None],
        scarce: Callable[[], bool] = lambda: False,
        proxy: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._settings, self._close = settings, close
        self._scarce, self._proxy = scarce, proxy
        self._share = min(settings.client_connections, settings.connections // 2)
        self._taken: dict[Connection, Pace] = {}
        self._holding: dict[Connection, Pace] = {}

    def admit(self, new: Connection, others: Iterable[Connection]) -> None:
        """Make room for a connection that was just opened, at the cost of its own client where that has its share."""
        here, settings = [other for other in others if other is not new], self._settings
        client = client_of(new.client)
        own = [other for other in here if client_of(other.client) == client]
        waiting = [other for other in own if other.state != "active"]
        # Behind a proxy, all come from it; it has limits of its own.
        if new.client and not self._proxy(new.client):
            if len(waiting) >= self._share:
                self._close(_oldest(waiting))
            elif len(own) > settings.connections // 2:
                self._close(new)
                return
        if len(here) + 1 > settings.connections - RESERVE or self._scarce():
            kept = [other for other in here if other.state != "active" or self._stands_still(other)]
            self._close(_oldest(kept) if kept else new)

    def _stands_still(self, one: Connection) -> bool:
        """Whether an answer waits for its client, which takes hardly anything of it."""
        now, pace = time.monotonic(), self._taken.get(one)
        if not one.unsent or pace is None or now - pace.since < STILL_SECONDS:
            return False
        return now - one.began > STILL_SECONDS or pace.rate(one, now) < self._settings.least_rate

    def sweep(self, connections: Iterable[Connection], now: float | None = None) -> None:
        """Close what is past its deadline: requests that do not arrive, and answers that are not taken."""
        now = time.monotonic() if now is None else now
        settings, writing = self._settings, dict[Connection, Pace]()
        here = list(connections)
        self._bound_holders([one for one in here if one.files], now)
        for one in here:
            if one.unsent:
                pace = self._taken.get(one, Pace(now, one.sent))
                if now - pace.since < settings.idle_seconds:
                    writing[one] = pace
                elif pace.rate(one, now) < settings.least_rate:
                    self._close(one)
                else:
                    writing[one] = Pace(now, one.sent)
            elif one.state == "idle":
                if now - one.began > settings.idle_seconds:
                    self._close(one)
            elif one.state == "unfinished":
                allowed = settings.header_seconds
                if one.headers_done:
                    allowed += one.received_bytes / settings.least_rate
                if now - one.began > allowed:
                    self._close(one)
        self._taken = writing

    def _bound_holders(self, holders: list[Connection], now: float) -> None:
        """Close the slowest that hold files beyond ``slow_readers``, and beyond a third of these for one client."""
        self._holding = {one: self._holding.get(one, Pace(now, one.sent)) for one in holders}
        most = self._settings.slow_readers
        clients = Counter(client_of(one.client) for one in holders if not self._proxy(one.client))
        surplus = Counter({client: count - max(1, most // 3) for client, count in clients.items()})
        left = len(holders) - most
        least = 0.0 if left > 0 and self._scarce() else HOLDING_SECONDS
        for one in sorted(holders, key=lambda one: self._holding[one].rate(one, now)):
            client = client_of(one.client)
            if (left > 0 or surplus[client] > 0) and now - self._holding[one].since >= least:
                surplus[client] -= 1
                left -= 1
                self._close(one)


def _oldest(connections: Iterable[Connection]) -> Connection:
    """The one that has waited longest, an idle one before one with a request under way, and that before a reader."""
    return min(connections, key=lambda one: (ORDER.index(one.state), one.began))
