"""Clients that take descriptors: connections, and the files behind slow ones. The server keeps what it needs."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.small_graph import Server, children, open_files, wait_until, write_release
from trialgraph.http.server.descriptors import raise_limit

FILES = 400
WORKERS = 2
THREADS = 16
#: More than any socket buffers hold.
EXPORT_BYTES = 64_000_000
BODY = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 1900000\r\n\r\n"
#: What each connection of an attack sends; then it stands still.
ATTACKS = {
    "nothing": b"",
    "half a header": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "half a body, too long for memory": BODY + b"x" * 600_000,
    "a download that is not read": b"GET /export/long.nt HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, small_queries: Path) -> Iterator[Server]:
    release = write_release(tmp_path_factory.mktemp("long") / "release")
    with (release.path / "long.nt").open("wb") as file:
        file.truncate(EXPORT_BYTES)
    manifest = json.loads((release.path / "manifest.json").read_text())
    manifest["files"]["long.nt"] = "0" * 64
    (release.path / "manifest.json").write_text(json.dumps(manifest))
    settings = {
        "TRIALGRAPH_WORKERS": str(WORKERS),
        "TRIALGRAPH_WATCH_SECONDS": "0.2",
        "TRIALGRAPH_SERVER_THREADS": str(THREADS),
        "TRIALGRAPH_SLOW_READERS": "30",
    }
    with Server(release.path, small_queries, settings, under=open_files(FILES)) as made:
        # Each thread once, and what is imported late: the one that was used last is taken first, so many ask at once.
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in range(20):
                assert all(threads.map(lambda _: answered(made), range(2 * THREADS)))
        # Also the buffers of downloads, which each thread allocates once; what comes after must not add to them.
        with contextlib.ExitStack() as stack:
            attack(made, ATTACKS["a download that is not read"], 2 * THREADS, 2, stack)
            answered(made)
        settled(made)
        yield made


def answered(server: Server, address: str = "127.0.0.2", path: str = "") -> float:
    """The seconds until a client at another address is answered, by a worker unless there is a path.

    A connection that is closed before any byte of an answer, as all places are taken, is opened again, as browsers do
    (RFC 9110, 9.2.2); the time counts.
    """
    where, began = urlsplit(server.url), time.monotonic()
    while True:
        connection = http.client.HTTPConnection(
            str(where.hostname), where.port, 20, source_address=(address, 0)
        )
        with contextlib.closing(connection):
            try:
                connection.request("GET", path or f"/sparql?query=ASK%7B%7D%23{time.monotonic_ns()}")
                assert connection.getresponse().status == 200
            except ConnectionError:
                if time.monotonic() - began > 20:
                    raise
                time.sleep(0.05)
                continue
        return time.monotonic() - began


def held(server: Server) -> tuple[int, int]:
    """How many descriptors and kilobytes the server has."""
    process = Path(f"/proc/{server.process.pid}")
    resident = process.joinpath("status").read_text().partition("VmRSS:")[2].split()[0]
    return len(list(process.joinpath("fd").iterdir())), int(resident)


def settled(server: Server) -> None:
    """Wait until what it holds has not changed for a second."""
    seen: list[tuple[int, int]] = []

    def look() -> bool:
        seen.append(held(server))
        return len(seen) > 20 and len(set(seen[-20:])) == 1

    wait_until(look)


def attack(server: Server, sent: bytes, number: int, addresses: int, stack: contextlib.ExitStack) -> None:
    """Open connections from a few addresses, send on each, and hold them."""
    where = urlsplit(server.url)
    raise_limit()
    for n in range(number):
        one = stack.enter_context(socket.socket())
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.bind((f"127.0.1.{n % addresses + 1}", 0))
        one.settimeout(5)
        with contextlib.suppress(ConnectionError):  # closed from the other side
            one.connect((where.hostname, where.port))
            one.sendall(sent)


def recovered(server: Server, before: tuple[int, int]) -> Callable[[], bool]:
    """Whether descriptors and memory are what they were, give or take one in twenty."""

    def look() -> bool:
        return all(
            abs(now - then) <= max(then / 20, 2) for now, then in zip(held(server), before, strict=True)
        )

    return look


@pytest.mark.parametrize("kind", ATTACKS)
def test_all_descriptors_are_asked_for_while_a_worker_dies_and_the_server_recovers(
    server: Server, kind: str
) -> None:
    wait_until(lambda: len(children(server.process.pid)) == WORKERS)
    before = held(server)
    with contextlib.ExitStack() as stack:
        attack(server, ATTACKS[kind], 2 * FILES, 8, stack)
        os.kill(children(server.process.pid)[0], signal.SIGKILL)
        answered(server, path="/health/live")  # behind the burst itself
        slow = [sorted(answered(server) for _ in range(20))[18] >= 1 for _ in range(2)]
        assert not all(slow), "the 95th percentile while the attack holds what it has"
        assert held(server)[0] < FILES - 7, "room to start a worker"
        wait_until(lambda: len(children(server.process.pid)) == WORKERS)
    wait_until(recovered(server, before), tries=100)
    answered(server)


def test_readers_that_stand_still_are_closed_down_to_a_share_within_seconds(server: Server) -> None:
    before = held(server)[0]
    with contextlib.ExitStack() as stack:
        attack(server, ATTACKS["a download that is not read"], 40, 1, stack)
        wait_until(lambda: 0 < held(server)[0] - before <= 3 * 30 // 3, tries=200)
        answered(server)
    wait_until(lambda: held(server)[0] <= before + 2)


def test_64_connections_of_one_client_are_answered_at_a_time_and_kept(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(contextlib.closing(server.connect())) for _ in range(64)]
        for _ in range(2):
            for connection in connections:
                connection.request("GET", "/health/live")
            for connection in connections:
                reply = connection.getresponse()
                assert (reply.status, bool(reply.read())) == (200, True)


def test_what_cannot_fit_is_refused_at_start_in_one_line(tmp_path: Path) -> None:
    release = write_release(tmp_path / "release")
    done = subprocess.run(
        [*open_files(FILES), sys.executable, "-m", "trialgraph", "serve", "--release", str(release.path)],
        env=os.environ | {"TRIALGRAPH_CONNECTIONS": "1000"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert re.search(
        rf"limit of open files: .* {FILES}; raise it \(ulimit -n \d+.*set connections to ", done.stderr
    )
