"""Which connections are kept: deadlines for a request's headers and body, a share for each client, a pace for readers.

A connection costs a descriptor whether or not it sends anything, so one address with 1,001 half-sent requests would
lock out all others. Runs in the event loop alone, as waitress's own data structures do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, Literal, Protocol

from trialgraph.base.settings import Settings
from trialgraph.query.admission import client_of

__all__ = ["Connection", "Connections", "State"]

#: Idle: between two requests. Unfinished: a request has begun and is not whole. Active: it is answered.
State = Literal["idle", "unfinished", "active"]
#: Of all connections, how many are kept free for those that come.
RESERVE: Final = 8


class Connection(Protocol):
    """What is looked at of a connection.

    :attr client: its address, without port
    :attr began: when it was opened, or its latest answer was whole, on the monotonic clock
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
    def state(self) -> State: ...  # noqa: D102
    @property
    def headers_done(self) -> bool: ...  # noqa: D102
    @property
    def unsent(self) -> int: ...  # noqa: D102


class Connections:
    """Decides which connections are to be closed.

    :param close: closes one at once
    :param settings: ``connections``, ``client_connections``, ``header_seconds``, ``idle_seconds``, ``least_rate``
    """

    def __init__(self, settings: Settings, close: Callable[[Connection], None]) -> None:
        self._settings, self._close = settings, close
        self._taken: dict[Connection, tuple[float, int]] = {}

    def admit(self, new: Connection, others: Iterable[Connection]) -> None:
        """Make room for a connection that was just opened, at the cost of its own client where that has its share."""
        here, settings = [other for other in others if other is not new], self._settings
        client = client_of(new.client)
        own = [other for other in here if client_of(other.client) == client]
        waiting = [other for other in own if other.state != "active"]
        # Behind a proxy, all come from it; it has limits of its own.
        if new.client and new.client != settings.trusted_proxy:
            if len(waiting) >= settings.client_connections:
                self._close(_oldest(waiting))
            elif len(own) > settings.connections // 2:
                self._close(new)
                return
        if len(here) + 1 > settings.connections - RESERVE:
            kept = [other for other in here if other.state != "active"]
            self._close(_oldest(kept) if kept else new)

    def sweep(self, connections: Iterable[Connection], now: float | None = None) -> None:
        """Close what is past its deadline: requests that do not arrive, and answers that are not taken."""
        now = time.monotonic() if now is None else now
        settings, writing = self._settings, dict[Connection, tuple[float, int]]()
        for one in list(connections):
            if one.unsent:
                since, sent = self._taken.get(one, (now, one.sent))
                if now - since < settings.idle_seconds:
                    writing[one] = (since, sent)
                elif one.sent - sent < settings.least_rate * (now - since):
                    self._close(one)
                else:
                    writing[one] = (now, one.sent)
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


def _oldest(connections: Iterable[Connection]) -> Connection:
    """The one that has waited longest, an idle one before one with a request under way."""
    return min(connections, key=lambda one: (one.state != "idle", one.began))
