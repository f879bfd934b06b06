"""The server's end of a connection, as waitress has it, but for two things that it says otherwise.

Waitress counts the address into the headers and answers 431 to either; a client that sent a long query by GET
learns from 414 that it should send it by POST. And an answer that breaks off ends an HTTP/1.0 connection as a whole
one does, by its close: such a connection is reset, so that nobody takes a part for the whole. (Some proxies ask in
HTTP/1.0; HTTP/1.1 has the last chunk.)
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
    #: Whether the answer broke off where only a reset can tell.
    broken = False

    def handle_close(self) -> None:
        """Close the connection."""
        if self.broken and self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().handle_close()
