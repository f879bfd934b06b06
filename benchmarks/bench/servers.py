"""A server under test: its start until it answers, what it costs, its end."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.bench.processes import cpu_seconds, end_tree, pss_megabytes

__all__ = ["HOST", "Missing", "Peer", "Server", "Unavailable", "fetch", "free_port"]

HOST: Final = "127.0.0.1"
_ASK: Final = "ASK { ?s ?p ?o }"
#: A port may be taken between its choice and the start of the server.
_TRIES: Final = 2


class Unavailable(Exception):
    """A server that is not installed, does not load the data or does not start; its text is one line."""


def free_port() -> int:
    """A port that nobody uses."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def fetch(port: int, path: str, accept: str, seconds: float) -> tuple[int, bytes]:
    """Status and body of one GET; the status is 0 where there is no complete answer within the time."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Missing(Unavailable):
    """A server that is not installed here, and cannot be."""


@dataclass(frozen=True)
class Peer:
    """A server that is compared.

    :param path: of its SPARQL endpoint, up to where a query parameter can be added
    :param command: port and folder -> the command that starts it; the folder is the one that it was loaded into
    :param load: data (N-Triples) and folder -> loads them; None: the start does
    :param ready: path that is asked until it answers; empty: a query
    :param native: an engine that answers queries, so that saved queries are asked of it, too
    """

    name: str
    version: str
    path: str
    command: Callable[[int, Path], list[str]]
    load: Callable[[Path, Path], None] | None = None
    ready: str = ""
    native: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    def query_path(self, query: str) -> str:
        """The path and query string of a SPARQL query."""
        return f"{self.path}{'&' if '?' in self.path else '?'}query={quote(query, safe='')}"


class Server:
    """A process of a peer, with data.

    :param folder: where its data are, and its log
    :param patience: seconds that its start may take
    :param fixed: the port; 0: a free one at each start
    """

    def __init__(self, peer: Peer, folder: Path, patience: float = 120.0, fixed: int = 0) -> None:
        self.peer, self.folder, self.patience, self.fixed = peer, folder, patience, fixed
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """Of its peer."""
        return self.peer.name

    @property
    def pid(self) -> int:
        """Its first process; 0 where it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> float:
        """Start it; the seconds until it has answered a first query.

        :raises Unavailable: it ended, or did not answer in time
        """
        self.stop()
        for attempt in range(_TRIES):
            self.port = self.fixed or free_port()
            began = time.perf_counter()
            log = self.folder / f"{self.name.replace(' ', '-')}.log"
            with log.open("wb") as written:
                try:
                    self._process = subprocess.Popen(
                        self.peer.command(self.port, self.folder),
                        cwd=self.folder,
                        stdin=subprocess.DEVNULL,
                        stdout=written,
                        stderr=subprocess.STDOUT,
                        env=dict(self.peer.environment) or _surroundings(),
                        start_new_session=True,  # Ctrl-C is for the benchmark, which ends its servers itself
                    )
                except OSError as error:
                    raise Unavailable(f"cannot be started: {error}") from error
            if self._answers(began + self.patience):
                return time.perf_counter() - began
            ended = self._process.poll()
            self.stop()
            if ended is None:
                raise Unavailable(f"does not answer within {self.patience:g} s of its start")
            if attempt == _TRIES - 1:
                raise Unavailable(f"ended with code {ended} when started: {_reason(log)}")
        raise AssertionError("unreachable")

    def _answers(self, until: float) -> bool:
        path = self.peer.ready or self.peer.query_path(_ASK)
        while time.perf_counter() < until and self.alive():
            left = max(1.0, until - time.perf_counter())
            status, _ = fetch(self.port, path, "application/sparql-results+json, */*;q=0.1", left)
            if status == 200:
                return True
            time.sleep(0.01)
        return False

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start it again where it has ended.

        :raises Unavailable: it does not start
        """
        if not self.alive():
            self.start()

    def cpu(self) -> float:
        """Processor seconds so far."""
        return cpu_seconds(self._process.pid) if self._process else 0.0

    def memory(self) -> float:
        """Megabytes."""
        return pss_megabytes(self._process.pid) if self._process else 0.0

    def stop(self) -> None:
        """End all its processes."""
        if self._process is not None:
            process, self._process = self._process, None
            if process.poll() is None:
                end_tree(process.pid)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)


def _surroundings() -> dict[str, str]:
    """The environment without what is meant for the Python of this project."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRIALGRAPH_"))
    }


def _reason(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    told = next(
        (line for line in reversed(lines) if "error" in line.lower()),
        lines[-1] if lines else "it wrote nothing",
    )
    return told[:200]
