"""Starting and stopping the real server."""

from __future__ import annotations

import contextlib
import signal
import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.small_graph import Server, children, wait_until
from trialgraph.base.errors import InputError
from trialgraph.http.server.listener import bind
from trialgraph.release.open import Release

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, -signal.SIGINT)])
def test_the_address_is_told_when_it_answers_and_a_signal_ends_it_cleanly(
    small_release: Release, small_queries: Path, number: int, code: int
) -> None:
    server = Server(small_release.path, small_queries)
    assert server.url.startswith("http://127.0.0.1:")
    assert server.ask("/health").status == 200
    workers = children(server.process.pid)
    said = server.stop(number)
    assert server.process.returncode == code
    assert "Traceback" not in said or number == signal.SIGINT, "here nobody catches KeyboardInterrupt"
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_requests_in_flight_are_finished_before_it_ends(small_release: Release, small_queries: Path) -> None:
    # No limit of time cuts the stream on a slow machine: 16 MB are more than any buffer between the two holds.
    limits = {"TRIALGRAPH_STOP_SECONDS": "600", "TRIALGRAPH_QUERY_SECONDS": "600"}
    server = Server(small_release.path, small_queries, limits)
    rows, word = 2_000, "x" * 1_000
    long = f"BIND (CONCAT({', '.join(['?word'] * 8)}) AS ?long)"
    query = f"SELECT ?long {{ {PRODUCT} BIND ('{word}' AS ?word) {long} }} LIMIT {rows}"
    asked = urlencode({"query": query, "format": "csv"})
    streaming, idle = server.connect(), server.connect()
    idle.request("GET", "/health/live")
    idle.getresponse().read()
    streaming.request("GET", f"/sparql?{asked}")
    answer = streaming.getresponse()
    first = answer.read(1000)
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refused(server))
    assert (first + answer.read()).count(b"\r\n") == rows + 1
    assert "Traceback" not in server.ended()
    assert server.process.returncode == 0
    assert idle.sock.recv(1) == b"", "the idle one was closed"
    idle.close()
    streaming.close()


def refused(server: Server) -> bool:
    """Whether no new connection is taken."""
    with contextlib.closing(server.connect()) as connection:
        try:
            connection.connect()
        except (ConnectionRefusedError, ConnectionResetError):  # reset: it was waiting to be accepted
            return True
    return False


def test_a_query_that_takes_too_long_to_wait_for_is_told_so_at_the_end(
    small_release: Release, small_queries: Path
) -> None:
    server = Server(small_release.path, small_queries, {"TRIALGRAPH_STOP_SECONDS": "0.5"})
    connection = server.connect()
    asked = urlencode({"query": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"})
    connection.request("GET", f"/sparql?{asked}")
    wait_until(lambda: b"trialgraph_pool_running 1.0" in server.ask("/metrics").body)
    server.process.send_signal(signal.SIGTERM)
    reply = connection.getresponse()
    assert reply.status == 503
    assert reply.headers["Retry-After"]
    assert b"stopping" in reply.read()
    server.stop()
    assert server.process.returncode == 0
    connection.close()


def test_a_second_signal_does_not_wait(small_release: Release, small_queries: Path) -> None:
    server = Server(small_release.path, small_queries, {"TRIALGRAPH_STOP_SECONDS": "600"})
    connection = server.connect()
    connection.request("GET", f"/sparql?{urlencode({'query': f'SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}'})}")
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refused(server))
    server.stop()
    assert server.process.returncode == 0
    connection.close()


def test_the_client_behind_a_trusted_proxy_is_the_one_that_the_proxy_names(
    small_release: Release, small_queries: Path
) -> None:
    """Seen at the share of one client: the proxy itself is not taken for one."""
    slow = urlencode({"query": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"})
    for proxy, status in (("127.0.0.1", 200), ("192.0.2.1", 429)):
        settings = {"TRIALGRAPH_TRUSTED_PROXY": proxy, "TRIALGRAPH_CLIENT_QUERIES": "1"}
        with Server(
            small_release.path, small_queries, settings | {"TRIALGRAPH_STOP_SECONDS": "0.1"}
        ) as server:
            busy = server.connect()
            busy.request("GET", f"/sparql?{slow}", headers={"X-Forwarded-For": "203.0.113.1"})
            wait_until(lambda: b"trialgraph_pool_running 1.0" in server.ask("/metrics").body)
            other = server.connect("127.0.0.9")  # who is alone has more than a share
            other.request("GET", "/sparql?query=ASK%7B%7D")
            assert other.getresponse().status == 200
            other.close()
            reply = server.ask(query="ASK {}", headers={"X-Forwarded-For": "203.0.113.2"})
            assert reply.status == status
            same = server.ask(query="ASK {}", headers={"X-Forwarded-For": "203.0.113.1"})
            assert (same.status, same.headers["Retry-After"] is not None) == (429, True)
            busy.close()


def test_workers_end_when_the_server_is_killed(small_release: Release, small_queries: Path) -> None:
    server = Server(small_release.path, small_queries, {"TRIALGRAPH_WORKERS": "2"})
    workers = children(server.process.pid)
    assert len(workers) == 2
    server.stop(signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_a_port_in_use_is_one_clear_error(small_release: Release, small_queries: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1:{port}: .*in use; choose another --port"):
            bind("127.0.0.1", port)
        with pytest.raises(RuntimeError, match="in use"):
            Server(small_release.path, small_queries, port=port)


@pytest.mark.parametrize(
    ("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 70_000), ("192.0.2.1", 0)]
)
def test_an_address_that_cannot_be_had_is_one_clear_error(host: str, port: int) -> None:
    with pytest.raises(InputError, match=r"cannot listen here|no such port"):
        bind(host, port)


def test_settings_reach_the_workers(small_release: Release, small_queries: Path) -> None:
    settings = {"TRIALGRAPH_WORKERS": "3", "TRIALGRAPH_QUERY_SECONDS": "0.5"}
    with Server(small_release.path, small_queries, settings) as server:
        assert len(children(server.process.pid)) == 3
        reply = server.ask(query=f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}", timeout="60")
        assert reply.status == 503
        assert b"after 0.5 seconds" in reply.body
