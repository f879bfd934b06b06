"""Errors are one line: where, what, how to fix it; each kind has its exit code and HTTP status."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.base import errors
from trialgraph.base.errors import InputError, QueryRejected, TrialgraphError


def test_the_line_names_place_trouble_and_cure() -> None:
    assert str(InputError("a NUL byte", where="a.txt:1:2", hint="save it as UTF-8")) == (
        "a.txt:1:2: a NUL byte; save it as UTF-8"
    )
    assert str(InputError("a NUL byte")) == "a NUL byte"


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_stays_on_one_line(what: str, where: str, hint: str) -> None:
    assert len(InputError(what, where=where, hint=hint).line().splitlines()) <= 1


@pytest.mark.parametrize(
    ("name", "exit_code", "http_status"),
    [
        ("InputError", 2, 400),
        ("UsageError", 2, 400),
        ("BrokenQuery", 2, 500),
        ("Findings", 1, 500),
        ("Refused", 1, 500),
        ("ReleaseError", 2, 500),
        ("QueryRejected", 2, 400),
        ("AnswerTooLarge", 3, 413),
        ("QueryTimeout", 3, 503),
        ("WorkerFailed", 3, 500),
        ("ServiceFailed", 3, 502),
        ("StoreFailed", 2, 503),
        ("Overloaded", 3, 503),
        ("TooManyQueries", 3, 429),
    ],
)
def test_codes(name: str, exit_code: int, http_status: int) -> None:
    error = getattr(errors, name)("what")
    assert isinstance(error, TrialgraphError)
    assert (error.exit_code, error.http_status) == (exit_code, http_status)


def test_every_error_is_in_the_table_above_and_in_the_drawing() -> None:
    kinds = {n for n in errors.__all__ if n != "TrialgraphError"}
    tested = {n for n, _, _ in test_codes.pytestmark[0].args[1]}  # type: ignore[attr-defined] # set by the decorator
    assert kinds == tested
    assert all(n in (errors.__doc__ or "") for n in errors.__all__)


def test_a_refused_query_carries_its_own_status() -> None:
    assert QueryRejected("an update", status=403).http_status == 403
