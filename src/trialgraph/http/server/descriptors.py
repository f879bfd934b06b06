"""File descriptors: the limit is raised at start, connections are sized to fit it, and some are kept in reserve.

A server without descriptors can neither start a worker nor accept the request that asks whether it is well. So what
clients can make it open (connections, and the files behind slow ones) is bounded by what the limit leaves.

The kernel gives the lowest free number to each new descriptor. A number in the reserve therefore says that all below it
are in use; they are counted only where something stands in the reserve.
"""

from __future__ import annotations

import fcntl
import os
import resource
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Self

from trialgraph.base.errors import InputError, Overloaded
from trialgraph.base.settings import Settings
from trialgraph.query.admission import AGAIN

__all__ = ["FILES_OF_A_READER", "Descriptors", "fit", "raise_limit"]

#: Standard streams, listener, pipes of the event loop and of signals, log, what libraries hold.
OWN: Final = 32
#: Of a worker: two pipes, twice while a new release replaces another.
OF_A_WORKER: Final = 4
#: What starting a worker takes for a moment: three pipes and the null device.
STARTING: Final = 7
#: A slow client holds these beside its connection: the file that it is sent, or what is buffered for it on disk.
FILES_OF_A_READER: Final = 2
#: Where the setting is 0: so many, if they fit.
CONNECTIONS: Final = 1_000
SLOW_READERS: Final = 100
#: The fewest connections that a server is started with.
FEWEST: Final = 16
#: The limit is raised to this at least, where it may be.
ROOM: Final = 4_096


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The limit and what of it is kept in reserve.

    :param limit: the limit of open files
    :param spare: how many of them clients never get: they are for starting workers, and for one file in each thread
    """

    limit: int
    spare: int

    @classmethod
    def of(cls, limit: int, settings: Settings, workers: int) -> Self:
        """The reserve of a server with so many workers."""
        return cls(limit, 8 + settings.server_threads + STARTING * workers)

    def scarce(self) -> bool:
        """Whether clients have all descriptors that they may have."""
        edge = self.limit - self.spare
        try:
            lowest = os.dup(0)
            os.close(lowest)
            # What was opened while all others were in use stays in the reserve when these are free again.
            reserved = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, edge)
            os.close(reserved)
        except (OSError, ValueError):
            return True
        return lowest >= edge or (reserved > edge + self.spare // 4 and _in_use() >= edge)

    def check(self) -> None:
        """Refuse what needs a file for long while descriptors are scarce.

        :raises Overloaded: they are
        """
        if self.scarce():
            raise Overloaded("the server has too many files open", hint=AGAIN)


def _in_use() -> int:
    return len(os.listdir("/dev/fd"))  # which Linux and macOS have


def raise_limit(wanted: int = ROOM) -> int:
    """Raise the soft limit of open files to what is wanted, as far as the hard limit allows; the limit now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):  # a sandbox may forbid it
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return soft if soft != resource.RLIM_INFINITY else max(wanted, ROOM)


def needed(settings: Settings, workers: int) -> int:
    """How many descriptors a server needs for itself, without any client."""
    reserve = Descriptors.of(0, settings, workers).spare
    return OWN + OF_A_WORKER * workers + reserve


def fit(settings: Settings, workers: int) -> tuple[Settings, Descriptors]:
    """The settings with ``connections`` and ``slow_readers`` sized to the limit of open files, which is raised before.

    :param workers: number of worker processes
    :raises InputError: what was set does not fit
    """
    own = needed(settings, workers)
    connections, readers = settings.connections or CONNECTIONS, settings.slow_readers or SLOW_READERS
    limit = raise_limit(max(ROOM, 2 * (own + connections + FILES_OF_A_READER * readers)))
    free = limit - own
    if not settings.slow_readers:
        left = free - settings.connections if settings.connections else free // 3
        readers = max(1, min(readers, left // FILES_OF_A_READER))
    if not settings.connections:
        connections = max(FEWEST, min(connections, free - FILES_OF_A_READER * readers))
    total = own + connections + FILES_OF_A_READER * readers
    if total > limit:
        raise InputError(
            f"{total:,} open files are needed for {connections:,} connections, {readers:,} slow_readers, {workers:,} "
            f"workers and {settings.server_threads:,} server_threads, and this process may have {limit:,}",
            where="limit of open files",
            hint=_how(settings, total, free - FILES_OF_A_READER * readers),
        )
    fitted = replace(settings, connections=connections, slow_readers=readers)
    return fitted, Descriptors.of(limit, settings, workers)


def _how(settings: Settings, total: int, room: int) -> str:
    raising = f"raise it (ulimit -n {total}, or LimitNOFILE={total} in a systemd unit)"
    if settings.connections and room >= FEWEST:
        return f"{raising}, or set connections to {room} or less, or leave it out"
    return f"{raising}, or set fewer of them"
