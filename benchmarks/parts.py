"""What the parts of a graph cost, by the number of reports: ``python -m benchmarks.parts 210 840``.

The first seed is multiplied (``bench/data.py``), and each size is stated by ``trialgraph build --jobs 1 --parts``, a
process of its own. One line for each size: processor seconds, the most memory, quads, bytes, quads merged and hashed a
processor second; then what each further report of the largest size adds to the smallest one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench.data import ROOT, multiply
from trialgraph.build.parts import LIST_OF_PARTS
from trialgraph.release.sorted.runs import merged_lines

__all__ = ["Cost", "cost_of"]


@dataclass(frozen=True)
class Cost:
    """What a size costs.

    :param cpu: processor seconds of the build
    :param megabytes: the most memory that it had
    :param quads: of the merge
    :param size: bytes of all parts
    :param merged: quads merged and hashed a processor second
    """

    reports: int
    cpu: float
    megabytes: float
    quads: int
    size: int
    merged: float


def cost_of(reports: int, folder: Path) -> Cost:
    """State so many reports.

    :param folder: an empty one
    """
    sources, parts = folder / "sources", folder / "parts"
    multiply(sources, reports)
    words = ["-q", "build", "--jobs", "1", "--parts", str(parts), *sorted(map(str, sources.iterdir()))]
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "trialgraph", *words],
        os.environ | {"PYTHONPATH": str(ROOT / "src")},
        file_actions=[(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)],
    )
    _, status, used = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), "the build failed"
    files = sorted(parts.glob("*.nq"))
    began, digest, quads = time.process_time(), hashlib.sha256(), 0
    for line in merged_lines(files):
        digest.update(line)
        quads += 1
    merged = quads / (time.process_time() - began)
    listed = json.loads((parts / LIST_OF_PARTS).read_text(encoding="utf-8"))
    assert listed["release"] == digest.hexdigest()
    size = sum(file.stat().st_size for file in files)
    return Cost(reports, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, quads, size, merged)


def main() -> None:
    """Print the table."""
    print("| reports | CPU s | MB | quads | MB of parts | quads merged and hashed a CPU second |")
    print("|---:|---:|---:|---:|---:|---:|")
    made = []
    for reports in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            one = cost_of(reports, Path(folder))
        made.append(one)
        told = f"{one.reports:,} | {one.cpu:.1f} | {one.megabytes:.0f} | {one.quads:,} | {one.size / 1e6:.1f}"
        print(f"| {told} | {one.merged:,.0f} |", flush=True)
    if len(made) > 1:
        first, last = made[0], made[-1]
        more = last.reports - first.reports
        quads, size = last.quads - first.quads, last.size - first.size
        cpu = 1000 * (last.cpu - first.cpu) / more
        memory = 1000 * (last.megabytes - first.megabytes) / more
        print(
            f"\neach further report: {cpu:.0f} ms of CPU, {quads / more:.0f} quads, {memory:.0f} kB of memory; "
            f"a quad: {size / quads:.0f} bytes"
        )


if __name__ == "__main__":
    main()
