"""Queries: equality of the answers, then CPU time for each request, throughput and waiting times."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from benchmarks.bench.clients import NUMBER, Load, ask, request
from benchmarks.bench.equality import Answer, compare, select_answer
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.servers import Server, fetch
from benchmarks.bench.work import Kind, kinds

__all__ = ["CLIENTS", "numbered_path", "queries", "waiting"]

CLIENTS: Final = (1, 8, 64)
_JSON: Final = "application/sparql-results+json"
_PATIENCE: Final = 60.0


def queries(bench: Bench) -> dict[str, Any]:
    """Kind -> server -> figures with 8 clients."""
    asked = kinds(bench.trials)
    notes = _notes(bench, asked)
    cells = [
        Measured(kind.name, server.name, server, partial(ask, server, _load(server, kind, 8, bench.seconds)))
        for kind in asked
        for server in bench.servers
    ]
    table = interleaved(bench, "queries", cells)
    for row, columns in table.items():
        for column, figures in columns.items():
            if note := notes.get((row, column)):
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


def _notes(bench: Bench, asked: list[Kind]) -> dict[tuple[str, str], str]:
    """Where an answer is not ours: kind and server -> in what it differs. All texts of a kind are compared."""
    bench.progress.part("comparing answers", len(asked) * len(bench.servers))
    found: dict[tuple[str, str], str] = {}
    for kind in asked:
        ours: list[Answer] = []
        for server in bench.servers:
            bench.progress.step(f"{kind.name}, {server.name}")
            theirs: list[Answer] = []
            for text in kind.texts:
                status, body = fetch(server.port, server.peer.query_path(text), _JSON, _PATIENCE)
                theirs.append(select_answer(body) if status == 200 else Answer.failed(status, _PATIENCE))
                if theirs[-1].error:
                    break
            if server is bench.ours:
                ours = theirs
            verdicts = [compare(one, other) for one, other in zip(ours, theirs, strict=False)]
            note = next((verdict.note for verdict in verdicts if not verdict.same), "")
            if note:
                found[kind.name, server.name] = note
    return found
