"""Rows of the evidence table as CSV: exactly as ``trialgraph trials`` writes them, or safe in a spreadsheet.

In the safe variant no cell is evaluated, and none becomes a date or another number (decisions/0010-spreadsheets.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from trialgraph.base.escaping import spreadsheet_text
from trialgraph.release.lists.rows import ReportColumns, ReportRow

__all__ = ["csv_file"]

#: By which a spreadsheet knows UTF-8.
_BOM: Final = "\ufeff"
#: Characters that are sent at once.
_PIECE: Final = 1 << 16
#: Texts whose safe form is kept at hand.
_KEPT: Final = 10_000


def csv_file(
    table: ReportColumns, rows: Iterable[ReportRow], names: Sequence[str], *, safe: bool
) -> Iterator[bytes]:
    """The file, in pieces.

    :param names: of the columns, each known to the table
    :param safe: for spreadsheets: with a byte order mark, ``Phase 1/2`` for ``1/2``, an apostrophe where one is needed
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if safe else "\n")
    if safe:
        out.write(_BOM)
    writer.writerow(names)
    cells = table.csv(rows, names)
    for line in _safe(table, cells, names) if safe else cells:
        writer.writerow(line)
        if out.tell() >= _PIECE:
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")


def _safe(table: ReportColumns, lines: Iterable[list[str]], names: Sequence[str]) -> Iterator[list[str]]:
    # A number of the table stays one; it may be several, joined by "|", which no spreadsheet takes for a date.
    numbers = [table.columns[table.at[name]].number for name in names]
    phases = [name == "phase" for name in names]
    safe_text = lru_cache(_KEPT)(spreadsheet_text)  # a table repeats itself
    for cells in lines:
        yield [
            text if number else _phase(text) if phase else safe_text(text)
            for text, number, phase in zip(cells, numbers, phases, strict=True)
        ]


def _phase(text: str) -> str:
    """A phase in words: without them 1/2 would become the first of February."""
    return f"Phase {text}" if text else ""
