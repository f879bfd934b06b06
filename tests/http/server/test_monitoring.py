"""What an operator sees, and that no client's words are in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.small_graph import Server, children, wait_until
from trialgraph.http.headers import HEADERS
from trialgraph.http.request_log import RequestRecord
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WORD = "zzconfidentialzz"
ID = "0F8FAD5B-D9CB-469F-A165-70867728950E"


def figures(server: Server) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = server.ask("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def logged(small_release: Release, small_queries: Path, tmp_path: Path) -> Server:
    return Server(small_release.path, small_queries, {"TRIALGRAPH_ACCESS_LOG": str(tmp_path / "log")})


def test_health_is_200_only_while_a_worker_answers(small_release: Release, small_queries: Path) -> None:
    with Server(small_release.path, small_queries, {"TRIALGRAPH_HEALTH_SECONDS": "0.3"}) as server:
        reply = server.ask("/health")
        assert (reply.status, json.loads(reply.body)["status"]) == (200, "ok")
        workers = children(server.process.pid)
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: server.ask("/health").status == 503)
        assert server.ask("/health").headers["Retry-After"]
        assert json.loads(server.ask("/health/live").body)["status"] == "live"
        for pid in workers:
            if Path(f"/proc/{pid}").exists():  # a stopped worker that did not answer may have been replaced
                os.kill(pid, signal.SIGCONT)
        wait_until(lambda: server.ask("/health").status == 200)


def test_a_server_whose_only_worker_is_taken_is_not_ready_but_lives(
    small_release: Release, small_queries: Path
) -> None:
    settings = {"TRIALGRAPH_WORKERS": "1", "TRIALGRAPH_HEALTH_SECONDS": "0.2"}
    with Server(small_release.path, small_queries, settings) as server:
        connection = server.connect()
        connection.request("GET", f"/sparql?query={quote(PRODUCT)}")
        wait_until(lambda: server.ask("/health").status == 503)
        assert json.loads(server.ask("/health").body)["status"] == "busy"
        assert server.ask("/health/live").status == 200
        connection.close()
        wait_until(lambda: server.ask("/health").status == 200)


def test_figures_count_requests_by_route_and_never_by_address(server: Server) -> None:
    before = figures(server)
    for n in range(5):
        server.ask(f"/{WORD}{n}")
        server.ask(f"/queries/{WORD}{n}")
        server.ask(query=f"ASK {{ <http://{WORD}/{n}> ?p ?o }}")
    text = server.ask("/metrics")
    assert text.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert text.headers["Cache-Control"] == "no-store"
    assert WORD not in text.text
    after = figures(server)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    assert grown("trialgraph_requests_total", route="none", method="GET", status="404") == 5
    assert grown("trialgraph_requests_total", route="/sparql", method="GET", status="200") == 5
    assert grown("trialgraph_request_seconds_count", route="/sparql") == 5
    assert grown("trialgraph_pool_answered_total") >= 5
    assert after["trialgraph_release_things", (("kind", "trials"),)] == 60
    assert {name for name, _ in after} >= {"process_resident_memory_bytes", "trialgraph_pool_workers"}


def test_figures_can_be_kept_to_oneself(small_release: Release, small_queries: Path) -> None:
    with Server(small_release.path, small_queries, {"TRIALGRAPH_METRICS": "off"}) as server:
        assert server.ask("/metrics").status == 404


def test_a_line_for_each_request_without_a_word_of_the_client(logged: Server, tmp_path: Path) -> None:
    query = f"ASK {{ ?s ?p '{WORD}' }}"
    headers = {"User-Agent": WORD, "Referer": f"http://{WORD}/", "X-Request-ID": WORD, "Cookie": f"a={WORD}"}
    with logged as server:
        assert server.ask(query=query, headers=headers).status == 200
        assert server.ask(f"/{WORD}?{WORD}={WORD}", headers=headers).status == 404
        assert server.ask(f"/queries/{WORD}.csv", headers=headers).status == 404
        assert server.ask(query=f"SELECT {WORD}", headers=headers).status == 400
        assert server.ask(method=WORD.upper(), headers=headers).status == 405
        said = server.stop()
    text = (tmp_path / "log").read_text()
    assert WORD not in text.lower()
    assert WORD not in said
    found = [line for line in lines(tmp_path / "log") if line.get("route") != "/health"]
    # a line is written when its answer has gone, by whichever thread sent it: their order is not that of the requests
    seen = sorted((line["status"], line.get("route") or "") for line in found)
    assert seen[:4] == [(200, "/sparql"), (400, "/sparql"), (404, ""), (404, "/queries/<name>")]
    assert [status for status, _ in seen[4:]] == [405]
    (first,) = [line for line in found if line["status"] == 200]
    assert first["query"] == hashlib.sha256(query.encode()).hexdigest()[:16]
    assert first["client"] == "127.0.0.0/24"
    assert first["bytes"] == 27
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", str(first["time"]))
    assert "cut" not in first
    assert [line["method"] for line in found if line["status"] == 405] == ["other"]


def test_an_answer_that_its_client_left_is_told_as_cut(logged: Server, tmp_path: Path) -> None:
    with logged as server:
        where = urlsplit(server.url)
        connection = socket.create_connection((where.hostname, where.port))
        everything = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        connection.sendall(f"GET /sparql?query={quote(everything)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.recv(1000)
        connection.close()
        wait_until(lambda: any(line.get("cut") for line in lines(tmp_path / "log")))


@pytest.mark.parametrize(
    ("how", "address", "told"),
    [
        ("network", "203.0.113.77", "203.0.113.0/24"),
        ("network", "2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("network", "::ffff:203.0.113.77", "203.0.113.0/24"),
        ("network", "fe80::1%eth0", "fe80::/48"),
        ("network", "no address", ""),
        ("none", "203.0.113.77", ""),
        ("whole", "203.0.113.77", "203.0.113.77"),
    ],
)
def test_how_much_is_told_of_a_client(how: str, address: str, told: str) -> None:
    assert RequestRecord.of({"REMOTE_ADDR": address, "REQUEST_METHOD": "GET"}, how).client == told


def test_every_answer_has_an_id_and_errors_tell_it(server: Server) -> None:
    replies = [
        server.ask(path) for path in ("/", "/nowhere", "/export/dataset.nq", "/static/style.css", "/metrics")
    ]
    ids = [reply.headers["X-Request-ID"] for reply in replies]
    assert len(set(ids)) == len(replies)
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)
    assert json.loads(replies[1].body)["request_id"] == ids[1]
    page = server.ask("/nowhere", headers={"Accept": "text/html"})
    assert f"request <code>{page.headers['X-Request-ID']}</code>" in page.text


def test_an_id_of_a_proxy_is_kept_only_if_it_is_nothing_else(server: Server) -> None:
    def given(text: str) -> str:
        return str(server.ask("/health/live", headers={"X-Request-ID": text}).headers["X-Request-ID"])

    assert given(ID) == ID.lower()
    for text in ("", "jane@doe.example", "<script>", "a" * 200, f"{ID}x", "0" * 15, "x y"):
        assert re.fullmatch(r"[0-9a-f]{32}", given(text))


def test_a_log_that_nobody_reads_stops_nothing(small_release: Release, small_queries: Path) -> None:
    """Standard error is a pipe here, and full after some four hundred lines."""
    with Server(small_release.path, small_queries, {"TRIALGRAPH_ACCESS_LOG": "-"}) as server:
        connection = server.connect()
        for _ in range(700):
            connection.request("GET", "/health/live")
            response = connection.getresponse()
            response.read()
            assert response.status == 200
        connection.close()
        said = server.stop()
        assert server.process.returncode == 0
    assert said.count('"route": "/health/live"') > 100


def test_a_log_that_cannot_be_opened_is_one_line_at_the_start(small_release: Release, tmp_path: Path) -> None:
    words = [
        "serve",
        "--port",
        "0",
        "--release",
        str(small_release.path),
        "--access-log",
        str(tmp_path / "no" / "log"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "trialgraph", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"trialgraph: {tmp_path}/no/log: the access log cannot be written")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/plain", "application/json", "image/png"])
def test_headers_stand_on_every_route_and_every_error(
    small_release: Release, small_queries: Path, pool: Pool, accept: str
) -> None:
    app = create_app(small_release, pool, queries=small_queries)

    def bug() -> str:
        raise KeyError("a bug")

    app.add_url_rule("/bug", view_func=bug)
    client = app.test_client()
    paths = [
        "/nowhere",
        "/sparql?query=ASK{}",
        "/sparql?query=nonsense",
        "/sparql?update=x",
        "/queries/largest-trials.csv",
    ]
    for rule in app.url_map.iter_rules():
        paths.append(re.sub(r"<[^>]*>", "x", rule.rule))
    statuses = set()
    for path in dict.fromkeys(paths):
        for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE"):
            reply = client.open(path, method=method, headers={"Accept": accept})
            statuses.add(reply.status_code)
            for name, value in HEADERS.items():
                (found,) = reply.headers.get_all(name)
                # a page with an editor may need styles within it; no page may need scripts
                found = found.removesuffix("; style-src 'self' 'unsafe-inline'")
                assert found == value, (method, path, name)
            assert len(reply.headers.get_all("X-Request-ID")) == 1
            assert "Set-Cookie" not in reply.headers
            assert reply.status_code < 500 or path == "/bug", (method, path, reply.data)
            assert "Server" not in reply.headers or "Python" not in reply.headers["Server"]
            reply.close()
    assert {200, 400, 403, 404, 405, 500} <= statuses


def test_no_page_needs_what_its_policy_forbids(server: Server) -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    for path in ("/", "/queries/", "/queries/largest-trials", "/sparql", "/sparql?query=ASK{}", "/nowhere"):
        text = server.ask(path, headers={"Accept": "text/html"}).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=|href=.javascript:", text), path
