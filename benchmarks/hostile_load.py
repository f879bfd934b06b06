"""Hostile load: nine queries that never end, ours beside other servers, in one run, as a table.

Each server holds the same release. For each query: is it stopped at the limit, is the processor idle and the
memory back a second later, does an answer that was cut look whole, is the next question answered. Then how
much a lookup is slowed down by endless queries on every worker but one.

Usage: python benchmarks/hostile_load.py RELEASE [--limit SECONDS] [--peers FOLDER]

RELEASE is a folder made by `trialgraph build`; FOLDER has the programs `oxigraph` and `rdflib-endpoint`.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
DOUBLING = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
QUERIES = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}",
    "rows of a product": f"SELECT * {{ {TRIPLES} }}",
    "sorted product": f"SELECT * {{ {TRIPLES} }} ORDER BY ?a ?d ?g",
    "distinct product": f"SELECT DISTINCT * {{ {TRIPLES} }} ORDER BY ?l",
    "texts of a product joined": f'SELECT (GROUP_CONCAT(STR(?a); separator=",") AS ?all) {{ {TRIPLES} }}',
    "product under FILTER": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} FILTER(STRLEN(STR(?a)) + STRLEN(STR(?l)) < 0) }}",
    "path of everything": "SELECT (COUNT(*) AS ?n) { ?a (<urn:x>|!<urn:x>)* ?b . ?b (<urn:x>|!<urn:x>)* ?c }",
    "1,000 OPTIONALs": "SELECT * { "
    + " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} }}" for n in range(1000))
    + " }",
    "text doubled 40 times": f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("0123456789" AS ?x0) {DOUBLING} }}',
}
PARENTHESES = "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }"
CLOCK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [below for child in task.read_text().split() for below in tree(int(child))]
    return found


def usage(pid: int) -> tuple[dict[int, float], int]:
    """Processor seconds of each process of a tree, and the bytes that all hold."""
    cpu, memory = {}, 0
    for one in tree(pid):
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            cpu[one] = (int(fields[11]) + int(fields[12])) / CLOCK
            memory += int(fields[21]) * PAGE
    return cpu, memory


def load(pid: int, seconds: float = 0.5) -> float:
    """How many cores a tree keeps busy."""
    before, _ = usage(pid)
    time.sleep(seconds)
    after, _ = usage(pid)
    return sum(used - before.get(one, 0.0) for one, used in after.items()) / seconds


def free_port() -> int:
    """A port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Reply:
    """What came of a request: status (0: none), seconds, whether it ended as complete, its last bytes."""

    status: int
    seconds: float
    ended: bool
    tail: bytes

    @property
    def lies(self) -> bool:
        """A part of an answer that looks like the whole."""
        return self.status == 200 and self.ended and not self.tail.rstrip().endswith(b"}")


@dataclass
class Server:
    """A server under test.

    :param start: starts it on a port
    :param path: of its endpoint
    """

    name: str
    start: Callable[[int], subprocess.Popen[bytes]]
    path: str
    rows: list[tuple[str, ...]] = field(default_factory=list)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def ask(self, query: str, patience: float) -> Reply:
        """One request, read to its end."""
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        status, ended, tail = 0, False, b""
        try:
            headers = {
                "Accept": "application/sparql-results+json",
                "Content-Type": "application/sparql-query",
            }
            connection.request("POST", self.path, query.encode(), headers)
            response = connection.getresponse()
            status = response.status
            while part := response.read(1 << 20):
                tail = (tail + part)[-300:]
                if time.monotonic() - start > patience:
                    raise TimeoutError
            ended = True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        return Reply(status, time.monotonic() - start, ended, tail)

    def answers(self) -> Reply:
        """A question that is quickly answered, as another text each time: no kept answer helps."""
        return self.ask(f"ASK {{}} # {time.monotonic()}", 5)

    def up(self) -> int:
        """Start it if it does not run or does not answer; its process id."""
        if self.process and self.process.poll() is None and self.answers().status == 200:
            return self.process.pid
        self.down()
        self.port = free_port()
        self.process = self.start(self.port)
        until = time.monotonic() + 120
        while self.answers().status != 200:
            assert time.monotonic() < until, f"{self.name} does not start"
            time.sleep(0.1)
        return self.process.pid

    def down(self) -> None:
        """End it."""
        if self.process:
            for pid in tree(self.process.pid):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def servers(release: Path, peers: Path | None, limit: float, work: Path) -> Iterator[Server]:
    """Ours, and the others that are there."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def ours(port: int) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "trialgraph",
            "-q",
            "serve",
            "--release",
            str(release),
            "--port",
            str(port),
        ]
        settings = os.environ | {"TRIALGRAPH_QUERY_SECONDS": str(limit)}
        return subprocess.Popen(command, env=settings, **quiet)  # type: ignore[call-overload,no-any-return]

    yield Server("trialgraph", ours, "/sparql")
    if peers is None:
        return
    data = str(work / "data.nt")
    shutil.copy(release / "trialgraph.nt", data)

    def oxigraph(port: int) -> subprocess.Popen[bytes]:
        where = [
            "--location",
            str(work / "store"),
            "--bind",
            f"127.0.0.1:{port}",
            "--timeout-s",
            f"{limit:g}",
        ]
        return subprocess.Popen([str(peers / "oxigraph"), "serve-read-only", *where], **quiet)  # type: ignore[call-overload,no-any-return]

    def rdflib(port: int) -> subprocess.Popen[bytes]:
        command = [str(peers / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), data]
        return subprocess.Popen(command, **quiet)  # type: ignore[call-overload,no-any-return]

    if (peers / "oxigraph").exists():
        load_it = [str(peers / "oxigraph"), "load", "--location", str(work / "store"), "--file", data]
        subprocess.run(load_it, check=True, capture_output=True)
        said = subprocess.run(
            [str(peers / "oxigraph"), "--version"], capture_output=True, text=True, check=True
        )
        yield Server(f"{said.stdout.strip()} serve-read-only", oxigraph, "/query")
    if (peers / "rdflib-endpoint").exists():
        code = "from importlib.metadata import version; print(version('rdflib-endpoint'))"
        said = subprocess.run([str(peers / "python"), "-c", code], capture_output=True, text=True, check=True)
        yield Server(f"rdflib-endpoint {said.stdout.strip()}", rdflib, "/")


def hostile(server: Server, limit: float) -> dict[str, int]:
    """All nine, and the parentheses; how many went well in each respect."""
    good = dict.fromkeys(("stopped", "idle", "memory back", "no false end", "next answered"), 0)
    for name, query in QUERIES.items():
        pid = server.up()
        _, before = usage(pid)
        reply = server.ask(query, limit + 5)
        in_time = reply.status != 0 and reply.seconds <= limit + 0.5
        time.sleep(1.0)
        busy, (_, after) = load(pid), usage(pid)
        following = server.answers()
        marks = (
            in_time,
            busy < 0.05,
            after - before < 50e6,
            not reply.lies,
            following.status == 200 and following.seconds < 0.3,
        )
        for respect, mark in zip(good, marks, strict=True):
            good[respect] += mark
        if busy >= 0.05:
            server.down()  # the next query finds it at rest
        said = f"{reply.status or 'no answer'}{'' if reply.ended else ' cut'}"
        print(
            f"  {name}: {said} after {reply.seconds:.2f} s, {busy:.2f} cores busy, {(after - before) / 1e6:+.0f} MB"
        )
    pid = server.up()
    reply = server.ask(PARENTHESES, limit + 5)
    following = server.answers()
    alive = server.process is not None and server.process.poll() is None
    good["parentheses survived"] = int(alive and following.status == 200 and following.seconds < 0.3)
    print(
        f"  20,000 parentheses: {reply.status or 'no answer'}, next ASK {following.status} {following.seconds:.3f} s"
    )
    return good


def reach(server: Server) -> int:
    """Connections that queries make the server open."""
    hits = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for query in (
            f"SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{there}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{there}>",
        ):
            server.up()
            asking = threading.Thread(target=server.ask, args=(query, 3))
            asking.start()
            with contextlib.suppress(TimeoutError):
                while True:
                    listener.accept()[0].close()
                    hits += 1
            asking.join()
    return hits


def lookups(server: Server, release: Path, number: int = 300) -> list[float]:
    """Seconds of lookups that differ, so that no kept answer helps."""
    trial = next(
        line.split()[0]
        for line in (release / "trialgraph.nt").read_text().splitlines()
        if "ontology/Trial>" in line
    )
    taken = []
    for n in range(number):
        reply = server.ask(f"SELECT ?p ?o {{ {trial} ?p ?o }} # {time.monotonic()} {n}", 30)
        assert reply.status == 200, reply
        taken.append(reply.seconds)
        time.sleep(0.005)
    return sorted(taken)


def beside(server: Server, release: Path, workers: int) -> str:
    """The p95 of lookups alone, and beside an endless query on every worker but one."""
    server.up()
    lookups(server, release, 50)
    idle = lookups(server, release)
    stop = threading.Event()

    def endless(n: int) -> None:
        while not stop.is_set():
            server.ask(f"{QUERIES['count of a product']} # {n}", 60)

    threads = [threading.Thread(target=endless, args=(n,), daemon=True) for n in range(workers - 1)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    busy = lookups(server, release)
    stop.set()
    p95 = [values[int(len(values) * 0.95)] * 1000 for values in (idle, busy)]
    middle = [statistics.median(values) * 1000 for values in (idle, busy)]
    return (
        f"lookup p95 {p95[0]:.1f} ms alone, {p95[1]:.1f} ms beside {workers - 1} endless queries "
        f"(× {p95[1] / p95[0]:.1f}); median {middle[0]:.1f} and {middle[1]:.1f} ms"
    )


def first_bytes(server: Server, tries: int = 11) -> str:
    """How long the first byte and the last of the whole graph take."""
    server.up()
    told = []
    for name, accept in (("Turtle", "text/turtle"), ("N-Triples", "application/n-triples")):
        firsts, lasts, size = [], [], 0
        for n in range(tries):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            start = time.monotonic()
            headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} # {time.monotonic()} {n}"
            connection.request("POST", server.path, query, headers)
            response = connection.getresponse()
            response.read(1)
            firsts.append(time.monotonic() - start)
            size = 1 + len(response.read())
            lasts.append(time.monotonic() - start)
            connection.close()
        told.append(
            f"{name}, {size / 1e6:.1f} MB: first byte {statistics.median(firsts) * 1000:.0f} ms "
            f"(slowest {max(firsts) * 1000:.0f}), last {statistics.median(lasts) * 1000:.0f} ms"
        )
    return "whole graph as " + "; as ".join(told)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--limit", type=float, default=5)
    parser.add_argument("--peers", type=Path)
    given = parser.parse_args()
    release = given.release if (given.release / "manifest.json").exists() else given.release / "current"
    cores = len(os.sched_getaffinity(0))
    table = []
    with tempfile.TemporaryDirectory() as work:
        for server in servers(release.resolve(), given.peers, given.limit, Path(work)):
            print(server.name, flush=True)
            good = hostile(server, given.limit)
            hits = reach(server)
            table.append((server.name, good, hits))
            if len(table) == 1:
                print(" ", first_bytes(server))
                server.down()
                print(" ", beside(server, release.resolve(), min(cores, 8) + 1))
            server.down()
    print(f"\nlimit {given.limit:g} s, {cores} cores, Python {platform.python_version()}\n")
    print("| |", " | ".join(name for name, _, _ in table), "|")
    print("|---|" + "---|" * len(table))
    for respect in table[0][1]:
        of = 1 if respect.startswith("parentheses") else len(QUERIES)
        print(f"| {respect} |", " | ".join(f"{good[respect]} of {of}" for _, good, _ in table), "|")
    print("| connections to elsewhere |", " | ".join(str(hits) for _, _, hits in table), "|")


if __name__ == "__main__":
    main()
