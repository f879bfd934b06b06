"""What the layers of a request cost: ``python -m benchmarks.request_path RELEASE [REQUESTS] [ROUNDS]``.

Two servers run beside each other: a Flask application of one route on waitress, which answers the same bytes as a
lookup does, and this project's. One client asks over one connection that is kept, in rounds that take the kinds of
requests in turn. A line for each kind: the median of the CPU time of all processes of its server, in milliseconds a
request, the same as a multiple of the bare application, and median and 99th percentile of the waiting time. Then 64
connections of one address that ask lookups at once, and the start: the time and the CPU time until the server answers.
"""

from __future__ import annotations

import itertools
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.small_graph import children

__all__: list[str] = []

LABEL = "SELECT ?p ?o { <https://w3id.org/trialgraph/trial/NCT04170426> ?p ?o }"
ASK = "ASK { <https://w3id.org/trialgraph/trial/NCT04170426> a ?class }"
JOIN = (
    "PREFIX tg: <https://w3id.org/trialgraph/ontology/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "SELECT ?trial ?label { ?trial a tg:Trial ; tg:hasReport ?report ; tg:disease ?d . ?d rdfs:label ?label }"
)
NUMBERS = itertools.count()
CROWD = 64
BARE = """
import json, sys
from flask import Flask, Response
from waitress import serve
app, body = Flask("bare"), sys.stdin.buffer.read()
@app.get("/sparql")
def answer():
    return Response(body, content_type="application/sparql-results+json")
print("http://127.0.0.1:%d/" % int(sys.argv[1]), flush=True)
serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=48)
"""
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and its children."""
    total = 0.0
    for one in (pid, *children(pid)):
        fields = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


class Client:
    """One connection, over which requests go one after another; parses no more than it has to."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._host, self._address = where.netloc, (str(where.hostname), where.port or 80)
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, target: str, *headers: str) -> tuple[bytes, bytes]:
        """Head and body of the answer."""
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {self._host}",
            "Accept: application/json",
            *headers,
            "",
            "",
        ]
        self._socket.sendall("\r\n".join(lines).encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self._more()
        if b"\r\nConnection: close" in head:
            self._socket.close()
            self._connect()
        return head, body

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


@contextmanager
def running(command: list[str], given: bytes = b"") -> Iterator[tuple[int, str]]:
    """A server's process id and address, once it has printed the address."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018 - PIPE
        process.stdin.write(given)
        process.stdin.close()
        try:
            yield process.pid, process.stdout.readline().decode().strip()
        finally:
            process.terminate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def target(query: str, *, new: bool) -> str:
    """The address of a query; a new one is a text that nobody has asked before."""
    return f"/sparql?query={quote(query + (f' # {next(NUMBERS)}' if new else ''))}"


def measured(pid: int, ask: Callable[[], object], requests: int) -> tuple[float, list[float]]:
    """Milliseconds of CPU time a request, and the waiting times in milliseconds."""
    times, before = [], cpu(pid)
    for _ in range(requests):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    time.sleep(0.1)
    return (cpu(pid) - before) * 1000 / requests, times


def crowd(url: str, clients: int, each: int) -> tuple[int, list[float]]:
    """How many of the answers to lookups of so many connections at once were no 200, and the waiting times in ms."""
    refused, waits = [], list[float]()

    def ask() -> None:
        client = Client(url)
        for _ in range(each):
            began = time.perf_counter()
            head, _ = client.ask(target(LABEL, new=True))
            waits.append((time.perf_counter() - began) * 1000)
            if not head.startswith(b"HTTP/1.1 200 "):
                refused.append(head)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused), waits


def started(command: list[str]) -> tuple[float, float]:
    """Seconds, and seconds of CPU time, from the start of a server to the address that it prints when it answers."""
    began = time.perf_counter()
    with running(command) as (pid, _):
        return time.perf_counter() - began, cpu(pid)


def main(release: str, requests: int = 1_000, rounds: int = 5) -> None:
    """Print the tables."""
    ours = [sys.executable, "-m", "trialgraph", "serve", "--release", release, "--port", "0"]
    starts = [started(ours) for _ in range(rounds)]
    with running(ours) as (pid, url):
        client = Client(url)
        head, body = client.ask(target(LABEL, new=False))
        tag = next(line for line in head.decode().split("\r\n") if line.lower().startswith("etag:"))[6:]
        with running([sys.executable, "-c", BARE, str(free_port())], body) as (bare_pid, bare_url):
            time.sleep(1)
            bare = Client(bare_url)
            kinds: dict[str, tuple[int, Callable[[], object]]] = {
                "bare Flask": (bare_pid, lambda: bare.ask(target(LABEL, new=False))),
                "same query": (pid, lambda: client.ask(target(LABEL, new=False))),
                "304": (pid, lambda: client.ask(target(LABEL, new=False), f"If-None-Match: {tag}")),
                "lookup": (pid, lambda: client.ask(target(LABEL, new=True))),
                "ask": (pid, lambda: client.ask(target(ASK, new=True))),
                "join": (pid, lambda: client.ask(target(JOIN, new=True))),
            }
            found: dict[str, list[float]] = {kind: [] for kind in kinds}
            waits: dict[str, list[float]] = {kind: [] for kind in kinds}
            for _ in range(rounds):
                for kind, (server, ask) in kinds.items():
                    spent, times = measured(server, ask, requests)
                    found[kind].append(spent)
                    waits[kind] += times
        refused, crowded = crowd(url, CROWD, requests // 10)
    least = statistics.median(found["bare Flask"])
    print("| request | CPU ms | × bare Flask | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|")
    for kind, values in found.items():
        spent, cuts = statistics.median(values), statistics.quantiles(waits[kind], n=100)
        print(f"| {kind} | {spent:.3f} | {spent / least:.2f} | {cuts[49]:.2f} | {cuts[98]:.2f} |")
    cuts = statistics.quantiles(crowded, n=100)
    print(
        f"\n{CROWD} connections of one address: {refused} of {len(crowded)} refused, p50 {cuts[49]:.0f} ms, ",
        end="",
    )
    print(f"p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms.")
    wall, used = (statistics.median(column) for column in zip(*starts, strict=True))
    print(f"\nFirst answer after {wall:.2f} s, {used:.2f} s of CPU time (median of {rounds} starts).")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
