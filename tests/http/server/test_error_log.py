"""The log of errors holds no value that a client gave."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trialgraph
from trialgraph.base.errors import QueryRejected, QueryTimeout
from trialgraph.http.server.error_log import error_log

WORD = "zzconfidentialzz"
OURS = f"{Path(trialgraph.__file__).parent}/http/x.py"


def record(
    message: str, *values: Any, path: str = "/lib/waitress/x.py", line: int = 7, error: Any = None
) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("waitress", logging.WARNING, path, line, message, values, info)


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """What is written of some records."""

    def write(*records: logging.LogRecord) -> list[str]:
        with error_log():
            for one in records:
                logging.getLogger().handle(one)
        return capfd.readouterr().err.splitlines()

    return write


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (record("Exception while serving %s", WORD), "waitress: warning at x.py:7"),
        (record(f"closing channel <connected {WORD}>"), "waitress: warning at x.py:7"),
        (
            record("Exception while serving %s", WORD, error=ValueError(WORD)),
            "waitress: warning at x.py:7: ValueError",
        ),
        (record("Task queue depth is %d", 3), "Task queue depth is 3"),
        (record("release %s stays", "abc", path=OURS), "release abc stays"),
        (record("x %s", WORD, error=QueryRejected(WORD)), "an answer was cut: QueryRejected"),
        (record("x", error=QueryTimeout("after 3 seconds")), "an answer was cut: after 3 seconds"),
    ],
)
def test_messages_of_libraries_are_not_passed_on(
    said: Callable[..., list[str]], made: logging.LogRecord, line: str
) -> None:
    assert said(made) == [line]


def test_a_place_is_logged_once_a_second(said: Callable[..., list[str]]) -> None:
    accept = "server accept() threw an exception"
    lines = said(*[record(accept, error=OSError(24, WORD)) for _ in range(500)], record("x", line=8))
    assert len([line for line in lines if line.startswith(accept)]) <= 2
    assert lines[0] == f"{accept}: OSError EMFILE"
    assert lines[-1] == "waitress: warning at x.py:8"
    assert WORD not in "".join(lines)


def test_an_exception_that_ends_a_thread_is_logged_so(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError(WORD)

    before = threading.excepthook, sys.unraisablehook
    with error_log():
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert (threading.excepthook, sys.unraisablehook) == before
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("an exception that nothing handled: ValueError at ")
    assert WORD not in line
