"""Tables that the readers were not made for: the seed's with its columns in another order, and constructed ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tests.extract.segmentation.lines import HEADINGS, cells
from tests.paths import FIRST
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.sources import read_source
from trialgraph.extract.tables import read_rows

__all__ = ["SEED", "constructed", "shuffled"]

SEED = FIRST


def shuffled(order: Sequence[int], folder: Path) -> Path:
    """The seed with its columns in another order."""
    rows = read_rows(read_source(SEED), DEFAULTS).rows
    headings = [rows[0].cells[k].header for k in order]
    body = ["".join(row.cells[k].text or "" for k in order) for row in rows]
    path = folder / "shuffled.txt"
    path.write_text("\n".join(["Table 1 Trials", *headings, *body, ""]), encoding="utf-8")
    return path


def constructed(seed: int, folder: Path) -> Path:
    """Another table: other diseases, cells and measures, with gaps."""
    chance = random.Random(seed)  # noqa: S311 - a constructed table, no secret
    body = ["".join(cells(chance).values()) for _ in range(25)]
    path = folder / "constructed.txt"
    path.write_text("\n".join(["Table 2 Trials", *HEADINGS.values(), *body, ""]), encoding="utf-8")
    return path
