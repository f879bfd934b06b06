"""What a newcomer waits for: the build of the seed, and the first answer of the server on a built release.

Each is measured several times in fresh processes, and printed with its median, the machine and the versions.

Usage: python benchmarks/first_minutes.py [RUNS]
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path


def build(releases: Path) -> float:
    """Seconds of one `trialgraph build` of the packaged seeds."""
    start = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "trialgraph", "build", "-o", str(releases)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - start


def first_answer(releases: Path) -> float:
    """Seconds from starting `trialgraph serve` to the first answered query."""
    start = time.monotonic()
    command = [sys.executable, "-m", "trialgraph", "serve", "--port", "0", "--release", str(releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D") as answer:
            answer.read()
        seconds = time.monotonic() - start
        server.terminate()
    return seconds


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        releases = Path(folder)
        builds = [build(releases) for _ in range(runs)]
        answers = [first_answer(releases) for _ in range(runs)]
    parts = ", ".join(
        f"{name} {version(name)}" for name in ("trialgraph", "pyoxigraph", "rdflib", "pyshacl", "flask")
    )
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {parts}; {runs} runs each"
    )
    for what, figures in (("build of the seed", builds), ("serve to first answer", answers)):
        print(f"{what}: median {statistics.median(figures):.2f} s, slowest {max(figures):.2f} s")


if __name__ == "__main__":
    main()
