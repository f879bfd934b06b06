"""The pages: what they say, that they are well-formed and accessible, and that data stays data in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.html_page import Page
from tests.small_graph import DEMO, HOSTILE, Server
from trialgraph.rdf import iris

HTML = {"Accept": "text/html"}
HOSTILE_QUERY = f"SELECT ?p ?o {{ {iris.trial('hostile')} ?p ?o }}"
PATHS = [
    "/",
    "/queries/",
    "/queries/largest-trials",
    "/queries/largest-trials?least=x",
    "/queries/one-trial",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    "/sparql?query=SELECT%20nonsense",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_what_readers_of_all_kinds_need(server: Server, path: str) -> None:
    reply = server.ask(path, headers=HTML)
    assert reply.type == "text/html"
    page = Page(reply.text)
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1
    assert all(str(script.get("src")).startswith("/static/") for script in page.all("script"))
    labels = {label["for"] for label in page.all("label")}
    fields = [*page.all("input"), *page.all("select"), *page.all("textarea")]
    assert {field["id"] for field in fields} == labels
    assert all(head.get("scope") == "col" for head in page.all("th"))
    assert len(page.all("table")) == len(page.all("caption"))
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_page_leads_somewhere(server: Server, path: str) -> None:
    page = Page(server.ask(path, headers=HTML).text)
    targets = {str(a["href"]) for a in [*page.all("a"), *page.all("link")]}
    local = sorted(t for t in targets if t.startswith("/"))[:40]
    # 303: a term of ours leads to its place on the page of the ontology
    found = {t: server.ask(t, headers=HTML).status for t in local}
    assert {t: status for t, status in found.items() if status not in (200, 303)} == {}
    assert all(t.startswith(("/", "#", "https://", "http://")) for t in targets)


def test_security_headers_stand_on_every_answer(server: Server) -> None:
    for path in (*PATHS, "/health", "/static/style.css", "/export/dataset.nq"):
        headers = server.ask(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Set-Cookie"] is None


def test_home_says_what_it_holds_and_offers_the_questions(server: Server, small_release: Any) -> None:
    text = server.ask("/", headers=HTML).text
    assert "60 trials" in text
    assert small_release.hash in text
    assert '<a href="/queries/largest-trials">Which trials enrolled the most patients?</a>' in text


def test_markup_in_the_data_stays_text(server: Server) -> None:
    text = server.ask(query=HOSTILE_QUERY, headers=HTML).text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(" in text
    assert 'href="javascript:' not in text
    assert "javascript:alert(1)" in text, "an IRI that is no address is shown, not linked"
    assert '<span lang="de">frei</span>' in text
    assert HOSTILE in server.ask(query=HOSTILE_QUERY, format="tsv").text.replace("\\n", "\n").replace(
        "\\t", "\t"
    ).replace('\\"', '"')


@pytest.mark.parametrize(
    "path",
    [
        "/queries/<script>alert(1)</script>",
        "/queries/largest-trials?least=<script>alert(1)</script>",
        "/queries/largest-trials?<script>alert(1)</script>=1",
        "/sparql?query=<script>alert(1)</script>",
        "/sparql?query=ASK{}&format=<script>alert(1)</script>",
        "/export/<script>alert(1)</script>",
        "/<script>alert(1)</script>",
    ],
)
def test_markup_in_the_request_is_never_markup_in_the_page(server: Server, path: str) -> None:
    reply = server.ask(path.replace(" ", "%20"), headers=HTML)
    assert 400 <= reply.status < 500
    assert "<script" not in reply.text


def test_iris_show_their_labels_and_lead_to_what_is_said_of_them(server: Server) -> None:
    trial = iris.trial("NCT00000003").value
    text = server.ask(query=f"SELECT ?t {{ VALUES ?t {{ <{trial}> }} }}", headers=HTML).text
    assert f'title="{trial}">trial 3, größer</a>' in text
    described = server.ask(query=f"DESCRIBE <{trial}>", headers=HTML).text
    assert "3 rows" in described
    assert "rdfs:label" in described


def test_a_query_that_fails_is_kept_for_correction(server: Server) -> None:
    text = server.ask(query="SELECT x </textarea>", headers=HTML).text
    assert "Line 1, column 8: syntax error: unexpected x" in text
    assert '<code>SELECT <mark class="this">x</mark> &lt;/textarea&gt;</code>' in text
    assert ">SELECT x &lt;/textarea&gt;</textarea>" in text


def test_a_long_answer_is_cut_on_the_page_and_says_so(server: Server) -> None:
    text = server.ask(query="SELECT * { ?a ?b ?c . ?d ?e ?f }", headers=HTML).text
    assert "The first 500 rows; a download has all" in text
    assert text.count("<tr>") == 501


def test_downloads_of_an_answer_keep_query_and_dataset(server: Server) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    page = Page(server.ask(query=query, default_graph_uri=DEMO, headers=HTML).text)
    (csv,) = [str(a["href"]) for a in page.all("a") if str(a["href"]).endswith("format=csv")]
    assert server.ask(csv).text.split() == ["n", "183"]


def test_health_tells_the_release_and_how_workers_are_confined(server: Server, small_release: Any) -> None:
    text = server.ask("/health").text
    assert f'"release":"{small_release.hash}"' in text
    assert '"workers":' in text
