"""The weights in ``extract/segmentation/confidence.py``, and what they are worth: ``python -m tools.confidence``.

A logistic regression of "every cell is right" on what speaks for a row, over the rows of one seed; then the share of
right rows among those at 0.9 and more, over the rows of that seed and of another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.extract.segmentation.confidence_rows import CALIBRATED_ON, MEASURED_ON, fit_of, known_rows
from trialgraph.extract.segmentation.confidence import RowFit
from trialgraph.model.table import LOW_CONFIDENCE, Row

COUNT = 200
STEPS, RATE, SHRINK = 4_000, 0.1, 1e-4


def regression(fits: Sequence[tuple[RowFit, bool]]) -> list[float]:
    """Constant and weights per distance, weak cell and unread cell, by gradient descent."""
    rows = [((1.0, fit.distance, float(fit.weak), float(fit.unread)), float(right)) for fit, right in fits]
    weights = [0.0] * 4
    for _ in range(STEPS):
        steps = [SHRINK * w for w in weights]
        for values, right in rows:
            miss = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, values, strict=True)))) - right
            for k, value in enumerate(values):
                steps[k] += miss * value / len(rows)
        weights = [w - RATE * step for w, step in zip(weights, steps, strict=True)]
    return weights


def measured(name: str, rows: Sequence[tuple[Row, bool]]) -> str:
    """A line on rows: how many are at the limit or above it, and how many of them are right."""
    high = [right for row, right in rows if row.confidence >= LOW_CONFIDENCE]
    right = sum(right for _, right in rows)
    return (
        f"{name}: {len(rows)} rows, {100 * right / len(rows):.1f} % right; {len(high)} at {LOW_CONFIDENCE} or more, "
        f"of these {100 * sum(high) / len(high):.2f} % right"
    )


def main() -> None:
    """Print the weights and the two measurements."""
    calibrated, other = (list(known_rows(seed, COUNT)) for seed in (CALIBRATED_ON, MEASURED_ON))
    sure = [(fit_of(row), right) for row, right in calibrated if not any(c.doubtful for c in row.cells)]
    print("constant, distance, weak, unread:", *(f"{w:.2f}" for w in regression(sure)))
    print(measured("calibrated on", calibrated))
    print(measured("measured on", other))


if __name__ == "__main__":
    main()
