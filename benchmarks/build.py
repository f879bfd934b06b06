"""What a build costs, by the number of reports: ``python benchmarks/build.py 210 2100``.

The first seed is multiplied into as many sources as there must be, or into one with ``--one-source``: registry numbers,
numbers of patients, references and the DOI are changed, so that every copy holds trials of its own. Each size is built
by ``trialgraph build`` in a fresh process, and the table has the CPU time of all its processes, the peak of their
memory together (PSS, looked up four times a second), and reports a CPU second beyond what a build of one source costs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SEED: Final = Path(__file__).parents[1] / "seeds" / "wjsc-107202-table1"
ROWS: Final = 21
_SAMPLED: Final = 0.25


def copied(text: str, number: int) -> str:
    """The text of the seed with other trials: the same for the number 0."""
    text = re.sub(r"NCT(\d{8})", lambda m: f"NCT{(int(m[1]) + 7919 * number) % 10**8:08}", text)
    text = re.sub(r"(ChiCTR-?[A-Z-]*)(\d{8})", lambda m: f"{m[1]}{(int(m[2]) + 7 * number) % 10**8:08}", text)
    text = re.sub(
        r"(\d+) \((\d+)/(\d+)\)", lambda m: f"{int(m[1]) + number} ({int(m[2]) + number}/{m[3]})", text
    )
    return re.sub(r"\[(\d+)\]$", lambda m: f"[{int(m[1]) + ROWS * number}]", text, flags=re.MULTILINE)


def multiply(home: Path, reports: int, *, one_source: bool) -> None:
    """Write sources with so many reports."""
    text = (SEED / "source.txt").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    head = next(n for n, line in enumerate(lines) if line.startswith("Ref.")) + 1
    copies = -(-reports // ROWS)
    if one_source:
        rows = "".join(copied("".join(lines[head:]), n).rstrip("\n") + "\n" for n in range(copies))
        _write(home / "copies", "".join(lines[:head]) + rows, 0)
        return
    for number in range(copies):
        _write(home / f"copy-{number:04}", copied(text, number), number)


def _write(folder: Path, text: str, number: int) -> None:
    folder.mkdir(parents=True)
    data = text.encode("utf-8")
    (folder / "source.txt").write_bytes(data)
    meta = (SEED / "source.toml").read_text(encoding="utf-8")
    meta = re.sub(r'sha256 = "\w+"', f'sha256 = "{hashlib.sha256(data).hexdigest()}"', meta)
    meta = re.sub(r'doi = "[^"]+"', f'doi = "10.5555/copy.{number}"', meta)
    (folder / "source.toml").write_text(meta, encoding="utf-8")


@dataclass(frozen=True)
class Cost:
    """What a build took."""

    cpu: float
    wall: float
    peak: float
    line: str


def build(sources: Path, releases: Path, *options: str) -> Cost:
    """Build all sources of a folder in a fresh process."""
    command = [sys.executable, "-m", "trialgraph", "-q", "build", *map(str, sorted(sources.iterdir()))]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "-o", str(releases), *options], stdout=subprocess.PIPE, text=True)
    peak, done = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    assert process.stdout is not None
    line = process.stdout.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    done.set()
    watcher.join()
    if os.waitstatus_to_exitcode(status) > 1:
        raise SystemExit(f"the build failed: {status}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, peak[0], line)


def _watch(root: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(_SAMPLED):
        peak[0] = max(peak[0], sum(map(_pss, _tree(root))))


def _tree(root: int) -> list[int]:
    found, pending = [], [root]
    while pending:
        pid = pending.pop()
        found.append(pid)
        try:
            tasks = list(Path(f"/proc/{pid}/task").iterdir())
            pending += [int(c) for task in tasks for c in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _pss(pid: int) -> float:
    """Megabytes of a process, those that it shares by their part."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reports", nargs="*", type=int, default=[ROWS, 210, 2100])
    parser.add_argument("--one-source", action="store_true")
    parser.add_argument("--jobs", type=int, default=0)
    options = parser.parse_args()
    print("| reports | sources | CPU s | wall s | reports a CPU s | peak MB | hash |")
    print("|---:|---:|---:|---:|---:|---:|---|")
    for reports in options.reports:
        with tempfile.TemporaryDirectory(prefix="trialgraph-") as folder:
            sources = Path(folder) / "sources"
            multiply(sources, reports, one_source=options.one_source)
            number = len(list(sources.iterdir()))
            cost = build(sources, Path(folder) / "releases", "--jobs", str(options.jobs))
            digest = re.search(r"hash=(\w{12})", cost.line)
            rate = reports / cost.cpu
            print(
                f"| {reports:,} | {number:,} | {cost.cpu:.1f} | {cost.wall:.1f} | {rate:.1f} | {cost.peak:,.0f} "
                f"| {digest[1] if digest else cost.line} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
