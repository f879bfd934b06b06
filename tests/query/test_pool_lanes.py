"""The pool under load: the worker kept for what is quickly done, slow ones that yield, answers that are kept."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.small_graph import NUMBERS, wait_until
from trialgraph.base.errors import QueryTimeout, TooManyQueries, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.query.admission import as_client
from trialgraph.query.pool import Answer, Pool
from trialgraph.release.open import Release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {PRODUCT}"


def new(query: str) -> str:
    """The query as another text, which nobody asked before."""
    return f"{query} # {next(NUMBERS)}"


def nice(pid: int) -> int:
    """The priority of a process; 0 where it has just ended."""
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return 0


def the_worker(pool: Pool) -> int:
    """The only worker's process; one that was stopped is replaced in a moment."""
    wait_until(lambda: len(pool.processes()) == 1)
    return pool.processes()[0]


def whole(answer: Answer) -> bytes:
    with answer:
        return b"".join(answer)


def number(data: bytes) -> int:
    return int(json.loads(data)["results"]["bindings"][0]["n"]["value"])


class Busy:
    """Endless queries, each with a thread that waits for it."""

    def __init__(self, pool: Pool, queries: list[str]) -> None:
        self.ended: list[str] = []
        self.left = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(pool, query)) for query in queries]
        for thread in self.threads:
            thread.start()

    def ask(self, pool: Pool, query: str) -> None:
        try:
            whole(pool.run(query, gone=self.left.is_set))
        except TrialgraphError as error:
            self.ended.append(type(error).__name__)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.left.set()
        for thread in self.threads:
            thread.join()


def test_what_is_quick_is_answered_while_more_endless_queries_run_than_there_are_workers(
    small_release: Release,
) -> None:
    with Pool(small_release, size=3, seconds=60, settings=Settings(short_seconds=0.3)) as pool:
        with Busy(pool, [new(ENDLESS) for _ in range(6)]):
            wait_until(lambda: pool.stats()["requeued"] >= 1)
            for _ in range(20):
                assert number(whole(pool.run(new(COUNT), seconds=30))) == 184
            assert pool.stats()["timed_out"] == 0
        assert number(whole(pool.run(new(COUNT)))) == 184
        wait_until(lambda: pool.stats()["running"] == pool.stats()["waiting"] == 0)


def test_a_query_stopped_on_the_last_worker_is_run_again_and_answered_whole(small_release: Release) -> None:
    with Pool(small_release, size=2, seconds=60, settings=Settings(short_seconds=0.3)) as pool:
        long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        with ThreadPoolExecutor() as threads:
            with Busy(pool, [new(ENDLESS)]):
                wait_until(lambda: pool.stats()["running"] == 1)
                answer = threads.submit(lambda: whole(pool.run(new(long))))
                wait_until(lambda: pool.stats()["requeued"] == 1)
                assert not answer.done()
            assert number(answer.result()) == 184**3


def test_a_large_answer_is_not_begun_on_the_last_worker(small_release: Release) -> None:
    with Pool(
        small_release, size=2, seconds=60, settings=Settings(short_bytes=100000, short_seconds=30)
    ) as pool:
        large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
        with ThreadPoolExecutor() as threads:
            with Busy(pool, [new(ENDLESS)]):
                wait_until(lambda: pool.stats()["running"] == 1)
                answer = threads.submit(lambda: whole(pool.run(new(large), format="csv")))
                wait_until(lambda: pool.stats()["requeued"] == 1)
            assert answer.result().count(b"\r\n") >= 20_001


def test_a_query_known_to_be_slow_does_not_try_the_last_worker_again(small_release: Release) -> None:
    with Pool(small_release, size=2, seconds=60, settings=Settings(short_seconds=0.2)) as pool:
        query = new(ENDLESS)
        with Busy(pool, [query]):
            wait_until(lambda: any(nice(pid) == 19 for pid in pool.processes()))
        with Busy(pool, [new(ENDLESS)]):
            wait_until(lambda: pool.stats()["running"] == 1)
            with pytest.raises(TrialgraphError, match="no query worker came free"):
                pool.run(query, seconds=0.5)
        assert pool.stats()["requeued"] == 0


def test_a_slow_query_yields_to_others_and_its_worker_is_replaced(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=60, settings=Settings(short_seconds=0.1)) as pool:
        (pid,) = pool.processes()
        assert os.getpriority(os.PRIO_PROCESS, pid) < 19
        with Busy(pool, [new(ENDLESS)]):
            wait_until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 19)
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        before = pool.processes()
        assert number(whole(pool.run(new(slow)))) == 184**3
        # Its priority cannot be raised again; for a moment there is none.
        wait_until(lambda: pool.processes() not in ((), before))
        assert os.getpriority(os.PRIO_PROCESS, pool.processes()[0]) < 19


def test_an_answer_is_kept_until_it_is_asked_for_afresh(small_release: Release) -> None:
    with Pool(small_release, size=1) as pool:
        query = new(COUNT)
        first = whole(pool.run(query, format="csv"))
        os.kill(the_worker(pool), signal.SIGSTOP)  # from here on no worker answers
        assert whole(pool.run(query, format="csv")) == first
        assert pool.run(query, format="csv").complete
        for other in ({"format": "tsv"}, {"format": "csv", "fresh": True}):
            with pytest.raises(QueryTimeout):
                pool.run(query, seconds=0.1, **other)
            os.kill(the_worker(pool), signal.SIGSTOP)  # the one that took its place
        assert pool.stats()["cache_hits"] == 2
        assert pool.stats()["cache_bytes"] == len(first)


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?n) {}", "SELECT (RAND() AS ?n) {}", "SELECT (UUID() AS ?n) {}"]
)
def test_what_differs_from_run_to_run_is_not_kept(small_release: Release, query: str) -> None:
    with Pool(small_release, size=1) as pool:
        assert whole(pool.run(query)) != whole(pool.run(query))
        assert pool.stats()["cache_answers"] == 0


def test_kept_answers_are_bounded(small_release: Release) -> None:
    with (
        Pool(
            small_release,
            size=1,
            settings=Settings(cache_bytes=4000, cache_answers=12, cache_answer_bytes=2000),
        ) as pool,
    ):
        for limit in (1, 2, 3, 4, 5, 100):
            whole(pool.run(f"SELECT * {{ ?a ?b ?c }} LIMIT {limit}", format="csv"))
        assert pool.stats()["cache_answers"] == 3
        assert 0 < pool.stats()["cache_bytes"] <= 4000


def test_the_same_question_of_twenty_is_computed_once(small_release: Release) -> None:
    with Pool(small_release, size=2, seconds=60, settings=Settings(client_queries=30)) as pool:
        query = new("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        with ThreadPoolExecutor(20) as threads:
            answers = list(threads.map(lambda _: whole(pool.run(query)), range(20)))
        assert {number(data) for data in answers} == {184**3}
        assert pool.stats()["answered"] == 1


def test_who_waits_for_the_same_question_goes_on_when_the_first_asker_leaves(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=60) as pool:
        query = new("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        with ThreadPoolExecutor() as threads:
            with Busy(pool, [query]):
                wait_until(lambda: pool.stats()["running"] == 1)
                second = threads.submit(lambda: whole(pool.run(query)))
                wait_until(lambda: pool.stats()["waiting"] == 1)
            assert number(second.result()) == 184**3


def test_an_endless_question_of_many_takes_one_worker(small_release: Release) -> None:
    with Pool(small_release, size=2, seconds=1) as pool:
        query = new(ENDLESS)
        with Busy(pool, [query] * 5):
            wait_until(lambda: pool.stats()["waiting"] == 4)
            assert pool.stats()["running"] == 1


def test_a_flooder_has_its_share_and_others_get_their_turn(small_release: Release) -> None:
    with Pool(small_release, size=1, seconds=60, settings=Settings(client_queries=4)) as pool:
        stop = time.monotonic() + 30
        refused = 0
        with ThreadPoolExecutor(12) as threads:
            done = threading.Event()

            def flood() -> int:
                away = 0
                while not done.is_set() and time.monotonic() < stop:
                    try:
                        with as_client("flooder"):
                            whole(pool.run(new("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }")))
                    except TooManyQueries:
                        away += 1
                return away

            floods = [threads.submit(flood) for _ in range(10)]
            with as_client("polite"):
                for _ in range(10):
                    assert number(whole(pool.run(new(COUNT), seconds=10))) == 184
            done.set()
            refused = sum(flood.result() for flood in floods)
        assert refused > 0
