"""Reports from cells that are known, without a table around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source
from trialgraph.model.report import Report
from trialgraph.model.table import Cell, Row

__all__ = ["a_source", "report"]

_HEADERS: Final = {"follow-up": "Follow-up (months)", "patients": "Patients (treatment/control)"}


def report(source: str, number: int, **cells: str) -> Report:
    """A report of a row of these cells, by field with ``_`` for a blank and ``__`` for a hyphen."""
    made, at = [], 0
    for n, (name, text) in enumerate(cells.items(), start=1):
        field = name.replace("__", "-").replace("_", " ")
        header = _HEADERS.get(field, field)
        key = field.replace(" ", "-")
        made.append(Cell(header, field, key, n, text or None, at, at + len(text)))
        at += len(text)
    return find_conflicts([read_report(Row(source, number, number + 1, tuple(made), 1.0))])[0]


def a_source(slug: str, folder: Path | None = None, **meta: Any) -> Source:
    """A source of that name, of which nothing but what ``source.toml`` says is looked at."""
    return Source(slug, (folder or Path("seeds")) / slug / "source.txt", "x", "0" * 64, meta=meta)
