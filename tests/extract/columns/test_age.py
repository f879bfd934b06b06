"""Age limits as written; ages of those enrolled are none."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.age import COLUMN


def limits(text: str) -> tuple[object, object]:
    values = COLUMN.read([cell("age", text)]).values
    low, high = (values.get(name, ()) for name in ("minimum_age", "maximum_age"))
    return low[0].value if low else None, high[0].value if high else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18-65", ("18", "65")),
        ("18–65 years", ("18", "65 years")),
        ("18 years to 75 years", ("18 years", "75 years")),
        ("aged 18 to 70", ("18", "70")),
        ("6 months - 18 years", ("6 months", "18 years")),
        ("≥18", ("18", None)),
        ("≥ 18 years", ("18 years", None)),
        ("18+", ("18", None)),
        ("18 years and older", ("18 years", None)),
        ("up to 75 years", (None, "75 years")),
        ("≤ 12 years", (None, "12 years")),
    ],
)
def test_limits_as_written(text: str, expected: tuple[object, object]) -> None:
    assert limits(text) == expected


@pytest.mark.parametrize(
    "text", ["45.2 ± 10.1", "45", "Mean 45 (22-67)", "median 45", "adults", "1841-1865", "18-65; 70"]
)
def test_what_is_no_limit(text: str) -> None:
    assert limits(text) == (None, None)
