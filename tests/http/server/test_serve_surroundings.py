"""Where the server runs: under a clock that jumps, as nobody from a folder that is only read, on IPv6."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import Server, children, write_queries, write_release
from trialgraph.release.open import Release

FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


@pytest.mark.skipif(not FAKETIME and not os.environ.get("CI"), reason="faketime is not installed here")
def test_a_clock_that_jumps_closes_no_connection_and_stops_no_query(
    small_release: Release, small_queries: Path, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    settings = {
        "LD_PRELOAD": FAKETIME,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TRIALGRAPH_WORKERS": "1",
        "TRIALGRAPH_WATCH_SECONDS": "0.1",
    }
    body = b"query=ASK%7B%7D"
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with (
        Server(small_release.path, small_queries, settings) as server,
        contextlib.closing(server.connect()) as idle,
    ):
        dates = []
        for jump in ("+0", "+7200", "-7200", "+90000"):
            with contextlib.closing(server.connect()) as half:
                half.connect()
                half.sock.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
                clock.write_text(f"{jump}\n")
                for _ in range(3):  # the loop of the server comes round meanwhile
                    assert server.ask(query="ASK {}").status == 200
                idle.request("GET", "/health/live")
                reply = idle.getresponse()
                assert (reply.status, bool(reply.read())) == (200, True)
                dates.append(reply.headers["Date"])
                half.sock.sendall(body[5:])
                assert half.sock.recv(12) == b"HTTP/1.1 200"
        assert len(set(dates)) == 4, "the clock did jump"


@pytest.fixture
def readable() -> Iterator[Path]:
    """A release and queries that everyone may read and only root write, in a folder that everyone may enter."""
    folder = Path(tempfile.mkdtemp(prefix="trialgraph-"))
    write_release(folder / "release")
    write_queries(folder / "queries")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)


def test_nobody_serves_a_folder_that_is_only_read(readable: Path) -> None:
    under: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("setpriv is not installed here, and root may write anywhere")
        under = AS_NOBODY
        child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import trialgraph.cli'], check=True)"
        tried = subprocess.run([*under, sys.executable, "-c", child], capture_output=True, check=False)
        if tried.returncode:
            pytest.skip("nobody may not read the Python that runs the tests")
    before = {path: path.stat().st_mtime_ns for path in readable.rglob("*")}
    home = {"HOME": "/nonexistent", "TRIALGRAPH_WORKERS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    with Server(readable / "release", readable / "queries", home, under=under) as server:
        assert server.ask(query="ASK { ?s ?p ?o }").status == 200
        assert server.ask("/queries/largest-trials.csv").status == 200
        assert server.ask("/export/trials.csv").status == 200
    assert {path: path.stat().st_mtime_ns for path in readable.rglob("*")} == before


def test_on_ipv6_it_tells_its_address_and_the_kernel_would_take_a_worker_before_the_server(
    small_release: Release, small_queries: Path
) -> None:
    with Server(small_release.path, small_queries, {"TRIALGRAPH_WORKERS": "1"}, host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert server.ask(query="ASK {}").status == 200
        if sys.platform.startswith("linux"):
            ours, workers = server.process.pid, children(server.process.pid)
            scores = [int(Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in (ours, *workers)]
            assert scores == [scores[0], 800]
            assert scores[0] < 800
