"""What a build costs: CPU time of all its processes, the peak of their memory together, reports a CPU second."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.bench.data import environment, sources_of
from benchmarks.bench.measure.rounds import Bench
from benchmarks.bench.processes import PeakMemory, end_tree
from benchmarks.bench.servers import Unavailable
from benchmarks.bench.statistics import median_of_rounds

__all__ = ["build", "file_sizes"]

#: From so many reports on a build is measured once.
_LARGE = 500


def build(bench: Bench) -> dict[str, Any]:
    """Figures of the build of the release's sources, each in fresh processes."""
    rounds = bench.rounds if bench.size < _LARGE else 1
    bench.progress.part("builds", rounds)
    sources = sources_of(bench.size, bench.cache)
    made = []
    for _ in range(rounds):
        bench.progress.step(f"{bench.size:,} reports")
        folder = bench.work / "built"
        try:
            made.append(_build(sources, folder, bench.size))
        except Unavailable as error:
            bench.fault(str(error))
            return {"failed": str(error)}
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return median_of_rounds(made)


def _build(sources: Path, releases: Path, reports: int) -> dict[str, Any]:
    paths = [str(path) for path in sorted(sources.iterdir())]
    command = [sys.executable, "-m", "trialgraph", "-q", "build", "-o", str(releases), *paths]
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with PeakMemory(process.pid) as memory:
            _, status, used = os.wait4(process.pid, 0)
    except BaseException:
        end_tree(process.pid)
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1 or process.returncode < 0:
        raise Unavailable(f"the build of {reports:,} reports ended with code {process.returncode}")
    cpu = used.ru_utime + used.ru_stime
    return {
        "cpu": cpu,
        "wall": time.perf_counter() - began,
        "peak": memory.megabytes,
        "rate": reports / cpu,
    }


def file_sizes(release: Path) -> dict[str, int]:
    """Bytes of each file and folder of a release."""
    return {
        path.name: path.stat().st_size
        if path.is_file()
        else sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
        for path in sorted(release.iterdir())
    }
