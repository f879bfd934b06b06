"""Phases, and the two ways of having none."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.phase import read_phase


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phase I", "1"),
        ("Phase Ia", "1a"),
        ("Phase I/II", "1/2"),
        ("Phase I/IIa", "1/2a"),
        ("Phase Ib/IIa", "1b/2a"),
        ("Phase II", "2"),
        ("Phase 2a", "2a"),
        ("Phase III", "3"),
        ("Phase IV", "4"),
        ("Phase 1-2", "1/2"),
        ("Phase I–II", "1/2"),
        ("phase I and II", "1/2"),
        ("Phase1|Phase2", "1/2"),
        ("Phase 2/Phase 3", "2/3"),
        ("PHASE I", "1"),
        ("Phase Ⅱ", "2"),
        ("II", "2"),
        ("I/IIa", "1/2a"),
        ("Phase I (pilot)", "1"),
        ("Early Phase 1", "0"),
    ],
)
def test_phases(text: str, code: str) -> None:
    made = read_phase(cell("phase", text))
    assert (made.code, made.status) == (code, "stated")
    assert made.concept is not None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("-", "not stated"),
        ("–", "not stated"),
        ("Not reported", "not stated"),
        ("N/A", "not applicable"),
        ("Not applicable", "not applicable"),
    ],
)
def test_a_dash_is_not_not_applicable(text: str, status: str) -> None:
    made = read_phase(cell("phase", text))
    assert (made.code, made.status) == (None, status)
    assert made.reading is not None


@pytest.mark.parametrize("text", ["", "Pilot study", "RCT", "30", "IVF", "Phaseolus"])
def test_other_words_are_no_phase(text: str) -> None:
    made = read_phase(cell("phase", text))
    assert (made.code, made.status, made.reading) == (None, "unread" if text else "not stated", None)
