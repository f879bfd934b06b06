"""The sample of the long tests: every test of the table is there, and has more cases than are run."""

from __future__ import annotations

import ast

import pytest

from tests.paths import TESTS
from tests.sampled import CASES, left_out


@pytest.mark.parametrize("test", CASES)
def test_what_is_sampled_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_cases_are_evenly_spread_and_none_of_an_unlisted_test_is_left_out() -> None:
    several = next(test for test, count in CASES.items() if count == 4)
    none = next(test for test, count in CASES.items() if count == 0)
    left = left_out({several: 12, none: 1, "other.py::test": 50})
    assert left == {several: frozenset(range(12)) - {0, 3, 6, 9}, none: frozenset({0})}


def test_a_test_with_no_more_cases_than_the_sample_is_run_whole() -> None:
    test = next(test for test, count in CASES.items() if count == 4)
    assert left_out({test: 4}) == left_out({test: 2}) == {}
