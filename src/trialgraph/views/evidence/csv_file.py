"""Rows of the evidence table as CSV: exactly as ``trialgraph trials`` writes them, or safe in a spreadsheet.

In the safe variant no cell is evaluated, and none becomes a date or another number (decisions/0010-spreadsheets.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from trialgraph.base.escaping import spreadsheet_text
from trialgraph.views.evidence.table import EvidenceTable, ReportRow

__all__ = ["csv_file"]

#: By which a spreadsheet knows UTF-8.
_BOM: Final = "\ufeff"


def csv_file(table: EvidenceTable, rows: Iterable[ReportRow], names: Sequence[str], *, safe: bool) -> bytes:
    """The file.

    :param names: of the columns, each known to the table
    :param safe: for spreadsheets: with a byte order mark, ``Phase 1/2`` for ``1/2``, an apostrophe where one is needed
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if safe else "\n")
    writer.writerow(names)
    if not safe:
        writer.writerows(table.csv(rows, names))
        return out.getvalue().encode("utf-8")
    # A number of the table stays one; it may be several, joined by "|", which no spreadsheet takes for a date.
    numbers = [table.columns[table.at[name]].number for name in names]
    phases = [name == "phase" for name in names]
    safe_text = cache(spreadsheet_text)  # a table repeats itself
    for cells in table.csv(rows, names):
        writer.writerow(
            text if number else _phase(text) if phase else safe_text(text)
            for text, number, phase in zip(cells, numbers, phases, strict=True)
        )
    return f"{_BOM}{out.getvalue()}".encode()


def _phase(text: str) -> str:
    """A phase in words: without them 1/2 would become the first of February."""
    return f"Phase {text}" if text else ""
