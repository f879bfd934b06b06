"""One measurement: clients in a closed loop ask a server, and what that costs the server is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.bench.servers import HOST, Server
from benchmarks.bench.statistics import percentile

__all__ = ["NUMBER", "Load", "ask", "request"]

#: Stands in a path for the number of the request, so that each differs.
NUMBER: Final = "@@@"
_GENERATOR: Final = Path(__file__).with_name("load.py")
_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True)
class Load:
    """What is asked, by how many clients, for how long.

    :param most: requests; a measurement ends after them
    :param patience: seconds that an answer may still take when the time is over
    """

    requests: Sequence[str]
    clients: int = 8
    seconds: float = 1.0
    most: int = 1_000_000
    warm_up: int = 16
    patience: float = 30.0
    servers: Sequence[Server] = field(default_factory=tuple)


#: Numbers of requests go on from measurement to measurement: no text is asked twice of one server.
_asked = [0]


def request(path: str, accept: str = _JSON, headers: Mapping[str, str] | None = None) -> str:
    """A GET request as it is sent."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", f"Accept: {accept}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines) + "\r\n\r\n"


def ask(server: Server, load: Load) -> dict[str, Any]:
    """Figures of one measurement; with ``failed`` where no answer was a good one.

    Milliseconds, requests a second, shares of 1. The CPU time is that of the processes of the server, and of those that
    stand behind it.
    """
    plan = {
        "host": HOST,
        "port": server.port,
        "requests": list(load.requests),
        "clients": load.clients,
        "seconds": load.seconds,
        "most": load.most,
        "warm_up": load.warm_up,
        "patience": load.patience,
        "first": _asked[0],
    }
    counted = (server, *load.servers)
    command = [sys.executable, "-I", "-S", str(_GENERATOR)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as generator:
        assert generator.stdin is not None
        assert generator.stdout is not None
        try:
            print(json.dumps(plan), file=generator.stdin, flush=True)
            if not generator.stdout.readline():
                return {"failed": "no connection"}
            before = sum(one.cpu() for one in counted)
            print("go", file=generator.stdin, flush=True)
            line = generator.stdout.readline()
            used = sum(one.cpu() for one in counted) - before
        finally:
            if sys.exc_info()[0] is not None:
                generator.kill()
    if not line:
        return {"failed": "no connection"}
    counts = json.loads(line)
    _asked[0] += sum(counts["statuses"].values()) + load.warm_up
    if counts["statuses"].get("timeout"):
        server.stop()  # what it still works at must not burden the next
    return _figures(counts, used, load)


def _figures(counts: Mapping[str, Any], used: float, load: Load) -> dict[str, Any]:
    statuses, times = counts["statuses"], counts["times"]
    answers = sum(statuses.values())
    bad = {name: n for name, n in statuses.items() if name not in ("200", "304")}
    if not times:
        worst = max(bad, key=lambda name: bad[name], default="no answer")
        words = {"timeout": f"no answer within {load.patience:g} s", "cut": "cut off"}
        return {"failed": words.get(worst, f"HTTP {worst}")}
    made = {
        "cpu": 1000 * used / answers,
        "rate": len(times) / counts["elapsed"],
        **{f"p{p}": percentile(times, p) / 1000 for p in (50, 95, 99)},
        "first_byte": percentile(counts["firsts"], 50) / 1000,
        "slowest": max(times) / 1000,
        "requests": answers,
        "refused": sum(statuses.get(name, 0) for name in ("429", "503")) / answers,
        "failures": sum(n for name, n in bad.items() if name not in ("429", "503")) / answers,
        "generator": counts["cpu"] / counts["elapsed"],
        "bytes": counts["bytes"] / answers,
    }
    return {name: round(value, 5) for name, value in made.items()}
