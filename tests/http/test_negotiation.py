"""Sixty-odd ``Accept`` headers, with each of the four query forms: the right type or 406, never an error of ours."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import pytest
from flask import Flask

from tests.small_graph import META, Server
from trialgraph.base.errors import QueryRejected
from trialgraph.http.negotiation import negotiate, requested_type
from trialgraph.query.results import offers

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV, HTML = "text/csv", "text/tab-separated-values", "text/html"
TURTLE, NT, RDF = "text/turtle", "application/n-triples", "application/rdf+xml"
JSONLD, TRIG, NQ, N3 = "application/ld+json", "application/trig", "application/n-quads", "text/n3"
NONE: Final = ""  # 406

# The header; what a table or truth value comes as; what a graph comes as.
GRID: Final = [
    ("*/*", JSON, TURTLE),
    ("", JSON, TURTLE),
    ("  ", JSON, TURTLE),
    (",,,", JSON, TURTLE),
    ("*", JSON, TURTLE),
    ("*/*;q=0.1", JSON, TURTLE),
    ("*/*;q=0", NONE, NONE),
    ("application/*", JSON, NT),
    ("text/*", CSV, TURTLE),
    ("text/*;q=0.5, application/*;q=0.4", CSV, TURTLE),
    (JSON, JSON, NONE),
    (XML, XML, NONE),
    (CSV, CSV, NONE),
    (TSV, TSV, NONE),
    (TURTLE, NONE, TURTLE),
    (NT, NONE, NT),
    (RDF, NONE, RDF),
    (JSONLD, NONE, JSONLD),
    (TRIG, NONE, TRIG),
    (NQ, NONE, NQ),
    (N3, NONE, N3),
    ("text/rdf+n3", NONE, "text/rdf+n3"),
    ("application/x-turtle", NONE, "application/x-turtle"),
    ("application/json", "application/json", "application/json"),
    ("application/xml", "application/xml", "application/xml"),
    ("text/xml", "text/xml", "text/xml"),
    ("APPLICATION/SPARQL-RESULTS+JSON", JSON, NONE),
    ("Text/Turtle;Q=0.3", NONE, TURTLE),
    (f"{JSON};charset=utf-8", JSON, NONE),
    (f'{CSV};charset="utf-8";header=present', CSV, NONE),
    (f"{CSV}; header=absent", CSV, NONE),
    (f"{TURTLE};version=1.2;q=0.4, {NT};q=0.3", NONE, TURTLE),
    (f"{XML};q=0.8, {JSON};q=0.9", JSON, NONE),
    (f"{XML};q=0.9, {JSON};q=0.8", XML, NONE),
    (f"{XML}, {JSON}", JSON, NONE),
    (f"{JSON};q=0.001", JSON, NONE),
    (f"{JSON};q=0", NONE, NONE),
    (f"{JSON};q=0.000, */*", XML, TURTLE),
    (f"{TURTLE};q=0, */*;q=0.1", JSON, NT),
    (f"{TURTLE};q=0, text/*", CSV, N3),
    (f"*/*, {CSV};q=0.9", JSON, TURTLE),
    (f"{CSV}, */*", CSV, TURTLE),
    (f"{CSV} ; q = 0.5", CSV, NONE),
    (f"{TURTLE}, {RDF};q=0.9, {JSONLD};q=0.8", NONE, TURTLE),
    (f"{RDF}, {TURTLE};q=0.7", NONE, RDF),
    (f"{JSON}, {TURTLE}", JSON, TURTLE),
    # what clients send: Jena, SPARQLWrapper, rdflib, Comunica, YASGUI, RDF4J, curl, browsers, Java, fetch
    (f"{JSON},{XML};q=0.9,{TSV};q=0.7,application/json;q=0.2,*/*;q=0.1", JSON, "application/json"),
    (f"{XML},application/json;q=0.5,{JSON},text/javascript,application/javascript", JSON, "application/json"),
    (f"application/rdf+xml,{TURTLE};q=0.9,{NT};q=0.8,{JSONLD};q=0.7", NONE, RDF),
    (f"{NQ},{TRIG};q=0.95,{JSONLD};q=0.9,{NT};q=0.8,{TURTLE};q=0.6,{JSON};q=0.5,{XML};q=0.3", JSON, NQ),
    (f"{TURTLE},*/*;q=0.9", JSON, TURTLE),
    (f"{JSON};q=1.0, {XML};q=0.8, */*;q=0.1", JSON, TURTLE),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", HTML, HTML),
    ("text/html", HTML, HTML),
    ("text/html;q=0.5, text/csv;q=0.6", CSV, HTML),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML, HTML),
    ("application/json, text/plain, */*", "application/json", "application/json"),
    # what fits nothing
    ("image/png", NONE, NONE),
    ("text/html;q=0", NONE, NONE),
    ("application/sparql-results", NONE, NONE),
    ("text", NONE, NONE),
    ("/", NONE, NONE),
    ("*/csv", NONE, NONE),
    ("text/csvx, xtext/csv", NONE, NONE),
    # junk, alone and beside something sound
    (f"{CSV};q=abc", NONE, NONE),
    (f"{CSV};q=2", NONE, NONE),
    (f"{CSV};q=-1, {TSV}", TSV, NONE),
    (f"\xff\xfe;q=\x80, {CSV}", CSV, NONE),
    ('"; q="', NONE, NONE),
    (";;;===,,q", NONE, NONE),
    ("a" * 4_000, NONE, NONE),
    (",".join(f"x/{n}" for n in range(900)), NONE, NONE),
    (",".join(["*/*;q=0.5"] * 900), JSON, TURTLE),
]
FORMS: Final = {
    "SELECT": "SELECT * { ?s ?p ?o } LIMIT 1",
    "ASK": "ASK {}",
    "CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{META}> {{ ?s ?p ?o }} }}",
    "DESCRIBE": f"DESCRIBE ?s {{ GRAPH <{META}> {{ ?s ?p ?o }} }}",
}


@pytest.mark.parametrize("form", FORMS)
def test_accept_is_obeyed(server: Server, form: str) -> None:
    assert len(GRID) >= 60
    connection = server.connect()
    wrong = []
    for header, table, graph in GRID:
        wanted = table if form in ("SELECT", "ASK") else graph
        connection.request("GET", f"/sparql?query={quote(FORMS[form])}", headers={"Accept": header})
        response = connection.getresponse()
        body = response.read()
        got = response.headers.get_content_type() if response.status == 200 else ""
        vary = response.headers["Vary"].split(", ")
        if (got, response.status) != (wanted, 200 if wanted else 406) or not body or "Accept" not in vary:
            wrong.append((header[:60], response.status, got, wanted, vary))
    connection.close()
    assert wrong == []


def test_without_a_header_the_same_as_for_anything(server: Server) -> None:
    for form, query in FORMS.items():
        assert server.ask(query=query).type == (JSON if form in ("SELECT", "ASK") else TURTLE)


def test_texts_say_their_character_set(server: Server) -> None:
    for query, media_type, value in (
        (FORMS["SELECT"], CSV, "text/csv; charset=utf-8; header=present"),
        (FORMS["ASK"], TSV, "text/tab-separated-values; charset=utf-8"),
        (FORMS["DESCRIBE"], TURTLE, "text/turtle; charset=utf-8"),
        (FORMS["SELECT"], JSON, JSON),
        (FORMS["SELECT"], HTML, "text/html; charset=utf-8"),
    ):
        assert server.ask(query=query, headers={"Accept": media_type}).headers["Content-Type"] == value


ACCEPT = [
    (None, JSON),
    ("", JSON),
    ("*/*", JSON),
    ("application/*", JSON),
    ("text/*", CSV),
    (CSV, CSV),
    ("TEXT/CSV", CSV),
    ("text/csv; charset=utf-8", CSV),
    ("text/csv;header=present;q=0.4, application/sparql-results+xml;q=0.5", XML),
    ("text/csv, */*", CSV),
    ("*/*, text/csv;q=0.9", JSON),
    ("text/csv;q=0, text/*", "text/tab-separated-values"),
    ("application/sparql-results+json;q=0, */*", XML),
    ("application/json", "application/json"),
    ("application/xml;q=0.9, image/webp", "application/xml"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ("text/html;q=0.2, text/csv;q=0.3", CSV),
    ("image/png, text/csv;q=0.001", CSV),
    # a range with a parameter that our types do not carry gives way to one without
    ("text/csv;header=absent;q=0.9, text/csv;q=0.2, application/xml;q=0.5", "application/xml"),
    ("text/csv;header=absent, text/csv;q=0, */*;q=0.1", JSON),
    # one that they carry goes before one without
    ("text/csv;charset=utf-8;q=0.2, text/csv, application/xml;q=0.5", "application/xml"),
    ("text/csv;q=0.9, text/csv;q=0.1, application/xml;q=0.5", CSV),
    ("*;q=0.5, text/csv;q=0.4", JSON),
    ("*, text/*;q=0", JSON),
]


@pytest.mark.parametrize(("header", "chosen"), ACCEPT)
def test_the_preferred_type_is_chosen(header: str | None, chosen: str) -> None:
    assert negotiate(header, [*offers("SELECT"), HTML]) == chosen


@pytest.mark.parametrize(
    "header", ["image/png", "text/csv;q=0", "*/*;q=0", "nonsense", "text/*;q=0, image/*"]
)
def test_what_nobody_offers_is_406(header: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        negotiate(header, [CSV, HTML])
    assert caught.value.http_status == 406


def test_the_default_answers_where_nothing_is_acceptable_and_the_response_varies() -> None:
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return requested_type((CSV, HTML), default=HTML)

    client = app.test_client()
    for accept, chosen in ((CSV, CSV), ("image/png", HTML), ("*/*;q=0", HTML), ("*", CSV)):
        reply = client.get("/", headers={"Accept": accept})
        assert (reply.text, reply.headers["Vary"]) == (chosen, "Accept")


def test_a_refusal_varies_too(server: Server) -> None:
    for path in (
        "/sparql?query=ASK{}",
        "/queries/largest-trials",
        "/trials",
        "/search?q=a",
        "/dataset",
        "/nowhere",
    ):
        for accept in ("text/html", "application/json", "image/png"):
            reply = server.ask(path, headers={"Accept": accept})
            assert "Accept" in reply.headers["Vary"].split(", "), (path, accept, reply.status)
