"""The targets for the speed of the project, and whether they hold: ratios of one run, never asserted by a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from benchmarks.bench.measure.exports import FILE
from benchmarks.bench.measure.repeated import BARE
from benchmarks.bench.peers import OURS, OXIGRAPH, RDFLIB, VIRTUOSO
from benchmarks.bench.statistics import number

__all__ = ["BUSY", "Target", "targets"]

#: The generator is one process: from this share of a core on it may be what limits the requests a second.
BUSY: Final = 0.9

Run = Mapping[str, Any]
_SMALL, _MIDDLE, _LARGE = 21, 2_100, 21_000
#: The sizes are those of the seed multiplied: 21,000 reports are 1,000 copies.
_PAGES: Final = ("home", "list", "trial", "search", "saved query", "figure")


@dataclass(frozen=True)
class Target:
    """One target at one size.

    :param measured: the figure or ratio
    :param holds: None where a part of it was not measured
    """

    text: str
    reports: int
    measured: str
    holds: bool | None


def targets(runs: Sequence[Run]) -> list[Target]:
    """All targets that the parts of the runs tell of."""
    made: list[Target] = []
    for one in sorted(runs, key=_size):
        for of_part in (_queries, _exports, _repeated, _waiting, _build, _start, _pages, _saved):
            made += of_part(one)
    made += _linear(runs)
    return made


def _size(one: Run) -> int:
    return int(one["about"]["reports"])


def _figure(one: Run, *path: str) -> float | None:
    """A figure of a run; None where it was not measured, or failed."""
    found: Any = one
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, int | float) else None


def _at_most(one: Run, text: str, value: float | None, most: float, unit: str) -> Iterator[Target]:
    if value is not None:
        yield Target(text, _size(one), f"{number(value)} {unit}".rstrip(), value <= most)


def _at_least(one: Run, text: str, value: float | None, least: float, unit: str) -> Iterator[Target]:
    if value is not None:
        yield Target(text, _size(one), f"{number(value)} {unit}".rstrip(), value >= least)


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def _failed(one: Run, text: str, figures: Any) -> Iterator[Target]:
    """What failed holds no target."""
    if isinstance(figures, Mapping) and "failed" in figures:
        yield Target(text, _size(one), str(figures["failed"]), holds=False)


def _queries(one: Run) -> Iterator[Target]:
    for kind, of in one.get("queries", {}).items():
        yield from _failed(one, f"{kind}: it is answered", of.get(OURS))
        ours, native = (_figure(one, "queries", kind, name, "cpu") for name in (OURS, OXIGRAPH))
        if ours is not None and native is not None:
            if native < 3:
                text = f"{kind}: CPU at most native + 1.0 ms"
                yield Target(text, _size(one), f"+ {number(ours - native)} ms", ours - native <= 1.0)
            elif native > 10:
                yield from _at_most(one, f"{kind}: CPU at most 1.15 × native", ours / native, 1.15, "×")
            else:
                yield Target(
                    f"{kind}: CPU, no target from 3 to 10 ms", _size(one), f"{number(ours / native)} ×", None
                )
        if kind in ("ask", "lookup"):
            rates = [_figure(one, "queries", kind, name, "rate") for name in (OURS, RDFLIB)]
            text = f"{kind}: at least 3.5 × the requests a second of rdflib-endpoint"
            yield from _at_least(one, text, _ratio(*rates), 3.5, "×")


def _exports(one: Run) -> Iterator[Target]:
    for form, of in one.get("export", {}).items():
        yield from _failed(one, f"export, {form}: it is answered", of.get(OURS))
        ours, native = (_figure(one, "export", form, name, "p50") for name in (OURS, OXIGRAPH))
        yield from _at_least(one, f"export, {form}: at least 0.9 × native", _ratio(native, ours), 0.9, "×")
        file = _figure(one, "export", form, FILE, "p50")
        yield from _at_least(
            one, f"export, {form}, as a file: at least 0.9 × native", _ratio(native, file), 0.9, "×"
        )


def _repeated(one: Run) -> Iterator[Target]:
    bare = _figure(one, "repeated", BARE, BARE, "cpu")
    for row in ("same query", "304", "saved query"):
        yield from _failed(one, f"{row}: it is answered", one.get("repeated", {}).get(row, {}).get(OURS))
        ours = _figure(one, "repeated", row, OURS, "cpu")
        yield from _at_most(
            one, f"cached response, {row}: CPU at most 1.3 × bare Flask", _ratio(ours, bare), 1.3, "×"
        )
    cached = ("repeated", "saved query, behind nginx", "nginx and trialgraph")
    ratio = _ratio(_figure(one, *cached, "rate"), _figure(one, "repeated", BARE, BARE, "rate"))
    text = "cached response behind the shipped nginx cache: at least 5 × the requests a second of bare Flask"
    if ratio is not None and ratio < 5 and (_figure(one, *cached, "generator") or 0) > BUSY:
        yield Target(text, _size(one), f"≥ {number(ratio)} ×, as fast as the generator", None)
    else:
        yield from _at_least(one, text, ratio, 5, "×")


def _waiting(one: Run) -> Iterator[Target]:
    yield from _failed(one, "64 clients: they are answered", one.get("waiting", {}).get("64", {}).get(OURS))
    refused = _figure(one, "waiting", "64", OURS, "refused")
    if refused is not None:
        text = "64 clients of one address: none refused"
        yield Target(text, _size(one), f"{100 * refused:.1f} % refused", refused == 0)
    slow = _figure(one, "waiting", "64", OURS, "p99")
    yield from _at_most(one, "64 clients of one address: p99 under 250 ms", slow, 250, "ms")


def _build(one: Run) -> Iterator[Target]:
    yield from _failed(one, "build: it succeeds", one.get("build"))
    if _size(one) >= _MIDDLE:
        yield from _at_least(
            one, "build: at least 40 reports a CPU second", _figure(one, "build", "rate"), 40, ""
        )
    else:
        yield from _at_most(
            one, "build of the seed: at most 5 s of CPU", _figure(one, "build", "cpu"), 5, "s"
        )
    yield from _at_most(one, "build: peak memory under 2 GB", _figure(one, "build", "peak"), 2000, "MB")


def _linear(runs: Sequence[Run]) -> Iterator[Target]:
    """CPU time of a further report in the largest build, beside that in the one before it."""
    built = sorted((_size(one), cpu) for one in runs if (cpu := _figure(one, "build", "cpu")) is not None)
    large = [pair for pair in built if pair[0] >= _MIDDLE]
    for (fewer, less), (more, much) in pairwise(large):
        ratio = (much / more) / (less / fewer)
        text = f"build: CPU for each report at most 1.1 × that at {fewer:,} reports"
        yield Target(text, more, f"{number(ratio)} ×", ratio <= 1.1)


def _start(one: Run) -> Iterator[Target]:
    most = 0.5 if _size(one) < _MIDDLE else 1.0
    seconds = _figure(one, "start", OURS, "seconds")
    yield from _at_most(one, f"cold start: at most {most:g} s", seconds, most, "s")


def _pages(one: Run) -> Iterator[Target]:
    for page in _PAGES:
        yield from _failed(one, f"page, {page}: it answers", one.get("pages", {}).get(page))
        for name, text in (("first", "first visit"), ("p95", "p95")):
            value = _figure(one, "pages", page, name)
            yield from _at_most(one, f"page, {page}: {text} at most 300 ms", value, 300, "ms")
    held = [_figure(one, "memory", when, OURS) for when in ("after the start", "after the work")]
    text = "memory of all processes at most 600 MB"
    yield from _at_most(one, text, max((one for one in held if one), default=None), 600, "MB")


def _saved(one: Run) -> Iterator[Target]:
    table = one.get("saved", {})
    if not table:
        return
    failed = [slug for slug, of in table.items() if "failed" in of.get(OURS, {})]
    text = "saved queries: none fails"
    yield Target(
        text, _size(one), f"{len(failed)} of {len(table)} fail: {', '.join(failed)}".rstrip(": "), not failed
    )
    answered = {slug: of[OURS] for slug, of in table.items() if "p95" in of.get(OURS, {})}
    slow = [slug for slug, ours in answered.items() if max(ours["first"], ours["p95"]) > 1000]
    text = "saved queries: first visit and p95 under 1 s"
    yield Target(
        text, _size(one), f"{len(slow)} of {len(table)} over{': ' if slow else ''}{', '.join(slow)}", not slow
    )
    for peer in (VIRTUOSO, OXIGRAPH):
        beside = [slug for slug, of in table.items() if "p50" in of.get(peer, {})]
        if not beside:
            continue
        behind = [slug for slug in beside if not _as_fast(table[slug][OURS], table[slug][peer])]
        text = f"saved queries: median at most that of {peer}"
        told = f"{len(behind)} of {len(beside)} slower{': ' if behind else ''}{', '.join(behind)}"
        yield Target(text, _size(one), told, not behind if peer == VIRTUOSO else None)


def _as_fast(ours: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return "p50" in ours and bool(ours["p50"] <= other["p50"])
