"""Memory of the server over many mixed requests: ``python -m tools.soak.memory 100000``.

Small and large answers, repeated and new ones, pages, files and refusals over kept connections. After the first
tenth, in which caches fill, the resident memory must stay within five per cent.
"""

from __future__ import annotations

import http.client
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tests.small_graph import Server, children, write_queries, write_release
from tools.soak.report import Report, finish

__all__ = ["main"]

CLIENTS: Final = 4
PARTS: Final = 10
MOST: Final = 0.05


def paths(seed: int, count: int) -> list[str]:
    """Paths of requests."""
    choose = random.Random(seed)  # noqa: S311 - to be repeated
    made = []
    for number in range(count):
        query, accept = choose.choice(
            (
                (f"SELECT * {{ ?s ?p ?o }} LIMIT {choose.randrange(1, 50)}", "json"),
                (f"ASK {{ ?s ?p {number} }} # {seed}", "csv"),
                (f"SELECT ?o {{ ?s ?p ?o }} # {seed} {number}", "xml"),
                (f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} # {number % 100}", "turtle"),
                (f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 3000 # {seed} {number}", "tsv"),
                ("SELECT ?x { no such thing", "json"),
            )
        )
        kind = choose.random()
        if kind < 0.8:
            made.append(f"/sparql?format={accept}&query={quote(query)}")
        else:
            made.append(
                choose.choice(("/", "/queries/", "/nothing", "/export/dataset.nq", "/sparql", "/health/live"))
            )
    return made


def ask(server: Server, wanted: list[str], report: Report) -> None:
    """Ask over one connection that is opened anew when the server closes it."""
    connection = server.connect()
    for path in wanted:
        connection.request("GET", path, headers={"Accept": "text/html" if path == "/" else "*/*"})
        try:
            response = connection.getresponse()
        except http.client.RemoteDisconnected:  # a kept connection may be closed at any time
            connection.close()
            continue
        response.read()
        if response.status >= 500:
            report.fault("a failed request", f"{path[:200]} {response.status}")
    connection.close()


def resident(server: Server) -> int:
    """Kilobytes of the server itself."""
    return int(Path(f"/proc/{server.process.pid}/status").read_text().partition("VmRSS:")[2].split()[0])


def main(count: int) -> Report:
    """Ask ``count`` requests in ten parts."""
    report = Report("memory of the server over mixed requests")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder) / "release")
        with Server(
            release.path, write_queries(Path(folder) / "queries"), {"TRIALGRAPH_ACCESS_LOG": "none"}
        ) as server:
            sizes = []
            for part in range(PARTS):
                each = count // PARTS // CLIENTS
                threads = [
                    threading.Thread(target=ask, args=(server, paths(part * CLIENTS + n, each), report))
                    for n in range(CLIENTS)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                sizes.append(resident(server))
            workers = len(children(server.process.pid))
    first = sizes[0]
    grown = max(abs(size - first) / first for size in sizes)
    if grown > MOST:
        report.fault("memory is not flat", " ".join(map(str, sizes)))
    report.facts |= {
        "requests": f"{count:,}",
        "resident memory after each tenth, in MB": " ".join(f"{size / 1000:.1f}" for size in sizes),
        "furthest from that after the first tenth": f"{grown:.1%}",
        "workers at the end": f"{workers}",
        "minutes": f"{(time.monotonic() - began) / 60:.1f}",
    }
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1])))
