"""The same request again: a cached response and a 304, beside bare Flask, and behind nginx's cache."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.peers import OURS
from benchmarks.bench.proxy import nginx
from benchmarks.bench.servers import HOST, Missing, Peer, Server, Unavailable

__all__ = ["BARE", "repeated"]

BARE: Final = "bare Flask"
_BASELINE: Final = Path(__file__).parents[1] / "baseline.py"
_JSON: Final = "application/sparql-results+json"
#: What nginx keeps as it is shipped: pages and saved queries, not /sparql.
_SAVED: Final = "/queries/trials-by-disease.json"


def repeated(bench: Bench) -> dict[str, Any]:
    """What is asked -> by whom it is answered -> figures with 8 clients."""
    ours = bench.ours
    lookup = ours.peer.query_path(f"SELECT ?p ?o {{ <{bench.trials[0]}> ?p ?o }}")
    body, tag = _answer(ours.port, lookup)
    started: list[Server] = []
    try:
        flask = _started(bench, _bare_flask(body, bench.work), started)
        behind = _started(bench, partial(nginx, ours.port), started)
        cells = [
            _cell(bench, "same query", OURS, ours, request(lookup)),
            _cell(bench, "304", OURS, ours, request(lookup, headers={"If-None-Match": tag})),
            _cell(bench, "saved query", OURS, ours, request(_SAVED)),
        ]
        if flask:
            cells.append(_cell(bench, BARE, BARE, flask, request("/")))
        if behind:
            cells.append(
                _cell(
                    bench, "saved query, behind nginx", "nginx and trialgraph", behind, request(_SAVED), ours
                )
            )
        bench.servers += started
        return interleaved(bench, "repeated requests", cells)
    finally:
        for server in started:
            server.stop()
            if server in bench.servers:
                bench.servers.remove(server)


def _cell(bench: Bench, row: str, column: str, server: Server, asked: str, *others: Server) -> Measured:
    load = Load([asked], seconds=bench.seconds, servers=others)
    return Measured(row, column, server, partial(ask, server, load))


def _started(bench: Bench, peer: Callable[[], Peer], started: list[Server]) -> Server | None:
    try:
        made = peer()
        folder = bench.work / made.name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        server = Server(made, folder)
        server.start()
    except Missing as error:
        bench.progress.note(str(error))
        return None
    except Unavailable as error:
        bench.fault(str(error))
        return None
    started.append(server)
    return server


def _bare_flask(body: bytes, work: Path) -> Callable[[], Peer]:
    """Flask and waitress with one answer: what a request costs at least."""
    answer = work / "answer.json"
    answer.write_bytes(body)

    def command(port: int, _folder: Path) -> list[str]:
        return [sys.executable, str(_BASELINE), str(port), str(answer)]

    return lambda: Peer(BARE, "", "/", command, ready="/")


def _answer(port: int, path: str) -> tuple[bytes, str]:
    """Body and ETag."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": _JSON})
        reply = connection.getresponse()
        return reply.read(), reply.headers.get("ETag", "")
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(f"does not answer a lookup: {error}") from error
    finally:
        connection.close()
