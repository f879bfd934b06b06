"""Ask the saved queries and the probes of external stores through the front end, and compare with the embedded engine.

``python -m benchmarks.conformance RELEASE [-o FILE]`` starts Oxigraph's server and Virtuoso, loads the release into
them, asks, and prints a page in Markdown: each answer that differs, with its reason from ``known.toml``. With ``--store
NAME=URL``, which may be repeated, it asks stores that hold the release already (``trialgraph load``). Exit code 1: a
difference has no reason there, or a reason there is no difference for.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat

from benchmarks.bench.equality import Answer, compare, graph_answer, select_answer
from benchmarks.conformance.queries import HERE, base_name, probes, with_values
from benchmarks.conformance.stores import RunningStore, fill, oxigraph, virtuoso
from trialgraph import __version__
from trialgraph.base.errors import TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.query.results import makes_graph
from trialgraph.rdf.formats import N_TRIPLES, RESULTS_JSON
from trialgraph.release.open import Release, open_release

__all__ = ["Difference", "differences", "main"]

SECONDS: Final = 120.0


@dataclass(frozen=True)
class Difference:
    """An answer that is not that of the embedded engine.

    :param store: the name of the store
    :param query: the name of the query
    :param what: in what it differs
    """

    store: str
    query: str
    what: str


def differences(ours: Pool, other: Pool, store: str, queries: Mapping[str, str]) -> Iterator[Difference]:
    """The queries that a store answers differently."""
    for name, query in queries.items():
        expected, found = _answer(ours, query), _answer(other, query)
        if expected.error and found.error:
            continue  # refused by both
        verdict = compare(expected, found)
        if not verdict.same:
            yield Difference(store, name, verdict.note)


def _answer(pool: Pool, query: str) -> Answer:
    try:
        checked = pool.check(query)
        graph = makes_graph(checked.kind)
        form = N_TRIPLES if graph else RESULTS_JSON
        with pool.run(checked, format=form.name, fresh=True) as parts:
            body = b"".join(parts)
    except TrialgraphError as error:
        return replace(Answer.failed(error.http_status, SECONDS), error=f"refused: {error.what}"[:160])
    return graph_answer(body, RdfFormat.N_TRIPLES) if graph else select_answer(body)


def _pool(release: Release, settings: Settings, url: str) -> Pool:
    settings = replace(settings, store=url, query_seconds=SECONDS, workers=1)
    return Pool(release, settings=settings, engine=engine_of(release, settings))


@contextlib.contextmanager
def _started(release: Release) -> Iterator[dict[str, str]]:
    """Oxigraph's server and Virtuoso with a release; their query endpoints by name."""
    with contextlib.ExitStack() as running:
        home = Path(running.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        stores: list[RunningStore] = []
        for start in (oxigraph, virtuoso):
            (folder := home / start.__name__).mkdir()
            stores.append(start(folder))
            running.callback(stores[-1].stop)
            fill(stores[-1], release)
        yield {store.name: store.url for store in stores}


def _page(
    release: Release, stores: Mapping[str, str], found: list[Difference], queries: Mapping[str, str]
) -> str:
    known, asked = _known(), Counter(map(base_name, queries))
    lines = [
        "<!-- Written by `python -m benchmarks.conformance RELEASE -o FILE`. -->",
        "",
        "# What external stores answer differently",
        "",
        f"{len(queries)} queries (probes of single features, in `benchmarks/conformance/probes.rq`, and the saved",
        "queries with their default values and with several values of each parameter) were asked through the front end",
        "of the embedded engine and of each store, on a release of "
        f"{release.manifest['counts']['triples']:,} triples, with trialgraph {__version__}. An",
        "answer is compared as a multiset of rows, terms by value. What a store answers differently has its reason",
        "here; all other answers are the same.",
        "[stores.md](stores.md) says how to use one.",
        "",
    ]
    for store in stores:
        mine = [one for one in found if one.store == store]
        lines += [
            f"## {store}",
            "",
            f"{len(queries) - len(mine)} of {len(queries)} answers are the same.",
            "",
        ]
        if mine:
            lines += ["| query | in what it differs | why |", "|---|---|---|"]
            why = known.get(store, {})
            lines += [
                f"| {name} | {_what([one for one in mine if base_name(one.query) == name], asked[name])}"
                f" | {why.get(name, '**unknown**')} |"
                for name in dict.fromkeys(base_name(one.query) for one in mine)
            ]
            lines += [""]
        lines += _protocol(known.get("protocol", {}).get(store, {}))
    return "\n".join(lines).rstrip() + "\n"


def _what(of_one: list[Difference], asked: int) -> str:
    """In what the answers to one query differ, asked once or with several values."""
    first = of_one[0]
    if asked == 1:
        return first.what
    value = first.query.removeprefix(base_name(first.query))
    return f"{len(of_one)} of {asked} answers; the first{value}: {first.what}"


def _known() -> dict[str, Any]:
    return tomllib.loads((HERE / "known.toml").read_text(encoding="utf-8"))


def _protocol(failing: Mapping[str, str]) -> list[str]:
    """What is said of the tests of the protocol, which run by themselves (pytest --store NAME)."""
    if not failing:
        return []
    return [
        "Of the tests of the protocol (`pytest tests/http/protocol tests/http/test_protocol_clients.py --store NAME`),",
        "these fail:",
        "",
        "| test | why |",
        "|---|---|",
        *(f"| `{test}` | {why} |" for test, why in failing.items()),
        "",
    ]


def main() -> int:
    """Ask, compare, print; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("release", type=Path, help="a release, or a folder of releases")
    parser.add_argument("--store", action="append", default=[], metavar="NAME=URL", help="may be repeated")
    parser.add_argument(
        "--values", type=int, default=8, help="of each parameter of a saved query (default: 8)"
    )
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args()
    settings = Settings.load()
    release = open_release(given.release, settings)
    named = dict(one.split("=", 1) for one in given.store)
    queries, found = probes(), []
    with (
        _pool(release, settings, "") as ours,
        contextlib.nullcontext(named) if named else _started(release) as stores,
    ):
        queries |= dict(with_values(ours, given.values))
        for name, url in stores.items():
            with _pool(release, settings, url) as other:
                found += list(differences(ours, other, name, queries))
    page = _page(release, stores, found, queries)
    if given.output:
        given.output.write_text(page, encoding="utf-8")
    else:
        print(page)
    known = _known()
    explained = {(store, query) for store in stores for query in known.get(store, {})}
    seen = {(one.store, base_name(one.query)) for one in found}
    for store, query in sorted(seen ^ explained):
        print(
            f"{store}: {query}: {'no reason' if (store, query) in seen else 'no difference'}", file=sys.stderr
        )
    return 1 if seen ^ explained else 0


if __name__ == "__main__":
    sys.exit(main())
