"""What is logged of an exception: types and lines, no values."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from trialgraph.base.traces import CHAIN, FRAMES, trace

WORD = "zzconfidentialzz"


def caught(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as found:
        return found


def test_types_and_lines_and_no_value() -> None:
    said = trace(caught(ValueError(WORD)))
    assert said.startswith("ValueError at ")
    assert "tests/base/test_traces.py:" in said
    assert "in caught" in said
    assert WORD not in said


def test_what_it_was_raised_from_is_named() -> None:
    def fail() -> None:
        try:
            int(WORD)
        except ValueError as error:
            raise KeyError(WORD) from error

    with pytest.raises(KeyError) as found:
        fail()
    said = trace(found.value)
    assert said.startswith("KeyError at ")
    assert "; raised from ValueError at " in said
    assert WORD not in said


def test_an_error_of_the_system_has_its_name_and_not_its_file() -> None:
    said = trace(caught(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"/{WORD}")))
    assert said.startswith("FileNotFoundError ENOENT at ")
    assert WORD not in said


def test_it_is_short_however_deep_it_was_raised() -> None:
    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        raise ValueError(WORD)

    with pytest.raises(ValueError, match=WORD) as found:
        deep(100)
    assert trace(found.value).count(" < ") == FRAMES - 1
    chained: BaseException = ValueError()
    for _ in range(20):
        again = ValueError()
        again.__cause__ = chained
        chained = again
    assert trace(chained).count("raised from") == CHAIN - 1


def test_no_path_of_the_machine_is_whole() -> None:
    assert str(Path(__file__).parents[2]) not in trace(caught(ValueError()))
