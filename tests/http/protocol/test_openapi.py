"""The OpenAPI document is valid, whole, and true of the server that gives it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.small_graph import Server
from trialgraph.questions.saved_queries import load_queries


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    answer = server.ask("/openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/openapi+json;version=3.1"
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_question_stands_in_it_with_its_parameters(
    document: dict[str, Any], small_queries: Path
) -> None:
    for saved in load_queries(small_queries).values():
        operation = document["paths"][f"/queries/{saved.slug}"]["get"]
        assert operation["summary"] == saved.title
        assert [p["name"] for p in operation["parameters"]] == [p.name for p in saved.parameters]
    least, trial = document["paths"]["/queries/largest-trials"]["get"]["parameters"]
    assert least["schema"] == {"type": "integer", "default": 50}
    assert trial["examples"]["choice1"]["summary"].startswith("trial "), "choices come from the data"
    label = document["paths"]["/queries/one-trial"]["get"]["parameters"][0]
    assert label["required"]


def test_each_path_answers_in_each_type_that_it_names(document: dict[str, Any], server: Server) -> None:
    asked = 0
    for path, operations in document["paths"].items():
        operation = operations["get"]
        values = {p["name"]: "trial 3, größer" for p in operation["parameters"] if p.get("required")}
        if path == "/sparql":
            values = {"query": "SELECT * {} LIMIT 1"}
        for media_type in operation["responses"]["200"]["content"]:
            if path == "/sparql" and "sparql-results" not in media_type and "csv" not in media_type:
                continue
            answer = server.ask(path, headers={"Accept": media_type}, **values)
            assert (answer.status, answer.type) == (200, media_type), (path, answer.text[:200])
            asked += 1
    assert asked > 15


def test_a_client_that_has_it_gets_304(server: Server) -> None:
    etag = server.ask("/openapi.json").headers["ETag"]
    assert server.ask("/openapi.json", headers={"If-None-Match": etag}).status == 304
