"""Lines of known cells through the segmentation: ``python -m tools.soak.accuracy``. The suite measures a part."""

from __future__ import annotations

import random

from tests.extract.segmentation.accuracy import (
    CONSTRUCTED,
    LINES,
    constructed,
    exchanged,
    gaps,
    measure,
    seed_rows,
    shuffled,
)
from tools.soak.report import Report, finish

__all__ = ["main"]


def main(lines: int = LINES, orders: int = 20) -> Report:
    """Constructed lines of each kind, and the seed's rows with their columns in so many orders."""
    report = Report("known cells that the segmentation finds again")
    r = random.Random(7)  # noqa: S311 - orders to test with, no secret
    shuffles = [shuffled(r) for _ in range(orders)]
    runs = {
        f"constructed lines {kind}": (constructed(kind, lines), least[-1])
        for kind, least in CONSTRUCTED.items()
    }
    known = ((row, order) for order in shuffles for row in seed_rows())
    runs |= {
        "rows of the seed with shuffled columns": (known, 0.99),
        "rows of the seed with a cell of another row": (iter(exchanged()), 0.99),
        "rows of the seed with a missing cell": (iter(gaps()), 0.95),
    }
    for name, (given, least) in runs.items():
        accuracy, count, told = measure(given)
        report.counts[name] += count
        report.facts[f"cells right, {name}"] = f"{100 * accuracy:.2f} %"
        if accuracy < least:
            report.fault("too few cells are right", f"{name}: {told}")
    return report


if __name__ == "__main__":
    finish(main())
