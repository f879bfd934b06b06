"""The access log: lines to a file or standard error, written by a thread of their own (``logging``'s queue).

A log that nobody reads must not stop the server: a request puts its line into a bounded queue and goes on. Lines
that find it full, and lines that cannot be written (a full disk), are dropped and counted.
"""

from __future__ import annotations

import io
import logging
import os
import queue
import threading
from logging.handlers import QueueHandler, QueueListener, WatchedFileHandler
from typing import Final

from trialgraph.base.errors import InputError

__all__ = ["AccessLog"]

#: The longest that closing waits for the writing thread, in seconds.
CLOSE_SECONDS: Final = 1.0
STDERR: Final = 2


class AccessLog:
    """A log of lines.

    :param target: ``-`` standard error, ``none`` nothing, else a file; one that was moved away is reopened, as log
        rotation expects it
    :param most_waiting: lines that may wait for the writing thread
    :raises InputError: the file cannot be opened
    """

    def __init__(self, target: str, most_waiting: int) -> None:
        self._handlers: tuple[_Enqueue, _File | _Stream] | None = None
        if target == "none":
            return
        waiting: queue.Queue[logging.LogRecord] = queue.Queue(most_waiting)
        writer = _Stream(_unbuffered(STDERR)) if target == "-" else _opened(target)
        self._handlers = (_Enqueue(waiting), writer)
        self._listener = _Listener(waiting, writer)
        self._lock = threading.Lock()
        self._running = False

    @property
    def dropped(self) -> int:
        """How many lines were lost."""
        return sum(handler.dropped for handler in self._handlers or ())

    def write(self, line: str) -> None:
        """Hand over one line; never waits."""
        if self._handlers is None:
            return
        if not self._running:  # an application that serves nothing starts no thread
            with self._lock:
                if not self._running:
                    self._listener.start()
                    self._running = True
        self._handlers[0].handle(logging.makeLogRecord({"msg": line, "levelno": logging.INFO}))

    def close(self) -> None:
        """Write what waits, for a second at most."""
        # QueueListener.stop() waits without a limit: for a write that is stuck, for ever
        ending = threading.Thread(target=self._end, name="end of access log", daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)

    def _end(self) -> None:
        if self._handlers is None:
            return
        if self._running:
            self._listener.stop()
        self._handlers[1].close()


class _Dropping(logging.Handler):
    """Counts the lines that it fails to pass on, instead of printing a traceback for each."""

    dropped = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's signature
        self.dropped += 1  # in order: under the handler's lock, or in the one writing thread


class _Enqueue(_Dropping, QueueHandler):
    """Puts lines into the queue without waiting."""


class _Listener(QueueListener):
    """The writing thread."""

    def enqueue_sentinel(self) -> None:
        """Tell the thread to end after the lines that wait; :meth:`AccessLog.close` limits the wait for room."""
        self.queue.put(self._sentinel)  # type: ignore[attr-defined] # typeshed lacks it

    def handle(self, record: logging.LogRecord) -> None:
        """Write without the handler's lock: while a write is stuck, ``logging.shutdown`` would wait for it."""
        for handler in self.handlers:
            handler.emit(record)


class _Stream(_Dropping, logging.StreamHandler[io.TextIOWrapper]):
    """Writes lines to a stream."""


class _File(_Dropping, WatchedFileHandler):
    """Appends lines to a file, which it opens again where it was moved or removed."""

    def _open(self) -> io.TextIOWrapper:
        return _unbuffered(self.baseFilename)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a file that cannot be opened again must not end the thread."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)


def _unbuffered(target: str | int) -> io.TextIOWrapper:
    """A stream that keeps nothing back: a line that fails is lost alone, and closing never waits for a full pipe.

    A line is shorter than ``PIPE_BUF``, so the system writes it whole or not at all.
    """
    raw = open(  # noqa: SIM115 - the handler closes it
        target, "ab", buffering=0, closefd=isinstance(target, str), opener=_private
    )
    return io.TextIOWrapper(raw, encoding="utf-8", write_through=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o640)


def _opened(path: str) -> _File:
    try:
        return _File(path)
    except (OSError, ValueError) as error:
        raise InputError(
            f"the access log cannot be written ({getattr(error, 'strerror', error)})",
            where=path,
            hint="choose another file with --access-log",
        ) from error
