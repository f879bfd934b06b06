"""Each saved query with its default parameters: ours as its address, and as SPARQL text to engines that answer it."""

from __future__ import annotations

import time
from typing import Any, Final

from pyoxigraph import RdfFormat

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.equality import Answer, compare, graph_answer, select_answer
from benchmarks.bench.measure.queries import numbered_path
from benchmarks.bench.measure.rounds import Bench
from benchmarks.bench.servers import Server, Unavailable, fetch
from benchmarks.bench.work import saved_queries

__all__ = ["saved"]

_PATIENCE: Final = 30.0
_JSON: Final = "application/sparql-results+json"
_NTRIPLES: Final = "application/n-triples"
_MOST: Final = 50


def saved(bench: Bench) -> dict[str, Any]:
    """Slug -> server -> figures with one client. rdflib-endpoint and Comunica would take minutes: they are left out."""
    asked = saved_queries()
    servers = [server for server in bench.servers if server is bench.ours or server.peer.native]
    bench.progress.part("saved queries", len(asked) * len(servers))
    table: dict[str, Any] = {}
    try:
        bench.ours.start()  # so that a first visit is one
    except Unavailable as error:
        bench.drop(bench.ours, error)
        return {}
    for slug, (text, is_graph) in asked.items():
        ours: Answer | None = None
        for server in servers:
            bench.progress.step(f"{slug}, {server.name}")
            if server not in bench.servers:
                continue
            try:
                server.ensure()
            except Unavailable as error:
                bench.drop(server, error)
                continue
            is_ours = server is bench.ours
            path = f"/queries/{slug}" if is_ours else server.peer.query_path(text)
            answer, first = _first(server, path, is_graph=is_graph)
            again = path if is_ours else numbered_path(server, text)
            figures = _figures(server, again, answer, bench.seconds, _NTRIPLES if is_graph else _JSON)
            ours = answer if is_ours else ours
            verdict = compare(ours, answer) if ours else None
            if verdict and not verdict.same and "failed" not in figures:
                figures["answer"] = verdict.note
            table.setdefault(slug, {})[server.name] = figures | {"first": round(first, 3)}
    return table


def _first(server: Server, path: str, *, is_graph: bool) -> tuple[Answer, float]:
    """The answer to the first request, and its milliseconds."""
    began = time.perf_counter()
    status, body = fetch(server.port, path, _NTRIPLES if is_graph else _JSON, _PATIENCE)
    first = 1000 * (time.perf_counter() - began)
    if status != 200:
        return Answer.failed(status, _PATIENCE), first
    return graph_answer(body, RdfFormat.N_TRIPLES) if is_graph else select_answer(body), first


def _figures(server: Server, path: str, answer: Answer, seconds: float, accept: str) -> dict[str, Any]:
    if answer.error:
        if not server.alive():
            return {"failed": "the server ended"}
        if answer.timed_out:
            server.stop()  # what it still works at must not burden the next
        return {"failed": answer.error}
    load = Load(
        [request(path, accept)], clients=1, seconds=seconds / 2, most=_MOST, warm_up=0, patience=_PATIENCE
    )
    return ask(server, load)
