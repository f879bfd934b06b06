"""The clients that people use, against the real server."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import Any

import pandas as pd  # type: ignore[import-untyped] # its stubs are not among our parts
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.small_graph import TRIALS, Server

QUERY = """
PREFIX tg: <https://w3id.org/trialgraph/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label ?n { ?trial tg:enrolledTotal ?n ; rdfs:label ?label } ORDER BY ?n
"""
TOTAL = "https://w3id.org/trialgraph/ontology/enrolledTotal"
CONSTRUCT = QUERY.replace("SELECT ?label ?n", "CONSTRUCT { ?trial rdfs:label ?label } WHERE").replace(
    "ORDER BY ?n", ""
)


def wrapper(server: Server, query: str, form: str) -> SPARQLWrapper:
    made = SPARQLWrapper(server.sparql)
    made.setQuery(query)
    made.setReturnFormat(form)
    return made


@pytest.mark.parametrize("post", [False, True])
def test_sparqlwrapper_reads_tables(server: Server, post: bool) -> None:
    asked = wrapper(server, QUERY, JSON)
    if post:
        asked.setMethod(POST)
    found: Any = asked.queryAndConvert()
    rows = found["results"]["bindings"]
    assert [row["n"]["value"] for row in rows] == [str(n) for n in range(TRIALS)]
    assert rows[3]["label"]["value"] == "trial 3, größer"
    assert len(wrapper(server, QUERY, XML).queryAndConvert().getElementsByTagName("result")) == TRIALS  # type: ignore[union-attr]
    for form in (CSV, TSV):
        assert wrapper(server, QUERY, form).queryAndConvert().count(b"\n") == TRIALS + 1  # type: ignore[union-attr,arg-type]
    assert wrapper(server, "ASK {}", JSON).queryAndConvert() == {"head": {}, "boolean": True}


# SPARQLWrapper 2.0.0 makes its graphs in a class that rdflib 7 deprecates
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD, XML])
def test_sparqlwrapper_reads_graphs(server: Server, form: str) -> None:
    found = wrapper(server, CONSTRUCT, form).queryAndConvert()
    if isinstance(found, bytes):
        found = rdflib.Graph().parse(data=found, format="turtle")
    assert len(found) == TRIALS  # type: ignore[arg-type] # a graph


def test_sparqlwrapper_tells_a_bad_query(server: Server) -> None:
    with pytest.raises(QueryBadFormed, match="unexpected end of the query"):
        wrapper(server, "SELECT * {", JSON).query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(server: Server, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(server.sparql, method=method))
    rows: list[Any] = list(graph.query(QUERY))
    assert [int(row[1]) for row in rows] == list(range(TRIALS))
    assert rows[3][0] == rdflib.Literal("trial 3, größer")
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    assert len(graph) == 184
    assert len(list(graph.triples((None, rdflib.RDFS.label, None)))) == TRIALS + 1


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("union", [False, True])
def test_rdflib_dataset(server: Server, union: bool) -> None:
    """It names its default graph in each request: that of the data is meant, not an empty one."""
    dataset = rdflib.Dataset(store=SPARQLStore(server.sparql), default_union=union)
    rows: list[Any] = list(dataset.query(QUERY))
    assert [int(row[1]) for row in rows] == list(range(TRIALS))
    named: list[Any] = list(dataset.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
    assert len(named) == 3


def test_rdflib_service(server: Server) -> None:
    rows = list(rdflib.Graph().query(f"SELECT * {{ SERVICE <{server.sparql}> {{ ?trial <{TOTAL}> ?n }} }}"))
    assert len(rows) == TRIALS


def test_pandas_reads_csv_and_tsv(server: Server) -> None:
    address = f"{server.url}queries/largest-trials.csv?least=0"
    table = pd.read_csv(address)
    assert list(table.columns) == ["trial", "trialLabel", "patientCount"]
    assert list(table["patientCount"]) == list(range(TRIALS - 1, -1, -1))
    assert table["trialLabel"][0] == f"trial {TRIALS - 1}, größer"
    body = server.ask(query=QUERY, format="csv").body
    assert pd.read_csv(io.BytesIO(body))["n"].sum() == sum(range(TRIALS))


def test_curl(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        assert not os.environ.get("CI"), "curl is needed in CI"
        pytest.skip("curl is not installed")

    def run(*arguments: str) -> str:
        return subprocess.run([curl, "-sSf", *arguments], capture_output=True, text=True, check=True).stdout

    assert (
        run("-G", server.sparql, "--data-urlencode", f"query={QUERY}", "-H", "Accept: text/csv").count("\n")
        == 61
    )
    assert run(server.sparql, "--data-urlencode", f"query={QUERY}", "-d", "format=tsv").count("\n") == 61
    direct = run(server.sparql, "-H", "Content-Type: application/sparql-query", "--data-binary", "ASK {}")
    assert direct == '{"head":{},"boolean":true}'
    assert "enrolledTotal" in run("-L", f"{server.url}export/dataset.nq")
