"""The load generator, a program of its own: clients in a closed loop, each with one connection that is kept alive.

It reads a line of JSON from standard input (:class:`Plan`'s names), connects, warms up, prints ``ready``, waits for a
line, measures, and prints a line of JSON. It uses sockets and epoll, and looks only for the end of an answer: a
request costs it about 25 microseconds. It is started without anything but the standard library.
"""

from __future__ import annotations

import json
import select
import signal
import socket
import sys
import time
from typing import Any

MARK = b"@@@"  # in a request: where its number goes, so that no two are alike
PIECE = 1 << 18


class Client:
    """A connection, and what has come of the answer that it waits for."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.socket: socket.socket | None = None
        self.start = self.first = 0
        self.reset()

    def connect(self) -> socket.socket:
        """A new connection."""
        self.close()
        made = socket.create_connection(self.address, timeout=30)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = made
        return made

    def close(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def reset(self) -> None:
        """Before a request."""
        self.buffer = b""
        self.status = 0
        self.left = -1  # bytes of the body, or of the chunk; -1: not known yet
        self.chunked = self.closing = False
        self.received = 0

    def ended(self, data: bytes) -> bool:
        """Take what has arrived; whether the answer is complete."""
        self.received += len(data)
        if not self.status:
            self.buffer += data
            head, found, data = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return False
            self.buffer = b""
            self._read_head(head)
        if self.chunked:
            return self._ended_chunks(data)
        if self.left >= 0:
            self.left -= len(data)
            return self.left <= 0
        return False  # ends with the connection

    def _read_head(self, head: bytes) -> None:
        self.status = int(head[9:12])
        lower = head.lower()
        at = lower.find(b"\r\ncontent-length:")
        if self.status in (204, 304):
            self.left = 0
        elif at >= 0:
            self.left = int(lower[at + 17 :].split(b"\r\n", 1)[0])
        elif b"\r\ntransfer-encoding: chunked" in lower:
            self.chunked, self.left = True, 0
        self.closing = b"\r\nconnection: close" in lower or (self.left < 0 and not self.chunked)

    def _ended_chunks(self, data: bytes) -> bool:
        data, at = self.buffer + data, 0
        self.buffer = b""
        while True:
            step = min(self.left, len(data) - at)
            at += step
            self.left -= step
            if self.left:
                return False
            line = data.find(b"\r\n", at)
            if line < 0:
                self.buffer = data[at:]
                return False
            size = int(data[at:line].split(b";", 1)[0], 16)
            if size == 0:
                if len(data) < line + 4:
                    self.buffer = data[at:]
                    return False
                return True
            at, self.left = line + 2, size + 2  # with the line break behind it


class Generator:
    """All clients of one measurement."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.requests = [request.encode("latin-1") for request in plan["requests"]]
        self.number = int(plan["first"])
        self.patience = float(plan["patience"])
        self.poll = select.epoll()
        self.clients: dict[int, Client] = {}
        for _ in range(plan["clients"]):
            self._join(Client(plan["host"], plan["port"]))
        self.forget()

    def forget(self) -> None:
        """Begin to count anew."""
        self.times: list[int] = []
        self.firsts: list[int] = []
        self.statuses: dict[str, int] = {}
        self.bytes = 0

    def _join(self, client: Client) -> None:
        made = client.connect()
        self.clients[made.fileno()] = client
        self.poll.register(made.fileno(), select.EPOLLIN)

    def _leave(self, client: Client) -> None:
        if client.socket is not None:
            del self.clients[client.socket.fileno()]
            self.poll.unregister(client.socket.fileno())
            client.close()

    def _again(self, client: Client) -> bool:
        """Connect again; whether the server lets it. A client without a connection is gone."""
        self._leave(client)
        try:
            self._join(client)
        except OSError:
            self._count("no connection")
            return False
        return True

    def send(self, client: Client) -> bool:
        """The next request; whether it could be sent."""
        request = self.requests[self.number % len(self.requests)].replace(MARK, b"%d" % self.number)
        self.number += 1
        client.reset()
        client.first = 0
        client.start = time.perf_counter_ns()
        if client.socket is None:
            return False
        try:
            client.socket.sendall(request)
        except OSError:  # the server closed what was idle
            if not self._again(client):
                return False
            client.socket.sendall(request)
        return True

    def run(self, seconds: float, most: int) -> None:
        """Ask for so long, or so often, and wait for what was asked."""
        began = time.perf_counter()
        self.until, self.most, self.sent = began + seconds, most, 0
        self.waiting: set[Client] = set()
        for client in list(self.clients.values()):
            if self.sent < most:
                self._next(client)
        while self.waiting:
            for handle, _ in self.poll.poll(1.0):
                self._event(handle)
            if time.perf_counter() > self.until + self.patience:
                for client in self.waiting:
                    self._count("timeout")
                    self._again(client)
                break
        self.elapsed = time.perf_counter() - began

    def _next(self, client: Client) -> None:
        self.sent += 1
        if self.send(client):
            self.waiting.add(client)

    def _event(self, handle: int) -> None:
        """Something has arrived at a connection, or it was closed."""
        client = self.clients.get(handle)
        if client is None:
            return  # closed in this very turn
        if client not in self.waiting:
            self._again(client)  # the server closed what was idle
        elif self._took(client):
            self.waiting.discard(client)
            if self.sent < self.most and time.perf_counter() < self.until:
                self._next(client)

    def _took(self, client: Client) -> bool:
        """Read what is there; whether the request is over."""
        assert client.socket is not None
        try:
            data = client.socket.recv(PIECE)
        except OSError:
            data = b""
        now = time.perf_counter_ns()
        client.first = client.first or now
        if data and not client.ended(data):
            return False
        complete = bool(data) or (client.status != 0 and client.closing and client.left < 0)
        self._count(str(client.status) if complete else "cut")
        self.bytes += client.received
        if complete and client.status in (200, 304):
            self.times.append((now - client.start) // 1000)
            self.firsts.append((client.first - client.start) // 1000)
        if not data or client.closing:
            self._again(client)
        return True

    def _count(self, status: str) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


def main() -> None:
    """Measure as standard input says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    told = sys.stdin.readline()
    if not told:
        return  # who started it was interrupted before it said what to measure
    plan = json.loads(told)
    try:
        generator = Generator(plan)
    except OSError:
        return  # nobody listens: no line says so
    if plan["warm_up"]:
        generator.run(plan["patience"], plan["warm_up"])
    generator.forget()
    print("ready", flush=True)
    if not sys.stdin.readline():
        return
    used = time.process_time()
    generator.run(plan["seconds"], plan["most"])
    print(
        json.dumps(
            {
                "times": generator.times,
                "firsts": generator.firsts,
                "statuses": generator.statuses,
                "bytes": generator.bytes,
                "elapsed": generator.elapsed,
                "cpu": time.process_time() - used,
            }
        )
    )


if __name__ == "__main__":
    main()
