"""One shape of errors, and nothing of this machine in them."""

from __future__ import annotations

import json

import pytest

from tests.paths import ROOT
from tests.small_graph import Server
from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

BAD = "SELECT * { ?s ?p"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("application/sparql-results+json", "application/problem+json"),
        ("text/html,*/*;q=0.8", "text/html"),
        ("text/plain", "text/plain"),
    ],
)
def test_an_error_comes_as_accept_has_it(server: Server, accept: str, media_type: str) -> None:
    reply = server.ask(query=BAD, format="json", headers={"Accept": accept} if accept else {})
    assert (reply.status, reply.type) == (400, media_type)
    assert "unexpected end of the query" in reply.text
    assert reply.headers["Cache-Control"] == "no-store"


def test_problem_details_are_those_of_rfc_9457(server: Server) -> None:
    reply = server.ask(query=BAD)
    problem = json.loads(reply.body)
    assert problem.pop("request_id") == reply.headers["X-Request-ID"]
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "1:17: syntax error: unexpected end of the query",
        "reason": "query-rejected",
        "line": 1,
        "column": 17,
    }


@pytest.mark.parametrize(
    "path", ["/nowhere", "/queries/zzz", "/export/zzz", "/static/zzz", "/trial/../../etc/passwd"]
)
def test_what_is_not_there_is_404_in_the_same_shape(server: Server, path: str) -> None:
    problem = json.loads(server.ask(path).body)
    assert (problem["status"], problem["title"]) == (404, "Not Found")


@pytest.mark.parametrize(
    "error",
    [
        ReleaseError("broken", where="/srv/secret"),
        InputError("x", where="/srv/secret"),
        KeyError("/srv/secret"),
    ],
)
def test_what_went_wrong_inside_is_only_logged(
    small_release: Release, pool: Pool, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(small_release, pool)

    def fail() -> str:
        raise error

    app.add_url_rule("/fail", view_func=fail)
    reply = app.test_client().get("/fail")
    assert reply.status_code == 500
    assert b"secret" not in reply.data
    assert "secret" not in caplog.text
    assert f"/fail {type(error).__name__} at " in caplog.text
    assert "test_errors.py" in caplog.text


def test_no_error_body_names_a_path_or_a_trace(server: Server, small_release: Release) -> None:
    home = str(ROOT)
    for reply in (
        server.ask(query=BAD),
        server.ask(query="SELECT (<http://e/f>(1) AS ?x) {}"),
        server.ask(query="SELECT * FROM <file:///etc/hostname> {}"),
        server.ask("/nowhere"),
        server.ask("/queries/largest-trials.csv", least="x"),
    ):
        assert 400 <= reply.status < 500
        for word in (home, str(small_release.path), "Traceback", "site-packages", ".py"):
            assert word not in reply.text


def test_an_error_of_an_error_page_names_nothing_either(
    small_release: Release, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(small_release, pool)

    def fail(_: Exception) -> str:
        raise KeyError("/srv/secret")

    app.register_error_handler(404, fail)
    reply = app.test_client().get("/secret-page")
    assert reply.status_code == 500
    assert b"secret" not in reply.data
    assert "secret" not in caplog.text
    assert "KeyError at " in caplog.text
