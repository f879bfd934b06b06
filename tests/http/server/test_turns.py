"""Clients take turns at the threads of the HTTP server."""

from __future__ import annotations

import pytest

from trialgraph.http.server import turns
from trialgraph.http.server.turns import SHARE, Dispatcher


class Task:
    def __init__(self, client: str) -> None:
        self.client = client


def started(dispatcher: Dispatcher) -> list[Task]:
    """What idle threads would take now."""
    found = []
    while dispatcher.queue:
        found.append(dispatcher.queue.popleft())
    return found


def test_a_client_alone_has_all_threads() -> None:
    dispatcher = Dispatcher()
    tasks = [Task("10.0.0.1") for _ in range(12)]
    for task in tasks:
        dispatcher.queue.append(task)
    assert started(dispatcher) == tasks


def test_with_others_it_has_a_few_and_the_others_come_at_once() -> None:
    dispatcher = Dispatcher()
    flood, polite = [Task("10.0.0.1") for _ in range(12)], Task("10.0.0.2")
    for task in [*flood, polite]:
        dispatcher.queue.append(task)
    assert started(dispatcher) == [flood[0], polite, *flood[1:SHARE]]
    assert len(dispatcher.queue) == 0, "nothing that an idle thread could do"
    dispatcher.leave(flood[0])
    assert started(dispatcher) == [flood[SHARE]]


def test_one_that_waits_makes_room_for_the_next_of_its_client() -> None:
    dispatcher = Dispatcher()
    for task in [Task("10.0.0.2"), *(Task("10.0.0.1") for _ in range(8))]:
        dispatcher.queue.append(task)
    running, count = started(dispatcher), 0
    while running:
        count += len(running)
        for task in running:
            dispatcher.leave(task)
            dispatcher.leave(task)  # waiting, and then ended
        running = started(dispatcher)
    assert count == 9


def test_addresses_of_one_network_are_one_client() -> None:
    dispatcher = Dispatcher()
    for task in [Task("10.0.0.2"), *(Task(f"2001:db8::{n}") for n in range(8))]:
        dispatcher.queue.append(task)
    assert len(started(dispatcher)) == 1 + SHARE


def test_a_long_request_keeps_the_next_waiting_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    dispatcher = Dispatcher()
    for task in [Task("10.0.0.2"), *(Task("10.0.0.1") for _ in range(8))]:
        dispatcher.queue.append(task)
    assert len(started(dispatcher)) == 1 + SHARE
    monkeypatch.setattr(turns, "COUNTED_SECONDS", 0)
    assert len(started(dispatcher)) == 8 - SHARE


def test_at_the_end_all_that_wait_are_let_go() -> None:
    dispatcher = Dispatcher()
    for task in [Task("10.0.0.2"), *(Task("10.0.0.1") for _ in range(8))]:
        dispatcher.queue.append(task)
    started(dispatcher)
    dispatcher.queue.ended = True
    assert len(started(dispatcher)) == 8 - SHARE
