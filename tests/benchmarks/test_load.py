"""The load generator tells where an answer ends, however it is sent, and counts what it got."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.load import Client
from benchmarks.bench.servers import Peer, Server

HEAD = b"HTTP/1.1 200 OK\r\n"
WHOLE = {
    "length": HEAD + b"Content-Length: 5\r\n\r\nhello",
    "empty": HEAD + b"content-length: 0\r\n\r\n",
    "chunks": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a;x=y\r\n"
    + b"0\r\n\r\n" * 5
    + b"1\r\n0\r\n\r\n"[:1]
    + b"\r\n0\r\n\r\n",
    "nothing": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    "refused": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno",
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_end_of_an_answer_is_found_in_pieces_of_any_size(name: str, size: int) -> None:
    whole = WHOLE[name]
    client = Client("127.0.0.1", 1)
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert [client.ended(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert client.received == len(whole)


@contextmanager
def answering(answers: list[bytes]) -> Iterator[Server]:
    """A server that gives these answers in turn; an empty one closes the connection."""
    requests: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while data := connection.recv(65536):
                answer = answers[len(requests) % len(answers)]
                requests.append(data)
                if not answer:
                    return
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        server = Server(Peer("fake", "", "/sparql", lambda _port, _folder: []), Path())
        server.port = listener.getsockname()[1]
        server.requests = requests  # type: ignore[attr-defined]
        yield server
        listener.shutdown(socket.SHUT_RDWR)


def figures(answers: list[bytes], most: int, clients: int = 1) -> tuple[dict[str, Any], list[bytes]]:
    with answering(answers) as server:
        load = Load([request("/a?n=@@@"), request("/b")], clients=clients, seconds=60, most=most, warm_up=0)
        return ask(server, load), server.requests  # type: ignore[attr-defined]


def test_answers_and_refusals_are_counted_apart() -> None:
    made, asked = figures([WHOLE["length"], WHOLE["refused"], WHOLE["chunks"], WHOLE["nothing"]], 8)
    assert made["requests"] == len(asked) == 8
    assert (made["refused"], made["failures"]) == (0.25, 0)
    numbers = {line.split()[1] for line in asked}
    assert len(numbers) == 5  # /a with another number each time, /b


def test_a_cut_answer_is_a_failure_and_the_client_goes_on() -> None:
    cut = HEAD + b"Content-Length: 50\r\nConnection: close\r\n\r\nhello"
    made, asked = figures([WHOLE["length"], b""], 6)
    assert made["failures"] == 0.5
    assert len(asked) == 6
    with answering([WHOLE["refused"]]) as server:
        assert ask(server, Load([request("/")], clients=3, seconds=60, most=3, warm_up=3)) == {
            "failed": "HTTP 503"
        }
    client = Client("127.0.0.1", 1)
    assert not client.ended(cut)


def test_a_server_that_is_not_there_is_told() -> None:
    with answering([WHOLE["length"]]) as server:
        pass
    assert ask(server, Load([request("/")])) == {"failed": "no connection"}
