"""Runs of the program itself on a small load, and what it says where something cannot be measured."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bench.data import ROWS, cache_folder, multiply, sources_of
from benchmarks.bench.install import Tools
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.peers import OURS, OXIGRAPH, PEERS
from benchmarks.bench.processes import is_running, tree
from benchmarks.bench.progress import Progress
from benchmarks.bench.proxy import configuration
from benchmarks.bench.servers import Missing, Peer, Server, Unavailable
from tests.paths import FIRST, ROOT
from tests.small_graph import wait_until
from trialgraph.release.open import Release


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.bench", *words]


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=ROOT, capture_output=True, text=True, check=False)


def installed_peers() -> list[str]:
    """Oxigraph, where an earlier run has installed it: no test installs packages."""
    try:
        cache = cache_folder(None)
    except Unavailable:
        return []
    return ["--peer", OXIGRAPH] if list(cache.glob("python-*/.complete")) else ["--no-peers"]


def test_a_run_measures_all_that_it_is_asked_for(release: Release) -> None:
    peers = installed_peers()
    only = [word for part in ("queries", "repeated", "export", "pages") for word in ("--only", part)]
    quick = ("--rounds", "1", "--seconds", "0.05", "-f", "json")
    done = bench("--release", str(release.path), *quick, *only, *peers)
    assert done.returncode == 0, done.stderr
    (figures,) = json.loads(done.stdout)
    assert figures["faults"] == []
    assert figures["about"]["reports"] == 21
    servers = {OURS} | ({OXIGRAPH} if OXIGRAPH in peers else set())
    assert set(figures["memory"]["after the work"]) == set(figures["versions"]) == servers
    for of in figures["queries"].values():
        assert set(of) == servers
        assert all(f["rate"] > 0 and f["failures"] == 0 and "answer" not in f for f in of.values()), of
    assert {f["p50"] > 0 for f in figures["pages"].values()} == {True}
    exports = [f for of in figures["export"].values() for f in of.values()]
    assert all(f["bytes"] > 1_000_000 and "answer" not in f for f in exports), exports
    assert (
        figures["repeated"]["304"][OURS]["bytes"] < 2000 < figures["repeated"]["saved query"][OURS]["bytes"]
    )


def test_ctrl_c_ends_all_servers(release: Release) -> None:
    words = command("--release", str(release.path), "--no-peers", "--seconds", "600", "--only", "waiting")
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until(lambda: any(b"load.py" in _line(pid) for pid in tree(process.pid)))
        members = tree(process.pid)
        assert len(members) > 3
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr
        assert process.stderr.read().strip() == "bench: interrupted; all servers are ended"
        wait_until(lambda: not any(map(is_running, members)))


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--release", "benchmarks"], "bench: "),
        (["--peer", "nobody"], "Error: Invalid value for '--peer'"),
        (["--size", "0"], "Error: Invalid value for '--size'"),
    ],
)
def test_what_cannot_be_measured_is_exit_code_2(words: list[str], said: str) -> None:
    done = bench(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_does_not_start_is_one_line(tmp_path: Path) -> None:
    code = "import sys; print('starting', flush=True); sys.exit('port 1 is in use')"
    ended = Server(Peer("broken", "", "/", lambda _port, _folder: [sys.executable, "-c", code]), tmp_path)
    with pytest.raises(Unavailable, match=r"^ended with code 1 when started: port 1 is in use$"):
        ended.start()
    silent = Server(Peer("silent", "", "/", lambda _port, _folder: ["sleep", "600"]), tmp_path, patience=0.1)
    with pytest.raises(Unavailable, match="does not answer within"):
        silent.start()
    assert not silent.alive()
    nowhere = Server(Peer("nowhere", "", "/", lambda _port, _folder: ["/nowhere"]), tmp_path)
    with pytest.raises(Unavailable, match="cannot be started"):
        nowhere.start()


def test_a_part_goes_on_without_a_server_that_ends(tmp_path: Path) -> None:
    def server(name: str, command: list[str]) -> Server:
        return Server(Peer(name, "", "/", lambda _port, _folder: command), tmp_path)

    broken, ours = server("broken", ["false"]), server(OURS, ["false"])
    bench = Bench(tmp_path, [ours, broken], 2, 1.0, Progress(quiet=True), tmp_path, tmp_path, 21)
    figures: dict[str, dict[str, Any]] = {"good": {"cpu": 1.0}, "bad": {"failed": "HTTP 500"}}
    asked: list[str] = []

    def answering(name: str) -> Measured:
        there = server(name, [])
        there.ensure = lambda: None  # type: ignore[method-assign]
        bench.servers.append(there)

        def measured() -> dict[str, Any]:
            asked.append(name)
            return figures[name]

        return Measured("row", name, there, measured)

    cells = [Measured("row", "broken", broken, dict), answering("good"), answering("bad")]
    assert interleaved(bench, "part", cells) == {"row": figures}
    assert sorted(asked) == ["bad", "good", "good"]  # what failed is not tried again
    assert bench.faults == [
        "broken: ended with code 1 when started: it wrote nothing; it is left out from here on"
    ]
    assert bench.ours is ours
    bench.drop(ours, "gone")
    with pytest.raises(Unavailable, match=OURS):
        _ = bench.ours


def test_peers_that_cannot_be_installed_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    notes: list[str] = []
    tools = Tools(tmp_path / "cache", notes.append)
    for make in PEERS.values():
        with pytest.raises(Missing, match=r"installed"):
            make(tools)
    assert not list(tmp_path.glob("cache/*/.complete"))
    assert len(notes) == 1  # tried once for both of its peers


def test_a_folder_that_others_can_write_holds_no_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = cache_folder(None)
    assert folder.parent == tmp_path.resolve()
    folder.chmod(0o777)
    with pytest.raises(Unavailable, match="can be written by others"):
        cache_folder(None)
    assert cache_folder(tmp_path / "chosen") == (tmp_path / "chosen").resolve()


def test_the_seed_is_multiplied_into_trials_of_their_own(tmp_path: Path) -> None:
    multiply(tmp_path / "sources", 2 * ROWS + 1)
    copies = [
        path.read_text(encoding="utf-8") for path in sorted((tmp_path / "sources").glob("*/source.txt"))
    ]
    assert len(copies) == 3
    assert copies[0] == (FIRST / "source.txt").read_text(encoding="utf-8")
    numbers = [set(re.findall(r"NCT\d{8}", text)) for text in copies]
    assert numbers[0]
    assert all(not numbers[a] & numbers[b] for a, b in ((0, 1), (0, 2), (1, 2)))
    assert sources_of(ROWS, tmp_path) == sources_of(ROWS, tmp_path)
    assert len(list(sources_of(ROWS, tmp_path).iterdir())) == 1


def test_the_proxy_is_as_shipped_but_for_tls_and_limits(tmp_path: Path) -> None:
    shipped = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    made = configuration(shipped, tmp_path, 1234, 5678)
    assert "listen 127.0.0.1:1234;" in made
    assert "server 127.0.0.1:5678;" in made
    assert "proxy_cache trialgraph_answers;" in made
    assert "proxy_cache_lock on;" in made
    for word in ("ssl", "limit_req", "limit_conn", "443", "listen 80"):
        assert f"    {word}" not in made
    with pytest.raises(Unavailable, match=r"deploy/nginx\.conf"):
        configuration(shipped.replace("listen 443", "listen 444"), tmp_path, 1, 2)
