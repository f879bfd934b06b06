"""Kept answers: bounded, the last used, and computed once for those who ask at once."""

from __future__ import annotations

from trialgraph.query.cache import AnswerCache, answer_key

A, B, C = (answer_key((name,)) for name in "abc")


def keep(answers: AnswerCache, key: bytes, answer: bytes) -> None:
    flight, mine = answers.join(key)
    assert mine
    answers.finish(key, flight, answer)


def test_an_answer_is_kept_under_all_that_it_depends_on() -> None:
    answers = AnswerCache(10, 1000, 100)
    keep(answers, A, b"one")
    assert answers.get(A) == b"one"
    assert answers.get(B) is None
    assert (answers.hits, answers.misses, answers.held, len(answers)) == (1, 1, 3, 1)
    assert answer_key(("a", "b")) != answer_key(("a\0", "b")) != answer_key(("ab",))


def test_what_was_not_asked_for_longest_goes_first() -> None:
    answers = AnswerCache(2, 1000, 100)
    keep(answers, A, b"a")
    assert answers.get(A)
    keep(answers, B, b"b")
    keep(answers, C, b"c")
    assert [answers.get(key) for key in (A, B, C)] == [b"a", None, b"c"]


def test_what_is_asked_for_once_does_not_drive_out_what_is_asked_for_again() -> None:
    answers = AnswerCache(1000, 320, 20)
    keep(answers, A, b"a" * 20)
    assert answers.get(A)
    for number in range(100):
        keep(answers, answer_key((str(number),)), b"x" * 10)
    assert answers.get(A)
    assert (answers.held, len(answers)) == (20 + 20, 3)


def test_all_answers_together_are_bounded_in_bytes() -> None:
    answers = AnswerCache(100, 10, 10)
    for number in range(50):
        keep(answers, answer_key((str(number),)), b"xxxx")
    assert (answers.held, len(answers)) == (8, 2)
    keep(answers, A, b"x" * 10)
    assert (answers.held, len(answers)) == (10, 1)


def test_an_answer_that_is_too_large_is_not_kept() -> None:
    answers = AnswerCache(10, 1000, 3)
    keep(answers, A, b"long")
    assert answers.get(A) is None
    assert answers.held == 0


def test_one_computes_and_the_others_wait() -> None:
    answers = AnswerCache(10, 1000, 100)
    flight, mine = answers.join(A)
    assert mine
    assert answers.join(A) == (flight, False)
    assert not flight.over.is_set()
    answers.finish(A, flight, b"a")
    assert flight.over.is_set()
    assert flight.shared
    assert answers.join(A)[1], "the next one starts anew"


def test_a_computation_lands_once() -> None:
    answers = AnswerCache(10, 1000, 100)
    flight, _ = answers.join(A)
    answers.finish(A, flight, None)
    assert not flight.shared, "no answer to wait for: each asks for itself"
    later, mine = answers.join(A)
    assert mine
    answers.finish(A, flight, b"of the one that failed")
    assert answers.get(A) is None
    assert not later.over.is_set()
