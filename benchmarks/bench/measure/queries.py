"""Queries: equality of the answers, then CPU time for each request, throughput and waiting times."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

from benchmarks.bench.clients import NUMBER, Load, ask, request
from benchmarks.bench.equality import Answer, compare, select_answer
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.servers import Server, fetch
from benchmarks.bench.work import Kind, kinds

__all__ = ["CLIENTS", "SLOW", "Compared", "numbered_path", "queries", "waiting"]

CLIENTS: Final = (1, 8, 64)
_JSON: Final = "application/sparql-results+json"
_PATIENCE: Final = 30.0
#: Seconds of an answer from which on it is measured once, for one client.
SLOW: Final = 2.0


class Compared(NamedTuple):
    """In what an answer differs from ours (empty: in nothing), and the seconds that it took."""

    note: str
    seconds: float


def queries(bench: Bench) -> dict[str, Any]:
    """Kind -> server -> figures with 8 clients; with one client and one request where an answer takes seconds."""
    asked = kinds(bench.trials)
    compared = _compared(bench, asked)
    cells = []
    for kind in asked:
        for server in bench.servers:
            seconds = compared[kind.name, server.name].seconds
            load = _load(server, kind, 8, bench.seconds)
            if seconds > SLOW:
                load = replace(load, clients=1, most=1, warm_up=0)
            elif seconds > SLOW / 10:
                load = replace(load, warm_up=0)
            run = partial(ask, server, load)
            cells.append(Measured(kind.name, server.name, server, run, once=seconds > SLOW))
    table = interleaved(bench, "queries", cells)
    for row, columns in table.items():
        for column, figures in columns.items():
            if (note := compared[row, column].note) and "failed" not in figures:
                figures["answer"] = note
    return table


def waiting(bench: Bench) -> dict[str, Any]:
    """Number of clients, of one address -> server -> figures of lookups."""
    lookup = next(kind for kind in kinds(bench.trials) if kind.name == "lookup")
    cells = [
        Measured(
            str(clients),
            server.name,
            server,
            partial(ask, server, _load(server, lookup, clients, bench.seconds)),
        )
        for clients in CLIENTS
        for server in bench.servers
    ]
    return interleaved(bench, "waiting times", cells)


def numbered_path(server: Server, text: str) -> str:
    """The path of a query whose comment differs from request to request."""
    return f"{server.peer.query_path(f'{text}{chr(10)}#')}{NUMBER}"


def _load(server: Server, kind: Kind, clients: int, seconds: float) -> Load:
    requests = [request(numbered_path(server, text)) for text in kind.texts]
    return Load(requests, clients=clients, seconds=seconds, warm_up=2 * clients)


def _compared(bench: Bench, asked: list[Kind]) -> dict[tuple[str, str], Compared]:
    """Kind and server -> whether the answers are ours. All texts of a kind are compared."""
    bench.progress.part("comparing answers", len(asked) * len(bench.servers))
    found: dict[tuple[str, str], Compared] = {}
    for kind in asked:
        ours: list[Answer] = []
        for server in bench.servers:
            bench.progress.step(f"{kind.name}, {server.name}")
            theirs, fastest = _answers(server, kind)
            if server is bench.ours:
                ours = theirs
            verdicts = [compare(one, other) for one, other in zip(ours, theirs, strict=False)]
            note = next((verdict.note for verdict in verdicts if not verdict.same), "")
            found[kind.name, server.name] = Compared(note, fastest)
    return found


def _answers(server: Server, kind: Kind) -> tuple[list[Answer], float]:
    """The answers, up to the first failure, and the seconds of the fastest."""
    answers: list[Answer] = []
    fastest = _PATIENCE
    for text in kind.texts:
        began = time.perf_counter()
        status, body = fetch(server.port, server.peer.query_path(text), _JSON, _PATIENCE)
        fastest = min(fastest, time.perf_counter() - began)
        answers.append(select_answer(body) if status == 200 else Answer.failed(status, _PATIENCE))
        if answers[-1].error:
            break
    return answers, fastest
