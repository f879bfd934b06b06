"""One run: the release, the servers on it, all parts in order, and one document of figures."""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.bench.data import data_file, release_of
from benchmarks.bench.install import Tools
from benchmarks.bench.measure.builds import build, file_sizes
from benchmarks.bench.measure.exports import exports
from benchmarks.bench.measure.pages import visited
from benchmarks.bench.measure.queries import queries, waiting
from benchmarks.bench.measure.repeated import repeated
from benchmarks.bench.measure.rounds import Bench
from benchmarks.bench.measure.saved import saved
from benchmarks.bench.measure.starts import memory, starts
from benchmarks.bench.peers import OURS, PEERS, trialgraph
from benchmarks.bench.progress import Progress
from benchmarks.bench.servers import Missing, Server, Unavailable
from benchmarks.bench.work import some_trials

__all__ = ["PARTS", "Asked", "run"]

#: In the order of a run. The memory of a server that has worked is the most that it has after one of them.
PARTS: Final[dict[str, Callable[[Bench], Any]]] = {
    "build": build,
    "start": starts,
    "queries": queries,
    "waiting": waiting,
    "repeated": repeated,
    "export": exports,
    "pages": visited,
    "saved": saved,
}


@dataclass(frozen=True)
class Asked:
    """What is to be measured.

    :param release: one that is there; None: one of so many reports is built, or taken from the cache
    :param parts: of :data:`PARTS`
    :param peers: of :data:`~benchmarks.bench.peers.PEERS`
    """

    size: int
    rounds: int
    seconds: float
    parts: Sequence[str]
    peers: Sequence[str]
    cache: Path
    start_seconds: float
    release: Path | None = None


def run(asked: Asked, progress: Progress) -> dict[str, Any]:
    """The figures.

    :raises Unavailable: our own server cannot be measured
    """
    began, load_before = time.monotonic(), os.getloadavg()[0]
    progress.part(f"the release of {asked.size:,} reports", 0)
    progress.step("")
    release = asked.release or release_of(asked.size, asked.cache)
    counts = _counts(release)
    with _workplace() as work:
        bench = Bench(
            release, [], asked.rounds, asked.seconds, progress, work, asked.cache, counts["reports"]
        )
        versions: dict[str, str] = {}
        left_out: dict[str, str] = {}
        loaded: dict[str, float] = {}
        try:
            _prepare(bench, asked, versions, left_out, loaded)
            bench.trials = some_trials(bench.ours)
            rest = memory(bench)
            parts: dict[str, Any] = {}
            worked = dict(rest)
            for name in (name for name in PARTS if name in asked.parts):
                try:
                    parts[name] = PARTS[name](bench)
                except Unavailable as error:
                    bench.fault(f"{name}: {error}")
                worked |= {
                    server: max(worked.get(server, 0.0), used) for server, used in memory(bench).items()
                }
        finally:
            for server in bench.servers:
                server.stop()
    return {
        "about": _about(asked, counts, load_before, time.monotonic() - began),
        "versions": versions,
        "left out": left_out,
        "faults": bench.faults,
        "loading": loaded,
        "memory": {"after the start": rest, "after the work": worked},
        "files": file_sizes(release),
        **parts,
    }


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder for the data of the peers, which goes with the run."""
    work = Path(tempfile.mkdtemp(prefix="trialgraph-bench-"))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _counts(release: Path) -> dict[str, int]:
    try:
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        return {name: int(manifest["counts"][name]) for name in ("reports", "triples")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"{release} is no release: {error}") from error


def _prepare(
    bench: Bench, asked: Asked, versions: dict[str, str], left_out: dict[str, str], loaded: dict[str, float]
) -> None:
    """Start our server and the peers, each on its copy of the data."""
    ours = trialgraph(bench.release)
    versions[OURS] = f"{ours.version} with pyoxigraph {version('pyoxigraph')}"
    folder = bench.work / OURS
    folder.mkdir()
    bench.servers.append(Server(ours, folder, asked.start_seconds))
    bench.ours.start()
    if not asked.peers:
        return
    data = data_file(bench.release, bench.work)
    tools = Tools(asked.cache, bench.progress.note)
    bench.progress.part("loading the peers", len(asked.peers))
    for name in asked.peers:
        bench.progress.step(name)
        server: Server | None = None
        try:
            peer = PEERS[name](tools)
            folder = bench.work / name
            folder.mkdir()
            began = time.perf_counter()
            if peer.load:
                peer.load(data, folder)
            loaded[name] = round(time.perf_counter() - began, 2)
            server = Server(peer, folder, asked.start_seconds)
            server.start()
        except Unavailable as error:
            if server is not None:
                server.stop()
            left_out[name] = str(error)
            line = f"{name} is left out: {error}"
            bench.progress.note(line) if isinstance(error, Missing) else bench.fault(line)
            continue
        except BaseException:
            if server is not None:
                server.stop()
            raise
        versions[name] = peer.version
        bench.servers.append(server)


def _about(asked: Asked, counts: dict[str, int], load: float, seconds: float) -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load before": round(load, 2),
        "reports": counts["reports"],
        "triples": counts["triples"],
        "rounds": asked.rounds,
        "seconds": asked.seconds,
        "minutes": round(seconds / 60, 1),
    }
