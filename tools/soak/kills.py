"""``kill -9`` of server, worker or build at random moments: ``python -m tools.soak.kills 100``.

The next start must serve the old or the new release, and that one whole; a killed worker must cost no more than
the answer that it was at.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.graph_samples import build_sample
from tests.small_graph import Server, children, wait_until, write_queries
from tools.soak.report import Report, finish
from trialgraph.release.open import damaged, open_release

__all__ = ["main"]

ROOT: Final = Path(__file__).parents[2]
WORKERS: Final = 2
SETTINGS: Final = {
    "TRIALGRAPH_WATCH_SECONDS": "0.1",
    "TRIALGRAPH_WORKERS": str(WORKERS),
    "TRIALGRAPH_ACCESS_LOG": "none",
}
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BUILD: Final = (
    "import sys; from pathlib import Path; from tests.graph_samples import build_sample; "
    "print('ready', flush=True); build_sample(Path(sys.argv[1]), extra=int(sys.argv[2]))"
)
#: What a request may be told when its worker is killed; no status at all when its server is.
TOLD: Final = frozenset((200, 500, 503))


class Scene:
    """A folder of releases, a server on it, and what is killed.

    :param report: what is found
    """

    def __init__(self, folder: Path, report: Report) -> None:
        self.home, self.queries, self.report = folder / "releases", write_queries(folder / "queries"), report
        self.choose = random.Random(7)  # noqa: S311 - to be repeated
        self.extra = 1
        began = time.monotonic()
        build_sample(self.home, extra=self.extra)
        self.build_seconds = time.monotonic() - began
        self.server = self.started()

    def started(self) -> Server:
        """A server on what ``current`` leads to."""
        return Server(self.home, self.queries, SETTINGS)

    def build(self) -> subprocess.Popen[str]:
        """A build of another release, in a process of its own."""
        self.extra += 1
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(self.home), str(self.extra)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        process.stdout.readline()
        return process

    def nap(self, most: float) -> None:
        """Wait for a random moment."""
        time.sleep(self.choose.uniform(0, most))

    def kill_build(self) -> None:
        """A build dies; what is there is whole, and the server serves it."""
        process = self.build()
        self.nap(self.build_seconds * 1.1)
        process.kill()
        process.communicate()

    def kill_server(self) -> None:
        """The server dies while a release may be coming; another starts."""
        process = self.build() if self.choose.random() < 0.5 else None
        workers = children(self.server.process.pid)
        self.nap(self.build_seconds if process else 0.3)
        self.server.process.kill()
        self.server.stop()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        if process:
            process.communicate()
        self.server = self.started()

    def kill_worker(self) -> None:
        """A worker dies while questions are asked; the server tells whom it concerns, and goes on."""
        done = threading.Event()
        clients = [threading.Thread(target=self.ask, args=(done,)) for _ in range(3)]
        for client in clients:
            client.start()
        self.nap(0.3)
        if pids := children(self.server.process.pid):
            os.kill(self.choose.choice(pids), signal.SIGKILL)
        time.sleep(0.1)
        done.set()
        for client in clients:
            client.join()

    def ask(self, done: threading.Event) -> None:
        """Ask till it is over."""
        number = 0
        while not done.is_set():
            number += 1
            reply = self.server.ask(query=f"{COUNT} # {number} {threading.get_ident()}")
            if reply.status not in TOLD or (reply.status != 200 and b'"reason"' not in reply.body):
                self.report.fault("no reason told", f"{reply.status} {reply.text[:200]}")

    def check(self) -> None:
        """What is there is whole, and it is what is served."""
        release = open_release(self.home)
        if broken := damaged(release):
            self.report.fault("a damaged release is current", f"{release.hash} {broken}")
        if self.server.process.poll() is not None:
            self.report.fault("the server ended", str(self.server.process.returncode))
            self.server = self.started()
        wait_until(lambda: self.server.ask("/health/live").headers["X-Trialgraph-Release"] == release.hash)
        reply = self.server.ask(query=f"{COUNT} # {time.monotonic()}")
        found = (
            json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] if reply.status == 200 else "none"
        )
        if int(found if found.isdigit() else -1) != release.manifest["counts"]["triples"]:
            self.report.fault("not what the release holds", f"{reply.status} {found}")
        wait_until(lambda: len(children(self.server.process.pid)) == WORKERS)


def main(count: int) -> Report:
    """Kill ``count`` times: builds, servers and workers in turns."""
    report = Report("kill -9 at random moments")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), report)
        kinds: tuple[Callable[[], None], ...] = (scene.kill_build, scene.kill_server, scene.kill_worker)
        seen = {open_release(scene.home).hash}
        try:
            for number in range(count):
                kinds[number % 3]()
                scene.check()
                seen.add(open_release(scene.home).hash)
        finally:
            scene.server.stop()
        left = sorted(path.name for path in scene.home.glob(".building-*"))
        build_sample(scene.home)
        if list(scene.home.glob(".*")):
            report.fault("left-overs that the next build does not sweep", str(left))
    report.facts |= {
        "killed (a third each: build, server, worker)": f"{count:,}",
        "different releases served at the starts that followed": f"{len(seen):,}",
        "minutes": f"{(time.monotonic() - began) / 60:.1f}",
    }
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1])))
