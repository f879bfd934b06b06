"""The protocol on the real server."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlencode

import pytest

from tests.small_graph import DEMO, META, SUMMARY, Reply, Server
from trialgraph.rdf.vocabulary import DEFAULT_GRAPH_NAMES

ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
JSON = "application/sparql-results+json"


def number(reply: Reply) -> int:
    assert reply.status == 200, reply.text
    return int(json.loads(reply.body)["results"]["bindings"][0]["n"]["value"])


def test_the_three_ways_to_ask(server: Server) -> None:
    body = urlencode({"query": ALL})
    assert number(server.ask(query=ALL)) == 184
    assert number(server.ask(method="POST", body=body, headers={"Content-Type": FORM})) == 184
    typed = {"Content-Type": f"{DIRECT}; charset=utf-8"}
    assert number(server.ask(method="POST", body=ALL, headers=typed)) == 184


def test_a_dataset_beside_the_query(server: Server) -> None:
    both = (
        f"/sparql?{urlencode([('query', ALL), ('default-graph-uri', DEMO), ('default-graph-uri', SUMMARY)])}"
    )
    assert number(server.ask(both)) == 183
    assert number(server.ask(query=ALL, default_graph_uri=META)) == 1
    assert number(server.ask(query=ALL, named_graph_uri=META)) == 0
    body = urlencode({"query": ALL, "default-graph-uri": SUMMARY})
    assert number(server.ask(method="POST", body=body, headers={"Content-Type": FORM})) == 60
    path = f"/sparql?{urlencode({'default-graph-uri': SUMMARY})}"
    assert number(server.ask(path, method="POST", body=ALL, headers={"Content-Type": DIRECT})) == 60


@pytest.mark.parametrize("name", sorted(DEFAULT_GRAPH_NAMES))
def test_a_client_may_name_the_default_graph_its_own_way(server: Server, name: str) -> None:
    assert number(server.ask(query=ALL, default_graph_uri=name)) == number(server.ask(query=ALL)) == 184
    assert number(server.ask(query=ALL, default_graph_uri=name, named_graph_uri=META)) == 184
    inside = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(server.ask(query=inside, default_graph_uri=name)) == 3
    assert number(server.ask(query=inside, default_graph_uri=name, named_graph_uri=META)) == 1


SELECT_TYPES = {
    JSON: "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}


@pytest.mark.parametrize(("media_type", "name"), SELECT_TYPES.items())
@pytest.mark.parametrize("query", ["SELECT ?o { ?s ?p ?o } LIMIT 1", "ASK { ?s ?p ?o }"])
def test_select_and_ask_in_four_formats(server: Server, query: str, media_type: str, name: str) -> None:
    by_accept = server.ask(query=query, headers={"Accept": media_type})
    by_name = server.ask(query=query, format=name, headers={"Accept": "image/png"})
    assert (by_accept.status, by_accept.type) == (by_name.status, by_name.type) == (200, media_type)
    assert by_accept.body == by_name.body
    assert by_accept.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(("media_type", "name"), GRAPH_TYPES.items())
@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s"])
def test_construct_and_describe_in_four_formats(
    server: Server, form: str, media_type: str, name: str
) -> None:
    query = f"{form} {{ GRAPH <{META}> {{ ?s ?p ?o }} }}"
    by_accept = server.ask(query=query, headers={"Accept": media_type})
    by_name = server.ask(query=query, format=name)
    assert (by_accept.status, by_accept.type) == (by_name.status, by_name.type) == (200, media_type)
    assert by_accept.body == by_name.body
    assert b"by-nc" in by_accept.body


def test_without_preference_json_and_turtle(server: Server) -> None:
    assert server.ask(query="ASK {}").type == JSON
    assert server.ask(query="ASK {}", headers={"Accept": "*/*"}).type == JSON
    assert server.ask(query="DESCRIBE <a:b>").type == "text/turtle"
    assert server.ask(query="ASK {}", headers={"Accept": "application/json"}).type == "application/json"


def test_an_unacceptable_request_is_406_and_an_unknown_format_400(server: Server) -> None:
    assert server.ask(query="ASK {}", headers={"Accept": "image/png"}).status == 406
    assert server.ask(query="ASK {}", headers={"Accept": "text/turtle"}).status == 406
    assert server.ask(query="ASK {}", format="turtle").status == 400


def test_a_syntax_error_is_400_with_line_and_column(server: Server) -> None:
    reply = server.ask(query="SELECT *\n{ ?s ?p ]")
    problem = json.loads(reply.body)
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert (problem["line"], problem["column"], problem["status"]) == (2, 9, 400)
    assert problem["detail"] == "2:9: syntax error: unexpected ]"


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("POST", "/sparql", "", FORM, 400),
        ("POST", "/sparql", "query=", FORM, 400),
        ("POST", "/sparql", "query=ASK{}&query=ASK{}", FORM, 400),
        ("POST", "/sparql?query=ASK%7B%7D", "ASK {}", DIRECT, 400),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", "ASK {}", "text/plain", 415),
        ("POST", "/sparql", "ASK {}", "", 415),
        ("POST", "/sparql", "--x\r\n", "multipart/form-data; boundary=x", 415),
        ("POST", "/sparql", "ASK {}" + "#" * 600_000, DIRECT, 413),
        ("POST", "/sparql", "query=" + "x" * 2_100_000, FORM, 413),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400),
        ("GET", "/sparql?query=", None, "", 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, "", 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, "", 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=nan", None, "", 400),
        ("PUT", "/sparql", "ASK {}", DIRECT, 405),
        ("DELETE", "/sparql", None, "", 405),
    ],
)
def test_malformed_requests_are_4xx_with_a_reason(
    server: Server, method: str, path: str, body: bytes | str | None, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    reply = server.ask(path, method=method, body=body, headers=headers)
    problem = json.loads(reply.body)
    assert (reply.status, problem["status"]) == (status, status)
    assert problem["detail"]
    assert server.ask(query="ASK {}").status == 200


def test_without_a_query_a_browser_gets_a_form_and_a_program_the_description(server: Server) -> None:
    page = server.ask(headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.status, page.type) == (200, "text/html")
    assert '<textarea id="query" name="query"' in page.text
    for media_type in GRAPH_TYPES:
        reply = server.ask(headers={"Accept": media_type})
        assert (reply.status, reply.type) == (200, media_type)
        assert b"sparql-service-description#" in reply.body
    assert server.ask(headers={"Accept": JSON}).status == 400


def test_head_and_options(server: Server) -> None:
    head = server.ask(method="HEAD", query=ALL)
    assert (head.status, head.type, head.body) == (200, JSON, b"")
    assert server.ask(method="HEAD", query="SELECT").status == 400
    options = server.ask(method="OPTIONS", headers={"Origin": "https://example.org"})
    assert options.status == 200
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in options.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in options.headers["Access-Control-Allow-Headers"]
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}
    assert options.headers["Accept-Query"] == f"{DIRECT}, {FORM}"


def test_an_answer_that_a_client_has_is_not_sent_again(server: Server) -> None:
    first = server.ask(query=ALL)
    etag = first.headers["ETag"]
    again = server.ask(query=ALL, headers={"If-None-Match": etag})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    others = [
        server.ask(query=ALL + " "),
        server.ask(query=ALL, format="xml"),
        server.ask(query=ALL, default_graph_uri=DEMO),
        server.ask(query=ALL, named_graph_uri=DEMO),
    ]
    assert len({etag, *(reply.headers["ETag"] for reply in others)}) == 5
    assert server.ask(query=ALL, headers={"If-None-Match": '"other"'}).status == 200


def test_an_answer_that_changes_has_no_etag(server: Server) -> None:
    reply = server.ask(query="SELECT (NOW() AS ?now) {}", headers={"If-None-Match": "*"})
    assert (reply.status, reply.headers["ETag"], reply.headers["Cache-Control"]) == (200, None, "no-store")


def test_a_small_answer_keeps_the_connection(server: Server) -> None:
    connection = server.connect()
    for _ in range(3):
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        response = connection.getresponse()
        assert response.headers["Content-Length"] == str(len(response.read()))
        assert response.headers["Connection"] != "close"
    connection.close()


ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_timeout_before_the_first_part_is_503(server: Server) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ {ENDLESS} }}"
    reply = server.ask(query=query, timeout="0.5")
    problem = json.loads(reply.body)
    assert (reply.status, problem["reason"]) == (503, "query-timeout")
    assert "0.5 seconds" in problem["detail"]
    assert int(reply.headers["Retry-After"]) > 0


def test_a_timeout_after_the_first_part_cuts_the_connection(server: Server) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        server.ask(query=ENDLESS, timeout="0.5")
    assert len(caught.value.partial) > 60_000
    assert number(server.ask(query=ALL)) == 184


def test_a_long_answer_comes_whole(server: Server) -> None:
    reply = server.ask(query="SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", format="tsv")
    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert reply.body.count(b"\n") == 184 * 184 + 1
