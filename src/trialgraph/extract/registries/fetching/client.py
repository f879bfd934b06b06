"""One request to the registry's API: at its pace, again after a fault that passes, conditional where an ETag is known.

What the server asks for is done: a pause between requests, and that of ``Retry-After`` (RFC 9110, 10.2.3). Without one
the pauses double. What another try cannot change (a bad request, HTML where JSON is due) ends at once.
"""

from __future__ import annotations

import json
import random
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode

from trialgraph import __version__
from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.rdf.formats import JSON
from trialgraph.terminology.https_only import check_https, https_opener

__all__ = ["ApiAnswer", "Client", "Refusal"]

_CHUNK: Final = 1 << 18
#: What may be otherwise a moment later.
_PASSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_MODIFIED: Final = 304
_SHOWN: Final = 120
_KEPT: Final = "what came so far is kept: the same command goes on from there"
Sleep = Callable[[float], None]


class Refusal(InputError):
    """The server refuses a request, and will again.

    :param status: the HTTP status
    """

    def __init__(self, what: str, *, where: str, hint: str, status: int) -> None:
        super().__init__(what, where=where, hint=hint)
        self.status = status


class _Passing(Exception):
    """A fault that may pass.

    :param after: how many seconds the server asks to wait; None: it does not say
    """

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What the server answered.

    :param body: its bytes as they came; empty where nothing has changed
    :param value: its JSON
    :param is_same: whether it is what the validators are of (304)
    :param etag: validator of the answer, as the server gave it; likewise ``last_modified``
    """

    url: str
    body: bytes
    value: Any
    is_same: bool
    etag: str = ""
    last_modified: str = ""


@dataclass(slots=True)
class Client:
    """The registry's API.

    :param say: what is told while waiting
    :param sleep: waits so many seconds
    """

    settings: Settings
    say: Callable[[str], None]
    sleep: Sleep = time.sleep
    _opener: urllib.request.OpenerDirector = field(default_factory=https_opener, init=False)
    _next: float = field(default=0.0, init=False)

    def get(
        self, path: str, query: Mapping[str, str], etag: str = "", last_modified: str = "", *, most: int
    ) -> ApiAnswer:
        """The answer to a request.

        :param path: below the address of the API, with a slash before it
        :param etag: validators of an earlier answer; where it still holds, the server says so
        :param most: so many bytes at most
        :raises Refusal: the server refuses the request
        :raises InputError: no network, too many faults, or an answer that is no JSON
        """
        url = self.url(path, query)
        check_https(url)
        headers = {"Accept": JSON, "User-Agent": self._user_agent()}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked above
        tries = self.settings.fetch_tries
        for number in range(1, tries + 1):
            self._keep_pace()
            try:
                return self._once(request, most)
            except _Passing as fault:
                if number == tries:
                    raise InputError(
                        f"it cannot be fetched: {fault} ({tries} tries)", where=url, hint=_KEPT
                    ) from fault
                self._wait(url, fault, number)
        raise AssertionError  # the last try returns or raises

    def url(self, path: str, query: Mapping[str, str]) -> str:
        """The address of a request."""
        url = f"{self.settings.registry_api.rstrip('/')}{path}"
        return f"{url}?{urlencode(query, safe=',')}" if query else url

    def _user_agent(self) -> str:
        about = self.settings.source_code
        return (
            f"trialgraph/{__version__} ({about})"
            if about.isascii() and about
            else f"trialgraph/{__version__}"
        )

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if self._next > now:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 60 / self.settings.fetch_requests

    def _wait(self, url: str, fault: _Passing, number: int) -> None:
        most = self.settings.fetch_wait_seconds
        if fault.after is not None and fault.after > most:
            raise InputError(
                f"the server asks to wait {fault.after:.0f} seconds ({fault})",
                where=url,
                hint=f"try again then; {_KEPT}",
            )
        # Many programs that were cut off together do not come back together.
        longer = random.uniform(1, 1.25)  # noqa: S311 - no secret
        seconds = fault.after if fault.after is not None else min(most, 2 ** (number - 1) * longer)
        self.say(f"{fault}; next try in {seconds:.0f} seconds")
        self.sleep(seconds)

    def _once(self, request: urllib.request.Request, most: int) -> ApiAnswer:
        url = request.full_url
        try:
            with self._opener.open(request, timeout=self.settings.fetch_seconds) as answer:
                body = self._body(answer, url, most)
                etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
                return ApiAnswer(url, body, _json(body, url, answer), False, etag, modified)
        except HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED:
                    return ApiAnswer(url, b"", None, True)
                raise _fault(error, url) from None
        except (OSError, HTTPException) as error:
            why = getattr(error, "reason", None) or error
            raise _Passing(f"{str(why)[:_SHOWN] or type(error).__name__}") from error

    def _body(self, answer: IO[bytes], url: str, most: int) -> bytes:
        made = bytearray()
        while chunk := answer.read(_CHUNK):
            made += chunk
            if len(made) > most:
                raise InputError(
                    f"the answers are larger than {self.settings.fetch_bytes} bytes",
                    where=url,
                    hint="raise --fetch-bytes, or ask for less",
                )
        length = answer.headers.get("Content-Length", "") if isinstance(answer, HTTPResponse) else ""
        if length.isdigit() and int(length) != len(made):
            raise _Passing(f"the answer was cut short ({len(made)} of {length} bytes)")
        return bytes(made)


def _fault(error: HTTPError, url: str) -> _Passing | Refusal:
    said = f"{error.code} {error.reason}"
    if error.code in _PASSES:
        return _Passing(f"the server answers {said}", _seconds(error.headers.get("Retry-After")))
    try:
        words = " ".join(error.read(2_000).decode("utf-8", errors="replace").split())
    except (OSError, HTTPException):
        words = ""
    words = "" if words.startswith("<") else words[:_SHOWN]
    return Refusal(
        f"the server refuses it ({said}{': ' + words if words else ''})",
        where=url,
        hint="check the numbers or words that are asked for",
        status=error.code,
    )


def _seconds(after: str | None) -> float | None:
    """What ``Retry-After`` says, a number of seconds or a date; None where it says neither."""
    if after is None:
        return None
    if after.strip().isascii() and after.strip().isdigit():
        return float(after.strip()[:9])
    try:
        date = parsedate_to_datetime(after)
    except (TypeError, ValueError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())


def _json(body: bytes, url: str, answer: Any) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start in (b"{", b"["):  # it may have been cut off where the server did not say how long it is
            raise _Passing(f"the answer is no whole JSON ({str(error)[:60]})") from error
        kind = str(answer.headers.get("Content-Type", "")).partition(";")[0][:40]
        what = f"the answer is {kind or 'something else'}, not JSON"
        raise InputError(
            what, where=url, hint="a proxy or a page to sign in may stand between; " + _KEPT
        ) from error
