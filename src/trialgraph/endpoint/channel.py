"""The server's end of a connection, as waitress has it, but for what it says to an address that is too long.

Waitress counts the address into the headers and answers 431 to either; a client that sent a long query by GET
learns from 414 that it should send it by POST.
"""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
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


class Channel(HTTPChannel):
    """A connection."""

    parser_class = _Parser
