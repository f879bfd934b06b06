"""The access log: lines to a file or standard error, written by a thread of their own.

A log that nobody reads must not stop the server: a request puts its line into a bounded queue and goes on. Lines
that find it full, and lines that cannot be written (a full disk), are dropped and counted. The thread looks into the
queue some fifty times a second and writes what it finds together: waking it for each line costs a request more than
all else that is done for the log.
"""

from __future__ import annotations

import io
import logging
import os
import queue
import select
import threading
import time
from logging.handlers import WatchedFileHandler
from typing import Final

from trialgraph.base.errors import InputError

__all__ = ["AccessLog"]

#: The longest that closing waits for the writing thread, in seconds.
CLOSE_SECONDS: Final = 1.0
#: How long lines wait for others to be written with.
PAUSE_SECONDS: Final = 0.02
#: The longest piece that a pipe takes whole or not at all.
PIECE_BYTES: Final = select.PIPE_BUF
STDERR: Final = 2


class AccessLog:
    """A log of lines.

    :param target: ``-`` standard error, ``none`` nothing, else a file; one that was moved away is reopened, as log
        rotation expects it
    :param most_waiting: lines that may wait for the writing thread
    :raises InputError: the file cannot be opened
    """

    def __init__(self, target: str, most_waiting: int) -> None:
        self._writer: _File | _Stream | None = None
        self._lock = threading.Lock()
        self._refused = 0
        if target == "none":
            return
        self._waiting: queue.Queue[str | None] = queue.Queue(most_waiting)
        self._writer = _Stream(_unbuffered(STDERR)) if target == "-" else _opened(target)
        self._thread = threading.Thread(target=self._write_all, name="access log", daemon=True)
        self._running = False

    @property
    def dropped(self) -> int:
        """How many lines were lost."""
        return self._refused + (self._writer.dropped if self._writer else 0)

    def write(self, line: str) -> None:
        """Hand over one line; never waits."""
        if self._writer is None:
            return
        if not self._running:  # an application that serves nothing starts no thread
            with self._lock:
                if not self._running:
                    self._thread.start()
                    self._running = True
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            with self._lock:
                self._refused += 1

    def _write_all(self) -> None:
        """Write what comes, until there is the end."""
        assert self._writer is not None  # noqa: S101 - started where there is one
        record = logging.makeLogRecord({"levelno": logging.INFO})
        while True:
            lines, ended = self._next_lines()
            for record.msg in lines:
                # Without the handler's lock: while a write is stuck, ``logging.shutdown`` would wait for it.
                self._writer.emit(record)
            if ended:
                return
            time.sleep(PAUSE_SECONDS)

    def _next_lines(self) -> tuple[list[str], bool]:
        """The lines that wait, at least one, put together as far as they are written as one piece; whether it ends."""
        pieces, size, line = list[list[str]](), PIECE_BYTES, self._waiting.get()
        while line is not None:
            if size + len(line) >= PIECE_BYTES:
                pieces.append([])
                size = 0
            pieces[-1].append(line)
            size += len(line) + 1
            try:
                line = self._waiting.get_nowait()
            except queue.Empty:
                break
        return ["\n".join(piece) for piece in pieces], line is None

    def close(self) -> None:
        """Write what waits, for a second at most."""
        # What is stuck is waited for no longer: for ever, otherwise.
        ending = threading.Thread(target=self._end, name="end of access log", daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)

    def _end(self) -> None:
        if self._writer is None:
            return
        if self._running:
            self._waiting.put(None)
            self._thread.join()
        self._writer.close()


class _Dropping(logging.Handler):
    """Counts the lines that it fails to pass on, instead of printing a traceback for each."""

    dropped = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's signature
        self.dropped += str(record.msg).count("\n") + 1  # in order: in the one writing thread


class _Stream(_Dropping, logging.StreamHandler[io.TextIOWrapper]):
    """Writes lines to a stream."""


class _File(_Dropping, WatchedFileHandler):
    """Appends lines to a file, which it opens again where it was moved or removed."""

    def _open(self) -> io.TextIOWrapper:
        return _unbuffered(self.baseFilename)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one piece; a file that cannot be opened again must not end the thread."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)


def _unbuffered(target: str | int) -> io.TextIOWrapper:
    """A stream that keeps nothing back, so that closing never waits for a full pipe.

    A piece is no longer than ``PIPE_BUF``, so the system writes it whole or not at all.
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
