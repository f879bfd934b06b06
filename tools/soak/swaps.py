"""Releases swapped under load: ``python -m tools.soak.swaps 200``.

While clients ask for small and large answers, a page and a file, ``current`` is led to another release again and
again. No request may fail, each answer must be of the one release that its header names, and files and processes
of the old ones must go.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from tests.small_graph import MARK, Server, children, wait_until, write_queries, write_release
from tools.soak.report import Report, finish
from trialgraph.base.replace_file import replacing

__all__ = ["NAMES", "Load", "hash_of", "lead", "main", "served", "swap"]

NAMES: Final = ("one", "two")
SETTINGS: Final = {
    "TRIALGRAPH_WATCH_SECONDS": "0.1",
    "TRIALGRAPH_WORKERS": "2",
    "TRIALGRAPH_ACCESS_LOG": "none",
    # a busy machine is no fault of a swap
    "TRIALGRAPH_QUERY_SECONDS": "300",
}
COMMENT: Final = "<http://www.w3.org/2000/01/rdf-schema#comment>"
#: Two megabytes, with the mark of the release somewhere in it.
LARGE: Final = (
    "CONSTRUCT { ?a ?b ?f . ?m ?n ?mark } "
    "{ { ?a ?b ?c . ?d ?e ?f } UNION { ?m ?n ?mark FILTER(?n = " + COMMENT + ") } }"
)
CLIENTS: Final = 3


def lead(home: Path, name: str) -> None:
    """Let ``current`` lead to another release, as a build does."""
    with replacing(home / "current") as link:
        link.symlink_to(name)


def served(server: Server) -> str:
    """The release that a request gets now."""
    return str(server.ask("/health/live").headers["X-Trialgraph-Release"])


def hash_of(home: Path, name: str) -> str:
    """The hash of a release by its folder's name."""
    return str(json.loads((home / name / "manifest.json").read_text())["hash"])


class Load(threading.Thread):
    """Asks in turns until it is told to stop.

    :param names: hash of each release -> its mark
    """

    def __init__(self, server: Server, names: dict[str, str]) -> None:
        super().__init__()
        self.server, self.names = server, names
        self.done = threading.Event()
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.asked = 0

    def run(self) -> None:
        """Ask."""
        while not self.done.is_set():
            began = time.monotonic()
            try:
                self._once()
            except Exception as error:  # a connection that breaks is a request that fails
                self.wrong.append(f"{error!r}, asked {time.monotonic() - began:.1f} s before")

    def _once(self) -> None:
        for path, query in (
            ("/sparql", MARK),
            ("/sparql", f"{MARK} # {self.asked} {id(self)}"),
            ("/sparql", LARGE),
            ("/", ""),
            ("/export/dataset.nq", ""),
        ):
            self.asked += 1
            reply = self.server.ask(path, headers={"Accept": "*/*"}, **({"query": query} if query else {}))
            release = reply.headers["X-Trialgraph-Release"]
            self.seen.add(release)
            if reply.status != 200:
                self.wrong.append(f"{path} {reply.status} {reply.text[:200]}")
            elif path == "/":
                if release[:12] not in reply.text:
                    self.wrong.append(f"{path} of {release[:12]} names another release")
            elif (named := [name for name in self.names.values() if f'"{name}"' in reply.text]) != [
                self.names[release]
            ]:
                self.wrong.append(f"{path} of {self.names[release]} says {named}")


def swap(server: Server, home: Path, swaps: int, clients: int = CLIENTS) -> list[Load]:
    """Swap the two releases so often under load; the clients, which know what went wrong."""
    names = {hash_of(home, name): name for name in NAMES}
    load = [Load(server, names) for _ in range(clients)]
    for thread in load:
        thread.start()
    for turn in range(swaps):
        name = NAMES[(turn + 1) % 2]
        lead(home, name)
        wait_until(lambda name=name: served(server) == hash_of(home, name))
    for thread in load:
        thread.done.set()
    for thread in load:
        thread.join()
    return load


def _held(server: Server) -> tuple[int, int, int]:
    """Open files, child processes, resident kilobytes."""
    pid = server.process.pid
    resident = Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]
    return len(os.listdir(f"/proc/{pid}/fd")), len(children(pid)), int(resident)


def main(count: int) -> Report:
    """Swap ``count`` times."""
    report = Report("releases swapped under load")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "releases"
        for name in NAMES:
            write_release(home / name, name)
        lead(home, NAMES[0])
        with Server(home, write_queries(Path(folder) / "queries"), SETTINGS) as server:
            swap(server, home, min(10, count))
            wait_until(lambda: len(children(server.process.pid)) == 2)
            before = _held(server)
            load = swap(server, home, count)
            wait_until(lambda: len(children(server.process.pid)) == 2)
            after = _held(server)
            said = server.stop().splitlines()
    report.notes += [line for line in said if "stopped after" in line][:5]
    for thread in load:
        for wrong in thread.wrong:
            report.fault("a failed or mixed answer", wrong)
    if after[0] > before[0] + 8:
        report.fault("open files grew", f"{before[0]} to {after[0]}")
    report.facts |= {
        "swaps": f"{count:,}",
        "requests meanwhile": f"{sum(thread.asked for thread in load):,}",
        "open files, child processes before and after": f"{before[:2]} and {after[:2]}",
        "resident memory before and after": f"{before[2] / 1000:.0f} MB and {after[2] / 1000:.0f} MB",
        "minutes": f"{(time.monotonic() - began) / 60:.1f}",
    }
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1])))
