"""The HTTP server (waitress) around the application: started, sized to its limits, ended."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TextIO

from trialgraph.base.settings import Settings
from trialgraph.http.server.descriptors import fit
from trialgraph.http.server.error_log import error_log
from trialgraph.http.server.listener import bind
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.query.worker_process import sized
from trialgraph.release.open import Release

__all__ = ["serve"]


def serve(
    release: Release,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    home: Path | None = None,
    queries: Path | None = None,
    out: TextIO | None = None,
    settings: Settings | None = None,
) -> None:
    """Serve a release until SIGTERM (returns) or SIGINT (raises KeyboardInterrupt). Main thread only.

    Binds before anything else, and prints the address on ``out`` when it answers. On SIGHUP the release is
    reloaded; on SIGTERM and SIGINT, requests in flight are finished first (setting ``stop_seconds``).

    :param host: an address or name, or ``unix:PATH``
    :param port: 0 picks a free one
    :param home: the folder of releases whose ``current`` is to be followed; None: only this release
    :param queries: folder of saved queries; None: the packaged ones
    :param out: None: standard output
    :param settings: None: those of the environment
    :raises InputError: the port is in use, or a setting does not fit the limit of open files
    :raises ReleaseError: the release does not open
    :raises StoreFailed: the external store cannot be reached, or does not hold the release
    """
    settings = settings or Settings.load()
    settings, descriptors = fit(settings, sized(settings)[0])
    _share_memory()
    listener = bind(host, port)
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _not_yet)
    try:
        with error_log(), listener, _started_beside(release, settings) as pool:
            from trialgraph.http.event_loop import run  # takes longest, so the workers start meanwhile

            stopped += run(listener, pool(), descriptors, out or sys.stdout, home=home, queries=queries)
    except SystemExit:
        pass  # stopped before the loop began
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if signal.SIGINT in stopped:
        raise KeyboardInterrupt


def _not_yet(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: there is nothing to reload before the loop runs, and then the supervisor hears of it."""


@contextlib.contextmanager
def _started_beside(release: Release, settings: Settings) -> Iterator[Callable[[], Pool]]:
    """A pool that starts while the block runs: a function that waits for it. It is closed at the end.

    :raises ReleaseError: by that function: the release does not open
    """
    found: list[Pool] = []
    wrong: list[BaseException] = []

    def start() -> None:
        try:
            found.append(Pool(release, settings=settings, engine=engine_of(release, settings)))
        except BaseException as error:
            wrong.append(error)

    def pool() -> Pool:
        starting.join()
        if wrong:
            raise wrong[0]
        return found[0]

    starting = threading.Thread(target=start, name="start of the pool")
    starting.start()
    try:
        yield pool
    finally:
        starting.join()
        for one in found:
            one.close()


def _share_memory() -> None:
    """Let the threads share two heaps: with one each, glibc keeps 100 MB after long queries (measured)."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX
