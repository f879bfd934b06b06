"""What is kept is the answer to every request of its key, and is sent, logged and counted like the first one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from tests.small_graph import wait_until
from trialgraph.base.settings import Settings
from trialgraph.http.kept_responses import CONDITIONS, PARTS
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE, Site
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

ROWS = "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+ORDER+BY+%3Fs+%3Fp+%3Fo+LIMIT+40"
JSON_TYPE, CSV_TYPE = "application/sparql-results+json", "text/csv"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def app(small_release: Release, small_queries: Path, log: Path) -> Iterator[Flask]:
    settings = Settings(workers=2, access_log=str(log), cache_response_bytes=400_000)
    with Pool(small_release, settings=settings) as pool:
        yield create_app(small_release, pool, queries=small_queries, settings=settings)


@pytest.fixture
def here(app: Flask) -> Site:
    site: Site = app.extensions[LIVE].site
    site.responses.__init__(site.settings)  # type: ignore[misc] # empty
    return site


def ask(app: Flask, path: str = ROWS, **more: Any) -> TestResponse:
    accept = {"Accept": JSON_TYPE} | more.pop("headers", {})
    return app.test_client().open(path, headers=accept, buffered=True, **more)


def sent(reply: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    return reply.status_code, [pair for pair in reply.headers if pair[0] != "X-Request-ID"], reply.data


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers", [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "zstd, br"}, {"Accept": CSV_TYPE}]
)
def test_the_second_answer_is_the_first_one(
    app: Flask, here: Site, method: str, headers: dict[str, str]
) -> None:
    first = ask(app, method=method, headers=headers)
    runs = here.pool.stats()["answered"]
    again = ask(app, method=method, headers=headers)
    assert here.responses.hits == 1
    assert sent(again) == sent(first)
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    assert here.pool.stats()["answered"] == runs
    assert (b"" if method == "HEAD" else again.data) == again.data
    assert {"accept", "accept-encoding"} >= set(again.headers["Vary"].lower().split(", "))


def test_not_modified_is_kept_under_the_tag_that_the_client_has(app: Flask, here: Site) -> None:
    tag = ask(app).headers["ETag"]
    first = ask(app, headers={"If-None-Match": tag})
    again = ask(app, headers={"If-None-Match": tag})
    assert (first.status_code, sent(again)) == (304, sent(first))
    assert here.responses.hits == 1
    assert ask(app, headers={"If-None-Match": '"another"'}).status_code == 200
    assert ask(app, headers={"If-None-Match": f'{tag}, "another"'}).status_code == 304


DIFFERENT: list[dict[str, Any]] = [
    {"method": "HEAD"},
    {"path": f"{ROWS}&format=csv"},
    {"path": f"{ROWS}&cells=safe"},
    {"path": f"{ROWS}&timeout=7"},
    {"path": ROWS.replace("/sparql", "/%73parql")},
    {"path": ROWS.replace("LIMIT+40", "LIMIT+4")},
    {"path": ROWS.replace("+", "%20")},
    {"headers": {"Accept": CSV_TYPE}},
    {"headers": {"Accept": f"{CSV_TYPE}, text/html;q=0.1"}},
    {"headers": {"Accept-Encoding": "gzip"}},
    {"headers": {"If-None-Match": '"x"'}},
    {"headers": {"Host": "other.example"}},
    {"environ_overrides": {"SCRIPT_NAME": "/prefix"}},
    {"environ_overrides": {"wsgi.url_scheme": "https"}},
]


@pytest.mark.parametrize("number", range(len(DIFFERENT)))
def test_requests_that_may_be_answered_differently_share_no_key(app: Flask, here: Site, number: int) -> None:
    ask(app)
    other = ask(app, **DIFFERENT[number])
    assert here.responses.hits == 0
    assert other.status_code == 200
    ask(app, **DIFFERENT[number])
    assert here.responses.hits == 1


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        ({"Range": "bytes=0-9"}, {}),
        ({"If-Match": '"x"'}, {}),
        ({"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {}),
        ({"If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}, {}),
        ({}, {"data": b"query=x", "method": "GET"}),
        ({"Content-Encoding": "gzip"}, {}),
        ({"Connection": "Upgrade", "Upgrade": "websocket"}, {}),
        ({}, {"environ_overrides": {"trialgraph.refused": (414, "too long")}}),
        ({}, {"method": "OPTIONS"}),
    ],
)
def test_what_the_key_does_not_hold_goes_to_the_application(
    app: Flask, here: Site, headers: dict[str, str], more: dict[str, Any]
) -> None:
    ask(app)
    kept = len(here.responses)
    ask(app, headers=headers, **more)
    assert (here.responses.hits, len(here.responses)) == (0, kept)


class Watched(dict[str, Any]):
    """An environment that tells which of its values are looked at."""

    read: set[str]

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def test_the_key_holds_every_header_that_an_answer_is_made_from(app: Flask, here: Site) -> None:
    """A header that someone begins to read has to become a part of the key, or a condition."""
    for path in (ROWS, f"{ROWS}&format=csv", "/queries/small.json", "/sparql?query=ASK%7B%7D"):
        plain = app.test_client()._request_from_builder_args((), {"path": path}).environ
        environ = Watched(
            plain | {"HTTP_COOKIE": "a=b", "HTTP_USER_AGENT": "x", "HTTP_ACCEPT_LANGUAGE": "de"}
        )
        environ.read = set()
        body = app.wsgi_app(environ, lambda *_: lambda _: None)
        b"".join(body)
        body.close()  # type: ignore[attr-defined] # the outermost one has it
        headers = {name for name in environ.read if name.startswith(("HTTP_", "CONTENT_"))}
        known = {*PARTS, *CONDITIONS, "CONTENT_LENGTH", "HTTP_X_REQUEST_ID"}
        known.add("HTTP_CONNECTION")  # looked at only beside Upgrade
        assert headers <= known, headers - known
    assert here.responses.hits == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=SELECT", 400),
        ("/sparql?query=DROP+ALL", 400),
        ("/nothing/here", 404),
        ("/sparql?query=SELECT+(NOW()+AS+?n)%7B%7D", 200),
        ("/sparql?query=SELECT+(RAND()+AS+?n)%7B%7D", 200),
        ("/health", 200),
        ("/metrics", 200),
        (f"{ROWS}&timeout=soon", 400),
    ],
)
def test_neither_errors_nor_what_may_change_are_kept(app: Flask, here: Site, path: str, status: int) -> None:
    for _ in range(2):
        assert ask(app, path).status_code in (status, 403)
    assert (len(here.responses), here.responses.hits) == (0, 0)


def test_a_stream_is_not_kept_and_neither_is_an_answer_that_nobody_took(app: Flask, here: Site) -> None:
    environ = app.test_client()._request_from_builder_args((), {"path": ROWS}).environ
    body = app.wsgi_app(environ, lambda *_: lambda _: None)
    body.close()  # type: ignore[attr-defined] # the client has gone before a byte was sent
    assert len(here.responses) == 0
    product = "/sparql?query=SELECT+*+%7B+%3Fa+%3Fb+%3Fc+.+%3Fd+%3Fe+%3Ff+%7D+LIMIT+9000&format=tsv"
    assert ask(app, product).status_code == 200
    assert len(here.responses) == 0


def test_what_is_kept_is_bounded_in_bytes_whatever_clients_send(app: Flask, here: Site) -> None:
    for number in range(300):
        ask(app, f"{ROWS}&x={number}", headers={"If-None-Match": f'"{number:0100}"', "Host": f"h{number}"})
    assert 0 < here.responses.held <= 400_000
    ask(
        app, headers={"Accept": f"{JSON_TYPE}, {'x/y, ' * 100_000}"}
    )  # its key alone is larger than an entry may be
    assert here.responses.held <= 400_000
    assert all(len(kept.headers) < 40 for kept in here.responses._probation.kept.values())


def test_a_kept_answer_is_logged_and_counted_like_any_other(app: Flask, here: Site, log: Path) -> None:
    def counted() -> dict[str, float]:
        text = app.test_client().get("/metrics").text
        return {
            sample.name: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.labels.get("route") == "/sparql"
            and sample.labels.get("method", "GET") == "GET"
            and sample.labels.get("status", "200") == "200"
            and "le" not in sample.labels
        }

    differences, lines = [], []
    for _ in range(2):
        before = counted()
        reply = ask(app, f"{ROWS}&y=1")
        after = counted()
        differences.append(
            {name: after[name] - before.get(name, 0) for name in after if "seconds_sum" not in name}
        )
        lines.append(reply.headers["X-Request-ID"])
    assert here.responses.hits == 1
    assert differences[0] == differences[1]
    assert differences[0]["trialgraph_requests_total"] == 1
    wait_until(lambda: all(f'"{id_}"' in log.read_text() for id_ in lines))
    found = [json.loads(line) for line in log.read_text().splitlines() if any(id_ in line for id_ in lines)]
    for line in found:
        assert line.pop("id") in lines
        del line["time"], line["ms"]
    assert found[0] == found[1]
    assert {"route", "query", "release", "bytes", "status", "client", "method"} <= found[0].keys()


def test_another_release_begins_with_none(app: Flask, here: Site) -> None:
    ask(app)
    other = Site(here.release, here.pool, here.queries, here.federation, here.settings)
    assert (len(here.responses), len(other.responses)) == (1, 0)
