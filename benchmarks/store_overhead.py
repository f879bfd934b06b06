"""What the front end adds to an external store: ``python -m benchmarks.store_overhead RELEASE --store URL --pid PID``.

The store holds the release (``trialgraph load``), and PID is its process. The same small queries are sent to the store
itself, through ``trialgraph serve --store``, and to ``trialgraph serve`` on the release's own store, in turns within
each round, each with another comment, so that no cache answers. Then an answer of over 10 MB is read through the front
end, with the memory of all its processes sampled. Figures are processor milliseconds per query, medians of the rounds.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks.bench.peers import trialgraph
from benchmarks.bench.processes import PeakMemory, cpu_seconds
from benchmarks.bench.servers import HOST, Peer, Server

MERGE: Final = "https://w3id.org/trialgraph/store/merge"
NUMBERS: Final = itertools.count()
SMALL: Final = {
    "ASK": "ASK { ?s a <https://w3id.org/trialgraph/ontology/Trial> }",
    "lookup of a trial": "SELECT ?p ?o { <https://w3id.org/trialgraph/trial/NCT01741857> ?p ?o }",
    "join with labels": (
        "SELECT ?t ?l { ?t <https://w3id.org/trialgraph/ontology/disease> ?d . "
        "?d <http://www.w3.org/2000/01/rdf-schema#label> ?l } LIMIT 50"
    ),
}
LARGE: Final = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 60000"


@dataclass
class Client:
    """A kept connection that sends queries.

    :param graphs: the default graph is named in each request, as a store has no merge of its own
    """

    port: int
    path: str
    graphs: bool

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(HOST, self.port, timeout=120)

    def ask(self, query: str) -> tuple[float, int]:
        """Seconds to the first byte, and bytes of the answer.

        :raises OSError: there is none
        """
        fields = {"query": f"{query} # {next(NUMBERS)}"} | (
            {"default-graph-uri": MERGE} if self.graphs else {}
        )
        headers = {
            "Accept": "application/sparql-results+json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.perf_counter()
        self._connection.request("POST", self.path, urlencode(fields), headers)
        reply = self._connection.getresponse()
        first = time.perf_counter() - began
        size = 0
        while part := reply.read1(1 << 16):
            size += len(part)
        reply.read()  # its end, after which the connection is free again
        if reply.status != 200:
            raise OSError(f"status {reply.status}")
        return first, size


@contextmanager
def front_end(release: Path, store: str = "") -> Iterator[Server]:
    """The front end as a user starts it; without a store, on that of the release."""
    peer = trialgraph(release)
    told = {"TRIALGRAPH_STORE": store, "TRIALGRAPH_ACCESS_LOG": "none", "TRIALGRAPH_DRAW_AHEAD": "no"}
    told |= {name: os.environ[name] for name in os.environ if name.startswith("TRIALGRAPH_STORE_")}
    peer = Peer(peer.name, peer.version, peer.path, peer.command, environment=dict(peer.environment) | told)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(peer, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def measured(client: Client, query: str, number: int, *pids: int) -> list[float]:
    """Processor milliseconds per query of each process tree."""
    before = [cpu_seconds(pid) for pid in pids]
    for _ in range(number):
        client.ask(query)
    return [1000 * (cpu_seconds(pid) - old) / number for pid, old in zip(pids, before, strict=True)]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--store", required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=400)
    given = parser.parse_args()
    where = urlsplit(given.store)
    with front_end(given.release, given.store) as server, front_end(given.release) as embedded:
        front = server.pid
        bare = Client(where.port or 80, where.path, graphs=True)
        behind, own = (
            Client(server.port, "/sparql", graphs=False),
            Client(embedded.port, "/sparql", graphs=False),
        )
        print("| query | store alone | store behind | front end | added in all | embedded, whole |")
        print("|---|---|---|---|---|---|")
        for name, query in SMALL.items():
            rounds = []
            for _ in range(given.rounds):
                (alone,) = measured(bare, query, given.queries, given.pid)
                pair = measured(behind, query, given.queries, given.pid, front)
                rounds.append((alone, *pair, *measured(own, query, given.queries, embedded.pid)))
            alone, engine, ours, whole = (statistics.median(column) for column in zip(*rounds, strict=True))
            figures = (alone, engine, ours, engine + ours - alone, whole)
            print(f"| {name} | {' | '.join(f'{figure:.2f}' for figure in figures)} |")
        for name, client in (("store alone", bare), ("front end", behind)):
            with PeakMemory(front) as peak:
                first, size = client.ask(LARGE)
            told = f"{size / 1e6:.1f} MB, first byte after {first * 1000:.0f} ms"
            print(f"{name}: {told}, front end at most {peak.megabytes:.0f} MB")


if __name__ == "__main__":
    main()
