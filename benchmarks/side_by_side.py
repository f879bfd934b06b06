"""How long comparing sources takes, by the number of reports: ``python benchmarks/side_by_side.py 2000 20000``.

Two reviews of half of the reports each: a third of the trials are in both by registry number and differ now and then, a
third only look alike, the rest are in one of them. The reports are made, not read.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad, QuerySolutions, Store, Triple

from trialgraph.extract.comparisons.side_by_side import side_by_side
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source
from trialgraph.graph.comparisons import comparison_quads
from trialgraph.graph.facts import facts
from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Report
from trialgraph.model.table import Cell, Row
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import RDFS
from trialgraph.release.graphs import ontology_quads

DISEASES = ("SLE", "RA", "MS", "Crohn disease", "Lupus nephritis", "Knee osteoarthritis")
SOURCES = ("one", "other")


def _surname(number: int) -> str:
    """A name that few numbers share."""
    letters = (number // 26**3, number // 26**2, number // 26)
    return "Xu" + "".join(chr(97 + n % 26) for n in letters)


def a_report(source: str, number: int) -> Report:
    """A report whose trial is in both reviews by number, by likeness, or not at all."""
    kind, other = number % 3, source == SOURCES[1]
    patients = 20 + number + (other and number % 30 == 0)
    cells = {
        "phase": "Phase II" if number % 2 else "Phase I/II",
        "cell source": "UC-MSCs (allogeneic)",
        "disease": DISEASES[number % len(DISEASES)],
        "patients": f"{patients} ({patients}/0)",
        "administration": "1 × 106 cells/kg, IV infusion",
        "registration": f"NCT{number + 1000000:08}" if kind == 0 else "",
        "reference": f"{_surname(number)} et al. {2000 + number % 25}" if kind == 1 else f"[{number % 900}]",
    }
    if kind == 2 and other:
        cells["patients"] = f"{patients + 50000} (0/0)"
    made, at = [], 0
    for n, (field, words) in enumerate(cells.items(), start=1):
        made.append(Cell(field, field, field.replace(" ", "-"), n, words or None, at, at + len(words)))
        at += len(words)
    return read_report(Row(source, number, number + 1, tuple(made), 1.0))


def _facts(report: Report) -> Iterator[Triple]:
    return facts(Nodes(report, frozenset()))


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    queries = [query for query in load_queries().values() if query.topic == "reviews"]
    for size in sizes:
        reports = [
            r for s in SOURCES for r in find_conflicts([a_report(s, n) for n in range(1, size // 2 + 1)])
        ]
        sources = [Source(s, Path("seeds") / s / "source.txt", "x", "0" * 64) for s in SOURCES]
        start = time.perf_counter()
        beside = side_by_side(reports, sources)
        compared = time.perf_counter()
        quads = comparison_quads(beside)
        stated = time.perf_counter()
        store = Store()
        store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        store.bulk_extend(Quad(t.subject, t.predicate, t.object) for r in reports for t in _facts(r))
        store.bulk_extend(Quad(iris.source(s), RDFS.label, text(s)) for s in SOURCES)
        store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in ontology_quads())
        asked = {}
        for query in queries:
            began = time.perf_counter()
            answers = store.query(query.bind())
            rows = len(list(answers)) if isinstance(answers, QuerySolutions) else 0
            asked[query.slug] = f"{rows} rows {time.perf_counter() - began:.2f} s"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{size} reports: {len(beside.comparisons)} comparisons, {len(beside.proposals)} proposals, "
            f"{len(beside.remarks)} remarks in {compared - start:.1f} s; {len(quads)} triples in "
            f"{stated - compared:.1f} s; {memory} MB; {asked}"
        )


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [2_000, 20_000])
