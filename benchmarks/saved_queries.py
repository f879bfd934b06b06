"""How long each saved query takes on a release: ``python benchmarks/saved_queries.py RELEASE [--rounds 5]``.

For each query: its rows, p50 and p95 of the prepared answer over HTTP, of its evaluation by a worker with the default
values, and of its evaluation with other values, those that its form offers. With ``--peer Virtuoso=URL`` the same text
is sent to another endpoint that has the same graph loaded; its rows are compared first. ``-o FILE`` writes the table.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from trialgraph.base.errors import TrialgraphError
from trialgraph.query.pool import Pool
from trialgraph.query.results import makes_graph
from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf.formats import N_TRIPLES, RESULTS_JSON
from trialgraph.release.open import Release, open_release

#: How many other values are tried of each parameter.
VALUES: Final = 3
#: A query that takes longer than this is run once.
ONCE: Final = 5.0
SECONDS: Final = 120.0


@dataclass
class Times:
    """Seconds of some runs; why there are none, where it failed."""

    runs: list[float] = field(default_factory=list)
    fault: str = ""

    def cell(self) -> str:
        """``p50 / p95`` in milliseconds."""
        if self.fault or not self.runs:
            return self.fault or "–"
        ordered = sorted(self.runs)
        high = ordered[min(len(ordered) - 1, -(-len(ordered) * 95 // 100) - 1)]
        return f"{statistics.median(ordered) * 1000:,.1f} / {high * 1000:,.1f}"


@dataclass
class Line:
    """A line of the table."""

    slug: str
    rows: int = 0
    prepared: Times = field(default_factory=Times)
    evaluated: Times = field(default_factory=Times)
    other: Times = field(default_factory=Times)
    peer: Times = field(default_factory=Times)
    same: str = ""


def timed(run: Callable[[], object], times: Times, rounds: int) -> None:
    """Time some runs."""
    for _ in range(rounds):
        start = time.perf_counter()
        try:
            run()
        except (TrialgraphError, urllib.error.URLError, TimeoutError) as error:
            times.fault = str(error)[:60]
            return
        times.runs.append(time.perf_counter() - start)
        if times.runs[-1] > ONCE:
            return


def others(pool: Pool, saved: SavedQuery) -> list[dict[str, str]]:
    """Other values of the parameters than the defaults, one parameter at a time, as its form offers them."""
    made = []
    for parameter in saved.parameters:
        offered = list(parameter.values or ())
        if parameter.values is None and parameter.values_query:
            answer = json.loads(b"".join(pool.run(parameter.values_query, format="json")))
            offered = [row["value"]["value"] for row in answer["results"]["bindings"]]
        wanted = [value for value in offered if value != parameter.default]
        step = max(len(wanted) // VALUES, 1)
        made += [{parameter.name: value} for value in wanted[::step][:VALUES]]
    return made


def fetched(address: str, accept: str, form: dict[str, str] | None = None) -> bytes:
    """The body of a response."""
    body = urlencode(form).encode() if form else None
    request = urllib.request.Request(address, body, {"Accept": accept})
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        content: bytes = reply.read()
    return content


@contextmanager
def served(release: Release) -> Iterator[str]:
    """The address of a server of the release."""
    command = [sys.executable, "-m", "trialgraph", "serve", "--port", "0", "--release", str(release.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().rstrip("/")
        finally:
            process.terminate()


def table_of(answer: bytes, *, graph: bool) -> Counter[tuple[str, ...]]:
    """The rows of an answer, comparable between engines: numbers by their value."""
    if graph:
        return Counter((line,) for line in answer.decode().splitlines() if line)
    found: dict[str, Any] = json.loads(answer)
    if "boolean" in found:
        return Counter([(str(found["boolean"]),)])
    names = found["head"]["vars"]
    return Counter(tuple(_value(row.get(name)) for name in names) for row in found["results"]["bindings"])


def _value(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    text = term["value"]
    datatype = term.get("datatype", "")
    if datatype.endswith("#boolean"):
        return str(int(text in ("true", "1")))  # some engines answer with numbers
    if datatype:
        try:
            return str(Decimal(text).normalize())
        except InvalidOperation:
            return text
    return text


def measured(pool: Pool, address: str, peer: str, saved: SavedQuery, rounds: int) -> Line:
    """A line of the table."""
    line = Line(saved.slug)
    checked = pool.check(saved.bind())
    graph = makes_graph(checked.kind)
    form = N_TRIPLES if graph else RESULTS_JSON

    def evaluate(text: str) -> bytes:
        return b"".join(pool.run(text, format=form.name, fresh=True))

    timed(lambda: evaluate(checked.text), line.evaluated, rounds)
    path = f"{address}/queries/{saved.slug}.{form.suffix}"
    if pool.stored.find(checked, form.name):
        timed(lambda: fetched(path, "*/*"), line.prepared, 5 * rounds)
    try:
        ours = table_of(fetched(path, "*/*"), graph=graph)
        line.rows = sum(ours.values())
    except urllib.error.URLError as error:
        line.prepared.fault = str(error)[:60]
        return line
    for values in others(pool, saved):
        text = saved.bind(values)
        timed(lambda: evaluate(text), line.other, rounds)  # noqa: B023 - run here
    if peer:
        accept, sent = form.media_type, {"query": checked.text}
        timed(lambda: fetched(peer, accept, sent), line.peer, rounds)
        if line.peer.runs:
            theirs = table_of(fetched(peer, accept, sent), graph=graph)
            line.same = "same" if theirs == ours else f"{sum((theirs - ours).values())} rows differ"
    return line


def table(lines: list[Line], peer: str) -> Iterator[str]:
    """The table in Markdown."""
    columns = [
        "query",
        "rows",
        "prepared",
        "evaluated",
        "other values",
        *([peer, "its rows"] if peer else []),
    ]
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for line in lines:
        cells = [line.slug, f"{line.rows:,}", line.prepared.cell(), line.evaluated.cell(), line.other.cell()]
        yield f"| {' | '.join([*cells, *([line.peer.cell(), line.same or '–'] if peer else [])])} |"


def main() -> None:
    """Print the table, p50 / p95 in milliseconds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", default="", metavar="NAME=URL")
    parser.add_argument("--only", action="append", default=[], metavar="SLUG")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    name, _, address = options.peer.partition("=")
    release = open_release(options.release)
    lines = []
    with Pool(release, size=1, seconds=SECONDS) as pool, served(release) as server:
        for slug, saved in load_queries().items():
            if not options.only or slug in options.only:
                lines.append(measured(pool, server, address, saved, options.rounds))
                print(*list(table(lines, name))[-1:], flush=True)
    if options.output:
        options.output.write_text("\n".join(table(lines, name)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
