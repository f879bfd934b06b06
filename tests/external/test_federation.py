"""Queries that join our graph with all of MONDO: from another engine, and from the other endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import rdflib
from pyoxigraph import DefaultGraph, QuerySolutions, RdfFormat, Store

from tests.external.mondo import terms
from tests.paths import ROOT
from tests.small_graph import Server
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

HEAD = """
PREFIX tg: <https://w3id.org/trialgraph/ontology/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
TRIALS = "?t tg:trialDisease ?disease ; rdfs:label ?trial ."


@pytest.fixture(scope="module")
def mondo() -> Iterator[str]:
    """The address of the second endpoint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.external.mondo"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def ours(release: Release) -> Iterator[str]:
    """The address of our endpoint, on the release of the seeds."""
    with Server(release.path, ROOT / "queries") as server:
        yield server.sparql


def by_module(release: Release, root: str) -> set[tuple[str, str]]:
    """Trial and disease below ``root`` by our own module."""
    query = f"{HEAD} SELECT ?trial ?label {{ {TRIALS} ?disease rdfs:subClassOf* {root} ; rdfs:label ?label }}"
    found = open_store(release).query(query)
    assert isinstance(found, QuerySolutions)
    return {(row["trial"].value, row["label"].value) for row in found}


def asked(endpoint: str, query: str) -> set[tuple[str, ...]]:
    """The rows that an endpoint answers."""
    request = Request(
        endpoint, urlencode({"query": query}).encode(), {"Accept": "application/sparql-results+json"}
    )
    with urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    names = found["head"]["vars"]
    return {tuple(row[name]["value"] for name in names) for row in found["results"]["bindings"]}


ROOTS = pytest.mark.parametrize(
    ("root", "rows"),
    [("obo:MONDO_0005301", 5), ("obo:MONDO_0007915", 4), ("obo:MONDO_0008383", 10), ("obo:MONDO_0002562", 5)],
    ids=["multiple-sclerosis", "lupus", "rheumatoid-arthritis", "demyelinating"],
)


def test_the_second_endpoint_holds_all_of_mondo(mondo: str) -> None:
    labelled = f"{HEAD} SELECT (COUNT(*) AS ?n) {{ ?s rdfs:label ?label }}"
    below = f"{HEAD} SELECT (COUNT(*) AS ?n) {{ ?s rdfs:subClassOf ?up }}"
    assert (asked(mondo, labelled), asked(mondo, below)) == ({("31958",)}, {("41908",)})


@ROOTS
def test_an_engine_that_holds_nothing_joins_both(
    release: Release, ours: str, mondo: str, root: str, rows: int
) -> None:
    query = f"""{HEAD} SELECT ?trial ?label {{
      SERVICE <{ours}> {{ {TRIALS} }}
      SERVICE <{mondo}> {{ ?disease rdfs:subClassOf* {root} ; rdfs:label ?label }}
    }}"""
    found = Store().query(query)
    assert isinstance(found, QuerySolutions)
    made = {(row["trial"].value, row["label"].value) for row in found}
    assert len(made) == rows
    assert made == by_module(release, root)


def test_rdflib_with_all_of_mondo_joins_ours(release: Release, ours: str) -> None:
    # One SERVICE only: rdflib 7.6 sends the text of a query's first one to each address.
    store = Store()
    store.extend(terms())
    graph = rdflib.Graph().parse(
        data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()), format="ox-nt"
    )
    for root, rows in (("obo:MONDO_0005301", 5), ("obo:MONDO_0007915", 4)):
        query = f"""{HEAD} SELECT ?trial ?label {{
          SERVICE <{ours}> {{ {TRIALS} }} ?disease rdfs:subClassOf* {root} ; rdfs:label ?label .
        }}"""
        found = {(str(row[0]), str(row[1])) for row in graph.query(query)}  # type: ignore[index]  # a SELECT
        assert len(found) == rows
        assert found == by_module(release, root)


@ROOTS
def test_the_other_endpoint_joins_ours(release: Release, ours: str, mondo: str, root: str, rows: int) -> None:
    """The engine that holds MONDO asks our endpoint."""
    query = f"""{HEAD} SELECT ?trial ?label {{
      SERVICE <{ours}> {{ {TRIALS} }} ?disease rdfs:subClassOf* {root} ; rdfs:label ?label .
    }}"""
    found = asked(mondo, query)
    assert len(found) == rows
    assert found == by_module(release, root)


@ROOTS
def test_our_graph_in_an_engine_joins_the_other(release: Release, mondo: str, root: str, rows: int) -> None:
    """Whoever opens the release in an engine of their own can ask the other endpoint."""
    query = f"""{HEAD} SELECT ?trial ?label {{ {TRIALS}
      SERVICE <{mondo}> {{ ?disease rdfs:subClassOf* {root} ; rdfs:label ?label }} }}"""
    found = open_store(release).query(query)
    assert isinstance(found, QuerySolutions)
    made = {(row["trial"].value, row["label"].value) for row in found}
    assert len(made) == rows
    assert made == by_module(release, root)
