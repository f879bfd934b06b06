"""How many workers there are, and how much memory each has."""

from __future__ import annotations

import pytest

from trialgraph.base.settings import Settings
from trialgraph.query import worker_process
from trialgraph.query.worker_process import ENOUGH_MEMORY, LEAST_MEMORY, MOST_MEMORY, sized

GB = 1_000_000_000


@pytest.fixture(autouse=True)
def _eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "default_workers", lambda: 9)


@pytest.mark.parametrize("memory", [GB, 2 * GB, 4 * GB, 6 * GB, 8 * GB, 16 * GB, 24 * GB, 64 * GB])
def test_all_workers_together_leave_a_quarter_to_the_server(memory: int) -> None:
    workers, each = sized(Settings(), memory=memory)
    assert 1 <= workers <= 9
    assert ENOUGH_MEMORY <= each <= MOST_MEMORY
    assert workers * each <= memory * 3 // 4


@pytest.mark.parametrize(
    ("settings", "size", "memory", "sizes"),
    [
        (Settings(), None, 24 * GB, (9, 2 * GB)),
        (Settings(), 1, 6 * GB, (1, 2 * GB)),
        (Settings(workers=9), None, 6 * GB, (9, GB // 2)),
        (Settings(workers=9), None, GB, (9, LEAST_MEMORY)),
        (Settings(worker_memory_bytes=GB), None, 6 * GB, (4, GB)),
        (Settings(workers=2, worker_memory_bytes=5 * GB), None, 6 * GB, (2, 5 * GB)),
        (Settings(), None, GB // 4, (1, LEAST_MEMORY)),
        (Settings(), None, 0, (9, 2 * GB)),
    ],
)
def test_what_is_set_is_taken_and_the_rest_is_made_to_fit(
    settings: Settings, size: int | None, memory: int, sizes: tuple[int, int]
) -> None:
    assert sized(settings, size, memory) == sizes
