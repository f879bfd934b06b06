"""It reads rather than remembers: lines built from known cells are cut back into these cells.

The lines are other than the seed's: other diseases, measures, numbers, orders and gaps (``lines.py``): a part of those
of ``make soak``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.extract.segmentation.accuracy import (
    CONSTRUCTED,
    FIELDS,
    Known,
    constructed,
    exchanged,
    gaps,
    measure,
    seed_rows,
    shuffled,
)
from tests.extract.segmentation.lines import HEADINGS
from tools.cells.published import PublishedCell, PublishedTable, trial_tables
from tools.cells.run_together import glued

LINES = 60
#: Of the rows changed in one cell each, every fourth is read; `make soak` reads all.
PART = 4


def held(lines: Iterable[Known], least: float, most_lines: int) -> None:
    accuracy, count, said = measure(lines)
    print(said)
    assert count >= most_lines
    assert accuracy >= least, said


@pytest.mark.parametrize("kind", CONSTRUCTED)
def test_constructed_lines(kind: str) -> None:
    *_, least = CONSTRUCTED[kind]
    held(constructed(kind, LINES), least, LINES)


def test_the_seeds_rows_with_shuffled_columns() -> None:
    r = random.Random(7)  # noqa: S311 - likewise
    orders = [shuffled(r) for _ in range(2)]
    held(((row, order) for order in orders for row in seed_rows()), 0.99, 42)


def test_the_seeds_rows_with_a_cell_of_another_row() -> None:
    held(exchanged()[::PART], 0.99, 57)


def test_the_seeds_rows_with_a_missing_cell() -> None:
    held(gaps()[::PART], 0.95, 50)


def test_the_seeds_rows_with_other_numbers() -> None:
    r = random.Random(9)  # noqa: S311 - likewise
    changed = []
    for row in seed_rows():
        a, b = r.randint(1, 150), r.randint(0, 150)
        numbers = {
            "patients": f"{a + b} ({a}/{b})",
            "follow-up": str(r.choice([1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60])),
            "registration": f"NCT{r.randint(0, 99_999_999):08d}",
            "reference": f"[{r.randint(1, 300)}]",
        }
        changed.append({**row, **numbers})
    held(((row, FIELDS) for row in changed), 0.98, 21)


def test_published_tables_that_are_glued_together_are_read_surely_only_where_they_are_right() -> None:
    wrong: list[str] = []
    made = Counter[str]()
    for table in [*trial_tables("dev")[:20:5], seed_like()]:
        made += glued(table, wrong)
    assert made["sure"] == made["sure and complete"] > 0, wrong[:5]
    assert made["right"] > 2 * made["wrong"]


def seed_like() -> PublishedTable:
    """The seed's rows, as a table."""
    rows = [list(HEADINGS.values()), *(list(row.values()) for row in seed_rows()[:8])]
    cells = [
        PublishedCell(n, k, 1, 1, [(text, "")], n == 0)
        for n, row in enumerate(rows)
        for k, text in enumerate(row)
    ]
    return PublishedTable("seed", "Table 1", "Trials", [], cells, 1)
