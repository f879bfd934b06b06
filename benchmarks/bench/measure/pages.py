"""Pages for browsers: the first visit after a start, and the time of later ones, whose content differs."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.bench.clients import Load, ask, request
from benchmarks.bench.measure.rounds import Bench
from benchmarks.bench.servers import Unavailable, fetch
from benchmarks.bench.statistics import median_of_rounds
from benchmarks.bench.work import Page, pages
from trialgraph.rdf import iris

__all__ = ["visited"]

_ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8"
_PATIENCE = 60.0


def visited(bench: Bench) -> dict[str, Any]:
    """Page -> figures with one client; each round starts the server anew."""
    base = iris.trial("x").value.removesuffix("trial/x")
    asked = pages(bench.trials, base)
    bench.progress.part("pages", bench.rounds * len(asked))
    rounds: dict[str, list[dict[str, Any]]] = {page.name: [] for page in asked}
    for _ in range(bench.rounds):
        try:
            bench.ours.start()
        except Unavailable as error:
            bench.drop(bench.ours, error)
            return {}
        for page in asked:
            bench.progress.step(page.name)
            rounds[page.name].append(_figures(bench, page))
    return {name: _whole(made) for name, made in rounds.items()}


def _figures(bench: Bench, page: Page) -> dict[str, Any]:
    began = time.perf_counter()
    status, body = fetch(bench.ours.port, page.paths[0], _ACCEPT, _PATIENCE)
    first = 1000 * (time.perf_counter() - began)
    if status != 200:
        return {"failed": f"HTTP {status}" if status else f"no answer within {_PATIENCE:g} s"}
    requests = [request(path, _ACCEPT) for path in page.paths]
    most = 200 if len(requests) > 1 else 50
    load = Load(requests, clients=1, seconds=bench.seconds, most=most, warm_up=0, patience=_PATIENCE)
    made = ask(bench.ours, load)
    return made if "failed" in made else made | {"first": round(first, 3), "bytes": len(body)}


def _whole(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians; a page that failed once has failed."""
    return next((made for made in rounds if "failed" in made), None) or median_of_rounds(rounds)
