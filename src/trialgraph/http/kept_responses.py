"""Whole responses, kept as they were sent and given again before the application is asked (WSGI middleware).

The data of a release never change, so a response that says of itself that it depends on the release and the request
alone (:func:`keep`) is the right one for every later request that is the same in all that a response may depend on
(:data:`PARTS`). Each release in service has its own, so that another release begins with none. What a client cannot
have asked for in these parts (a body, a range, conditions other than ``If-None-Match``) is never answered from here,
and neither an error nor a part of an answer is ever kept.

The middleware stands inside of what records requests and inside of the turns of clients: a response from here is
logged, counted and queued for like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from trialgraph.base.settings import Settings
from trialgraph.http.request_log import ENTRY, RequestRecord
from trialgraph.query.cache import SegmentedCache

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["CONDITIONS", "PARTS", "KeptResponses", "answered_from", "keep"]

#: All of a request without a body that a response may depend on: the address as it was sent and as it was understood,
#: where the client sees this server, and the headers that are looked at.
PARTS: Final = (
    *("REQUEST_METHOD", "REQUEST_URI", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"),
)
#: What else changes a response; a request that has one of them is left to the application.
CONDITIONS: Final = (
    *("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
    *("CONTENT_TYPE", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "trialgraph.refused"),
    "HTTP_UPGRADE",  # routes are other ones for a websocket
)
METHODS: Final = frozenset({"GET", "HEAD"})
STATUSES: Final = ("200 ", "304 ")
#: Headers by which a kept response may vary: those among :data:`PARTS`.
VARY: Final = frozenset({"accept", "accept-encoding"})
#: What an application says in the environment of a request whose response depends on it and on the release alone.
KEEP: Final = "trialgraph.keep"
#: What an entry of the cache takes beside its texts, in bytes.
OVERHEAD: Final = 1_000


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """A response as it was sent, and what the log says of it.

    :param size: what it takes in memory, in bytes, its key included
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    route: str
    query: str
    release: str
    size: int

    def __len__(self) -> int:
        return self.size


class KeptResponses(SegmentedCache[KeptResponse]):
    """The responses of one release.

    :param settings: ``cache_answers``, ``cache_response_bytes``, ``cache_answer_bytes``
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.cache_answers, settings.cache_response_bytes, settings.cache_answer_bytes)


def keep(environ: WSGIEnvironment) -> None:
    """Say that the response to a request depends on nothing but the request (:data:`PARTS`) and the release."""
    environ[KEEP] = True


def answered_from(app: WSGIApplication, of: str) -> WSGIApplication:
    """The application, asked only for what is not kept.

    :param of: where the environment of a request has the site, whose ``responses`` are asked
    """

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") not in METHODS or _is_special(environ):
            return app(environ, start_response)
        responses: KeptResponses = environ[of].responses
        key = tuple([environ.get(part) for part in PARTS])
        found = responses.get(key)
        if found is None:
            return _kept(app, environ, start_response, responses, key)
        entry: RequestRecord | None = environ.get(ENTRY)
        if entry is not None:
            entry.route, entry.query, entry.release = found.route, found.query, found.release
        start_response(found.status, found.headers)
        return [found.body] if found.body else []

    return call


def _is_special(environ: WSGIEnvironment) -> bool:
    """Whether a response depends on something that is no part of the key."""
    if environ.get("CONTENT_LENGTH") not in (None, "", "0"):
        return True
    return any(name in environ and environ[name] for name in CONDITIONS)


def _kept(
    app: WSGIApplication,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    responses: KeptResponses,
    key: tuple[str | None, ...],
) -> Iterable[bytes]:
    """The response of the application, which is kept once it was sent whole, where it may be."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [status, list(headers)]
        return start_response(status, headers, exc_info)

    environ.pop(KEEP, None)  # the application says it, nobody else
    body = app(environ, start)
    if not started or not environ.get(KEEP) or (length := _length(*started)) is None:
        return body
    head = sum(len(part or "") for part in key) + sum(len(n) + len(v) for n, v in started[1])
    size = OVERHEAD + length + head
    if size > responses.largest:
        return body
    return _Keeping(body, environ, started, length, size, responses, key)


def _length(status: str, headers: list[tuple[str, str]]) -> int | None:
    """The length of a response that may be kept; None: it may not."""
    found = {name.lower(): value.lower() for name, value in headers}
    varies = {name.strip() for name in found.get("vary", "").split(",") if name.strip()}
    fixed = "etag" in found and "no-store" not in found.get("cache-control", "")
    if not status.startswith(STATUSES) or not fixed or "set-cookie" in found or not varies <= VARY:
        return None
    if status.startswith("304"):
        return 0
    length = found.get("content-length", "")
    return int(length) if length.isdecimal() else None


class _Keeping(Iterator[bytes]):
    """The parts of a body, which are kept once all of them were taken."""

    def __init__(
        self,
        body: Iterable[bytes],
        environ: WSGIEnvironment,
        started: list[Any],
        length: int,
        size: int,
        responses: KeptResponses,
        key: tuple[str | None, ...],
    ) -> None:
        self._body, self._parts, self._environ = body, iter(body), environ
        self._started, self._length, self._size = started, length, size
        self._responses, self._key = responses, key
        self._collected: list[bytes] = []

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except StopIteration:
            self._put()
            raise
        self._collected.append(part)
        return part

    def _put(self) -> None:
        whole = b"".join(self._collected)
        sent = 0 if self._environ["REQUEST_METHOD"] == "HEAD" else self._length
        entry: RequestRecord | None = self._environ.get(ENTRY)
        if len(whole) != sent:
            return
        route, query, release = (entry.route, entry.query, entry.release) if entry else ("", "", "")
        status, headers = self._started
        kept = KeptResponse(status, headers, whole, route, query, release, self._size)
        self._responses.put(self._key, kept)

    def close(self) -> None:
        """Called by the server when the answer is out, or cannot be."""
        if close := getattr(self._body, "close", None):
            cast("Any", close)()
