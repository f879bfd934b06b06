"""Waitress's HTTP connection with two changes: 414 for long URLs, and a reset for a truncated HTTP/1.0 answer.

Waitress counts the URL as part of the headers and answers 431 to either; 414 tells a client that sent a long query by
GET to send it by POST. A truncated answer in HTTP/1.0 would end like a complete one, by closing the connection: it is
reset instead, so that no client takes a part for the whole. (Some proxies use HTTP/1.0; HTTP/1.1 has the last chunk.)
"""

from __future__ import annotations

import contextlib
import socket
import struct

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import BadRequest, RequestHeaderFieldsTooLarge

__all__ = ["Channel"]


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

    def handle_close(self) -> None:
        """Close the connection."""
        if self.broken and self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().handle_close()
