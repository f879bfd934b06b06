"""Loading, the start of each server until it has answered a query, and its memory."""

from __future__ import annotations

import statistics
from typing import Any, Final

from benchmarks.bench.measure.rounds import Bench
from benchmarks.bench.servers import Unavailable

__all__ = ["memory", "starts"]

#: A start that takes longer is not repeated: it reads all data.
_LONG: Final = 10.0


def starts(bench: Bench) -> dict[str, Any]:
    """Server -> seconds of a cold start."""
    times: dict[str, list[float]] = {server.name: [] for server in bench.servers}
    bench.progress.part("cold starts", bench.rounds * len(bench.servers))
    for _ in range(bench.rounds):
        for server in list(bench.servers):
            bench.progress.step(server.name)
            if max(times[server.name], default=0.0) > _LONG:
                continue
            try:
                times[server.name].append(server.start())
            except Unavailable as error:
                bench.drop(server, error)
    return {name: {"seconds": round(statistics.median(made), 3)} for name, made in times.items() if made}


def memory(bench: Bench) -> dict[str, float]:
    """Server -> megabytes (PSS) of its processes now."""
    return {server.name: round(server.memory(), 1) for server in bench.servers if server.alive()}
