"""The table of trials at 20,000 reports: the time of pages and files, median and p95, in one process.

The reports of a release are multiplied, each copy as trials of their own, so that facets, orders and pages have as much
to do as with a release of that size. What a server adds (a socket, other requests) is in benchmarks/pages.py.

Usage: python benchmarks/evidence_table.py RELEASE [--rows 20000] [--runs 20]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from flask import Flask

from trialgraph import __version__
from trialgraph.http.pages.trials.index import evidence_table, index_of_trials
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE
from trialgraph.query.pool import Pool
from trialgraph.release.open import open_release
from trialgraph.views.evidence.table import EvidenceTable
from trialgraph.views.facets import Index

PAGES: Final = (
    "/trials",
    "/trials?page=150",
    "/trials?sort=-n_total",
    "/trials?sort=outcomes&page=90",
    "/trials?disease=MONDO:0007179&donor=autologous&route=intravenous",
    "/trials?conflict=dose-out-of-line&columns=all",
)
FILES: Final = ("/trials.csv", "/trials.json", "/trials.ris", "/trials.xlsx")


def multiply(app: Flask, wanted: int) -> int:
    """Put a table of so many reports in the place of that of the release."""
    here = app.extensions[LIVE].site
    with app.test_request_context("/trials"):
        index, table = index_of_trials(), evidence_table()
    copies = -(-wanted // len(table.rows))
    trials = tuple(
        replace(trial, iri=f"{trial.iri}/copy/{n}", label=f"{trial.label} ({n})")
        for n in range(copies)
        for trial in index.trials
    )
    scopes = {
        facet: {
            value: frozenset(f"{trial}/copy/{n}" for trial in held for n in range(copies))
            for value, held in of.items()
        }
        for facet, of in index.scopes.items()
    }
    rows = tuple(
        replace(row, trial=f"{row.trial}/copy/{n}", place=row.place + n * len(index.trials))
        for n in range(copies)
        for row in table.rows
    )
    start = time.perf_counter()
    here._made["trials"] = Index(
        trials, index.labels, index.broader, scopes=scopes, within=index.within, facets=index.facets
    )
    here._made["evidence"] = EvidenceTable(table.columns, rows)
    print(
        f"{len(rows):,} reports of {len(trials):,} trials, indexed in {time.perf_counter() - start:.1f} s\n"
    )
    return len(rows)


def timed(client: Any, path: str) -> tuple[float, int]:
    """Seconds and bytes of an answer."""
    start = time.perf_counter()
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text[:200])
    return time.perf_counter() - start, len(answer.data)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=20)
    asked = parser.parse_args()
    release = open_release(asked.release)
    with Pool(release, size=1) as pool:
        app = create_app(release, pool)
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {__version__}"
        )
        multiply(app, asked.rows)
        client = app.test_client()
        print("| address | first | median | p95 | bytes |")
        print("|---|---:|---:|---:|---:|")
        for path in (*PAGES, *FILES):
            first, size = timed(client, path)
            runs = asked.runs if path in PAGES else max(3, asked.runs // 5)
            times = sorted(timed(client, path)[0] for _ in range(runs))
            p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
            print(f"| `{path}` | {first:.2f} s | {statistics.median(times):.2f} s | {p95:.2f} s | {size:,} |")


if __name__ == "__main__":
    main()
