"""The default graph as a stored merge, or as the engine's union of the named graphs: what each costs and answers.

``python benchmarks/default_graph.py RELEASE`` fills two stores from the release's master, one with the merge and one
without, and prints size and CPU time of filling them, how many triples stand in several graphs, and for each saved
query with its defaults the CPU time by either store, medians of interleaved rounds, and whether the rows are the same.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryTriples, RdfFormat, Store, parse

from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES

ROUNDS: Final = 3
TG: Final = PREFIXES["tg"]
#: Besides the saved queries: a count of everything, an aggregate, a join, a path, a lookup.
QUERIES: Final = {
    "(count of everything)": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "(count by class)": "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c",
    "(join of reports and doses)": f"SELECT (COUNT(*) AS ?n) {{ ?r <{TG}hasIntervention> ?i ."
    f" ?i <{TG}hasDoseLevel> ?d . ?d ?p ?o }}",
    "(path up the tree)": f"SELECT (COUNT(*) AS ?n) {{ ?t <{TG}trialDisease>/<{PREFIXES['rdfs']}subClassOf>* ?d }}",
    "(lookup)": f"SELECT * {{ <{PREFIXES['tgc']}intravenous> ?p ?o }}",
}


def rows_of(store: Store, query: str, *, union: bool) -> tuple[float, list[str]]:
    """CPU seconds and rows, sorted."""
    start = process_time()
    answer = store.query(query, use_default_graph_as_union=union)
    if isinstance(answer, QueryBoolean):
        rows = [str(bool(answer))]
    elif isinstance(answer, QueryTriples):
        rows = [str(triple) for triple in answer]
    else:
        rows = [" ".join(map(str, row)) for row in answer]
    return process_time() - start, sorted(rows)


def filled(folder: Path, master: Path, *, merge: bool) -> tuple[Store, float]:
    """A store of the named graphs, with their merge or without, and the CPU seconds that it took."""
    start = process_time()
    store = Store(str(folder))
    store.bulk_extend(parse(path=str(master), format=RdfFormat.N_QUADS))
    if merge:
        store.bulk_extend({Quad(q.subject, q.predicate, q.object) for q in store})
    store.flush()
    store.optimize()
    return store, process_time() - start


def in_several(master: Path) -> Counter[str]:
    """Triples of several graphs, counted by the graphs."""
    graphs: dict[bytes, list[str]] = {}
    with master.open("rb") as lines:
        for line in lines:
            triple, graph = line.rsplit(b" <", 1)
            graphs.setdefault(triple, []).append(iris.graph_name(NamedNode(graph[:-4].decode())))
    return Counter(" + ".join(_kinds(names)) for names in graphs.values() if len(names) > 1)


def _kinds(names: list[str]) -> list[str]:
    return sorted(name if name in iris.GRAPHS else "a source" for name in names)


def main() -> None:
    """Print the measurement."""
    master = Path(sys.argv[1]) / "dataset.nq"
    several = in_several(master)
    print(f"{sum(several.values())} triples stand in several graphs")
    for kinds, count in several.most_common(12):
        print(f"  {count:8} {kinds[:90]}")
    with TemporaryDirectory() as folder:
        merged, of_merged = filled(Path(folder) / "merged", master, merge=True)
        named, of_named = filled(Path(folder) / "named", master, merge=False)
        sizes = [
            sum(f.stat().st_size for f in (Path(folder) / name).rglob("*") if f.is_file()) / 1e6
            for name in ("merged", "named")
        ]
        print(
            f"merged {of_merged:.1f} s, {sizes[0]:.0f} MB; named graphs alone {of_named:.1f} s, {sizes[1]:.0f} MB"
        )
        saved = {slug: query.bind({}) for slug, query in load_queries().items()}
        for name, query in {**QUERIES, **saved}.items():
            by_merge, by_union, same = [], [], True
            for _ in range(ROUNDS):
                seconds, rows = rows_of(merged, query, union=False)
                by_merge.append(seconds)
                seconds, others = rows_of(named, query, union=True)
                by_union.append(seconds)
                same = rows == others
                if seconds > 20:
                    break
            one, two = median(by_merge) * 1000, median(by_union) * 1000
            print(
                f"{name:44} {one:9.1f} {two:9.1f} ms  x{two / one:6.1f}  {'same' if same else 'OTHER ROWS'}",
                flush=True,
            )


if __name__ == "__main__":
    main()
