"""What is made once for a release is made once, also when a crowd asks for it at the start."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from trialgraph.base.errors import Overloaded, WorkerFailed
from trialgraph.base.settings import DEFAULTS
from trialgraph.http.site import Site
from trialgraph.query.federation import Federation
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release


@pytest.fixture
def place(small_release: Release, pool: Pool) -> Site:
    return Site(small_release, pool, {}, Federation(DEFAULTS), replace(DEFAULTS, page_rows=10))


def test_a_crowd_makes_it_once(place: Site) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        time.sleep(0.2)
        return len(made)

    with ThreadPoolExecutor(8) as threads:
        seen = [threads.submit(place.once, "thing", make) for _ in range(8)]
    assert [asked.result() for asked in seen] == [1] * 8
    assert made == [1]


def test_one_thing_may_be_made_of_another(place: Site) -> None:
    assert place.once("outer", lambda: place.once("inner", lambda: 2) + 1) == 3


def test_what_failed_is_tried_again(place: Site) -> None:
    def fail() -> int:
        raise WorkerFailed("no")

    with pytest.raises(WorkerFailed):
        place.once("thing", fail)
    assert place.once("thing", lambda: 5) == 5


def test_who_waits_too_long_is_told_to_come_back(place: Site) -> None:
    place.settings = replace(DEFAULTS, page_seconds=0.1)
    began, end = threading.Event(), threading.Event()

    def make() -> int:
        began.set()
        end.wait(20)
        return 1

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(place.once, "thing", make)
        began.wait(20)
        with pytest.raises(Overloaded, match="still being prepared"):
            place.once("thing", lambda: 2)
        end.set()
        assert first.result() == 1
