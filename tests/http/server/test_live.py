"""A new release is served without a restart: no request fails, no answer is of two releases, nothing is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.small_graph import MARK, Server, children, wait_until, write_queries, write_release
from tools.soak.swaps import hash_of, lead, served, swap
from trialgraph.release.open import Release
from trialgraph.release.store_check import checksums

SWAPS = 12
QUICKLY = {"TRIALGRAPH_WATCH_SECONDS": "0.1", "TRIALGRAPH_WORKERS": "2"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two releases with a mark each, the first of them current."""
    home = tmp_path / "releases"
    for name in ("one", "two"):
        write_release(home / name, name)
    lead(home, "one")
    return home


@pytest.fixture
def live(home: Path, small_queries: Path) -> Iterator[Server]:
    with Server(home, small_queries, QUICKLY) as server:
        yield server


def test_swaps_under_load_fail_no_request_and_mix_no_answer(live: Server, home: Path) -> None:
    swap(live, home, 2)
    files = len(os.listdir(f"/proc/{live.process.pid}/fd"))
    load = swap(live, home, SWAPS)
    assert [thread.wrong for thread in load] == [[]] * len(load)
    assert len(set[str]().union(*(thread.seen for thread in load))) == 2, "both releases were asked"
    wait_until(lambda: len(children(live.process.pid)) == 2)
    # a descriptor more or less is a connection that is just being closed
    wait_until(lambda: len(os.listdir(f"/proc/{live.process.pid}/fd")) <= files + 2)


def test_a_release_that_does_not_open_leaves_the_old_one_served(home: Path, small_queries: Path) -> None:
    (home / "broken").mkdir()
    shutil.copy(home / "two" / "manifest.json", home / "broken")
    with Server(home, small_queries, QUICKLY) as server:
        assert server.process.stderr is not None
        for turn in range(2):
            if turn:
                server.process.send_signal(signal.SIGHUP)
            else:
                lead(home, "broken")
            said = server.process.stderr.readline()
            while "does not open" not in said:
                assert "Traceback" not in said
                assert said, "the server ended without a word"
                said = server.process.stderr.readline()
            assert "dataset.nq cannot be read" in said
            assert served(server) == hash_of(home, "one")
            assert '"one"' in server.ask(query=MARK).text
        lead(home, "two")
        wait_until(lambda: served(server) == hash_of(home, "two"))


def test_a_signal_reads_a_fixed_release_anew(tmp_path: Path, small_queries: Path) -> None:
    release = write_release(tmp_path / "r", "first")
    with Server(release.path, small_queries, QUICKLY) as server:
        workers = children(server.process.pid)
        server.ask(query=MARK)
        release.path.rename(tmp_path / "old")
        new = write_release(tmp_path / "r", "second")
        assert '"first"' in server.ask(query=MARK).text, "nobody said that there is something new"
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: served(server) == new.hash)
        assert '"second"' in server.ask(query=MARK).text
        wait_until(lambda: len(children(server.process.pid)) == 2)
        assert not set(workers) & set(children(server.process.pid))


def test_a_stream_ends_on_the_release_that_it_began_with(live: Server, home: Path) -> None:
    product = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    connection = live.connect()
    connection.request(
        "GET", f"/sparql?query=SELECT+*+{product.replace(' ', '+').replace('?', '%3F')}+LIMIT+20000"
    )
    response = connection.getresponse()
    first = response.read(1000)
    lead(home, "two")
    wait_until(lambda: served(live) == hash_of(home, "two"))
    body = first + response.read()
    connection.close()
    assert response.headers["X-Trialgraph-Release"] == hash_of(home, "one")
    assert len(json.loads(body)["results"]["bindings"]) == 20_000
    assert b'"two"' not in body
    wait_until(lambda: len(children(live.process.pid)) == 2)


def test_workers_of_an_old_release_end_though_a_reader_stands_still(
    home: Path, small_release: Release, small_queries: Path
) -> None:
    assert small_release.hash not in (hash_of(home, "one"), hash_of(home, "two"))
    with Server(home, small_queries, QUICKLY | {"TRIALGRAPH_QUERY_SECONDS": "1"}) as server:
        connection = server.connect()
        connection.request(
            "GET", "/sparql?query=SELECT+*+%7B+%3Fa+%3Fb+%3Fc+.+%3Fd+%3Fe+%3Ff+.+%3Fg+%3Fh+%3Fi+%7D"
        )
        connection.getresponse().read(10)
        lead(home, "two")
        wait_until(lambda: served(server) == hash_of(home, "two"))
        wait_until(lambda: len(children(server.process.pid)) == 2)
        connection.close()


def test_a_new_query_comes_with_the_next_release_and_a_broken_one_breaks_nothing_else(
    home: Path, tmp_path: Path
) -> None:
    queries = write_queries(tmp_path / "queries")
    (queries / "trials" / "03-wrong.rq").write_text("#+ title: T\n#+ expected: 7\nASK {}")
    with Server(home, queries, QUICKLY) as server:
        assert server.process.stderr is not None
        assert "trials/03-wrong.rq:2: expected is a mapping" in server.process.stderr.readline()
        (queries / "trials" / "04-new.rq").write_text("#+ title: Is it new?\nASK {}")
        (queries / "trials" / "05-refused.rq").write_text("#+ title: T\n\nSELECT * { ?s x:y ?o }")
        assert server.ask("/queries/new.json").status == 404
        lead(home, "two")
        wait_until(lambda: served(server) == hash_of(home, "two"))
        assert server.ask("/queries/new.json").status == 200
        assert server.ask("/queries/largest-trials.json").status == 200
        for page in ("/", "/queries/", "/openapi.json", "/editor.json", "/.well-known/sparql-examples"):
            assert server.ask(page, headers={"Accept": "*/*"}).status == 200, page
        for slug, place in (("wrong", "trials/03-wrong.rq:2:"), ("refused", "trials/05-refused.rq:3:")):
            answer = server.ask(f"/queries/{slug}.json")
            assert answer.status == 500
            assert place in answer.text
            assert str(tmp_path) not in answer.text


def damage_unseen(store: Path) -> None:
    """Change a byte of a store where the engine does not notice it when it opens."""
    for table in sorted(store.glob("*.sst")):
        whole = table.read_bytes()
        table.write_bytes(
            whole[: len(whole) // 3] + bytes([whole[len(whole) // 3] ^ 0x5A]) + whole[len(whole) // 3 + 1 :]
        )
        try:
            list(Store.read_only(str(store)).named_graphs())
        except (OSError, RuntimeError, ValueError):
            table.write_bytes(whole)
        else:
            return
    raise AssertionError("each damage is noticed")


def test_a_store_that_turns_out_to_be_damaged_is_no_longer_answered_from(
    home: Path, small_queries: Path, tmp_path: Path
) -> None:
    """Of a large store the bytes are compared while it answers (here every store is large)."""
    folder = home / "one"
    manifest = json.loads((folder / "manifest.json").read_text()) | {"store": checksums(folder / "store")}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    damage_unseen(folder / "store")
    large = tmp_path / "large" / "sitecustomize.py"
    large.parent.mkdir()
    large.write_text(
        "from trialgraph.release import store_record\nstore_record.AT_ONCE_BYTES = 0\n"
        "store_record.SMALL_BYTES = 0\n"
    )
    path = os.pathsep.join([str(large.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    with Server(home, small_queries, QUICKLY | {"PYTHONPATH": path}) as server:
        wait_until(lambda: json.loads(server.ask("/health").body)["store"] == "not used")
        assert server.ask("/health").status == 200
        reply = server.ask(query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv")
        assert reply.text.split() == ["n", str(manifest["counts"]["triples"])]
        said = server.stop()
    assert "its store is not as it was built" in said
