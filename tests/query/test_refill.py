"""A pool whose workers cannot be started becomes whole again once they can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.small_graph import wait_until
from trialgraph.base.settings import Settings
from trialgraph.query import pool as pool_module
from trialgraph.query import refill
from trialgraph.query.pool import Pool
from trialgraph.query.worker_process import WorkerProcess
from trialgraph.release.open import Release


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "REFILL_SECONDS", (0.05, 0.1))


@pytest.fixture
def pool(small_release: Release) -> Iterator[Pool]:
    with Pool(small_release, size=2, settings=Settings()) as made:
        yield made


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "error", [OSError(24, "Too many open files"), BlockingIOError(11, "fork"), MemoryError()]
)
def test_workers_that_cannot_be_started_are_started_later(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    started = WorkerProcess
    failing = [True]

    def start(*args: Any) -> Any:
        if failing[0]:
            raise error
        return started(*args)

    monkeypatch.setattr(pool_module, "WorkerProcess", start)
    for worker in list(pool._workers):
        pool._replace(worker)
    wait_until(lambda: pool.stats()["start_failed"] > 2)
    assert pool.processes() == ()
    assert pool.empty_since is not None
    failing[0] = False
    wait_until(lambda: len(pool.processes()) == 2)
    assert pool.empty_since is None
    with pool.run("ASK {}", fresh=True) as answer:
        assert b"true" in b"".join(answer)
