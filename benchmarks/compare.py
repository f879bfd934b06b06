"""Two checkouts of the project in one run: processor and wall time of a build, of lookups and of pages, as ratios.

The checkouts take turns, so that other work on the machine burdens both alike; compare processor time where it is busy.
Time of a server is that of all its processes (Linux: read from /proc). Each lookup is another query, so that no cache
answers it. The first of each pair of builds and servers is dropped: it fills the disk cache.

Usage: python benchmarks/compare.py BEFORE AFTER [--runs 5] [--requests 300]
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

TRIALS: Final = ("NCT01741857", "NCT01547091", "NCT02166021", "NCT03333681", "NCT06360861")
LOOKUP: Final = "SELECT ?p ?o {{ <https://w3id.org/trialgraph/trial/{trial}> ?p ?o }} # {number}"
_TICK: Final = os.sysconf("SC_CLK_TCK")


class Times(NamedTuple):
    """Seconds."""

    processor: float
    wall: float


def command(checkout: Path, *words: str) -> subprocess.Popen[str]:
    """`trialgraph` of a checkout, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "trialgraph", *words],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the access log
        text=True,
        start_new_session=True,
    )


def build(checkout: Path, releases: Path) -> Times:
    """One `trialgraph build` of the checkout's seeds."""
    start = time.monotonic()
    process = command(checkout, "build", "-o", str(releases))
    assert process.stdout is not None
    process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{checkout}: the build fails; run it there to see why"
    return Times(used.ru_utime + used.ru_stime, time.monotonic() - start)


def processor_seconds(session: int) -> float:
    """Processor time so far of the processes of a session that are alive."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Behind the name in parentheses: state, parent, group, session, … utime and stime are 11 and 12.
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def serve(checkout: Path, releases: Path, requests: int) -> dict[str, Times]:
    """Milliseconds for each request of a kind, one after another over one connection."""
    server = command(checkout, "serve", "--port", "0", "--release", str(releases))
    assert server.stdout is not None
    host = urlsplit(server.stdout.readline().strip()).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    kinds: dict[str, Callable[[str, int], str]] = {
        "lookup": lambda trial, n: "/sparql?query=" + quote(LOOKUP.format(trial=trial, number=n)),
        "page of a trial": lambda trial, _: f"/trial/{trial}",
    }
    made = {}
    try:
        for kind, path in kinds.items():
            for number in range(-20, requests):  # the first twenty warm it up
                if number == 0:
                    used, start = processor_seconds(server.pid), time.monotonic()
                connection.request("GET", path(TRIALS[number % len(TRIALS)], number))
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, f"{checkout}: {kind} gives {answer.status}"
            spent = Times(processor_seconds(server.pid) - used, time.monotonic() - start)
            made[kind] = Times(*(1000 * seconds / requests for seconds in spent))
    finally:
        server.terminate()
        server.wait()
    return made


def measure(checkouts: tuple[Path, Path], runs: int, requests: int) -> dict[tuple[str, Path], list[Times]]:
    """What is measured, and of which checkout -> the runs but the first."""
    found: dict[tuple[str, Path], list[Times]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        homes = {checkout: Path(folder) / str(n) for n, checkout in enumerate(checkouts)}
        for _ in range(runs + 1):
            for checkout, releases in homes.items():
                found["build, s", checkout].append(build(checkout, releases))
        for _ in range(runs + 1):
            for checkout, releases in homes.items():
                for kind, times in serve(checkout, releases, requests).items():
                    found[f"{kind}, ms", checkout].append(times)
    return {key: times[1:] for key, times in found.items()}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300)
    given = parser.parse_args()
    before, after = given.before.resolve(), given.after.resolve()
    found = measure((before, after), given.runs, given.requests)
    print(
        "| medians | processor before | after | ratio | wall before | after | ratio |\n|---|---|---|---|---|---|---|"
    )
    for what in dict.fromkeys(name for name, _ in found):
        cells = []
        for which in range(2):
            old, new = (statistics.median(times[which] for times in found[what, c]) for c in (before, after))
            cells += [f"{old:.2f}", f"{new:.2f}", f"{new / old:.2f}"]
        print(f"| {what} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
