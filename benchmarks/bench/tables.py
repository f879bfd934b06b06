"""The figures of runs as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.bench.peers import OURS
from benchmarks.bench.statistics import number
from benchmarks.bench.targets import BUSY, targets

__all__ = ["page", "table"]

Run = Mapping[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[str]], first: int = 1) -> str:
    """A table; columns after the first are right-aligned.

    :param first: columns that are not
    """
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * first}{'---:|' * (len(head) - first)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def page(runs: Sequence[Run]) -> str:
    """All tables: the targets, then those of each run."""
    ordered = sorted(runs, key=lambda one: int(one["about"]["reports"]))
    parts = ["### Targets", _targets(ordered)]
    for one in ordered:
        parts += [f"### {one['about']['reports']:,} reports", _about(one), *_of_run(one)]
    return "\n\n".join(parts) + "\n"


def _targets(runs: Sequence[Run]) -> str:
    words = {True: "holds", False: "does not hold", None: "no verdict"}
    rows = [(t.text, f"{t.reports:,}", t.measured, words[t.holds]) for t in targets(runs)]
    return table(("target", "reports", "measured", "verdict"), rows, 4)


def _about(one: Run) -> str:
    about = one["about"]
    told = ", ".join(f"{name} {version}".rstrip() for name, version in one["versions"].items())
    lines = [
        f"Measured on {about['date']}: {about['triples']:,} triples, {about['cores']} cores ({about['machine']}), "
        f"Python {about['python']}, {told}; medians of {about['rounds']} rounds of {about['seconds']:g} s each, "
        f"{about['minutes']:g} minutes; load before the run {about['load before']:g}."
    ]
    lines += [f"Left out: {name} ({why})." for name, why in one["left out"].items()]
    lines += [f"Not measured: {line}." for line in one["faults"]]
    return " ".join(lines)


def _of_run(one: Run) -> Iterator[str]:
    servers = list(one["versions"])
    if "queries" in one:
        yield "CPU time of all processes of a server for each request (ms), and how many times ours that is:"
        yield _by_server(one["queries"], servers, lambda f, ours: _with_ratio(f, ours, "cpu"))
        yield "Requests a second, 8 clients:"
        yield _by_server(one["queries"], servers, lambda f, _: _rate(f))
        yield from _notes(one["queries"])
    if "waiting" in one:
        yield "Lookups, p50 / p95 / p99 in ms, by the number of clients, all of one address:"
        yield _by_server(one["waiting"], servers, lambda f, _: _waits(f), "clients")
    if "repeated" in one:
        yield "The same request again, 8 clients:"
        head = ("request", "by", "CPU ms", "requests a second", "p50 ms")
        rows = [
            (
                row,
                name,
                *(
                    ("–", "–", str(f["failed"]))
                    if "failed" in f
                    else (number(f["cpu"]), _rate(f), number(f["p50"]))
                ),
            )
            for row, of in one["repeated"].items()
            for name, f in of.items()
        ]
        yield table(head, rows, 2)
    if "export" in one:
        yield "The whole graph by CONSTRUCT, one client: first byte / last byte in ms, CPU ms:"
        columns = list(dict.fromkeys(name for of in one["export"].values() for name in of))
        yield _by_server(one["export"], columns, lambda f, _: _export(f), "format")
        yield from _notes(one["export"])
    yield "Loading, cold start until the first answer, and memory (PSS of all processes):"
    yield _servers(one, servers)
    if "pages" in one:
        yield "Pages of our server, one client; paths and parameters differ from visit to visit:"
        yield _figures(
            one["pages"],
            "page",
            ("first", "p50", "p95", "cpu"),
            ("first visit ms", "p50 ms", "p95 ms", "CPU ms"),
        )
    if "build" in one:
        yield "The build, CPU time and memory of all processes:"
        names = ("cpu", "wall", "rate", "peak")
        yield _figures(
            {f"{one['about']['reports']:,} reports": one["build"]},
            "",
            names,
            ("CPU s", "wall s", "reports a CPU second", "peak MB"),
        )
    yield f"Bytes of the release: {_sizes(one['files'])}."
    if "saved" in one:
        yield "Saved queries with default parameters, one client, ms (ours by address, of others the SPARQL text):"
        yield _saved(one["saved"])
        yield from _notes(one["saved"])


def _by_server(
    rows: Mapping[str, Any], servers: Sequence[str], cell: Callable[[Any, Any], str], first: str = "work"
) -> str:
    there = [name for name in servers if any(name in of for of in rows.values())]
    return table(
        (first, *there), [(row, *(_marked(of, name, cell) for name in there)) for row, of in rows.items()]
    )


def _marked(of: Mapping[str, Any], name: str, cell: Callable[[Any, Any], str]) -> str:
    figures = of.get(name)
    if figures is None:
        return "–"
    if "failed" in figures:
        return str(figures["failed"])
    return cell(figures, of.get(OURS, {})) + (" ≠" if "answer" in figures else "")


def _with_ratio(figures: Mapping[str, Any], ours: Mapping[str, Any], name: str) -> str:
    value = number(figures[name])
    return (
        value
        if figures is ours or not ours.get(name)
        else f"{value} ({number(figures[name] / ours[name])} ×)"
    )


def _rate(figures: Mapping[str, Any]) -> str:
    limit = "≥ " if figures["generator"] > BUSY else ""
    return f"{limit}{number(figures['rate'])}"


def _waits(figures: Mapping[str, Any]) -> str:
    refused = figures["refused"]
    failed = f", {100 * figures['failures']:.0f} % failed" if figures["failures"] else ""
    told = " / ".join(number(figures[f"p{p}"]) for p in (50, 95, 99))
    return f"{told}{f', {100 * refused:.0f} % refused' if refused else ''}{failed}"


def _export(figures: Mapping[str, Any]) -> str:
    return f"{number(figures['first_byte'])} / {number(figures['p50'])}, {number(figures['cpu'])}"


def _notes(rows: Mapping[str, Any]) -> Iterator[str]:
    """In what the answers that are marked differ from ours."""
    notes = [
        f"{name}, {row}: {f['answer']}" for row, of in rows.items() for name, f in of.items() if "answer" in f
    ]
    if notes:
        yield f"≠ marks another answer than ours: {'; '.join(notes)}."


def _servers(one: Run, servers: Sequence[str]) -> str:
    def figure(*path: str) -> str:
        found: Any = one
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return "–" if found is None else number(float(found))

    rows = [
        (
            name,
            figure("loading", name),
            figure("start", name, "seconds"),
            figure("memory", "after the start", name),
            figure("memory", "after the work", name),
        )
        for name in servers
    ]
    return table(("server", "loading s", "cold start s", "MB after the start", "MB after the work"), rows)


def _figures(rows: Mapping[str, Any], first: str, names: Sequence[str], heads: Sequence[str]) -> str:
    return table(
        (first, *heads),
        [
            (
                row,
                *(
                    [str(f["failed"]), *["–"] * (len(names) - 1)]
                    if "failed" in f
                    else [number(f[n]) for n in names]
                ),
            )
            for row, f in rows.items()
        ],
    )


def _saved(rows: Mapping[str, Any]) -> str:
    peers = [name for name in dict.fromkeys(n for of in rows.values() for n in of) if name != OURS]
    made = []
    for slug, of in rows.items():
        ours = of.get(OURS, {"failed": "–"})
        told = (
            [str(ours["failed"]), "–", "–"]
            if "failed" in ours
            else [number(ours[n]) for n in ("first", "p50", "p95")]
        )
        made.append((slug, *told, *(_marked(of, name, lambda f, _: number(f["p50"])) for name in peers)))
    return table(("saved query", "first visit", "p50", "p95", *(f"{name}, p50" for name in peers)), made)


def _sizes(files: Mapping[str, int]) -> str:
    told = sorted(files.items(), key=lambda pair: -pair[1])
    return f"{sum(files.values()):,} in all; " + ", ".join(
        f"`{name}` {size:,}" for name, size in told if size >= 100_000
    )
