"""One request on its way through the application: waitress's, with fewer system calls and connections that are kept.

The head of a response and the first part of its body leave in one piece, so that a client is woken once. Waitress
closes a connection after each 304 and each response without a length; HTTP/1.1 delimits both (RFC 9112, 6.3), so they
are kept.
"""

from __future__ import annotations

from functools import lru_cache
from http import HTTPMethod
from typing import Any, Final

from waitress.task import WSGITask
from waitress.utilities import build_http_date

__all__ = ["Task"]

#: A longer part of a body is not copied to stand behind the head.
COPIED_BYTES: Final = 65_536


@lru_cache(maxsize=256)
def _capitalized(name: str) -> str:
    """The name of a header as waitress writes it."""
    return "-".join(word.capitalize() for word in name.split("-"))


class Task(WSGITask):
    """The answer to one request."""

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
