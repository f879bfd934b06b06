"""One address for each page: trailing slashes are redirected away, once, and never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.small_graph import Server


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/trials/", "/trials"),
        ("/trials/?phase=2&x=%2F%C3%A9", "/trials?phase=2&x=%2F%C3%A9"),
        ("/queries/one-trial/", "/queries/one-trial"),
        ("/queries/one-trial.ttl//", "/queries/one-trial.ttl"),
        ("/search/", "/search"),
        ("/health/live/", "/health/live"),
        ("/sparql/?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/.well-known/void/", "/.well-known/void"),
        ("/export/trials.csv/", "/export/trials.csv"),
        ("/trial/NCT00000001/", "/trial/NCT00000001"),
        # a list of resources has its slash
        ("/queries", "/queries/"),
        ("/queries//", "/queries/"),
        ("/ontology", "/ontology/"),
        ("/trial", "/trials"),
    ],
)
def test_one_hop_leads_to_the_address_of_a_page(server: Server, path: str, to: str) -> None:
    reply = server.ask(path)
    assert reply.status == (301 if path == "/trial" else 308)
    where = urlsplit(str(reply.headers["Location"]))
    assert where.netloc in ("", urlsplit(server.url).netloc)
    assert f"{where.path}?{where.query}".rstrip("?") == to
    assert not 300 <= server.ask(to).status < 400, "no further hop"


@pytest.mark.parametrize("path", ["/", "/queries/", "/ontology/", "/figures/", "/report/", "/graph/"])
def test_a_page_with_a_slash_keeps_it(server: Server, path: str) -> None:
    assert server.ask(path, headers={"Accept": "text/html"}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "//evil.example/x/",
        "///evil.example/trials/",
        "/\\evil.example/",
        "/\\evil.example/x/",
        "/%5Cevil.example/x/",
        "/%2F%2Fevil.example/x/",
        "/%2Fevil.example/",
        "/x/%0d%0aLocation:%20http:%2F%2Fevil.example/",
        "/trial/x%2F",
    ],
)
def test_no_address_leads_to_another_site(server: Server, path: str) -> None:
    reply = server.ask(path)
    assert reply.status in (200, 308, 400, 404)
    where = str(reply.headers["Location"] or "/")
    own = urlsplit(server.url)
    assert where.startswith((f"http://{own.netloc}/", "/"))
    assert not where.startswith(("//", "/\\"))
    assert len(reply.headers.get_all("Location", [])) <= 1


def test_the_method_stays(server: Server) -> None:
    reply = server.ask(
        "/sparql/", method="POST", body="ASK {}", headers={"Content-Type": "application/sparql-query"}
    )
    assert reply.status == 308
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    assert server.ask("/sparql/", method="OPTIONS", headers=preflight).status < 300, "no redirect is followed"
