"""The whole graph by CONSTRUCT: first byte, whole answer, CPU time; and as the file that the release has."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Final

from pyoxigraph import RdfFormat

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.equality import Answer, compare, graph_answer
from benchmarks.bench.measure.queries import SLOW, Compared, numbered_path
from benchmarks.bench.measure.rounds import Bench, Measured, interleaved
from benchmarks.bench.servers import fetch
from benchmarks.bench.work import EXPORTS

__all__ = ["FILE", "exports"]

FILE: Final = "trialgraph, file"
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PATIENCE: Final = 120.0
_FORMATS: Final = {"N-Triples": RdfFormat.N_TRIPLES, "Turtle": RdfFormat.TURTLE}
_FILES: Final = {"N-Triples": "/export/trialgraph.nt", "Turtle": "/export/trialgraph.ttl"}


def exports(bench: Bench) -> dict[str, Any]:
    """Format -> server -> figures with one client."""
    compared = _compared(bench)
    cells = []
    for form, accept in EXPORTS.items():
        for server in bench.servers:
            asked = request(numbered_path(server, _ALL), accept)
            once = compared[form, server.name].seconds > SLOW
            cells.append(Measured(form, server.name, server, partial(ask, server, _load(bench, asked)), once))
        file = request(_FILES[form], accept)
        cells.append(Measured(form, FILE, bench.ours, partial(ask, bench.ours, _load(bench, file))))
    table = interleaved(bench, "exports", cells)
    for row, columns in table.items():
        for column, figures in columns.items():
            if (note := compared[row, column].note) and "failed" not in figures:
                figures["answer"] = note
    return table


def _load(bench: Bench, asked: str) -> Load:
    """Three answers, or one where it takes seconds."""
    return Load([asked], clients=1, seconds=2 * bench.seconds, most=3, warm_up=0, patience=_PATIENCE)


def _compared(bench: Bench) -> dict[tuple[str, str], Compared]:
    """Format and server -> whether its graph is ours."""
    found: dict[tuple[str, str], Compared] = {}
    bench.progress.part("comparing exports", len(EXPORTS) * (len(bench.servers) + 1))
    for form, accept in EXPORTS.items():
        ours: Answer | None = None
        asked = [(server.name, server, server.peer.query_path(_ALL)) for server in bench.servers]
        for name, server, path in [*asked, (FILE, bench.ours, _FILES[form])]:
            bench.progress.step(f"{form}, {name}")
            began = time.perf_counter()
            status, body = fetch(server.port, path, accept, _PATIENCE)
            seconds = time.perf_counter() - began
            answer = graph_answer(body, _FORMATS[form]) if status == 200 else Answer.failed(status, _PATIENCE)
            ours = ours or answer
            found[form, name] = Compared(compare(ours, answer).note, seconds)
    return found
