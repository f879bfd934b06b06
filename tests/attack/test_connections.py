"""Clients that leave, dawdle or flood."""

from __future__ import annotations

import contextlib
import http.client
import json
import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.small_graph import Server, children, wait_until
from trialgraph.http.server.descriptors import raise_limit
from trialgraph.release.open import Release

PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = f"SELECT (COUNT(*) AS ?n) {PRODUCT}"
ONE_WORKER = {"TRIALGRAPH_WORKERS": "1", "TRIALGRAPH_QUERY_SECONDS": "300"}


def send(server: Server, query: str, address: str = "127.0.0.1") -> socket.socket:
    """Ask from an address of this machine, and do not read."""
    where = urlsplit(server.url)
    connection = socket.create_connection((where.hostname, where.port), source_address=(address, 0))
    connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def test_a_client_that_leaves_frees_its_worker(small_release: Release, small_queries: Path) -> None:
    with Server(small_release.path, small_queries, ONE_WORKER) as server:
        for query in (COUNT, f"SELECT * {PRODUCT}"):
            connection = send(server, query)
            if query != COUNT:
                assert connection.recv(1000).startswith(b"HTTP/1.1 200")
            connection.close()
            # the limit is five minutes: only the freed worker can answer this
            assert server.ask(query="ASK {}").status == 200


def test_pages_are_served_while_all_workers_are_busy(small_release: Release, small_queries: Path) -> None:
    with Server(small_release.path, small_queries, ONE_WORKER) as server:
        held = [send(server, COUNT) for _ in range(10)]
        assert server.ask("/health/live").status == 200
        assert server.ask("/", headers={"Accept": "text/html"}).status == 200
        for connection in held:
            connection.close()
        assert server.ask(query="ASK {}").status == 200


def test_a_flood_is_turned_away_with_503_and_the_server_lives(
    small_release: Release, small_queries: Path
) -> None:
    settings = {"TRIALGRAPH_WORKERS": "1", "TRIALGRAPH_QUEUE": "4", "TRIALGRAPH_QUERY_SECONDS": "2"}
    replies: list[tuple[int, str]] = []
    with Server(small_release.path, small_queries, settings) as server:

        def flood() -> None:
            reply = server.ask(query=COUNT)
            replies.append((reply.status, json.loads(reply.body)["reason"]))

        threads = [threading.Thread(target=flood) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(replies) == 30
        assert {status for status, _ in replies} == {503}
        assert {"overloaded", "query-timeout"} == {reason for _, reason in replies}
        wait_until(lambda: server.ask(query="ASK {}").status == 200)


def test_many_requests_that_never_end_keep_nobody_out(small_release: Release, small_queries: Path) -> None:
    with Server(small_release.path, small_queries) as server:
        where = urlsplit(server.url)
        slow = [socket.create_connection((where.hostname, where.port)) for _ in range(300)]
        for connection in slow:
            connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nq")
        assert server.ask(query="ASK {}").status == 200
        for connection in slow:
            connection.close()
        assert server.ask(query="ASK {}").status == 200


def test_a_reader_that_stands_still_does_not_keep_the_only_worker(
    small_release: Release, small_queries: Path
) -> None:
    settings = {"TRIALGRAPH_WORKERS": "1", "TRIALGRAPH_QUERY_SECONDS": "2"}
    with Server(small_release.path, small_queries, settings) as server:
        connection = send(server, f"SELECT * {PRODUCT}")
        wait_until(lambda: server.ask(query="ASK {}").status == 200)
        connection.close()
        assert len(children(server.process.pid)) == 1


def test_the_server_itself_stays_small(small_release: Release, small_queries: Path) -> None:
    settings = {"TRIALGRAPH_QUERY_SECONDS": "1", "TRIALGRAPH_WORKER_MEMORY_BYTES": "1000000000"}
    with Server(small_release.path, small_queries, settings) as server:

        def resident() -> int:
            status = Path(f"/proc/{server.process.pid}/status").read_text()
            return int(status.partition("VmRSS:")[2].split()[0])

        def round_of_bombs() -> None:
            server.ask(query=f"SELECT * {PRODUCT} ORDER BY ?a ?d")
            server.ask(query="ASK { FILTER(" + "(" * 20_000)

        for _ in range(5):
            round_of_bombs()
        before = resident()
        for _ in range(10):
            round_of_bombs()
        assert resident() - before < 10_000, "kilobytes"


def ask_from(server: Server, address: str, query: str) -> int:
    """The status of an answer to a client at another address of this machine."""
    with send(server, query, address) as connection:
        connection.settimeout(60)
        reply = http.client.HTTPResponse(connection)
        reply.begin()
        reply.read()
        return reply.status


def test_one_flooder_is_told_to_wait_and_twenty_others_are_answered(
    small_release: Release, small_queries: Path
) -> None:
    settings = {"TRIALGRAPH_QUERY_SECONDS": "20", "TRIALGRAPH_SHORT_SECONDS": "0.2"}
    with Server(small_release.path, small_queries, settings) as server:
        # While nobody else asks it may fill the queue.
        assert ask_from(server, "127.0.1.99", "ASK {} # another") == 200
        flood = [send(server, f"{COUNT} # {n}", "127.0.0.66") for n in range(40)]
        wait_until(lambda: ask_from(server, "127.0.0.66", "ASK {} # flooder") == 429)
        others = [f"127.0.1.{n}" for n in range(1, 21)]
        with ThreadPoolExecutor(20) as threads:
            told = list(
                threads.map(lambda address: ask_from(server, address, f"ASK {{}} # {address}"), others)
            )
        assert told == [200] * 20
        rejected = 0
        for connection in flood:
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                rejected += connection.recv(100).startswith(b"HTTP/1.1 429")
            connection.close()
        assert rejected >= 40 - 24
        wait_until(lambda: ask_from(server, "127.0.0.66", "ASK {} # again") == 200)


def test_twelve_threads_of_one_client_keep_no_other_waiting(
    small_release: Release, small_queries: Path
) -> None:
    """How long the other waits is measured by ``benchmarks/fairness.py``; here: not for an end of theirs."""
    with Server(small_release.path, small_queries, {"TRIALGRAPH_QUERY_SECONDS": "30"}) as server:
        assert ask_from(server, "127.0.0.5", "ASK {} # first") == 200
        flood = [send(server, f"{COUNT} # {n}", "127.0.0.66") for n in range(12)]
        for number in range(20):
            assert ask_from(server, "127.0.0.5", f"ASK {{ ?s ?p ?o }} # {number}") == 200
        ended, _, _ = select.select(flood, [], [], 0)
        assert not ended, "an endless query was over before the other client was answered"
        for connection in flood:
            connection.close()


def test_readers_that_stand_still_do_not_keep_the_threads(
    small_release: Release, small_queries: Path
) -> None:
    """Each is owed more than the server buffers, so each holds a thread until it is cut."""
    settings = {
        "TRIALGRAPH_QUERY_SECONDS": "1",
        "TRIALGRAPH_WATCH_SECONDS": "0.2",
        "TRIALGRAPH_SERVER_THREADS": "2",
        "TRIALGRAPH_READER_BYTES": "100000",
    }
    with Server(small_release.path, small_queries, settings) as server:
        still = [send(server, f"SELECT * {PRODUCT} # {n}") for n in range(4)]
        for connection in still:
            connection.settimeout(60)
            assert connection.recv(10, socket.MSG_PEEK)
        assert server.ask(query="ASK {}").status == 200
        for connection in still:
            connection.close()


def test_half_sent_requests_of_one_address_leave_others_alone_and_end(
    small_release: Release, small_queries: Path
) -> None:
    settings = {
        "TRIALGRAPH_CONNECTIONS": "200",
        "TRIALGRAPH_CLIENT_CONNECTIONS": "32",
        "TRIALGRAPH_HEADER_SECONDS": "1",
    }
    raise_limit()
    with Server(small_release.path, small_queries, settings) as server, contextlib.ExitStack() as held:
        where = urlsplit(server.url)
        attackers = []
        for _ in range(1_001):
            connection = held.enter_context(
                socket.create_connection((where.hostname, where.port), source_address=("127.0.0.2", 0))
            )
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
            attackers.append(connection)
        assert server.ask(query="ASK {}").status == 200
        for connection in attackers:
            connection.settimeout(20)
            # Closed from the other side, some already when the next one came.
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(10_000)[:12] in (b"", b"HTTP/1.1 408")
        assert server.ask(query="ASK {}").status == 200
