"""An HTTP client for external stores: one connection that is kept open, with Basic or Digest authentication.

The standard library's, as a request costs a third of what larger clients take, and each query is one.
Compressed answers and redirects are not accepted: the first hide where an answer ends, the others lead elsewhere.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import select
import socket
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.error import URLError
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgr,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from trialgraph.base.errors import StoreFailed
from trialgraph.remote.address import CREDENTIALS, StoreAddress

__all__ = ["PART", "Reply", "StoreClient"]

#: Bytes of an error's text that are read.
ERROR_BYTES: Final = 4_000
#: What is read of an answer at a time.
PART: Final = 65_536


class Reply:
    """The answer of a store, to be read as a file.

    :ivar status: the HTTP status
    """

    def __init__(self, response: http.client.HTTPResponse, address: StoreAddress) -> None:
        self._response, self._address = response, address
        self.status = response.status

    def header(self, name: str) -> str:
        """A header; empty where it is missing."""
        return self._response.getheader(name, "") or ""

    @property
    def media_type(self) -> str:
        """What the body is, without parameters."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @property
    def framed(self) -> bool:
        """Whether HTTP says where the body ends; else a connection that breaks looks like the end."""
        return self._response.chunked or self._response.length is not None

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes (all of them: -1); nothing at the end.

        :raises StoreFailed: the answer stops before its end
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(PART), b""))
        try:
            part = self._response.read1(size)  # never more: the engine's parser ends the process
        except (OSError, http.client.HTTPException, ValueError):
            raise self._stopped() from None
        if not part and self._response.length:
            raise self._stopped()
        return part

    def text(self) -> str:
        """The beginning of an error's text, on one line; the rest is not read."""
        with contextlib.suppress(StoreFailed):
            parts: list[bytes] = []
            while sum(map(len, parts)) < ERROR_BYTES and (part := self.read(ERROR_BYTES)):
                parts.append(part)
            return " ".join(b"".join(parts)[:ERROR_BYTES].decode("utf-8", "replace").split())
        return ""

    def finish(self) -> bool:
        """Read what is left, if it is little; whether the connection can be used again."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            if not self._response.isclosed():
                self._response.read(PART)
            return self._response.isclosed() and not self._response.will_close
        return False

    def close(self) -> None:
        """Let go of the connection, where the answer has it."""
        with contextlib.suppress(OSError):
            self._response.close()

    def _stopped(self) -> StoreFailed:
        return StoreFailed(
            "the store stops in the middle of its answer", where=self._address.words, status=502
        )


class _AtOnce:
    """Sends head and body of a request in one piece: in two, each wakes the store."""

    _held: list[bytes] | None = None

    def send(self, data: Any) -> None:
        """Send bytes, or hold them back until the request is whole."""
        if self._held is None:
            super().send(data)  # type: ignore[misc] # of the connection that this is mixed into
        else:
            self._held.append(bytes(data))

    def ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a request."""
        self._held = []
        try:
            self.request(method, url, body, headers)  # type: ignore[attr-defined] # likewise
            whole = b"".join(self._held)
        finally:
            self._held = None
        self.send(whole)


class _Plain(_AtOnce, http.client.HTTPConnection):
    """A connection without TLS."""


class _Secure(_AtOnce, http.client.HTTPSConnection):
    """A connection with TLS."""


class StoreClient:
    """Requests to one external store, one after the other. Not for several threads.

    :param seconds: the longest silence of the store that is waited for
    """

    def __init__(self, address: StoreAddress, seconds: float) -> None:
        self.address = address
        self._seconds = seconds
        self._connection: _Plain | _Secure | None = None
        self._open: Reply | None = None
        self._digest: dict[str, str] | None = None
        self._basic = False
        self._signer = _Signer(address)
        #: How often a connection was made: whoever keeps something per connection compares it.
        self.connected = 0

    def close(self) -> None:
        """Close the connection; the store sees that its answer is no longer wanted."""
        connection, reply = self._connection, self._open
        self._connection = self._open = None
        if reply is not None:
            reply.close()  # where the store announced the end of the connection, the answer alone has it
        if connection is not None:
            connection.close()

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """Send a request and wait for the head of its answer. What is left of the answer before is not read.

        It may be sent twice, where a connection that was kept open has been closed meanwhile.

        :param seconds: the longest silence for this request; None: that of the client
        :raises StoreFailed: the store cannot be reached, redirects, or refuses name and password
        """
        reply = self._sent(method, path, body, headers or {}, seconds or self._seconds)
        if reply.status == HTTPStatus.UNAUTHORIZED and self.address.user:
            challenge = reply.header("WWW-Authenticate")
            again = self._answerable(challenge)
            reply.finish()
            if again:
                reply = self._sent(method, path, body, headers or {}, seconds or self._seconds)
        if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise self._refused(reply)
        if 300 <= reply.status < 400:
            self.close()
            raise self._failed("redirects to another address", "give that address", status=502)
        return reply

    def _answerable(self, challenge: str) -> bool:
        """Whether a challenge can be answered, which is done from now on, and was not done before."""
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "digest":
            told = parse_keqv_list(list(filter(None, parse_http_list(rest))))
            first = self._digest is None or told.get("stale", "").lower() == "true"
            self._digest = told
            return first
        if scheme.lower() == "basic":
            first, self._basic = not self._basic, True
            return first
        return False

    def _authorization(self, method: str, path: str) -> str:
        if self._digest is not None:
            return self._signer.sign(self._digest, method, path)
        if self._basic:
            pair = f"{self.address.user}:{self.address.password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return ""

    def _sent(self, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        if self._open is not None and not self._open.finish():
            self.close()
        if self._connection is not None and _has_spoken(self._connection.sock):
            self.close()
        for attempt in (0, 1):
            kept = self._connection is not None
            connection = self._connect(seconds)
            try:
                self._request(connection, method, path, body, headers)
                self._open = Reply(connection.getresponse(), self.address)
                return self._open
            except (ConnectionError, http.client.RemoteDisconnected) as error:
                self.close()
                if kept and not attempt:
                    continue  # it was closed while nobody used it
                raise self._failed(f"cannot be reached ({_why(error)})", "start it, or wait") from None
            except TimeoutError:
                self.close()
                raise self._failed(f"did not answer within {seconds:g} seconds", "try again later") from None
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                status = 502 if isinstance(error, http.client.HTTPException) else 503
                what = "does not answer in HTTP" if status == 502 else f"cannot be reached ({_why(error)})"
                raise self._failed(what, "look at its address", status=status) from None
        raise AssertionError("unreachable")

    def _connect(self, seconds: float) -> _Plain | _Secure:
        if self._connection is None:
            address = self.address
            if address.secure:
                self._connection = _Secure(
                    address.host, address.port, timeout=seconds, context=ssl.create_default_context()
                )
            else:
                self._connection = _Plain(address.host, address.port, timeout=seconds)
            self.connected += 1
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        return self._connection

    def _request(
        self,
        connection: _Plain | _Secure,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> None:
        told = {"Accept-Encoding": "identity", "User-Agent": "trialgraph", **headers}
        if authorization := self._authorization(method, path):
            told["Authorization"] = authorization
        connection.ask(method, path, body, told)

    def _refused(self, reply: Reply) -> StoreFailed:
        unknown = reply.status == HTTPStatus.UNAUTHORIZED
        self.close()
        if unknown and self.address.user:
            return self._failed("refuses the name or the password", "look at both")
        if unknown:
            return self._failed("wants a name and a password", CREDENTIALS)
        return self._failed("does not allow this", "look at what the user may do there")

    def _failed(self, what: str, hint: str, *, status: int = 503) -> StoreFailed:
        return StoreFailed(f"the store {what}", where=self.address.words, hint=hint, status=status)


class _Password(HTTPPasswordMgr):
    """The one name and password for the one store."""

    def __init__(self, address: StoreAddress) -> None:
        super().__init__()
        self._address = address

    def find_user_password(self, realm: str | None, authuri: str) -> tuple[str | None, str | None]:  # noqa: ARG002
        return self._address.user, self._address.password


class _Signer(AbstractDigestAuthHandler):
    """The standard library's answer to a Digest challenge (RFC 7616)."""

    def __init__(self, address: StoreAddress) -> None:
        super().__init__(_Password(address))
        self._place = f"{address.host}:{address.port}"

    def sign(self, challenge: dict[str, str], method: str, path: str) -> str:
        """The header for a request; empty where the challenge asks for what the library has not."""
        told = challenge | ({"qop": "auth"} if "auth" in challenge.get("qop", "") else {})
        request = Request(f"http://{self._place}{path}", method=method)
        answer: str | None = None
        with contextlib.suppress(URLError, ValueError):
            answer = self.get_authorization(request, told)
        return f"Digest {answer}" if answer else ""


def _has_spoken(connection: socket.socket | None) -> bool:
    """Whether a store has sent something unasked, or closed: a server may answer an idle connection with an error."""
    if connection is None:
        return False
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def _why(error: Exception) -> str:
    """A short reason that holds nothing of the request."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid for this name"
    if isinstance(error, http.client.RemoteDisconnected):
        return "it closed the connection"
    return getattr(error, "strerror", None) or type(error).__name__
