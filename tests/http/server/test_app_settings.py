"""Settings are passed: two applications in one process keep their own limits, whatever the environment says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from trialgraph.base.settings import SETTINGS, Settings
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

NARROW = Settings(
    workers=1,
    query_seconds=1,
    query_bytes=500,
    query_groups=2,
    url_bytes=1_000,
    parameters=3,
    page_rows=5,
    retry_seconds=77,
    parameter_chars=6,
    compress_bytes=100_000,
    allow_service="https://other.example/sparql",
    metrics="off",
    access_log="none",
)
WIDE = Settings(workers=1, query_seconds=20, access_log="none")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ROWS = "SELECT * { ?s ?p ?o } LIMIT 20"
PADDED = ROWS + " " * 500
NESTED = "ASK { { ?s ?p ?o } { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def clients(small_release: Release, small_queries: Path) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for spec in SETTINGS.values():
            patch.setenv(spec.variable, "-1")  # whoever reads it fails, but for a few texts
        made = []
        for settings in (NARROW, WIDE):
            pool = stack.enter_context(Pool(small_release, settings=settings))
            made.append(create_app(small_release, pool, queries=small_queries, settings=settings))
        yield made[0].test_client(), made[1].test_client()


def ask(client: FlaskClient, query: str, accept: str = "text/csv") -> tuple[int, str]:
    response = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
    return response.status_code, response.text


def test_limits_of_a_query(clients: tuple[FlaskClient, FlaskClient]) -> None:
    narrow, wide = clients
    for query, words in ((PADDED, "longer than 500 bytes"), (NESTED, "more than 2 groups")):
        assert ask(wide, query)[0] == 200
        status, text = ask(narrow, query)
        assert (status, words in text) == (413, True)
    status, text = ask(narrow, ENDLESS)
    assert (status, "1 seconds" in text) == (503, True)
    assert narrow.post("/sparql", data={"query": ENDLESS}).headers["Retry-After"] == "77"


def test_limits_of_a_request(clients: tuple[FlaskClient, FlaskClient]) -> None:
    narrow, wide = clients
    for address, status in (("/?" + "x" * 1_100, 414), ("/sparql?query=ASK{}&a=1&b=2&c=3", 413)):
        assert (narrow.get(address).status_code, wide.get(address).status_code) == (status, 200)
    assert (narrow.get("/metrics").status_code, wide.get("/metrics").status_code) == (404, 200)


def test_limits_of_a_page_and_a_parameter(clients: tuple[FlaskClient, FlaskClient]) -> None:
    shown = [ask(client, ROWS, "text/html")[1].count("<tr") for client in clients]
    assert shown == [6, 21]
    given = [client.get("/queries/one-trial.ttl?label=trial+1%2C").status_code for client in clients]
    assert given == [400, 200]


def test_the_description_tells_the_limits_of_its_own_application(
    clients: tuple[FlaskClient, FlaskClient],
) -> None:
    narrow, wide = (client.get("/sparql", headers={"Accept": "text/turtle"}).text for client in clients)
    assert ("BasicFederatedQuery" in narrow, "BasicFederatedQuery" in wide) == (True, False)
    assert "schema:value 500" in narrow
    assert "schema:value 512000" in wide


def test_compression_begins_where_the_application_says(clients: tuple[FlaskClient, FlaskClient]) -> None:
    found = [
        client.get("/", headers={"Accept-Encoding": "gzip"}).headers.get("Content-Encoding")
        for client in clients
    ]
    assert found == [None, "gzip"]


def test_an_application_without_settings_has_those_of_its_pool(
    small_release: Release, small_queries: Path
) -> None:
    with Pool(small_release, settings=NARROW) as pool:
        app = create_app(small_release, pool, queries=small_queries)
        assert app.extensions[LIVE].site.settings is NARROW
