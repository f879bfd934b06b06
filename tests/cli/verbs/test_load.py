"""`trialgraph load`, and `serve --store` on what it loaded: exit codes, lines, faults at the start and later."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import bad, one_line, run
from tests.small_graph import Server
from tests.stores import RunningStore, fill, oxigraph
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.remote.load import GraphSender


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    made = oxigraph(tmp_path_factory.mktemp("oxigraph"))
    yield made
    made.stop()


def health(server: Server) -> dict[str, Any]:
    return dict(json.loads(server.ask("/health").body))


def eventually(server: Server, status: str) -> dict[str, Any]:
    """The health once it is of a status; the last one after some seconds."""
    until = time.monotonic() + 20
    while (found := health(server))["status"] != status and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_a_release_is_loaded_verified_served_and_lost(
    store: RunningStore, small_release: Release, small_queries: Path
) -> None:
    where = ("--release", small_release.path)
    refused = bad("serve", "--store", store.url, *where)
    assert f"the store holds no release; expected is {small_release.hash}" in refused
    done = run("load", store.url, "--verify", "--load-part-lines", "50", *where)
    assert done.returncode == 0
    assert b"part 2 of " in done.stderr
    first, second = done.stdout.decode().splitlines()
    assert f"hash={small_release.hash}" in first
    assert "differences=0" in second
    again = run("load", store.url, *where)
    assert (again.returncode, again.stderr) == (0, b"the store holds this release already\n")

    settings = {"TRIALGRAPH_STORE": store.url, "TRIALGRAPH_STORE_CHECK_SECONDS": "0.2"}
    with Server(small_release.path, small_queries, settings) as server:
        assert health(server)["store"] == "external"
        assert server.ask(query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv").body == b"n\r\n184\r\n"
        for path in ("/", "/queries/largest-trials", "/trial/NCT00000001", "/trials", "/dataset"):
            assert server.ask(path).status in (200, 303), path
        store.stop()
        told = eventually(server, "failing")
        assert told["reason"].startswith("the store cannot be reached")
        reply = server.ask(query="ASK { ?s <urn:new> ?o }")
        assert reply.status == 503
        assert json.loads(reply.body)["reason"] == "store-failed"
        assert "cannot be reached" in json.loads(reply.body)["detail"]
        assert reply.headers["Retry-After"]
        store.start()
        assert eventually(server, "ok")["status"] == "ok"
        assert server.ask(query="ASK { ?s <urn:new> ?o }").status == 200
        fill(store, replace(small_release, hash="0" * 64), replacing=True)
        told = eventually(server, "failing")
        assert told["reason"].startswith(
            f"the store holds the release {'0' * 64}; expected is {small_release.hash}"
        )
    refused = bad("serve", "--store", store.url, *where)
    assert f"{'0' * 64}; expected is {small_release.hash}" in refused
    assert "give --replace" in bad("load", store.url, *where)


def test_what_cannot_be_loaded_or_served(store: RunningStore, small_release: Release, tmp_path: Path) -> None:
    where = ("--release", small_release.path)
    nobody = "http://127.0.0.1:1/query"
    assert "the store cannot be reached (Connection refused)" in bad("serve", "--store", nobody, *where)
    assert "the store cannot be reached (Connection refused)" in bad("load", nobody, *where)
    assert "there is no store" in bad("load", *where)
    assert "a file is written without a store" in bad("load", store.url, "-o", tmp_path / "x.nq", *where)
    for url in ("http://me:secret@127.0.0.1:1/query", "nonsense"):
        for verb in (("load", url), ("serve", "--store", url)):
            assert "secret" not in bad(*verb, *where)
    # the address of a page, and one where no graphs are taken
    assert "status 404" in bad("load", store.url.replace("/query", "/nothing"), *where)
    done = run("load", store.url, "--replace", "--graph-store", f"{store.url}x", *where)
    assert done.returncode == 2
    assert "with status 404" in one_line(done.stderr)


def test_what_differs_is_told_and_exits_with_1(store: RunningStore, small_release: Release) -> None:
    fill(store, small_release, replacing=True)
    client = store.endpoint().client
    client.address = client.address.at("/store")
    GraphSender(client).drop(iris.graph("summary").value)
    done = run("-q", "load", store.url, "--verify", "--release", small_release.path)
    assert done.returncode == 1
    assert b"differs: " in done.stderr


def test_a_file_for_a_bulk_loader(small_release: Release, tmp_path: Path) -> None:
    done = run("load", "-o", tmp_path / "store.nq", "--release", small_release.path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    lines = (tmp_path / "store.nq").read_bytes().splitlines()
    assert sum(b"/store/merge> ." in line for line in lines) == 184
    assert any(small_release.hash.encode() in line and b"/store/load> ." in line for line in lines)
    assert "cannot be written" in bad("load", "-o", tmp_path / "no" / "x.nq", "--release", small_release.path)
