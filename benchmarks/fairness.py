"""What one client with 12 threads does to the waiting time of another: ``python -m benchmarks.fairness RELEASE``.

A server runs on the release. One client asks a lookup again and again, each time as another text, so that no answer is
kept; its median is taken alone, and while another client (another address of this machine) sends queries of one kind
from 12 threads. One line for each kind: medians in milliseconds, their ratio, and the 95th percentile.
"""

from __future__ import annotations

import http.client
import itertools
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.small_graph import Server

__all__ = ["ATTACKS", "Client", "attacked", "median"]

THREADS = 12
NUMBERS = itertools.count()
LOOKUP = "SELECT ?p ?o { <https://w3id.org/trialgraph/trial/NCT00000001> ?p ?o }"
ATTACKS = {
    "lookups": LOOKUP,
    "joins": "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?b ?q ?c . ?c ?r ?d }",
    "endless": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "long answers": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "out of memory": "SELECT ?x17 { BIND('0123456789012345678901234567890123456789' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(17))
    + " }",
    "syntax errors": "SELECT * { ?a ?b",
    "pages": "/trials",
}


class Client:
    """A client with an address of its own, and a connection that it keeps as long as the server does."""

    def __init__(self, url: str, address: str) -> None:
        self._where, self._address = urlsplit(url), address
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, query: str) -> int:
        """The status of one answer, read whole; 0 where the connection was cut."""
        path = query if query.startswith("/") else f"/sparql?query={quote(f'{query} # {next(NUMBERS)}')}"
        try:
            if self._connection is None:
                host, port = str(self._where.hostname), self._where.port
                self._connection = http.client.HTTPConnection(
                    host, port, timeout=60, source_address=(self._address, 0)
                )
            self._connection.request("GET", path, headers={"Accept": "*/*"})
            response = self._connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0
        return response.status

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def median(url: str, seconds: float, address: str = "127.0.0.2") -> tuple[float, float]:
    """Median and 95th percentile of a well-behaved client's waiting time, in milliseconds."""
    client, times, refused, until = Client(url, address), [], list[int](), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        status = client.ask(LOOKUP)
        if status != 200:
            refused.append(status)
            continue
        times.append(1000 * (time.monotonic() - began))
        time.sleep(0.01)
    client.close()
    if refused:
        print(f"the other client got {refused} and {len(times)} answers")
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


@contextmanager
def attacked(url: str, query: str, address: str = "127.0.0.3") -> Iterator[None]:
    """While the block runs, a client asks a query from 12 threads."""
    command = [sys.executable, "-m", "benchmarks.fairness", "--attack", url, query, address]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.kill()


def attack(url: str, query: str, address: str) -> None:
    """Ask a query from 12 threads until this process is killed."""

    def ask() -> None:
        client = Client(url, address)
        while True:
            if client.ask(query) in (429, 503):
                time.sleep(0.05)

    for _ in range(THREADS):
        threading.Thread(target=ask).start()


def main(release: Path, seconds: float) -> None:
    """Measure each kind."""
    with Server(release, Path("queries"), {"TRIALGRAPH_QUERY_SECONDS": "5"}) as server:
        median(server.url, 1)
        for kind, query in ATTACKS.items():
            alone, _ = median(server.url, seconds)
            with attacked(server.url, query):
                time.sleep(2)
                beside, p95 = median(server.url, seconds)
            print(
                f"{kind:15} alone {alone:6.1f}  beside {beside:6.1f}  ratio {beside / alone:5.1f}  p95 {p95:7.1f}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1] == "--attack":
        attack(*sys.argv[2:])
    else:
        main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 5.0)
