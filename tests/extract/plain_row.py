"""A plain row of a run-together table, to change one cell of, and two more rows to stand above it."""

from __future__ import annotations

from pathlib import Path

from tests.extract.segmentation.lines import HEADINGS
from trialgraph.pipeline import Read, read_all

__all__ = ["OTHERS", "PLAIN", "table"]

PLAIN = {
    "phase": "Phase I/II",
    "cell source": "UC-MSCs (allogeneic)",
    "disease": "SLE",
    "patients": "30 (15/15)",
    "administration": "1 × 106 cells/kg, IV infusion",
    "follow-up": "12",
    "mechanism": "Immunomodulation",
    "outcomes": "SLEDAI, safety",
    "conclusion": "Safe and well tolerated",
    "registration": "NCT09000003",
    "reference": "[3]",
}
OTHERS = (
    PLAIN | {"registration": "NCT09000001", "reference": "[1]"},
    PLAIN | {"registration": "NCT09000002", "reference": "[2]", "disease": "RA"},
)


def table(folder: Path, *rows: dict[str, str]) -> Read:
    """A table of these rows, read."""
    path = folder / "table.txt"
    lines = ["Table 1 Trials", *HEADINGS.values(), *("".join(row[f] for f in HEADINGS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (read,) = read_all([path])
    return read
