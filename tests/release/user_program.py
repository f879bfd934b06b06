"""What a user's program sees of the types: `make types` checks it, and a test runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

from rdflib import Dataset

import trialgraph
from trialgraph.release.python_questions import Question, Questions
from trialgraph.release.python_rows import Rows


def patients(releases: Path) -> int:
    """The patients of all reports of a disease."""
    graph = trialgraph.open(releases)
    assert_type(graph.dataset, Dataset)
    assert_type(graph.queries, Questions)
    assert_type(graph.queries["trials-by-disease"], Question)
    assert_type(graph.queries["trials-by-disease"].choices("disease"), dict[str, str])
    rows = graph.query("SELECT ?n { ?trial a tg:Trial ; tg:hasReport/tg:enrolledTotal ?n }")
    assert_type(rows, Rows)
    assert_type(rows.columns, tuple[str, ...])
    assert_type(rows.records(), list[dict[str, Any]])
    return sum(row["n"] for row in rows.records())
