"""External stores for tests: real servers on free ports, and one that answers whatever a test wants."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import pytest

from benchmarks.bench.servers import HOST, Missing
from benchmarks.conformance.stores import RunningStore, fill, oxigraph
from benchmarks.conformance.stores import virtuoso as installed_virtuoso
from trialgraph.release.open import Release
from trialgraph.remote.load_record import LONG, LoadRecord

__all__ = [
    "RawServer",
    "RunningStore",
    "answering",
    "fill",
    "oxigraph",
    "pretending",
    "read_request",
    "results",
    "virtuoso",
]

#: What a server asks a store when it starts.
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def virtuoso(folder: Path) -> RunningStore:
    """Virtuoso; skips the test where it is not installed, but not in CI."""
    try:
        return installed_virtuoso(folder)
    except Missing as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


class RawServer:
    """A TCP server that hands each connection to a function; what it fails with is the client's matter.

    :param serve: gets the connection, which is closed when it returns
    """

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listener = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}/query"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self._serve(connection)

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@contextlib.contextmanager
def answering(*answers: bytes) -> Iterator[RawServer]:
    """A server that answers the requests of a connection one by one with these bytes, then closes it."""

    def serve(connection: socket.socket) -> None:
        for one in answers:
            read_request(connection)
            connection.sendall(one)

    server = RawServer(serve)
    try:
        yield server
    finally:
        server.close()


def pretending(release: Release, answer: Callable[[socket.socket, str], None]) -> RawServer:
    """A server that says it holds a release, and hands each other query to a function."""
    record = LoadRecord(release.hash, 1, 1, 1)
    value = {"type": "literal", "value": json.dumps(asdict(record))}
    number = {"type": "literal", "value": str(release.manifest["counts"]["triples"])}
    counted = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": [{"n": number}]}}).encode()
    row = {"s": {"type": "uri", "value": "urn:a"}}
    whole = json.dumps(
        {"head": {"vars": ["s"]}, "results": {"bindings": [row] * release.manifest["counts"]["triples"]}}
    ).encode()
    known = json.dumps({"head": {"vars": ["v"]}, "results": {"bindings": [{"v": value}]}}).encode()

    def serve(connection: socket.socket) -> None:
        while True:
            fields = dict(parse_qsl(read_request(connection).partition(b"\r\n\r\n")[2].decode()))
            if "/store/load" in fields["query"]:
                connection.sendall(results(known))
            elif fields["query"] == COUNT:
                connection.sendall(results(counted))
            elif fields["query"].endswith(f"LIMIT {LONG}"):
                connection.sendall(results(whole))
            else:
                answer(connection, fields["query"])

    return RawServer(serve)


def results(body: bytes, headers: bytes = b"") -> bytes:
    """A response with results in JSON."""
    media_type = b"Content-Type: application/sparql-results+json\r\n"
    return b"HTTP/1.1 200 OK\r\n" + media_type + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def read_request(connection: socket.socket) -> bytes:
    """One request with its body.

    :raises OSError: the client has gone
    """
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65_536)
        if not part:
            raise OSError("closed")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
