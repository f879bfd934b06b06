"""Saved queries are compared with those of another folder, value by value."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.saved_query_cost import main
from tests.paths import ROOT
from trialgraph.release.open import Release


def test_answers_of_other_queries_that_differ_are_named(
    release: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    arguments = [
        str(release.path),
        "--values",
        "3",
        "--only",
        "outcomes-in-a-disease",
        "--queries",
        str(queries),
    ]
    assert main(arguments) == 0
    assert "| outcomes-in-a-disease | " in capsys.readouterr().out
    (changed,) = queries.glob("*/*-outcomes-in-a-disease.rq")
    changed.write_text(f"{changed.read_text(encoding='utf-8')}LIMIT 1\n", encoding="utf-8")
    assert main(arguments) == 1
    assert "outcomes-in-a-disease differs with the defaults" in capsys.readouterr().err
