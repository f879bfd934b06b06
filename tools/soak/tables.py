"""Builds of tables that the readers were not made for: ``python -m tools.soak.tables 20``. The suite builds two."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.release.tables import constructed, shuffled
from tools.soak.report import Report, finish
from trialgraph.base.errors import TrialgraphError
from trialgraph.pipeline import build
from trialgraph.release.audit import check_release

__all__ = ["main"]

COLUMNS: Final = 11


def _tables(count: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Tables with a name each: the seed's columns backwards and shuffled, and as many constructed ones."""
    choose = random.Random(7)  # noqa: S311 - to be repeated
    yield "the seed's columns backwards", shuffled(range(COLUMNS - 1, -1, -1), folder)
    for _ in range(count):
        order = choose.sample(range(COLUMNS), COLUMNS)
        yield f"the seed's columns as {order}", shuffled(order, folder)
    for seed in range(1, count + 1):
        yield f"constructed table {seed}", constructed(seed, folder)


def main(count: int = 20) -> Report:
    """Build so many tables of each kind; none may be refused, and each release has to pass its check."""
    report = Report("builds of tables that the readers were not made for")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in _tables(count, Path(folder)):
            report.counts["tables"] += 1
            try:
                release, found = build([path], releases=Path(folder) / "releases")
            except TrialgraphError as error:
                report.fault("refused", f"{name}: {error}")
                continue
            report.counts["reports"] += release.manifest["counts"]["reports"]
            for finding in {*found, *check_release(release)}:
                if finding.severity == "violation":
                    report.fault("violation", f"{name}: {finding.line()}")
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
