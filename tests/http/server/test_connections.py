"""Which connections are closed, for what, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from trialgraph.base.settings import Settings
from trialgraph.http.server.connections import RESERVE, Connection, Connections, State

SETTINGS = Settings(
    connections=RESERVE + 20,
    slow_readers=6,
    client_connections=4,
    header_seconds=10.0,
    idle_seconds=60.0,
    least_rate=1_000,
)


@dataclass(eq=False)
class Made:
    client: str = "10.0.0.1"
    state: State = "idle"
    began: float = 0.0
    received_bytes: int = 0
    sent: int = 0
    headers_done: bool = False
    unsent: int = 0
    files: int = 0


@pytest.fixture
def closed() -> list[Connection]:
    return []


@pytest.fixture
def connections(closed: list[Connection]) -> Connections:
    return Connections(SETTINGS, closed.append)


def test_a_client_with_its_share_loses_its_oldest_idle_connection_then_its_oldest_unfinished_one(
    connections: Connections, closed: list[Connection]
) -> None:
    other = Made("10.0.0.2", "idle", 0.0)
    own = [Made(state="unfinished", began=1.0), *(Made(began=n) for n in (3.0, 2.0, 4.0))]
    connections.admit(Made(), [other, *own])
    assert closed == [own[2]]
    for one in own:
        one.state = "unfinished"
    connections.admit(Made(), [other, *own])
    assert closed == [own[2], own[0]]


def test_connections_that_are_answered_are_no_part_of_the_share(
    connections: Connections, closed: list[Connection]
) -> None:
    connections.admit(Made(), [Made(state="active") for _ in range(10)])
    assert closed == []


def test_a_network_of_ipv6_is_one_client(connections: Connections, closed: list[Connection]) -> None:
    own = [Made(f"2001:db8::{n}", began=float(n)) for n in range(4)]
    connections.admit(Made("2001:db8::99"), own)
    assert closed == [own[0]]


def test_a_full_server_makes_room_from_whoever_waits_and_else_turns_the_new_one_away(
    connections: Connections, closed: list[Connection]
) -> None:
    here = [Made(f"10.0.{n}.1", "active", float(n)) for n in range(20)]
    here[7].state = "idle"
    connections.admit(Made("10.1.0.1"), here)
    assert closed == [here[7]]
    here[7].state = "active"
    new = Made("10.1.0.2")
    connections.admit(new, here)
    assert closed == [here[7], new]


def test_behind_a_proxy_all_clients_share_its_address(closed: list[Connection]) -> None:
    settings = Settings(connections=200, slow_readers=60, client_connections=4)
    behind = Connections(settings, closed.append, proxy=lambda address: address == "10.0.0.1")
    behind.admit(Made(), [Made() for _ in range(100)])
    readers = [Made(state="active", files=1) for _ in range(60)]
    behind.sweep(readers, 0.0)
    behind.sweep(readers, 10.0)
    assert closed == []


def test_one_client_never_has_more_than_half_of_all_connections(closed: list[Connection]) -> None:
    own = [Made(began=float(n)) for n in range(10)]
    Connections(Settings(connections=20, slow_readers=1), closed.append).admit(Made(), own)
    assert closed[0] is own[0]


def test_scarce_descriptors_make_room_as_a_full_server_does(closed: list[Connection]) -> None:
    all_taken = [False, True, True]
    connections = Connections(SETTINGS, closed.append, scarce=lambda: all_taken.pop(0))
    old, new = Made("10.0.0.2"), Made()
    connections.admit(Made(), [old])
    assert closed == []
    connections.admit(new, [old])
    connections.admit(new, [Made("10.0.0.2", "active")])
    assert closed == [old, new]


def test_a_full_server_gives_up_answers_that_nobody_takes_but_none_that_is_taken(
    connections: Connections, closed: list[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [Made(f"10.0.{n}.1", "active", unsent=1_000_000) for n in range(20)]
    connections.sweep(here, 0.0)
    monkeypatch.setattr("trialgraph.http.server.connections.time.monotonic", lambda: 10.0)
    for one in here:
        one.began, one.sent = 9.9, 1_000_000
    new = Made("10.1.0.1")
    connections.admit(new, here)
    here[7].began = here[8].began = 1.0
    here[7].began = 0.5
    connections.admit(new, here)
    assert closed == [new, here[7]]


def test_the_slowest_of_those_that_hold_files_are_closed_first_those_of_a_client_with_too_many(
    connections: Connections, closed: list[Connection]
) -> None:
    greedy = [Made("10.0.0.1", "active", unsent=1, files=2) for _ in range(4)]
    others = [Made(f"10.0.{n}.2", "active", unsent=1, files=1) for n in range(1, 4)]
    for now in (0.0, 1.0, 2.0):
        connections.sweep([*greedy, *others], now)
        for rate, one in enumerate([*others, *greedy]):
            one.sent += 10_000 * rate
    assert closed == [], "whoever is done soon is not slow"
    connections.sweep([*greedy, *others], 4.0)
    assert set(closed) == {others[0], *greedy[:2]}
    closed.clear()
    many = [Made(f"10.1.{n}.1", "unfinished", began=4.0, headers_done=True, files=1) for n in range(9)]
    for now in (4.0, 8.0):
        connections.sweep(many, now)
    assert len(closed) == 9 - SETTINGS.slow_readers
    closed.clear()
    Connections(SETTINGS, closed.append, scarce=lambda: True).sweep(many, 9.0)
    assert len(closed) == 9 - SETTINGS.slow_readers, "at once where descriptors are scarce"


@pytest.mark.parametrize(
    ("one", "ends"),
    [
        (Made(state="idle"), 60.0),
        (Made(state="unfinished"), 10.0),
        (Made(state="unfinished", headers_done=True, received_bytes=5_000), 15.0),
    ],
    ids=["idle", "headers", "body"],
)
def test_what_does_not_arrive_in_time_is_closed(
    connections: Connections, closed: list[Connection], one: Made, ends: float
) -> None:
    connections.sweep([one], ends - 0.1)
    assert closed == []
    connections.sweep([one], ends + 0.1)
    assert closed == [one]


def test_a_reader_is_closed_that_takes_hardly_anything_and_one_that_keeps_the_pace_is_not(
    connections: Connections, closed: list[Connection]
) -> None:
    slow, fast = Made(state="active", unsent=1_000_000), Made(state="active", unsent=1_000_000)
    for now in range(0, 200, 10):
        connections.sweep([slow, fast], float(now))
        slow.sent += 10
        fast.sent += 20_000
    assert set(closed) == {slow}


def test_a_long_query_that_has_sent_nothing_yet_is_let_run(
    connections: Connections, closed: list[Connection]
) -> None:
    waiting = Made(state="active")
    for now in range(0, 200, 10):
        connections.sweep([waiting], float(now))
    assert closed == []
