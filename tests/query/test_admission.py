"""Turns, shares, the queue and the last worker, without any process."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import Overloaded, TooManyQueries
from trialgraph.query.admission import MOST_OVERRUNS, Admission, Ticket, as_client, client_of


def admission(size: int = 3, queue: int = 32, share: int = 24) -> Admission[str]:
    made: Admission[str] = Admission(size, queue, share)
    for number in range(size):
        made.free(f"worker {number}")
    return made


def queued(desk: Admission[str], client: str, *, slow: bool = False) -> Ticket[str]:
    with as_client(client):
        ticket = desk.enter(slow=slow)
    desk.enqueue(ticket)
    return ticket


def end(desk: Admission[str], ticket: Ticket[str]) -> None:
    worker = desk.leave(ticket)
    assert worker is not None
    desk.free(worker)


def test_clients_take_turns() -> None:
    desk = admission(size=1)
    running = queued(desk, "flood")
    flood = [queued(desk, "flood") for _ in range(5)]
    polite = [queued(desk, name) for name in ("a", "b")]
    order = []
    waiting = [*flood, *polite]
    while waiting:
        end(desk, running)
        (running,) = [t for t in waiting if t.ready.is_set()]
        waiting.remove(running)
        order.append(running.client)
    assert order == ["flood", "a", "b", "flood", "flood", "flood", "flood"]


def test_one_client_has_its_share_and_no_more() -> None:
    desk = admission(size=2, share=4)
    end(desk, queued(desk, "before"))
    mine = [queued(desk, "flood") for _ in range(4)]
    with pytest.raises(TooManyQueries, match="4 of your queries are already running or waiting"):
        queued(desk, "flood")
    assert queued(desk, "other").worker is not None, "one client has not all workers while another is active"
    end(desk, mine[0])
    queued(desk, "flood")


def test_a_client_that_is_alone_may_fill_the_queue() -> None:
    desk = admission(size=2, queue=40, share=4)
    mine = [queued(desk, "office") for _ in range(42)]
    with pytest.raises(Overloaded, match="40 queries are already waiting"):
        queued(desk, "office")
    other = queued(desk, "other")
    assert mine[-1].evicted, "the newest of whom the queue is full of"
    assert desk.leave(mine[0]) is not None
    assert other.worker is None
    with pytest.raises(TooManyQueries):
        queued(desk, "office")


def test_the_worker_that_was_used_last_comes_first() -> None:
    desk = admission(size=3)
    first = queued(desk, "a")
    worker = first.worker
    end(desk, first)
    assert queued(desk, "a").worker == worker


def test_a_full_queue_makes_room_at_the_cost_of_whom_it_is_full_of() -> None:
    desk = admission(size=1, queue=4)
    flood = [queued(desk, "flood") for _ in range(5)]
    with pytest.raises(Overloaded, match="4 queries are already waiting"):
        queued(desk, "flood")
    polite = queued(desk, "polite")
    assert [t.evicted for t in flood] == [False, False, False, False, True], "its newest"
    assert flood[4].ready.is_set()
    assert flood[4].worker is None
    end(desk, flood[0])
    end(desk, flood[1])
    assert polite.worker is not None
    assert desk.counts() == {"running": 1, "waiting": 2, "rejected": 2}


def test_one_worker_is_not_kept_by_anyone() -> None:
    desk = admission(size=3)
    tickets = [queued(desk, "a") for _ in range(3)]
    assert [t.keeps for t in tickets] == [True, True, False]
    assert not desk.keep(tickets[2])
    end(desk, tickets[0])
    assert desk.keep(tickets[2]), "another worker is free for the quick now"


def test_a_query_known_to_be_slow_waits_for_a_worker_that_it_may_keep_and_is_passed_by_quick_ones() -> None:
    desk = admission(size=2)
    long = queued(desk, "a")
    slow = queued(desk, "b", slow=True)
    assert slow.worker is None, "a worker is free, but it is the last"
    for client in ("b", "c"):
        quick = queued(desk, client)
        assert quick.worker is not None
        assert not desk.keep(quick), "the slow one has waited for longer"
        end(desk, quick)
    end(desk, long)
    assert slow.keeps


def test_a_lone_worker_may_be_kept() -> None:
    assert queued(admission(size=1), "a", slow=True).keeps


def test_a_client_that_overruns_the_last_worker_gets_ever_less_of_it() -> None:
    desk = admission(size=2)
    ticket = queued(desk, "a")
    assert desk.patience(ticket, 1.0) == 1.0
    seen = []
    for _ in range(6):
        desk.overran(ticket)
        seen.append(desk.patience(ticket, 1.0))
    assert seen == [0.5, 0.25, 0.125, 0.125, 0.125, 0.125]
    assert desk.patience(queued(desk, "b"), 1.0) == 1.0
    assert ticket.slow


def test_a_stopped_run_gives_back_its_right_to_keep_a_worker() -> None:
    desk = admission(size=2)
    first = queued(desk, "a")
    worker = first.worker
    assert worker is not None
    desk.stop(first)
    assert desk.counts()["waiting"] == 1
    desk.free(worker)
    desk.enqueue(first)
    assert first.keeps


def test_a_reader_that_stands_still_counts_to_its_client_but_takes_no_place() -> None:
    desk = admission(size=1, queue=1, share=1)
    end(desk, queued(desk, "b"))
    still = queued(desk, "a")
    desk.stop(still, stalled=True)
    desk.free("another worker")
    assert desk.counts() == {"running": 0, "waiting": 0, "rejected": 0}
    with pytest.raises(TooManyQueries):
        queued(desk, "a")
    assert queued(desk, "b").worker == "another worker"
    assert desk.leave(still) is None


def test_nobody_is_let_in_after_the_end() -> None:
    desk = admission(size=1)
    queued(desk, "a")
    waiting = queued(desk, "a")
    assert desk.close() == []
    assert waiting.ready.is_set()
    assert waiting.worker is None
    with pytest.raises(Overloaded, match="stopping"):
        queued(desk, "a")


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_what_counts_as_one_client(address: str, client: str) -> None:
    assert client_of(address) == client


def test_while_others_are_active_no_client_has_all_workers() -> None:
    desk = admission(size=3)
    assert queued(desk, "other").worker is not None
    flood = [queued(desk, "flood") for _ in range(4)]
    assert [t.worker is not None for t in flood] == [True, True, False, False]
    desk = admission(size=3)
    alone = [queued(desk, "flood") for _ in range(4)]
    assert [t.worker is not None for t in alone] == [True, True, True, False]


def test_whose_queries_overran_again_and_again_leaves_the_last_worker_to_others() -> None:
    desk = admission(size=2)
    crashed = queued(desk, "flood")
    for _ in range(MOST_OVERRUNS):
        desk.overran(crashed)
    end(desk, crashed)
    assert not queued(desk, "flood").slow, "nobody else is here"
    assert not queued(desk, "other").slow
    assert queued(desk, "flood").slow
