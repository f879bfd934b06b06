"""The limit of open files: raised, divided, never handed out whole."""

from __future__ import annotations

import fcntl
import os
import resource
import subprocess
import sys
from dataclasses import replace
from typing import Final

import pytest

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.http.server.descriptors import FILES_OF_A_READER, Descriptors, fit, needed, raise_limit

AUTOMATIC = Settings()


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The soft and the hard limit of a process of its own."""
    limits = [1_024, 1_048_576]
    monkeypatch.setattr("resource.getrlimit", lambda _: tuple(limits))

    def change(_: int, to: tuple[int, int]) -> None:
        limits[:] = to

    monkeypatch.setattr("resource.setrlimit", change)
    return limits


def test_the_soft_limit_is_raised_as_far_as_the_hard_one_allows(limited: list[int]) -> None:
    assert raise_limit(5_000) == 5_000
    assert limited == [5_000, 1_048_576]
    assert raise_limit(100) == 5_000, "never lowered"
    limited[:] = [256, 512]
    assert raise_limit(5_000) == 512
    limited[:] = [256, resource.RLIM_INFINITY]
    assert raise_limit(5_000) == 5_000
    limited[:] = [resource.RLIM_INFINITY, resource.RLIM_INFINITY]
    assert raise_limit(5_000) >= 5_000


@pytest.mark.parametrize("hard", [150, 256, 400, 1_024, 1_300, 4_096, 1_048_576])
@pytest.mark.parametrize(
    "given", [AUTOMATIC, Settings(connections=20), Settings(slow_readers=2), Settings(server_threads=8)]
)
def test_what_is_left_to_the_settings_always_fits(limited: list[int], hard: int, given: Settings) -> None:
    limited[:] = [100, hard]
    settings, room = fit(given, 3)
    assert 16 <= settings.connections <= 1_000
    assert 1 <= settings.slow_readers <= 100
    assert given.connections in (0, settings.connections)
    assert given.slow_readers in (0, settings.slow_readers)
    clients = settings.connections + FILES_OF_A_READER * settings.slow_readers
    assert needed(settings, 3) + clients <= room.limit == limited[0]


def test_a_generous_limit_is_used_and_64_connections_of_one_client_fit_into_1024(limited: list[int]) -> None:
    settings, _ = fit(AUTOMATIC, 3)
    assert (settings.connections, settings.slow_readers) == (1_000, 100)
    limited[:] = [1_024, 1_024]
    settings, _ = fit(AUTOMATIC, 9)
    assert settings.connections // 2 > 64


@pytest.mark.parametrize(
    ("settings", "workers", "hint"),
    [
        (Settings(connections=1_000), 3, "set connections to 901 or less, or leave it out"),
        (Settings(slow_readers=600), 3, "set fewer of them"),
        (Settings(connections=500, slow_readers=400), 3, "set connections to 103 or less"),
        (Settings(server_threads=2_000), 3, "set fewer of them"),
        (AUTOMATIC, 100, "set fewer of them"),
    ],
)
def test_a_setting_that_cannot_fit_is_refused_with_what_to_do(
    limited: list[int], settings: Settings, workers: int, hint: str
) -> None:
    limited[:] = [256, 1_024]
    with pytest.raises(
        InputError, match=r"limit of open files: [\d,]+ open files are needed .* 1,024; raise it"
    ) as told:
        fit(settings, workers)
    assert hint in str(told.value)
    if "or less" in hint:
        fit(replace(settings, connections=int(hint.split()[3])), workers)


_NEXT: Final = """
import os
from trialgraph.base.errors import Overloaded
from trialgraph.http.server.descriptors import Descriptors
free = os.dup(0)
os.close(free)
print(Descriptors(free + 10, 9).scarce(), Descriptors(free + 10, 10).scarce())
try:
    Descriptors(free, 0).check()
except Overloaded as error:
    print(error)
"""


def test_the_next_descriptor_tells_whether_all_others_are_in_use() -> None:
    """In a process of its own: here, other threads open and close descriptors meanwhile."""
    done = subprocess.run([sys.executable, "-c", _NEXT], capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert said[0] == "False True"
    assert "too many files open" in said[1]


def test_what_stays_in_the_reserve_is_counted_when_lower_ones_are_free_again() -> None:
    raise_limit()
    edge = 1_000
    kept = [fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, edge) for _ in range(40)]
    try:
        assert not Descriptors(edge + 100, 100).scarce()
        low = [os.dup(0) for _ in range(edge - 40)]
        try:
            assert Descriptors(edge + 100, 100).scarce()
        finally:
            for one in low:
                os.close(one)
    finally:
        for one in kept:
            os.close(one)
