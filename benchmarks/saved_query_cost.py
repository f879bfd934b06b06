"""What saved queries cost the engine, by the size of a release: ``python benchmarks/saved_query_cost.py RELEASE…``.

For each query the processor time of an evaluation with its answer written, in this process: with the default
values, and with values that its form offers (at most ``--values`` of each parameter, spread over all of them).
Processor time, since waiting times mean nothing on a busy machine; ``saved_queries.py`` has those. With
``--queries FOLDER`` the queries of another checkout are evaluated, too, and answers that differ are named.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from trialgraph.questions.saved_queries import SavedQuery, load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.formats import N_TRIPLES, RESULTS_JSON
from trialgraph.rdf.result_writer import write_results
from trialgraph.release.open import open_release
from trialgraph.release.store_check import STORE

#: A query that takes longer than this with a value is not evaluated with further ones.
MOST_SECONDS: Final = 30.0


@dataclass
class Cost:
    """Seconds of processor time of a query in a release.

    :param others: with other values than the defaults
    :param slowest: the value that took longest
    :param differ: values with which another folder's query gives something else
    """

    default: float = 0.0
    others: list[float] = field(default_factory=list)
    slowest: str = ""
    differ: list[str] = field(default_factory=list)

    def cell(self) -> str:
        """Default; p50 / p95 of all evaluations; in milliseconds."""
        every = sorted([self.default, *self.others])
        high = every[-(-len(every) * 95 // 100) - 1]
        return f"{self.default * 1000:,.0f} | {statistics.median(every) * 1000:,.0f} / {high * 1000:,.0f}"


def evaluated(store: Store, text: str) -> tuple[float, bytes]:
    """Seconds of processor time, and the answer."""
    start = time.process_time()
    answer = store.query(text, base_iri=iris.base())
    plain = isinstance(answer, QuerySolutions | QueryBoolean)
    out = io.BytesIO()
    write_results(answer, RESULTS_JSON.name if plain else N_TRIPLES.name, out)
    return time.process_time() - start, out.getvalue()


def values_of(store: Store, saved: SavedQuery, most: int) -> Iterator[dict[str, str]]:
    """Other values than the defaults, one parameter at a time."""
    for parameter in saved.parameters:
        offered = list(parameter.values or ())
        if parameter.values is None and parameter.values_query:
            found = store.query(parameter.values_query)
            assert isinstance(found, QuerySolutions)
            offered = [getattr(row["value"], "value", "") for row in found]
        wanted = [value for value in offered if value != parameter.default]
        step = max(-(-len(wanted) // most), 1)
        yield from ({parameter.name: value} for value in wanted[::step])


def cost_of(store: Store, saved: SavedQuery, other: SavedQuery | None, most: int) -> Cost:
    """What a query costs.

    :param other: the same query of another folder
    :param most: how many values of a parameter are tried
    """
    cost = Cost()
    for values in ({}, *values_of(store, saved, most)):
        seconds, answer = evaluated(store, saved.bind(values))
        name = ", ".join(values.values())
        if other and evaluated(store, other.bind(values))[1] != answer:
            cost.differ.append(name or "the defaults")
        if not values:
            cost.default = seconds
            continue
        if seconds >= max(cost.others, default=0.0):
            cost.slowest = name
        cost.others.append(seconds)
        if seconds > MOST_SECONDS:
            break
    return cost


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table in Markdown; 1 where answers of another folder differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("releases", nargs="+", type=Path)
    parser.add_argument("--values", type=int, default=20)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--only", action="append", default=[], metavar="SLUG")
    options = parser.parse_args(arguments)
    opened = [open_release(path) for path in options.releases]
    stores = [Store.read_only(str(release.path / STORE)) for release in opened]
    sizes = [f"{release.manifest['counts']['reports']:,}" for release in opened]
    heads = [head for size in sizes for head in (f"{size}: default", f"{size}: p50 / p95")]
    print(f"| query | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}")
    others = load_queries(options.queries) if options.queries else {}
    faults = []
    for slug, saved in load_queries().items():
        if options.only and slug not in options.only:
            continue
        costs = [cost_of(store, saved, others.get(slug), options.values) for store in stores]
        print(f"| {slug} | {' | '.join(cost.cell() for cost in costs)} |", flush=True)
        faults += [f"{slug} differs with {name}" for cost in costs for name in cost.differ]
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
