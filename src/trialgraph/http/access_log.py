"""A line of JSON for each request, and the id by which it is found again. No words of a client are in it.

A log that nobody reads must not stop the server: requests hand their lines to a thread and go on; where that
thread cannot get rid of them (a full pipe or disk), lines are dropped and counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import json
import os
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from flask import has_request_context, request

from trialgraph.base.errors import InputError
from trialgraph.base.settings import text_setting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["AccessLog", "Entry", "note_query", "recorded", "request_id", "this_entry"]

ENTRY: Final = "trialgraph.entry"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"})
#: An id that a proxy gave: a UUID or plain hexadecimal digits, so that it carries nobody's words into the log.
GIVEN_ID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{16}", re.IGNORECASE)
#: Lines that wait for the writing thread.
WAITING: Final = 10_000


@dataclass(slots=True)
class Entry:
    """What is told of one request.

    :param client: its address, as far as the setting ``log_client`` lets it be told
    :param route: the template of its address (``/queries/<name>``), empty where nothing stands there
    :param query: the first 16 digits of the query's SHA-256, empty where there is none
    :param whole: the whole answer was handed over
    """

    id: str
    client: str
    method: str
    began: float = field(default_factory=time.monotonic)
    route: str = ""
    status: int = 0
    bytes: int = 0
    query: str = ""
    release: str = ""
    whole: bool = False

    @classmethod
    def of(cls, environ: WSGIEnvironment) -> Entry:
        """The entry of a request that begins."""
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        method = str(environ.get("REQUEST_METHOD", ""))
        return cls(
            id=given.lower() if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex,
            client=told(str(environ.get("REMOTE_ADDR", ""))),
            method=method if method in METHODS else "other",
        )

    def seconds(self) -> float:
        """Since the request began."""
        return time.monotonic() - self.began

    def line(self) -> str:
        """As JSON; what is not known is left out."""
        said: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": self.id,
            "client": self.client,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "bytes": self.bytes,
            "ms": round(self.seconds() * 1000, 1),
            "query": self.query,
            "release": self.release[:16],
        }
        said = {name: value for name, value in said.items() if value != ""}
        return json.dumps(said if self.whole else said | {"cut": True})


def told(address: str) -> str:
    """What the log tells of a client's address: by default its network, of which it shares 256 or 2**80."""
    how = text_setting("log_client")
    if how == "none":
        return ""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if how == "whole":
        return str(found)
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def this_entry() -> Entry | None:
    """The entry of the present request."""
    return cast("Entry | None", request.environ.get(ENTRY)) if has_request_context() else None


def request_id() -> str:
    """The id of the present request; empty outside of one."""
    entry = this_entry()
    return entry.id if entry else ""


def note_query(text: str) -> None:
    """Say which query this request asks; the log gets its hash."""
    if entry := this_entry():
        entry.query = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def recorded(app: WSGIApplication, done: Callable[[Entry], None]) -> WSGIApplication:
    """The application with an id in each answer; ``done`` gets the entry of each request at its end."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        entry = environ[ENTRY] = Entry.of(environ)
        length: int | None = None

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal length
            entry.status = int(status[:3])
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
            return start_response(status, [*headers, ("X-Request-ID", entry.id)], exc_info)

        try:
            body = app(environ, started)
        except BaseException:
            entry.status = 500
            done(entry)
            raise
        wrapper = environ.get("wsgi.file_wrapper")
        if wrapper is not None and isinstance(body, wrapper):
            # The server sends an open file by itself, and must get it as it is.
            entry.bytes, entry.whole = length or 0, True
            done(entry)
            return cast("Iterable[bytes]", body)
        return _Counted(body, entry, length, done)

    return call


class _Counted(Iterator[bytes]):
    """A body that counts its bytes and tells its end once."""

    def __init__(
        self, body: Iterable[bytes], entry: Entry, length: int | None, done: Callable[[Entry], None]
    ) -> None:
        self._body, self._parts, self._entry, self._length = body, iter(body), entry, length
        self._done: Callable[[Entry], None] | None = done

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except StopIteration:
            self._entry.whole = True
            raise
        self._entry.bytes += len(part)
        self._entry.whole = self._entry.bytes == self._length
        return part

    def close(self) -> None:
        """Called by the server when the answer is out, or cannot be."""
        try:
            if close := getattr(self._body, "close", None):
                close()
        finally:
            done, self._done = self._done, None
            if done:
                done(self._entry)


class AccessLog:
    """Writes lines to standard error or a file, in a thread of its own.

    :param target: ``-`` standard error, ``none`` nothing, else a file; one that was moved away is begun anew
    :raises InputError: the file cannot be opened
    """

    def __init__(self, target: str) -> None:
        self._path = None if target in ("-", "none") else target
        self._lines: queue.Queue[str | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self.dropped = 0
        self._descriptor = 2
        self._thread: threading.Thread | None = None
        if self._path:
            self._open(self._path)
        if target != "none":
            self._thread = threading.Thread(target=self._run, name="access log", daemon=True)

    def write(self, line: str) -> None:
        """Hand over one line; never waits."""
        if self._thread is None:
            return
        if not self._thread.ident:
            with self._lock:
                if not self._thread.ident:
                    self._thread.start()
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Write what waits, for a second at most."""
        if self._thread is not None and self._thread.ident:
            with contextlib.suppress(queue.Full):
                self._lines.put_nowait(None)
            self._thread.join(1.0)

    def _open(self, path: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        except (OSError, ValueError) as error:
            raise InputError(
                f"the access log cannot be written ({getattr(error, 'strerror', error)})",
                where=path,
                mend="choose another file with --access-log",
            ) from error

    def _run(self) -> None:
        while True:
            lines = [self._lines.get()]
            while not self._lines.empty() and len(lines) < 1_000:
                lines.append(self._lines.get())
            data = "".join(f"{line}\n" for line in lines if line is not None).encode()
            try:
                self._follow()
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except (OSError, InputError):
                self.dropped += len(lines) - lines.count(None)
            if None in lines:
                return

    def _follow(self) -> None:
        """Begin the file anew where it was moved or removed, as log rotation does."""
        if not self._path:
            return
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.stat(self._path), os.fstat(self._descriptor)):
                return
        old = self._descriptor
        self._open(self._path)
        os.close(old)
