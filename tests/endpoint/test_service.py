"""The service description."""

from __future__ import annotations

import rdflib

from tests.small_graph import DEMO, META, SUMMARY, Server


def test_the_description_says_what_the_endpoint_can_do(server: Server) -> None:
    graph = rdflib.Graph()
    graph.parse(data=server.ask(headers={"Accept": "text/turtle"}).body, format="turtle")
    rows = graph.query("""
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        SELECT ?endpoint ?name {
          ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ;
            sd:feature sd:UnionDefaultGraph ; sd:defaultDataset ?dataset .
          ?dataset a sd:Dataset ; sd:defaultGraph [] ; sd:namedGraph [ sd:name ?name ] .
        }""")
    found = [(str(row[0]), str(row[1])) for row in rows]  # type: ignore[index] # rows of a SELECT
    assert sorted(found) == sorted((server.sparql, iri) for iri in (DEMO, META, SUMMARY))
