"""Cells of published tables in every kind of file (``python -m tools.cells.measure`` shows the same of each half)."""

from __future__ import annotations

import pytest

from tools.cells.as_kinds import KINDS
from tools.cells.measure import lines_measured, measured
from tools.cells.published import published, trial_tables


@pytest.mark.parametrize("kind", ["jats", *(kind for kind in KINDS if not kind.startswith("lines"))])
def test_every_cell_is_read(kind: str) -> None:
    wrong: list[str] = []
    good, total = measured("", kind, wrong)
    assert good >= 0.99 * total > 1_000, wrong[:5]


@pytest.mark.parametrize(
    "kind", ["lines, gap", "lines, none", "lines, blank behind cells", "lines, blank behind rows"]
)
def test_one_cell_per_line_is_read_where_empty_cells_are_kept(kind: str) -> None:
    wrong: list[str] = []
    counts = lines_measured([*trial_tables("dev")[::6], published("dev")[0]], kind, wrong)
    assert counts["right"] >= 0.99 * counts.total() > 250, wrong[:5]


@pytest.mark.parametrize("kind", ["lines, gap, empty cells gone", "lines, none, empty cells gone"])
def test_lines_whose_empty_cells_are_gone_are_refused_rather_than_guessed(kind: str) -> None:
    counts = lines_measured(trial_tables("dev")[:9:4], kind, [])
    assert counts["wrong"] <= 0.02 * counts.total()
    assert counts["right"] > 0.4 * counts.total()
