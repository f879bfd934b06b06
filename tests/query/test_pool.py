"""The pool: right answers, limits that hold, and survival."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.small_graph import DEMO, META, NUMBERS, SUMMARY, TRIALS, wait_until, write_release
from trialgraph.base.errors import (
    Overloaded,
    QueryRejected,
    QueryTimeout,
    ReleaseError,
    TrialgraphError,
    UsageError,
    WorkerFailed,
)
from trialgraph.base.settings import Settings
from trialgraph.query.pool import Answer, Pool
from trialgraph.release.open import Release

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
STREAM = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def whole(answer: Answer) -> str:
    with answer:
        return b"".join(answer).decode()


def count(pool: Pool, query: str, **dataset: tuple[str, ...]) -> int:
    # another text each time: a worker has to count, not the memory of answers
    text = f"{query} # {next(NUMBERS)}"
    bound = json.loads(whole(pool.run(text, format="json", **dataset)))["results"]["bindings"]  # type: ignore[arg-type]
    return int(bound[0]["n"]["value"])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_ended(pids: Iterable[int]) -> None:
    """A process that was killed ends a moment later on a busy machine; the pool does not wait for it."""
    for pid in pids:
        wait_until(lambda pid=pid: not alive(pid))


ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("query", "dataset", "n"),
    [
        (ALL, {}, 184),
        (f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> {{ ?s ?p ?o }}", {}, 183),
        (f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> FROM <{SUMMARY}> {{ ?s ?p ?o }}", {}, 183),
        (f"SELECT (COUNT(*) AS ?n) FROM NAMED <{DEMO}> {{ ?s ?p ?o }}", {}, 0),
        (f"SELECT (COUNT(*) AS ?n) FROM NAMED <{DEMO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}, 183),
        (f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> FROM <{META}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}, 0),
        (ALL, {"default_graphs": (DEMO, SUMMARY)}, 183),
        (ALL, {"default_graphs": (DEMO, SUMMARY, META)}, 184),
        (ALL, {"default_graphs": (SUMMARY,)}, TRIALS),
        (ALL, {"named_graphs": (SUMMARY,)}, 0),
        # beside the query goes before the query's own
        (f"SELECT (COUNT(*) AS ?n) FROM <{DEMO}> {{ ?s ?p ?o }}", {"default_graphs": (META,)}, 1),
        ("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", {}, 3),
    ],
)
def test_a_triple_counts_once_in_every_dataset(
    pool: Pool, query: str, dataset: dict[str, tuple[str, ...]], n: int
) -> None:
    assert count(pool, query, **dataset) == n


@pytest.mark.parametrize("option", ["default_graphs", "named_graphs"])
def test_a_graph_from_elsewhere_is_refused(pool: Pool, option: str) -> None:
    for iri in ("file:///etc/hostname", "http://[x", "graph/demo"):
        with pytest.raises(QueryRejected) as caught:
            count(pool, ALL, **{option: (iri,)})
        assert caught.value.http_status == 403


def test_a_graph_that_is_not_here_is_empty_beside_a_query_and_refused_in_it(pool: Pool) -> None:
    for iri in ("http://127.0.0.1:1/", f"{DEMO}x"):
        assert count(pool, ALL, default_graphs=(iri,)) == 0
        assert count(pool, ALL, default_graphs=(iri, META)) == 1
        with pytest.raises(QueryRejected):
            count(pool, ALL.replace("{", f"FROM <{iri}> {{"))


def test_an_iri_without_a_base_is_relative_to_the_data(pool: Pool) -> None:
    assert whole(pool.run("ASK { <trial/NCT00000007> a <ontology/Trial> }", format="csv")) == "true"
    assert count(pool, ALL.replace("{", "FROM <graph/demo> {")) == 183
    assert count(pool, "BASE <http://e/> " + ALL.replace("?s ?p ?o", "<a> ?p ?o")) == 0


def test_formats_of_answers(pool: Pool) -> None:
    ask = "ASK { ?s ?p ?o }"
    assert whole(pool.run(ask, format="csv")) == "true"
    assert whole(pool.run(ask, format="tsv")) == "true"
    assert "<boolean>true</boolean>" in whole(pool.run(ask, format="xml"))
    construct = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{META}> {{ ?s ?p ?o }} }}"
    turtle = whole(pool.run(construct))
    assert turtle.startswith("@prefix dcterms: <http://purl.org/dc/terms/> .\n")
    assert turtle.count("@prefix") == 1, "only the prefixes that the answer uses"
    assert whole(pool.run(construct, format="ntriples")).count(" .\n") == 1
    with pytest.raises(UsageError, match="a SELECT has no format 'turtle'"):
        pool.run(ALL, format="turtle")


def test_a_syntax_error_has_line_and_column(pool: Pool) -> None:
    with pytest.raises(QueryRejected) as caught:
        pool.run("SELECT ?s\nWHERE { ?s ?p }")
    assert (caught.value.http_status, caught.value.where) == (400, "2:15")
    assert caught.value.what == "syntax error: unexpected }"
    with pytest.raises(QueryRejected, match="unexpected end of the query"):
        pool.run("SELECT * { ?s")


def test_an_unknown_function_is_the_askers_error(pool: Pool) -> None:
    with pytest.raises(QueryRejected, match="unknown function http://e/f"):
        pool.run("SELECT (<http://e/f>(1) AS ?x) {}")


def test_a_query_is_stopped_at_its_limit_and_the_next_is_answered(pool: Pool) -> None:
    before = pool.processes()
    with pytest.raises(QueryTimeout, match=r"stopped after 0\.5 seconds"):
        pool.run(ENDLESS, seconds=0.5)
    gone = set(before) - set(pool.processes())
    assert len(gone) == 1
    wait_until_ended(gone)
    assert count(pool, ALL) == 184


def test_a_limit_longer_than_the_pools_is_cut_down(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=0.5) as pool, pytest.raises(QueryTimeout, match=r"0\.5 seconds"):
        pool.run(ENDLESS, seconds=1000)


def test_an_answer_that_is_cut_says_so_after_its_first_part(pool: Pool) -> None:
    answer = pool.run(STREAM, seconds=0.5)
    with pytest.raises(QueryTimeout):
        for _ in answer:
            pass
    assert list(answer) == [], "an answer that failed is over"
    assert count(pool, ALL) == 184


def test_closing_an_answer_kills_its_worker(pool: Pool) -> None:
    before = set(pool.processes())
    answer = pool.run(STREAM)
    next(answer)
    answer.close()
    answer.close()
    (gone,) = before - set(pool.processes())
    wait_until_ended([gone])
    assert count(pool, ALL) == 184


def test_closing_a_complete_answer_keeps_its_worker(pool: Pool) -> None:
    before = pool.processes()
    for _ in range(5):
        answer = pool.run(ALL)
        assert b"".join(answer)
        assert answer.complete
        answer.close()
    assert sorted(pool.processes()) == sorted(before)


def test_an_answer_that_nobody_closes_is_cleared_away(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=20) as pool:
        next(pool.run(STREAM))
        assert count(pool, ALL) == 184


def test_a_reader_that_stands_still_does_not_keep_a_worker(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=3) as pool:
        still = pool.run(STREAM, seconds=0.5)
        assert count(pool, ALL) == 184
        with pytest.raises(QueryTimeout):
            list(still)
        wait_until(lambda: len(pool.processes()) == 1)


def test_a_worker_that_ends_itself_when_nobody_kills_it(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=20) as pool:
        (pid,) = pool.processes()
        answer = pool.run(STREAM, seconds=0.3)
        wait_until(lambda: Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z")
        answer.close()


def test_a_client_that_has_gone_frees_the_worker(pool: Pool) -> None:
    with pytest.raises(WorkerFailed, match="the client has disconnected"):
        pool.run(ENDLESS, gone=lambda: True)
    assert count(pool, ALL) == 184


def test_too_much_memory_ends_the_query_and_nothing_else(small_release: Release) -> None:
    pool = Pool(small_release, size=1, seconds=60, settings=Settings(worker_memory_bytes=700_000_000))
    with pool:
        with pytest.raises(WorkerFailed, match="more memory"):
            pool.run(
                "SELECT (COUNT(*) AS ?n) { SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g }"
            )
        assert count(pool, ALL) == 184


def test_a_worker_that_died_idle_is_replaced_unnoticed(small_release: Release) -> None:
    with Pool(small_release, size=2, seconds=20) as pool:
        for pid in pool.processes():
            os.kill(pid, signal.SIGKILL)
            # All its threads are gone, not only the first: till then its pipes take a query that nobody reads.
            wait_until(lambda pid=pid: len(os.listdir(f"/proc/{pid}/task")) == 1)
            wait_until(lambda pid=pid: Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z")
        assert [count(pool, ALL) for _ in range(4)] == [184] * 4
        wait_until(lambda: len(pool.processes()) == 2)


def test_a_query_beyond_the_queue_is_turned_away(small_release: Release) -> None:
    pool = Pool(small_release, size=1, seconds=3, settings=Settings(queue=2))
    outcomes: list[str] = []

    def ask() -> None:
        try:
            whole(pool.run(ENDLESS, seconds=1.5))
        except TrialgraphError as error:
            outcomes.append(type(error).__name__)

    with pool:
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert "QueryTimeout" in outcomes
        assert outcomes.count("Overloaded") >= 3
        assert len(outcomes) == 6
        assert count(pool, ALL) == 184


def test_many_threads_get_each_their_own_answer(pool: Pool) -> None:
    wrong: list[int] = []

    def ask(n: int) -> None:
        for _ in range(20):
            if count(pool, f"SELECT (COUNT(*) + {n} AS ?n) {{ ?s ?p ?o }}") != 184 + n:
                wrong.append(n)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_workers_end_with_their_pool(small_release: Release) -> None:
    pool = Pool(small_release, size=2)
    pids = pool.processes()
    pool.close()
    pool.close()
    wait_until_ended(pids)
    with pytest.raises(Overloaded, match="stopping"):
        pool.run(ALL)


def test_a_release_that_does_not_open_is_one_clear_error(tmp_path: Path) -> None:
    release = write_release(tmp_path / "r")
    for path in (release.path / "store").iterdir():
        path.unlink()
    (release.path / "dataset.nq").unlink()
    with pytest.raises(ReleaseError, match=r"dataset\.nq cannot be read"):
        Pool(release, size=1)


def test_a_limit_too_small_to_start_in_is_one_clear_error(small_release: Release) -> None:
    with pytest.raises(WorkerFailed, match="did not start"):
        Pool(small_release, size=1, settings=Settings(worker_memory_bytes=1_000_000))


def test_a_heavy_answer_does_not_leave_its_memory_behind(small_release: Release) -> None:
    pool = Pool(small_release, size=1, seconds=60, settings=Settings(worker_memory_bytes=1_600_000_000))
    with pool:
        before = pool.processes()
        heavy = (
            "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 900000 }"
        )
        assert count(pool, heavy) == 900_000
        assert pool.processes() != before, "a worker that has grown is replaced"
        assert count(pool, ALL) == 184
