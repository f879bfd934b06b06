"""The caller's end of a worker process: start it, send it a query, read its frames before a deadline, kill it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from trialgraph.base.errors import QueryTimeout, ReleaseError
from trialgraph.base.memory import memory_limit
from trialgraph.base.settings import Settings
from trialgraph.query.engines.engine import Engine
from trialgraph.query.worker import FRAME

__all__ = ["LOOK_SECONDS", "Ended", "Gone", "Look", "WorkerProcess", "sized"]

#: How often a waiting caller checks whether its own client is still there, in seconds.
LOOK_SECONDS: Final = 0.25
#: When it checks first: most queries are answered before.
FIRST_LOOK_SECONDS: Final = 0.01
#: Whether the client of an answer has disconnected.
Gone = Callable[[], bool]
#: Called periodically while waiting: it may raise, and returns the seconds until the next call.
Look = Callable[[], float]
#: More workers than one for each of so many cores are started only where a setting says so: a container may see
#: all cores of its host.
MOST_CORES: Final = 8
#: Address space of a worker where the setting ``worker_memory_bytes`` is 0. One that has answered all saved queries has
#: 0.27 GB; rather than give each less than the second, fewer are started, and never less than the third.
MOST_MEMORY: Final = 2_000_000_000
ENOUGH_MEMORY: Final = 700_000_000
LEAST_MEMORY: Final = 400_000_000
#: include/linux/posix-timers.h: with a process id above it, the clock of that process
CPUCLOCK_SCHED: Final = 2
#: What the pipe of a worker's answers holds: four times what Linux gives it, so that a long answer changes between the
#: two processes a fourth as often.
PIPE_BYTES: Final = 262_144
#: Priority (as of ``nice``) of a process whose query takes long.
SLOW: Final = 19


log = logging.getLogger(__name__)


class Ended(Exception):
    """The worker closed its pipe."""


class WorkerProcess:
    """The caller's end of one worker process.

    :param engine: what it answers from
    :param memory: the address space that it may have, in bytes
    :param known: what :func:`~trialgraph.release.store.verified` gave for the release
    """

    def __init__(self, engine: Engine, memory: int, known: str = "") -> None:
        self.deadline = 0.0
        self._engine = engine
        self.slowed = False
        self._look_at = 0.0
        self.hello: dict[str, Any] | None = None
        self._bytes = b""
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", engine.module, *engine.arguments(memory, known)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # Ctrl-C in the terminal is for the caller. Not a session of its own: Linux shares processor time
            # out between sessions first, and priorities would count only within each.
            process_group=0,
        )
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101, PT018 - PIPE
        self._to, self._from = self.process.stdin, self.process.stdout
        if secret := engine.secret():
            self._to.write(FRAME.pack(b"S", len(secret)) + secret)
        self._poll = select.poll()
        self._poll.register(self._from, select.POLLIN)
        with contextlib.suppress(OSError, AttributeError):  # Linux alone has it, up to a limit
            fcntl.fcntl(self._from, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def greet(self, look: Look | None = None) -> dict[str, Any]:
        """The worker's ready message; waits for it the first time."""
        if self.hello is None:
            kind, data = self.frame(look)
            message = json.loads(data)
            if kind != b"R":
                raise ReleaseError(message["text"])
            self.hello = message
            if fault := message.get("fault", ""):
                _warn(self._engine.release.hash, fault)
        return dict(self.hello)

    def ask(self, request: dict[str, Any]) -> None:
        """Send one query."""
        self._look_at = time.monotonic() + FIRST_LOOK_SECONDS
        data = json.dumps(request).encode()
        try:
            self._to.write(FRAME.pack(b"Q", len(data)) + data)
        except OSError as error:
            raise Ended from error

    def frame(self, look: Look | None = None) -> tuple[bytes, bytes]:
        """The next frame from the worker, before the deadline."""
        kind, size = FRAME.unpack(self._read(FRAME.size, look))
        return kind, self._read(size, look)

    def has_frame(self) -> bool:
        """Whether the next frame is here already."""
        held = self._bytes
        return len(held) >= FRAME.size and len(held) >= FRAME.size + FRAME.unpack_from(held)[1]

    def _read(self, size: int, look: Look | None) -> bytes:
        while len(self._bytes) < size:
            now = time.monotonic()
            if self.deadline <= now:
                raise QueryTimeout("the time is up")
            if look is not None and self._look_at <= now:
                self._look_at = now + look()
            until = min(self.deadline, self._look_at) if look is not None else self.deadline
            if not self._poll.poll(max(until - now, 0) * 1000 + 1):
                continue
            part = os.read(self._from.fileno(), PIPE_BYTES)
            if not part:
                raise Ended
            self._bytes += part
        data, self._bytes = self._bytes[:size], self._bytes[size:]
        return data

    def clock(self) -> float:
        """Processor time of the process in seconds; where unavailable or spent elsewhere, a monotonic clock."""
        if self._engine.remote:
            return time.monotonic()
        try:
            return time.clock_gettime(~self.process.pid << 3 | CPUCLOCK_SCHED)
        except OSError:
            return time.monotonic()

    def slow_down(self) -> None:
        """Let the process yield to others from now on. It cannot be undone: a process like this is replaced."""
        if self._engine.remote:
            return  # it waits
        self.slowed = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, SLOW)

    def kill(self) -> int:
        """Kill the process; returns its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()
        return code

    def end(self, seconds: float) -> bool:
        """Kill the process; whether it ended within the time. Freeing much memory takes a while."""
        self.process.kill()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def exit_code(self) -> int:
        """The exit code of a process that has closed its pipe."""
        try:
            return self.process.wait(1)
        except subprocess.TimeoutExpired:
            return self.kill()


@lru_cache(maxsize=64)
def _warn(release: str, fault: str) -> None:
    """Log once for all workers that the store of a release is not used."""
    log.warning("release %s is read from its N-Quads, not from its store: %s", release[:12], fault)


def default_workers() -> int:
    """How many worker processes there are where the setting ``workers`` is 0 and memory suffices."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        cores = os.cpu_count() or 1
    return min(cores, MOST_CORES) + 1


def sized(settings: Settings, size: int | None = None, memory: int | None = None) -> tuple[int, int]:
    """How many workers there are, and the address space of each, so that together they fit into the memory.

    A number that is set is taken as it is.

    :param size: number of workers; None: the setting ``workers``
    :param memory: bytes for all of them and the server; None: what the cgroup and the machine have
    """
    limit = memory_limit() if memory is None else memory
    room = limit // 4 * 3 if limit else MOST_MEMORY * (MOST_CORES + 1)
    workers = size or settings.workers
    if not workers:
        each = settings.worker_memory_bytes or ENOUGH_MEMORY
        workers = max(1, min(default_workers(), room // each))
    return workers, settings.worker_memory_bytes or max(LEAST_MEMORY, min(room // workers, MOST_MEMORY))
