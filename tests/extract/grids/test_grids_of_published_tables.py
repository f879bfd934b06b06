"""Cells of published tables in every kind of file (``python -m tools.cells.measure`` shows the same of each half)."""

from __future__ import annotations

import pytest

from tools.cells.as_kinds import KINDS
from tools.cells.measure import measured


@pytest.mark.parametrize("kind", ["jats", *(kind for kind in KINDS if not kind.startswith("lines"))])
def test_every_cell_is_read(kind: str) -> None:
    wrong: list[str] = []
    good, total = measured("", kind, wrong)
    assert good >= 0.99 * total > 1_000, wrong[:5]
