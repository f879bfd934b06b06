"""Request records and request ids (WSGI middleware): what is logged and counted for each request.

An entry holds nothing that a client wrote: neither addresses nor queries nor headers. Who writes entries where is
not decided here (:mod:`trialgraph.http.server.access_log`).
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from flask import has_request_context, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ENTRY", "RequestRecord", "note_query", "recorded", "request_id", "this_entry"]

ENTRY: Final = "trialgraph.entry"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"})
#: An id that a proxy gave: a UUID or plain hexadecimal digits, so that it carries nobody's words into the log.
GIVEN_ID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{16}", re.IGNORECASE)


#: What the line of an answer ends with that was not handed over whole, and of one that was.
_CUT: Final = (', "cut": true', "")
#: Ids have to be distinct, not secret; a system call for each would cost as much as answering from a cache.
_ids: Final = random.Random(os.urandom(32))  # noqa: S311


@dataclass(slots=True)
class RequestRecord:
    """What is recorded of one request.

    :param client: its address, as far as the setting ``log_client`` allows
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
    def of(cls, environ: WSGIEnvironment, log_client: str) -> RequestRecord:
        """The entry of a request that begins.

        :param log_client: the setting of that name
        """
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        method = str(environ.get("REQUEST_METHOD", ""))
        return cls(
            id=given.lower() if GIVEN_ID.fullmatch(given) else f"{_ids.getrandbits(128):032x}",
            client=logged_address(str(environ.get("REMOTE_ADDR", "")), log_client),
            method=method if method in METHODS else "other",
        )

    def seconds(self) -> float:
        """Since the request began."""
        return time.monotonic() - self.began

    def line(self) -> str:
        """As JSON; what is not known is left out."""
        # Written out, as an encoder takes longer than all else that is logged here: no value is of a client's making.
        texts = (
            ("id", self.id),
            ("client", self.client),
            ("method", self.method),
            ("route", self.route),
        )
        first = "".join([f', "{name}": {_quoted(text)}' for name, text in texts if text])
        last = "".join(
            [
                f', "{name}": {_quoted(text)}'
                for name, text in (("query", self.query), ("release", self.release[:16]))
                if text
            ]
        )
        return (
            f'{{"time": "{datetime.now(UTC).isoformat(timespec="milliseconds")}"{first}, "status": {self.status}, '
            f'"bytes": {self.bytes}, "ms": {round(self.seconds() * 1000, 1)}{last}{_CUT[self.whole]}}}'
        )


def _quoted(text: str) -> str:
    """A text as JSON."""
    return f'"{text}"' if text.isalnum() and text.isascii() else json.dumps(text)


@lru_cache(maxsize=4_096)
def logged_address(address: str, log_client: str) -> str:
    """A client's address as it is logged: by default only its network (/24 or /48).

    :param log_client: the setting of that name
    """
    if log_client == "none":
        return ""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if log_client == "whole":
        return str(found)
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def this_entry() -> RequestRecord | None:
    """The entry of the present request."""
    return cast("RequestRecord | None", request.environ.get(ENTRY)) if has_request_context() else None


def request_id() -> str:
    """The id of the present request; empty outside of one."""
    entry = this_entry()
    return entry.id if entry else ""


def note_query(environ: WSGIEnvironment, text: str) -> None:
    """Record the query of a request; the log gets its hash."""
    entry: RequestRecord | None = environ.get(ENTRY)
    if entry is not None:
        entry.query = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def recorded(app: WSGIApplication, done: Callable[[RequestRecord], None], log_client: str) -> WSGIApplication:
    """The application with an id in each answer; ``done`` gets the entry of each request at its end.

    :param log_client: the setting of that name
    """

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        entry = environ[ENTRY] = RequestRecord.of(environ, log_client)
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
    """A body that counts its bytes and reports its end once."""

    def __init__(
        self,
        body: Iterable[bytes],
        entry: RequestRecord,
        length: int | None,
        done: Callable[[RequestRecord], None],
    ) -> None:
        self._body, self._parts, self._entry, self._length = body, iter(body), entry, length
        self._done: Callable[[RequestRecord], None] | None = done

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
