"""The confidence of a row is a probability that every cell is right."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.extract.plain_row import OTHERS, PLAIN, table
from tests.extract.segmentation.confidence_rows import CALIBRATED_ON, MEASURED_ON, fit_of, known_rows
from trialgraph.extract.reports import read_report
from trialgraph.extract.segmentation.confidence import CLEAR, RowFit, confidence
from trialgraph.model.table import LOW_CONFIDENCE


@pytest.mark.parametrize("seed", [CALIBRATED_ON, MEASURED_ON])
def test_of_rows_of_high_confidence_98_in_100_are_right(seed: int) -> None:
    """A part of the rows that ``python -m tools.confidence`` calibrates and measures with."""
    rows = list(known_rows(seed, 15))
    high = [right for row, right in rows if row.confidence >= LOW_CONFIDENCE]
    assert sum(high) / len(high) >= 0.98
    assert len(high) / len(rows) >= 0.7


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (RowFit(1, 0, 0), RowFit(6, 0, 0)),
        (RowFit(6, 3, 0), RowFit(6, 0, 0)),
        (RowFit(6, 0, 1), RowFit(6, 0, 0)),
    ],
)
def test_what_speaks_against_a_row(worse: RowFit, better: RowFit) -> None:
    assert 0 <= confidence(worse, doubtful=False) < confidence(better, doubtful=False) <= 1
    assert confidence(better, doubtful=True) <= 0.5


def test_a_row_of_low_confidence_is_a_finding(tmp_path: Path) -> None:
    read = table(tmp_path, *OTHERS, PLAIN | {"follow-up": "12 24", "patients": "18-85 (60)"})
    assert [row.confidence >= LOW_CONFIDENCE for row in read.table.rows] == [True, True, False]
    said = [f.message for f in read.findings if "confidence" in f.message]
    assert said == [
        f"row 3: low confidence {int(read.table.rows[2].confidence * 100) / 100:.2f}: check its cells"
    ]


def test_at_a_doubtful_boundary_nothing_is_stated() -> None:
    """Where the next best cut is close, the cells in which it differs are not read."""
    seen = 0
    for row, _ in known_rows(5, 12):
        if not row.runner_up or fit_of(row).distance >= CLEAR:
            continue
        pairs = list(zip(row.cells, row.runner_up, strict=True))
        differ = {a.key for a, b in pairs if (a.text or "") != (b.text or "")}
        # Between two digits there may be just one place for the boundary, whatever the next best cut says.
        filled = [cell for cell in row.cells if cell.text]
        digits = [
            (a, b)
            for a, b in pairwise(filled)
            if (a.text or "")[-1].isdigit() and (b.text or "")[0].isdigit()
        ]
        differ -= {cell.key for pair in digits for cell in pair if not cell.doubtful}
        if not differ:
            continue
        assert differ <= {cell.key for cell in row.cells if cell.doubtful}
        assert not [r for r in read_report(row).readings if r.cell.key in differ]
        assert row.confidence <= 0.5
        seen += 1
    assert seen
