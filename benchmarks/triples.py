"""Triples for each report, by graph and property: how many a further report adds, and of what.

``python benchmarks/triples.py RELEASE`` leaves out what does not grow with the reports: ontology, module, mappings,
rules, sources, columns and what stands beside tables. ``python benchmarks/triples.py RELEASE LARGER`` gives the
difference of two releases for each report more instead. Nodes are told by their IRIs.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, TG, compact

CONSTANT: Final = frozenset({"ontology", "module", "mappings"})
NOT_OF_REPORTS: Final = frozenset({"rule", "source", "table-text", "column", "mapping"})
Counted = Counter[tuple[str, str, str]]


def counted(release: Path) -> tuple[Counted, int]:
    """Triples by graph, kind of subject and property; and how many reports there are."""
    made: Counted = Counter()
    reports = 0
    for quad in parse(path=str(release / "dataset.nq"), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        graph = iris.graph_name(quad.graph_name)
        if graph in CONSTANT or not isinstance(quad.subject, NamedNode):
            continue
        kind = quad.subject.value.removeprefix(iris.base()).partition("/")[0]
        made[graph if graph in iris.GRAPHS else "a source", kind, compact(quad.predicate.value)] += 1
        reports += quad.predicate == RDF.type and quad.object == TG.Report
    return made, reports


def main() -> None:
    """Print the counts."""
    first, reports = counted(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        more, all_reports = counted(Path(sys.argv[2]))
        more.subtract(first)
        first, reports = more, all_reports - reports
    else:
        first = Counter({key: n for key, n in first.items() if key[1] not in NOT_OF_REPORTS})
    by_graph: Counter[str] = Counter()
    for (graph, _, _), n in first.items():
        by_graph[graph] += n
    for graph, n in by_graph.most_common():
        print(f"{n / reports:8.1f}  {graph}")
    print(f"{sum(by_graph.values()) / reports:8.1f}  triples for each of {reports} reports")
    for (graph, kind, name), n in first.most_common():
        if n >= reports / 2:
            print(f"{n / reports:8.1f}  {graph:12} {kind:16} {name}")


if __name__ == "__main__":
    main()
