"""The page of threats and the tests of attacks name each other."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.paths import ROOT

ATTACK = Path(__file__).parent / "attack"
PAGE = ROOT / "docs" / "threat-model.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| surface")
]
NAMED = re.findall(r"`([./a-z_]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))


@cache
def named_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) if n.name.startswith("test_")
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_a_threat_says_who_stops_it_and_which_test_shows_it(row: list[str]) -> None:
    assert len(row) == 6
    assert all(row)
    assert "::test_" in row[5]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_is_there(file: str, test: str) -> None:
    assert test in named_in((ATTACK / file).resolve())


@pytest.mark.parametrize("path", sorted(ATTACK.glob("test_*.py")), ids=lambda path: path.stem)
def test_every_attack_is_a_threat_of_the_page(path: Path) -> None:
    named = {test for file, test in NAMED if file == path.name}
    assert named_in(path) - named == set()
