"""Freed memory goes back to the system, in a moment and once for many."""

from __future__ import annotations

import threading

import pytest

from trialgraph.base import freed_memory as memory


def test_it_is_done_once_for_all_that_ask_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    calls: list[int] = []

    def trim() -> None:
        calls.append(1)
        memory._due.clear()
        done.set()

    monkeypatch.setattr(memory, "LATER", 0.05)
    monkeypatch.setattr(memory, "_trim", trim)
    for _ in range(5):
        memory.give_back_memory()
    assert done.wait(10)
    assert calls == [1]


def test_a_system_without_it_is_no_error() -> None:
    memory._trim()
    assert not memory._due.is_set()
