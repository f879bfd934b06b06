"""The search for the best cut: what holds for any text and any columns."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.segmentation.lines import HEADINGS, line
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.segmentation import segmentation
from trialgraph.extract.segmentation.segmentation import Cut, cut
from trialgraph.extract.text.evidence import Evidence

FIELDS = list(HEADINGS)
COLUMNS = st.lists(st.sampled_from([*FIELDS, None]), min_size=1, max_size=14)
# Pieces of real cells glued to anything, beside plain text: both ends of what may come.
PIECES = [
    "Phase I/II",
    "UC-MSCs",
    "SLE",
    "30 (15/15)",
    "1 × 106 cells/kg",
    "IV infusion",
    "12",
    "[12]",
    "NCT01873625",
    "-",
    "γ",
    "(",
    ")",
    " ",
]
TEXT = st.text(max_size=60) | st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=14).map(
    "".join
)


def sound(bounds: tuple[int, ...], text: str, columns: int) -> None:
    assert len(bounds) == columns + 1
    assert (bounds[0], bounds[-1]) == (0, len(text))
    assert list(bounds) == sorted(bounds)


@given(TEXT, COLUMNS)
@settings(max_examples=100, deadline=None)
def test_any_text_is_cut_from_its_first_to_its_last_character(text: str, fields: list[str | None]) -> None:
    made = cut(text, fields)
    sound(made.bounds, text, len(fields))
    sound(made.runner_up, text, len(fields))
    assert "".join(text[i:j] for i, j in pairwise(made.bounds)) == text
    assert len(made.fits) == sum(i < j for i, j in pairwise(made.bounds)) or made.weight == float("-inf")
    assert made.margin >= 0


@given(TEXT, COLUMNS)
@settings(max_examples=50, deadline=None)
def test_the_same_text_is_cut_the_same_way(text: str, fields: list[str | None]) -> None:
    assert cut(text, fields) == cut(text, fields)


@given(TEXT, COLUMNS)
@settings(max_examples=80, deadline=None)
def test_the_runner_up_is_another_cut(text: str, fields: list[str | None]) -> None:
    made = cut(text, fields)
    if made.margin != float("inf"):
        assert made.runner_up != made.bounds


@pytest.mark.parametrize("seed", range(3))
def test_the_best_is_ahead_of_the_runner_up(seed: int) -> None:
    made = cut(line(seed), FIELDS)
    assert made.weight > 0
    assert made.runner_up != made.bounds
    assert made.margin > 0


def test_one_column_is_the_whole_line() -> None:
    assert cut("Study ongoing", ["conclusion"]).bounds == (0, 13)


def test_an_empty_line_is_empty_cells() -> None:
    assert cut("", FIELDS).bounds == (0,) * 12


def test_a_field_that_nobody_knows_takes_any_words() -> None:
    text = "RAChina[12]"
    made = cut(text, ["disease", None, "reference"])
    assert [text[i:j] for i, j in pairwise(made.bounds)] == ["RA", "China", "[12]"]


def test_columns_may_be_missing() -> None:
    made = cut("RA[12]", ["disease", "registration", "reference"])
    assert made.bounds == (0, 2, 2, 6)


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.extract.segmentation.lines import HEADINGS, line\n"
        "from trialgraph.extract.segmentation.segmentation import cut\n"
        "print([cut(line(k), list(HEADINGS)) for k in range(8)])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1


def pieces(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many stretches of the text are weighed as a cell of some column."""
    count = 0

    def counted(column: ColumnType) -> ColumnType:
        def fits(seen: Evidence, i: int, j: int) -> float:
            nonlocal count
            count += 1
            return column.shape.fits(seen, i, j)

        return replace(column, shape=replace(column.shape, fits=fits))

    of = tuple(map(counted, columns()))
    monkeypatch.setattr(segmentation, "columns", lambda: of)
    made = cut(text, FIELDS)
    monkeypatch.undo()
    assert isinstance(made, Cut)
    return count


def test_twice_the_line_is_about_four_times_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of boundaries are weighed: a square up to the longest cell, a straight line from there on."""
    long = "".join(line(10 * k) for k in range(32))
    counts = [pieces(long[:size], monkeypatch) for size in (1_000, 2_000, 4_000)]
    assert all(after <= 5 * before for before, after in pairwise(counts)), counts
    assert counts[-1] < 500_000


def test_what_is_passed_over_could_not_have_been_among_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cut is that of a search in which no cell has a greatest weight, so that each is looked at."""
    choose = random.Random(7)  # noqa: S311 - to be repeated
    lines = [line(seed) for seed in range(4)]
    lines += [
        one[: choose.randrange(len(one))] + other[choose.randrange(len(other)) :]
        for one, other in pairwise(lines)
    ]
    found = [cut(text, FIELDS) for text in lines]
    unbounded = tuple(replace(column, shape=replace(column.shape, most=math.inf)) for column in columns())
    monkeypatch.setattr(segmentation, "columns", lambda: unbounded)
    assert [cut(text, FIELDS) for text in lines] == found
