"""The facts of the first source, graph by graph: a change of the code that changes one is seen here.

``tests/golden/graph-digests.tsv`` holds the digests. Where an issue changes facts on purpose, the new digest comes with
the commit that says why.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from tests.paths import TESTS
from trialgraph.rdf import iris
from trialgraph.release.open import Release

LINES: Final = (TESTS / "golden" / "graph-digests.tsv").read_text(encoding="utf-8").splitlines()
DIGESTS: Final = dict(line.split("\t") for line in LINES if not line.startswith("#"))


@pytest.fixture(scope="module")
def digests(release: Release) -> dict[str, str]:
    graphs: dict[str, list[str]] = defaultdict(list)
    for quad in parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        line = serialize([quad], format=RdfFormat.N_QUADS)
        assert line
        graphs[iris.graph_name(quad.graph_name)].append(line.decode())
    return {
        name: hashlib.sha256("".join(sorted(lines)).encode()).hexdigest() for name, lines in graphs.items()
    }


@pytest.mark.parametrize("graph", DIGESTS)
def test_a_graph_is_as_it_was(digests: dict[str, str], graph: str) -> None:
    assert digests[graph] == DIGESTS[graph]


def test_every_graph_of_facts_has_a_digest() -> None:
    assert set(DIGESTS) == {"wjsc-107202-table1", "provenance", "quality", "summary", "inferred"}
