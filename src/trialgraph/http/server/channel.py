"""Waitress's HTTP connection with our errors, a reset for a truncated HTTP/1.0 answer, and a close that is heard.

A truncated answer in HTTP/1.0 would end like a complete one, by closing the connection: it is reset instead, so that no
client takes a part for the whole. (Some proxies use HTTP/1.0; HTTP/1.1 has the last chunk.) After a request that was
refused before all of it was read, the connection is closed on our side and then read for a moment: a reset would
delete the answer before the client has read it (RFC 9112, 9.6).
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import struct
import sys
import time
from functools import lru_cache
from http import HTTPMethod
from typing import Any, Final

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from trialgraph.http.errors import REFUSED
from trialgraph.http.request_parser import Parser
from trialgraph.http.server.connections import State
from trialgraph.http.server.descriptors import Descriptors
from trialgraph.http.server.listener import UNIX

__all__ = ["Channel", "hang_up"]

#: How long a connection is read after a refusal, in seconds.
LINGER_SECONDS: Final = 2.0

#: How much of an answer is read from its file at a time; waitress would read all that the kernel buffers for a socket.
SEND_BYTES: Final = 262_144

#: A longer part of a body is not copied to stand behind the head.
COPIED_BYTES: Final = 65_536

log = logging.getLogger(__name__)


class _Refusal(ErrorTask):
    """An error that waitress found, answered by the application: in its format, with a request id and in its log."""

    def execute(self) -> None:
        """Answer the request."""
        channel: Any = self.channel  # waitress types its own connection
        channel.refused = True
        try:
            self._answer(channel)
        except Exception as error:
            log.exception("a refusal could not be answered", exc_info=error)
            if self.wrote_header:
                raise
            super().execute()

    def _answer(self, channel: Any) -> None:
        request: Any = self.request
        error, given, server = request.error, request.headers, channel.server
        method = getattr(request, "command", "GET")
        environ = {
            "REQUEST_METHOD": "HEAD" if method == "HEAD" else "GET",
            "SCRIPT_NAME": server.adj.url_prefix,
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": str(server.effective_port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": channel.client,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            REFUSED: (int(error.code), str(error.body)),
        }
        environ |= {f"HTTP_{name}": given[name] for name in ("ACCEPT", "X_REQUEST_ID") if name in given}
        parts = server.application(environ, self._started)
        try:
            body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        self.set_close_on_finish()
        self.write(body)

    def _started(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self.status, self.response_headers = status, list(headers)
        lengths = [int(value) for name, value in headers if name.lower() == "content-length"]
        self.content_length = lengths[0] if lengths else None


@lru_cache(maxsize=256)
def _capitalized(name: str) -> str:
    """The name of a header as waitress writes it."""
    return "-".join(word.capitalize() for word in name.split("-"))


class _Task(WSGITask):
    """The answer to one request, with fewer system calls, on a connection that is kept where its end can be told.

    The head of a response and the first part of its body leave in one piece, so that a client is woken once. Waitress
    closes a connection after each 304 and each response without a length; HTTP/1.1 delimits both (RFC 9112, 6.3).
    """

    def build_response_header(self) -> bytes:
        """The head of the response, and how its end will be told: by its length, by the last chunk or by a close."""
        length = None
        lines, named = [], set[str]()
        for name, value in self.response_headers:
            lower = name.lower()
            if lower == "content-length":
                if not self.has_body:
                    continue
                length = value
            named.add(lower)
            lines.append(f"{_capitalized(name)}: {value}")
        if length is None and self.content_length is not None and self.has_body:
            length = str(self.content_length)
            lines.append(f"Content-Length: {length}")
        before = len(self.response_headers)
        lines += self._delimited(length)
        lines += [f"{name}: {value}" for name, value in self.response_headers[before:]]
        ident: str = self.channel.server.adj.ident
        lines.append(f"Via: {ident}" if "server" in named else f"Server: {ident}")
        if "date" not in named:
            lines.append(f"Date: {build_http_date(self.start_time)}")
        return "\r\n".join([f"HTTP/{self.version} {self.status}", *lines, "\r\n"]).encode("latin-1")

    def _delimited(self, length: str | None) -> list[str]:
        """Decide how the end is told; the headers that say so, but for ``Connection: close``."""
        request: Any = self.request  # waitress's types take it for an error
        asked = str(request.headers.get("CONNECTION", "")).lower()
        if self.version == "1.0":
            if asked == "keep-alive" and length:
                return ["Connection: Keep-Alive"]
            self.set_close_on_finish()
            return []
        if asked == "close":
            self.set_close_on_finish()
        if length or not self.has_body:
            return []
        self.chunked_response = True
        if request.command == HTTPMethod.HEAD and not self.close_on_finish:
            self.set_close_on_finish()  # waitress writes a last chunk, which no answer to HEAD has
        return ["Transfer-Encoding: chunked"]

    def write(self, data: Any) -> None:
        """Send a part of the body, the first one with the head before it."""
        if (
            self.wrote_header
            or not self.complete
            or not data
            or not self.has_body
            or len(data) > COPIED_BYTES
        ):
            super().write(data)
            return
        head = self.build_response_header()
        if self.chunked_response:
            sent = b"%b%X\r\n%b\r\n" % (head, len(data), data)
        elif self.content_length is None or len(data) <= self.content_length:
            sent = head + data
        else:  # waitress cuts what is too long, and says so
            self.channel.write_soon(head)
            self.wrote_header = True
            super().write(data)
            return
        self.channel.write_soon(sent)
        self.wrote_header = True
        self.content_bytes_written += 0 if self.content_length is None else len(data)

    def service(self) -> None:
        """Answer one request."""
        try:
            super().service()
        except ClientDisconnected:
            raise
        except Exception:
            if self.wrote_header and not self.chunked_response and isinstance(self.channel, Channel):
                self.channel.broken = True
            raise


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Parser
    task_class = _Task
    error_task_class = _Refusal
    #: Whether a request was refused, of which parts may not have been read.
    refused = False
    #: Until when the connection is read after that, on the monotonic clock; None: it is not.
    lingers: float | None = None
    #: Whether the answer was truncated and only a reset can signal it.
    broken = False
    #: Whether the loop waits for more from the client.
    _read_next = False

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:  # noqa: A002 - waitress's
        if sock.family == socket.AF_UNIX:
            addr = (UNIX, 0)  # waitress says localhost, which is no address, and no name of a Unix socket
        self.client = str(addr[0])
        self.began = time.monotonic()
        self.received_bytes = self.sent = 0
        super().__init__(server, sock, addr, adj, map=map)
        self.sendbuf_len = min(self.sendbuf_len, SEND_BYTES)
        self._descriptors: Descriptors = server.descriptors
        server.connections.admit(self, server.active_channels.values())

    @property
    def state(self) -> State:
        """Whether it is idle, receives a request, or is answered."""
        if self.lingers is None and (self.requests or self.total_outbufs_len):
            return "active"
        return "unfinished" if self.request is not None else "idle"

    @property
    def headers_done(self) -> bool:
        """Whether the headers of the request that is being received are here."""
        return self.request is not None and bool(self.request.headers_finished)

    @property
    def files(self) -> int:
        """How many descriptors it holds beside its own: files that are sent, answers and a body kept on disk."""
        held = sum(
            isinstance(buffer, ReadOnlyFileBasedBuffer) or buffer.overflowed for buffer in list(self.outbufs)
        )
        bodies = [getattr(request, "body_rcv", None) for request in (*self.requests, self.request)]
        return held + sum(1 for body in bodies if body is not None and body.getbuf().overflowed)

    @property
    def unsent(self) -> int:
        """Bytes that wait for the client."""
        return int(self.total_outbufs_len)

    def received(self, data: bytes) -> bool:
        """Take in a part of a request."""
        if self.request is None:
            self.began, self.received_bytes = time.monotonic(), 0
        self.received_bytes += len(data)
        long = self.received_bytes > self.adj.inbuf_overflow
        before = self.files if long else 0
        whole = bool(super().received(data))
        if long and self.files > before and self._descriptors.scarce():
            self.handle_close()  # a body has just been given a file of those that the server needs itself
            return False
        return whole

    def add_channel(self, map: Any = None) -> None:  # noqa: A002 - waitress's
        """Be told of events from now on."""
        super().add_channel(map)
        self.server.asyncore.added(self)

    def del_channel(self, map: Any = None) -> None:  # noqa: A002 - waitress's
        """Be told of no more events."""
        fd: int | None = self._fileno  # type: ignore[attr-defined] # waitress's types lack it
        if fd is not None:
            self.server.asyncore.removed(fd)
        super().del_channel(map)

    @property
    def listens(self) -> bool:
        """Whether the loop waits for the client's next request, and has nothing else to do for this connection."""
        return (
            self._read_next
            and not self.total_outbufs_len
            and not self.will_close
            and not self.close_when_flushed
        )

    def service(self) -> None:
        """Answer one request."""
        self.server.asyncore.serves(self)
        try:
            super().service()
        finally:
            self.server.asyncore.serves(None)
            self._leave_turn(ends=True)

    def check_client_disconnected(self) -> bool:  # type: ignore[override] # waitress's types lack what it returns
        """Whether the client has gone; asked a few times a second by a request that waits for a worker."""
        self._leave_turn()
        return bool(super().check_client_disconnected())

    def _flush_outbufs_below_high_watermark(self) -> None:
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self._leave_turn()  # it waits for its reader
        super()._flush_outbufs_below_high_watermark()  # type: ignore[misc] # nor know this one

    def _leave_turn(self, *, ends: bool = False) -> None:
        leave = getattr(self.server.task_dispatcher, "leave", None)
        if leave is not None:
            leave(self, ends=ends)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send a part of an answer; how much of it the client took."""
        taken = int(super().send(data, do_close=do_close))
        if taken:
            self.sent += taken
            self.began = time.monotonic()
        return taken

    def write_soon(self, data: Any) -> int:
        """Take over a part of an answer, unless it would need a file and descriptors are scarce.

        :raises Overloaded: they are; the answer is cut
        """
        if self.total_outbufs_len > self.adj.outbuf_overflow:
            self._descriptors.check()
        if not isinstance(data, bytes) or not 0 < len(data) <= self.sendbuf_len:
            return int(super().write_soon(data))
        # What is sent at once is not shown to the loop: it would try to send it, too, until this thread has.
        with self.outbuf_lock:
            taken = 0
            if self.connected and not self.total_outbufs_len:
                with contextlib.suppress(OSError):  # which is dealt with where it comes again
                    taken = self.send(data, do_close=False)
            if taken < len(data):
                super().write_soon(data[taken:])
        return len(data)

    def readable(self) -> bool:
        """Whether to read from the connection; asked by the loop before it waits."""
        # Before it is known, too: a thread that ends meanwhile must not take the old answer for the new one.
        self._read_next = False
        self._read_next = self.lingers is not None or bool(super().readable())
        return self._read_next

    def writable(self) -> bool:
        """Whether to write to the connection, or to close it."""
        return self.lingers is None and bool(super().writable())

    def handle_read(self) -> None:
        """Read, to discard it where the connection lingers."""
        if self.lingers is None:
            super().handle_read()
        elif self.recv(self.adj.recv_bytes):  # at the end of input it closes the connection itself
            self.end_linger()

    def end_linger(self) -> None:
        """Close a connection that has lingered for its time."""
        if self.lingers is not None and self.lingers < time.monotonic():
            self.handle_close()

    def handle_error(self) -> None:
        """Close the connection after an unexpected exception, of which waitress would log the values."""
        log.error("a connection failed", exc_info=sys.exc_info())
        self.refused = False
        self.handle_close()

    def handle_close(self) -> None:
        """Close the connection."""
        if self.refused and self.lingers is None and self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                self.lingers = time.monotonic() + LINGER_SECONDS
                return
        if self.broken and self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().handle_close()


def hang_up(channel: Channel) -> None:
    """Close a connection now, so that the client notices that the answer is incomplete."""
    channel.refused = False
    channel.broken = bool(channel.requests or channel.total_outbufs_len)
    channel.handle_close()
