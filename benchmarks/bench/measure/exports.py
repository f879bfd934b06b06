"""The whole graph by CONSTRUCT: first byte, whole answer, CPU time; and as the file that the release has."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from pyoxigraph import RdfFormat

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.equality import Answer, compare, graph_answer
from benchmarks.bench.measure.queries import numbered_path
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.servers import Server, fetch
from benchmarks.bench.work import EXPORTS

__all__ = ["FILE", "exports"]

FILE: Final = "trialgraph, file"
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PATIENCE: Final = 120.0
_FORMATS: Final = {"N-Triples": RdfFormat.N_TRIPLES, "Turtle": RdfFormat.TURTLE}
_FILES: Final = {"N-Triples": "/export/trialgraph.nt", "Turtle": "/export/trialgraph.ttl"}


def exports(bench: Bench) -> dict[str, Any]:
    """Format -> server -> figures with one client."""
    notes = _notes(bench)
    cells = []
    for form, accept in EXPORTS.items():
        for server in bench.servers:
            asked = request(numbered_path(server, _ALL), accept)
            cells.append(Measured(form, server.name, server, partial(ask, server, _load(bench, asked))))
        file = request(_FILES[form], accept)
        cells.append(Measured(form, FILE, bench.ours, partial(ask, bench.ours, _load(bench, file))))
    table = interleaved(bench, "exports", cells)
    for row, columns in table.items():
        for column, figures in columns.items():
            if note := notes.get((row, column)):
                figures["answer"] = note
    return table


def _load(bench: Bench, asked: str) -> Load:
    """Three answers, or one where it takes seconds."""
    return Load([asked], clients=1, seconds=2 * bench.seconds, most=3, warm_up=0, patience=_PATIENCE)


def _notes(bench: Bench) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    bench.progress.part("comparing exports", len(EXPORTS) * len(bench.servers))
    for form, accept in EXPORTS.items():
        ours = _graph(bench, bench.ours, form, accept)
        for server in bench.servers:
            verdict = compare(ours, ours if server is bench.ours else _graph(bench, server, form, accept))
            if not verdict.same:
                found[form, server.name] = verdict.note
    return found


def _graph(bench: Bench, server: Server, form: str, accept: str) -> Answer:
    bench.progress.step(f"{form}, {server.name}")
    status, body = fetch(server.port, server.peer.query_path(_ALL), accept, _PATIENCE)
    return graph_answer(body, _FORMATS[form]) if status == 200 else Answer.failed(status, _PATIENCE)
