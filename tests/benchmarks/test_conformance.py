"""The comparison of external stores: its queries, its reasons, and the page that it wrote."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from benchmarks.conformance.__main__ import Difference, differences
from benchmarks.conformance.queries import HERE, base_name, probes, with_values
from tests.paths import ROOT
from tests.stores import pretending, results
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.guard import check
from trialgraph.query.pool import Pool
from trialgraph.questions.saved_queries import Expected, Parameter, SavedQuery
from trialgraph.rdf import iris
from trialgraph.release.open import Release

KNOWN = tomllib.loads((HERE / "known.toml").read_text(encoding="utf-8"))


def test_each_reason_is_of_a_query_and_stands_on_the_page() -> None:
    page = (ROOT / "docs" / "stores-differences.md").read_text(encoding="utf-8")
    assert "**unknown**" not in page
    for store, reasons in KNOWN.items():
        if store == "protocol":
            continue
        part = page.split(f"## {store}\n")[1].split("\n## ")[0]
        assert reasons.keys() <= probes().keys()
        failing = {f"`{test}`": reason for test, reason in KNOWN["protocol"][store].items()}
        whole = reasons | failing
        lines = [line for line in part.splitlines() if line.startswith("| ") and line.count("|") > 2]
        assert {line.split(" | ")[0][2:] for line in lines} - {"query", "test"} == whole.keys()
        assert all(f"| {reason} |" in part for reason in whole.values())


def test_each_test_that_fails_before_a_store_is_there() -> None:
    for failing in KNOWN["protocol"].values():
        for name in failing:
            file, _, test = name.partition("::")
            assert f"def {test}(" in (ROOT / "tests" / "http" / "protocol" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("query", probes().values(), ids=probes().keys())
def test_each_query_may_be_asked(query: str) -> None:
    check(query, [iris.graph(name).value for name in iris.GRAPHS], settings=DEFAULTS)


def test_an_answer_that_differs_is_told(pool: Pool, small_release: Release) -> None:
    empty = b'{"head":{"vars":["n"]},"results":{"bindings":[]}}'
    server = pretending(small_release, lambda connection, _: connection.sendall(results(empty)))
    settings = replace(DEFAULTS, store=server.url, workers=1)
    asked = {"one": "SELECT (COUNT(*) AS ?n) { ?s a ?o }", "none": "SELECT ?n { ?n <urn:none> ?o }"}
    with Pool(small_release, settings=settings, engine=engine_of(small_release, settings)) as other:
        found = list(differences(pool, other, "Raw", asked))
    server.close()
    assert found == [Difference("Raw", "one", "1 of 1 rows missing, 0 others")]


def test_saved_queries_are_asked_with_several_values_of_each_parameter(pool: Pool) -> None:
    offered = Parameter(
        "kind", "iri", "Kind", values_query="SELECT DISTINCT ?value { ?value ?p ?o } ORDER BY ?value"
    )
    listed = Parameter("sign", "string", "Sign", values={"a": "A", "b": "B"})
    text = "SELECT ?s {\n#@ kind\n#@ sign\n?s a ?kind }"
    saved = SavedQuery("q", "t", 1, "Q", "", (), (offered, listed), Expected(None, None), text)
    asked = dict(with_values(pool, 3, {"q": saved}))
    kinds = [name for name in asked if name.startswith("saved query q with kind=")]
    assert 2 <= len(kinds) <= 3
    assert {base_name(name) for name in asked} == {"saved query q"}
    assert all(f"<{name.partition('=')[2]}>" in asked[name] for name in kinds)
    assert {name for name in asked if name not in kinds} == {
        "saved query q with sign=a",
        "saved query q with sign=b",
    }
    assert not dict(with_values(pool, 0, {"q": saved}))
