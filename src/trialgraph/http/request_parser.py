"""Waitress's reader of requests with the checks that it lacks (RFC 9112), and 414 for long addresses.

Waitress counts the address as part of the headers and answers 431 to either; 414 tells a client that sent a long query
by GET to send it by POST. Two ``Host`` headers, or a length beside ``Transfer-Encoding``, mean one thing to a proxy and
another to a server behind it, so such requests are refused.
"""

from __future__ import annotations

import re
from typing import Final

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

__all__ = ["Parser"]

#: RFC 3986, 3.2.2: an address in brackets, or a name; then a port.
HOST: Final = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]{0,5})?", re.ASCII
)
#: No longer Content-Length is read as a number.
LENGTH_BYTES: Final = 40
HOST_LINE: Final = re.compile(rb"\r\nhost[ \t]*:")
LENGTH_LINE: Final = re.compile(rb"\r\ncontent-length[ \t]*:([^\r]*(?:\r(?!\n)[^\r]*)*)")


class _AddressTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


class _Version(BadRequest):
    code = 505
    reason = "HTTP Version Not Supported"


class Parser(HTTPRequestParser):
    """Reads one request."""

    def received(self, data: bytes) -> int:
        """Take in a part of the request; how much of it belongs to this one."""
        before = self.header_plus
        try:
            taken = int(super().received(data))
        except ValueError:
            return self._refuse(
                len(data), BadRequest("the address in the request line is malformed")
            )  # http://[word]/
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            head = (before + data)[: self.adj.max_request_header_size]
            if b"\n" not in head.lstrip():
                self.error = _AddressTooLong("the address is too long; send the query by POST")
        elif self.error is None and not self.empty and self.headers_finished:
            if self.version[:2] != "1.":
                return self._refuse(taken, _Version("use HTTP/1.1"))
            most = self.adj.max_request_body_size
            if self.body_bytes_received + getattr(self.body_rcv, "chunk_remainder", 0) >= most:
                return self._refuse(taken, RequestEntityTooLarge(f"the body has more than {most} bytes"))
        return taken

    def _refuse(self, taken: int, error: Error) -> int:
        self.error, self.completed, self.headers_finished = error, True, True
        self.expect_continue = False
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the headers."""
        if b"\r\n " in header_plus or b"\r\n\t" in header_plus:
            raise ParsingError("a header goes on in a second line")
        lowered = header_plus.lower()
        if len(HOST_LINE.findall(lowered)) > 1:
            raise ParsingError("there is more than one Host header")
        coded = b"\r\ntransfer-encoding:" in lowered
        lengths = LENGTH_LINE.findall(lowered)
        if coded and lengths:
            raise ParsingError("there are both Content-Length and Transfer-Encoding")
        if any(len(length) > LENGTH_BYTES for length in lengths):
            raise ParsingError("the Content-Length is no length")
        super().parse_header(header_plus)
        if header_plus.startswith(b"OPTIONS * "):
            self.path: str = "/"  # what the server as a whole can do
        host = self.headers.get("HOST")
        if host is None and self.version == "1.1":
            raise ParsingError("there is no Host header")
        if host is not None and not HOST.fullmatch(host):
            raise ParsingError("the Host header is malformed")
        if coded and self.version == "1.0":
            raise ParsingError("HTTP/1.0 has no Transfer-Encoding")
        if self.content_length >= self.adj.max_request_body_size:
            self.expect_continue = False  # it is refused without its body
