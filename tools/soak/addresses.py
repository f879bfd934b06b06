"""Every IRI that a release mints, asked for as a page and as RDF: ``python -m tools.soak.addresses 100000``.

The release is the one that ``trialgraph build`` makes of the seeds; asked is the application itself, without a
server in between. The tests ask for a few of each kind.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Store

from tools.soak.report import Report, finish
from trialgraph.http.server.app import create_app
from trialgraph.pipeline import build
from trialgraph.query.pool import Pool
from trialgraph.rdf import iris
from trialgraph.release.store import open_store

__all__ = ["SEEDS", "main", "minted", "wrong"]

SEEDS: Final = Path(__file__).parents[2] / "seeds"
#: The files of the release stand at these addresses themselves, and the endpoint.
NO_THINGS: Final = frozenset({"export", "sparql"})
TURTLE: Final = "text/turtle"


def minted(store: Store) -> dict[str, list[str]]:
    """All IRIs of ours in a release that have a page, by the first part of their path."""
    found = {
        term.value
        for quad in store
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode) and term.value.startswith(iris.base())
    }
    kinds: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(found):
        kind = iri.removeprefix(iris.base()).partition("/")[0]
        if kind not in NO_THINGS:
            kinds[kind].append(iri)
    return kinds


def wrong(client: FlaskClient, wanted: Iterable[str]) -> Iterator[str]:
    """The IRIs that do not answer with a page and with Turtle, and how they answer."""
    for iri in wanted:
        path = "/" + iri.removeprefix(iris.base())
        for accept in ("text/html", TURTLE):
            reply = client.get(path, headers={"Accept": accept}, follow_redirects=True)
            if (reply.status_code, reply.mimetype, bool(reply.get_data())) != (200, accept, True):
                yield f"{iri} as {accept}: {reply.status}, {reply.mimetype}"


def main(count: int) -> Report:
    """Ask for so many IRIs, at most all."""
    report = Report("Every IRI of the release as a page and as Turtle")
    with tempfile.TemporaryDirectory() as folder:
        seeds = sorted(path for path in SEEDS.iterdir() if path.is_dir())
        release, _ = build(seeds, releases=Path(folder))
        with Pool(release) as pool:
            client = create_app(release, pool).test_client()
            for kind, held in minted(open_store(release)).items():
                asked = list(islice(held, max(count - report.counts["IRIs"], 0)))
                report.counts["IRIs"] += len(asked)
                report.counts["kinds"] += bool(asked)
                began = time.monotonic()
                for line in wrong(client, asked):
                    report.fault("wrong answer", line)
                if asked:
                    report.peak(
                        "mean ms for both, slowest kind", (time.monotonic() - began) * 1000 / len(asked)
                    )
                print(kind, len(asked), file=sys.stderr, flush=True)
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1])))
