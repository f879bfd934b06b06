"""Waitress's HTTP connection with two changes: 414 for long URLs, and a reset for a truncated HTTP/1.0 answer.

Waitress counts the URL as part of the headers and answers 431 to either; 414 tells a client that sent a long query by
GET to send it by POST. A truncated answer in HTTP/1.0 would end like a complete one, by closing the connection: it is
reset instead, so that no client takes a part for the whole. (Some proxies use HTTP/1.0; HTTP/1.1 has the last chunk.)
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from typing import Any, Final

from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import BadRequest, RequestHeaderFieldsTooLarge

from trialgraph.http.server.connections import State
from trialgraph.http.server.descriptors import Descriptors
from trialgraph.http.server.listener import UNIX

__all__ = ["Channel", "hang_up"]


#: How much of an answer is read from its file at a time; waitress would read all that the kernel buffers for a socket.
SEND_BYTES: Final = 262_144


class _AddressTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


class _Parser(HTTPRequestParser):
    def received(self, data: bytes) -> int:
        """Take in a part of the request."""
        before = self.header_plus
        taken = int(super().received(data))
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            head = (before + data)[: self.adj.max_request_header_size]
            if b"\n" not in head.lstrip():
                self.error = _AddressTooLong("the address is too long; send the query by POST")
        return taken


class _Task(WSGITask):
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

    parser_class = _Parser
    task_class = _Task
    #: Whether the answer was truncated and only a reset can signal it.
    broken = False

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
        if self.requests or self.total_outbufs_len:
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
        return int(super().write_soon(data))

    def handle_close(self) -> None:
        """Close the connection."""
        if self.broken and self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().handle_close()


def hang_up(channel: Channel) -> None:
    """Close a connection now, so that the client notices that the answer is incomplete."""
    channel.broken = bool(channel.requests or channel.total_outbufs_len)
    channel.handle_close()
