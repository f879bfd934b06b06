"""The service description."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from tests.small_graph import DEMO, META, SUMMARY, Server
from trialgraph.base.settings import SETTINGS
from trialgraph.http.protocol.service_description import LIMITS
from trialgraph.rdf.formats import FORMATS, GRAPH_FORMATS
from trialgraph.release.open import Release

PREFIXES = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX schema: <https://schema.org/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
"""


def described(server: Server, path: str = "/sparql", **headers: str) -> rdflib.Graph:
    reply = server.ask(path, headers={"Accept": "text/turtle", **headers})
    assert reply.status == 200
    return rdflib.Graph().parse(data=reply.body, format="turtle")


def rows(graph: rdflib.Graph, pattern: str) -> list[tuple[str, ...]]:
    found = graph.query(f"{PREFIXES} SELECT * {{ {pattern} }}")
    names = sorted(map(str, found.vars or ()))
    return sorted(tuple(str(row[name]) for name in names) for row in found)  # type: ignore[index,call-overload] # rows of a SELECT


@pytest.fixture(scope="module")
def description(server: Server) -> rdflib.Graph:
    return described(server)


def test_it_says_where_the_endpoint_is_and_which_graphs_it_has(
    server: Server, description: rdflib.Graph
) -> None:
    found = rows(
        description,
        """?a_service a sd:Service ; sd:endpoint ?a_service ; sd:supportedLanguage sd:SPARQL11Query ;
            sd:feature sd:UnionDefaultGraph ; sd:defaultDataset ?dataset ; sd:availableGraphs ?available .
          ?dataset a sd:Dataset ; sd:defaultGraph [] ; sd:namedGraph ?named . ?named sd:name ?b_name .
          ?available sd:namedGraph ?named . FILTER (isIRI(?dataset))""",
    )
    named = sorted({(row[0], row[2]) for row in found})
    assert named == sorted((server.sparql, iri) for iri in (DEMO, META, SUMMARY))


def test_it_claims_no_feature_that_is_not_there(description: rdflib.Graph) -> None:
    """SERVICE is refused here, and nothing is loaded from an address."""
    assert rows(description, "?s sd:feature ?feature FILTER (?feature != sd:UnionDefaultGraph)") == []
    assert rows(description, "?s sd:inputFormat|sd:extensionFunction|sd:extensionAggregate ?x") == []
    assert rows(description, "?s sd:supportedLanguage sd:SPARQL11Update") == []


def test_it_counts_the_triples_of_the_whole(description: rdflib.Graph, small_release: Release) -> None:
    said = str(small_release.manifest["counts"]["triples"])
    assert rows(description, "?s sd:defaultDataset/sd:defaultGraph/void:triples ?n") == [
        (said, rows(description, "?s a sd:Service")[0][0])
    ]


def test_each_format_that_it_lists_is_one_that_it_gives(server: Server, description: rdflib.Graph) -> None:
    listed = {row[0].rpartition("/")[2] for row in rows(description, "?s sd:resultFormat ?a")}
    assert listed == {form.w3c for form in FORMATS.values()}
    for form in FORMATS.values():
        graph = form.name in GRAPH_FORMATS
        query = "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p 1 }" if graph else "SELECT * { ?s ?p 1 }"
        assert server.ask(query=query, headers={"Accept": form.media_type}).type == form.media_type


def test_its_limits_are_those_that_bite(server: Server, description: rdflib.Graph) -> None:
    found = rows(description, "[] schema:propertyID ?a ; schema:value ?b ; schema:unitText ?c")
    said = {name: value for name, value, _ in found}
    assert said.keys() == set(LIMITS)
    assert said["query_bytes"] == str(SETTINGS["query_bytes"].default)
    longest = int(said["query_bytes"])
    fits, over = ("ASK {} #".ljust(length, "x") for length in (longest, longest + 1))
    kind = {"Content-Type": "application/sparql-query"}
    assert server.ask(method="POST", body=fits, headers=kind).status == 200
    assert server.ask(method="POST", body=over, headers=kind).status in (400, 413)


def test_it_leads_to_what_describes_the_data(server: Server, description: rdflib.Graph) -> None:
    ((document, topic),) = rows(description, "?a a void:DatasetDescription ; foaf:primaryTopic ?b")
    assert document == f"{server.url}.well-known/void"
    assert rows(description, f"?s sd:defaultDataset <{topic}>")


def test_an_operator_who_allows_service_says_so(small_release: Release, small_queries: Path) -> None:
    """And behind a proxy every address has the proxy's name and path, whether it takes the path off or not."""
    settings = {
        "TRIALGRAPH_ALLOW_SERVICE": "https://sparql.example.org/sparql",
        "TRIALGRAPH_URL_PREFIX": "/at/trialgraph",
        "TRIALGRAPH_TRUSTED_PROXY": "127.0.0.1",
    }
    told = {"X-Forwarded-Host": "data.example.org", "X-Forwarded-Proto": "https"}
    with Server(small_release.path, small_queries, settings) as server:
        for path in ("/sparql", "/at/trialgraph/sparql"):
            graph = described(server, path, **told)
            assert rows(graph, "?a sd:feature sd:BasicFederatedQuery") == [
                ("https://data.example.org/at/trialgraph/sparql",)
            ]
        graph = described(server, "/.well-known/void", **told)
        assert rows(graph, "?s void:sparqlEndpoint ?a") == [
            ("https://data.example.org/at/trialgraph/sparql", rows(graph, "?s void:sparqlEndpoint []")[0][0])
        ]
        card = server.ask("/.well-known/schema-card.json", headers=told).text
        assert '"https://data.example.org/at/trialgraph/sparql"' in card
        page = server.ask("/dataset", headers=told).text
        assert 'href="/at/trialgraph/.well-known/void"' in page
        # It is cited by the address that stays, whoever serves it.
        assert "https://w3id.org/trialgraph/dataset" in page
