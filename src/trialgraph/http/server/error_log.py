"""The log of errors on standard error: our own messages, and of everything else only what no client can have written.

Messages of libraries and of exceptions quote what went wrong, so they hold addresses, queries and headers of clients.
Of these, the place in the code is logged, and the types and lines of an exception (:mod:`trialgraph.base.traces`).
A place in a library that logs again and again (``accept`` without descriptors) is logged once a second.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import trialgraph
from trialgraph.base.errors import AnswerTooLarge, Overloaded, QueryTimeout, TrialgraphError, WorkerFailed
from trialgraph.base.traces import trace
from trialgraph.http.server.access_log import AccessLog

__all__ = ["ErrorLog", "error_log"]

#: The least time between two lines from one place in the code, in seconds.
PAUSE: Final = 1.0
#: Lines that may wait for whoever reads standard error; more are dropped.
WAITING: Final = 1_000
HOME: Final = str(Path(trialgraph.__file__).parent)
#: Templates of waitress, whose values are numbers of its own.
KNOWN: Final = frozenset(
    {
        "Task queue depth is %d",
        "%d thread(s) still running",
        "Canceling %d pending task(s)",
        "server accept() threw an exception",
        "total open connections reached the connection limit, no longer accepting new connections",
        "total open connections dropped below the connection limit, listening again",
    }
)
#: Errors of ours whose messages hold numbers only.
PLAIN: Final = (AnswerTooLarge, QueryTimeout, WorkerFailed, Overloaded)


class ErrorLog(logging.Handler):
    """Writes lines to standard error without waiting for its reader."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._log = AccessLog("-", WAITING)
        #: For each place: when it was last logged, and how many lines were left out since.
        self._places: dict[tuple[str, int], tuple[float, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of a record, unless its place has just written one."""
        place = (record.pathname, record.lineno)
        then, left_out = self._places.get(place, (-PAUSE, 0))
        now = time.monotonic()
        if now - then < PAUSE and not _ours(record):
            self._places[place] = (then, left_out + 1)
            return
        self._places[place] = (now, 0)
        self._log.write(_line(record) + (f" ({left_out} more like this)" if left_out else ""))

    def close(self) -> None:
        """Write what waits."""
        super().close()
        self._log.close()


@contextmanager
def error_log() -> Iterator[None]:
    """While the block runs, this process logs to standard error in this way, unhandled exceptions of threads too."""
    handler, root, log = ErrorLog(), logging.getLogger(), logging.getLogger(__name__)

    def unhandled(found: Any) -> None:
        if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
            log.error("an exception that nothing handled", exc_info=found.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = unhandled
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        threading.excepthook, sys.unraisablehook = before
        handler.close()


def _ours(record: logging.LogRecord) -> bool:
    """Whether a message is this package's own."""
    return record.pathname.startswith(HOME)


def _line(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, TrialgraphError):
        # raised while an answer was sent: it is incomplete, and its connection is closed
        why = error.line() if isinstance(error, PLAIN) else type(error).__name__
        return f"an answer was cut: {why}"
    if _ours(record) or record.msg in KNOWN:
        said = record.getMessage()
    else:
        said = f"{record.name}: {record.levelname.lower()} at {Path(record.pathname).name}:{record.lineno}"
    return f"{said}: {trace(error)}" if error else said
