"""Percentiles, medians of rounds, and how figures are written."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.bench.statistics import median_of_rounds, number, percentile


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    values = [15, 20, 35, 40, 50]
    assert [percentile(values, p) for p in (0, 5, 30, 40, 50, 95, 100)] == [15, 15, 20, 20, 35, 50, 50]
    assert percentile(list(range(100, 0, -1)), 99) == 99
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_rounds_become_the_median_of_each_number() -> None:
    rounds: list[dict[str, Any]] = [
        {"cpu": 3.0, "answer": "a"},
        {"cpu": 1.0, "answer": "b"},
        {"cpu": 2.0, "rate": 7},
    ]
    assert median_of_rounds(rounds) == {"cpu": 2.0, "answer": "b", "rate": 7}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0312, "0.031"),
        (0.123, "0.123"),
        (1.467, "1.47"),
        (18.14, "18.1"),
        (999.6, "1,000"),
        (35545, "35,545"),
    ],
)
def test_a_figure_has_three_digits(value: float, text: str) -> None:
    assert number(value) == text
