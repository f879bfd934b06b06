"""The size of an answer is limited, and no part of one that is too long passes for the whole."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import Server
from trialgraph.base.errors import AnswerTooLarge, WorkerFailed
from trialgraph.base.settings import Settings
from trialgraph.query.admission import Ticket, as_client
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MOST = 300_000


@pytest.fixture(scope="module")
def short(small_release: Release, small_queries: Path) -> Iterator[Server]:
    with Server(small_release.path, small_queries, {"TRIALGRAPH_ANSWER_BYTES": str(MOST)}) as made:
        yield made


def test_an_answer_that_is_too_long_ends_in_an_error(small_release: Release) -> None:
    settings = Settings.load({"TRIALGRAPH_ANSWER_BYTES": "100000"})
    with Pool(small_release, size=1, settings=settings) as pool:
        with pytest.raises(AnswerTooLarge, match="100000 bytes"), pool.run(PRODUCT) as answer:
            for _ in answer:
                pass
        assert pool.stats()["too_long"] == 1
        with pool.run("ASK {}") as answer:
            assert b"true" in b"".join(answer)


def test_a_crash_counts_against_its_client(small_release: Release) -> None:
    steps = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(17))
    bomb = f"SELECT ?x17 {{ BIND('0123456789' AS ?x0) {steps} }}"
    settings = Settings.load({"TRIALGRAPH_WORKER_MEMORY_BYTES": "600000000"})
    with Pool(small_release, size=1, settings=settings) as pool:
        with as_client("10.0.0.1"), pytest.raises(WorkerFailed):
            pool.run(bomb)
        assert pool.stats()["crashed"] == 1
        assert pool.admission.patience(Ticket("10.0.0.1"), 1.0) == 0.5
        assert pool.admission.patience(Ticket("10.0.0.2"), 1.0) == 1.0


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_the_connection_is_cut_there(short: Server, accept: str) -> None:
    connection = short.connect()
    connection.request(
        "GET", "/sparql?query=" + PRODUCT.replace(" ", "+").replace("?", "%3F"), headers={"Accept": accept}
    )
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()
    assert "trialgraph_pool_too_long_total" in short.ask("/metrics").text


def test_a_shorter_one_and_a_file_are_whole(short: Server, small_release: Release) -> None:
    reply = short.ask(query="SELECT * { ?s ?p ?o }")
    assert len(json.loads(reply.body)["results"]["bindings"]) == 184
    assert short.ask("/export/dataset.nq").body == small_release.file("dataset.nq").read_bytes()


def test_the_limit_is_announced_with_its_unit(short: Server) -> None:
    text = short.ask(headers={"Accept": "text/turtle"}).text
    node = next(part for part in text.split(" .\n") if '"answer_bytes"' in part)
    assert '"bytes"' in node
    assert str(MOST) in node
