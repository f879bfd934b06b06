"""The event loop: who is waited for, and when a thread wakes it."""

from __future__ import annotations

import http.client
import select
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from waitress.trigger import trigger

from tests.small_graph import Server
from trialgraph.http.poll_loop import PollLoop

SMALL = f"/sparql?query={quote('ASK {}')}"


class Connection:
    """A connection of the loop whose state a test sets."""

    accepting = False

    def __init__(self, end: socket.socket, *, listens: bool = True, reads: bool = True) -> None:
        self.end, self.listens, self.reads, self.writes = end, listens, reads, False
        self._fileno = end.fileno()
        self.asked = 0
        self.received: list[bytes] = []

    def readable(self) -> bool:
        self.asked += 1
        return self.reads

    def writable(self) -> bool:
        return self.writes

    def handle_read_event(self) -> None:
        self.received.append(self.end.recv(100))


@pytest.fixture
def objects() -> Iterator[dict[int, Any]]:
    """What the loop waits for, by descriptor: at first only what wakes it."""
    held: dict[int, Any] = {}
    waker = trigger(held)  # type: ignore[arg-type] # waitress has descriptors as keys, its types do not
    yield held
    waker.close()


@pytest.fixture
def loop(objects: dict[int, Any]) -> PollLoop:
    return PollLoop(SimpleNamespace(trigger=next(iter(objects.values())), _fileno=None))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ends = socket.socketpair()
    yield ends
    for end in ends:
        end.close()


def woken(objects: dict[int, Any]) -> bool:
    """Whether somebody has woken the loop since it ran."""
    return bool(select.select([next(iter(objects))], [], [], 0)[0])


def test_a_thread_wakes_it_only_for_what_it_has_to_do(
    loop: PollLoop, objects: dict[int, Any], pair: tuple[socket.socket, socket.socket]
) -> None:
    connection = Connection(pair[0])
    loop.serves(connection)
    loop.wake()
    assert not woken(objects), "it listens for the next request already"
    connection.listens = False
    loop.wake()
    assert woken(objects)


def test_whoever_serves_no_connection_wakes_it(loop: PollLoop, objects: dict[int, Any]) -> None:
    loop.serves(None)
    loop.wake()
    assert woken(objects)


def test_a_connection_is_asked_again_when_something_came_for_it(
    loop: PollLoop, objects: dict[int, Any], pair: tuple[socket.socket, socket.socket]
) -> None:
    connection = objects[pair[0].fileno()] = Connection(pair[0])
    other = socket.socketpair()
    idle = objects[other[0].fileno()] = Connection(other[0])

    read = connection.handle_read_event

    def read_and_end() -> None:
        read()
        loop.run_soon(objects.clear)

    connection.handle_read_event = read_and_end  # type: ignore[method-assign] # what it does here alone
    pair[1].send(b"request")
    loop.loop(1.0, map=objects)
    assert connection.received == [b"request"]
    assert connection.asked == idle.asked + 1
    for one in other:
        one.close()


def test_a_descriptor_that_was_closed_is_forgotten(
    loop: PollLoop, objects: dict[int, Any], pair: tuple[socket.socket, socket.socket]
) -> None:
    """Its number is another connection's at once, of which nothing has come."""
    fd = pair[0].fileno()
    first = objects[fd] = Connection(pair[0])
    loop._ask(objects)
    loop.removed(fd)
    later = objects[fd] = Connection(pair[0], reads=False)
    loop.added(later)
    loop._ask(objects)
    assert (first.asked, later.asked) == (1, 1)
    pair[1].send(b"request")
    assert not [found for found, _ in loop._poll.poll(0) if found == fd]


def test_connections_come_and_go_beside_those_that_are_kept(server: Server) -> None:
    """A descriptor is given to the next connection as soon as one was closed."""
    kept = [server.connect() for _ in range(4)]
    for number in range(60):
        passing = server.connect()
        for connection in (passing, kept[number % len(kept)]):
            connection.request("GET", SMALL)
            reply = connection.getresponse()
            assert reply.status == http.client.OK
            assert b"true" in reply.read()
        passing.close()
    for connection in kept:
        connection.close()
