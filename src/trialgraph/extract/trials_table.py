"""Reports to the flat table of ``trialgraph trials``: one line per report, columns that others rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from trialgraph.base.errors import UsageError
from trialgraph.extract.column_type import ColumnType, FlatColumn, FlatValue
from trialgraph.extract.columns import columns
from trialgraph.model.report import Correction, Report

__all__ = ["COLUMNS", "csv_text", "flat", "flat_columns", "flat_value", "from_csv"]

_SOURCE: Final = FlatColumn("source", "slug of the source", lambda report: report.source)
_ROW: Final = FlatColumn(
    "row", "number of the row in the source's table, from 1", lambda report: report.row.number, number=True
)
_CONFLICTS: Final = FlatColumn(
    "conflicts",
    "ids of the conflict kinds (see conflicts.md)",
    lambda report: list(dict.fromkeys(conflict.kind for conflict in report.conflicts)),
    several=True,
)
_UNREAD: Final = FlatColumn(
    "unread",
    "fields whose cells hold text that no rule read",
    lambda report: list(dict.fromkeys(left.cell.field or "" for left in report.leftovers)),
    several=True,
)
_CORRECTED: Final = FlatColumn(
    "corrected",
    "values that a reviewer entered, as field=value, with what is printed in parentheses",
    lambda report: [_corrected(correction) for correction in report.corrections],
    several=True,
)
#: The columns that others rely on, in their order: it is never changed, and nothing is added to it.
COLUMNS: Final = (
    "source", "row", "registry", "registration_id", "phase", "tissue_sources", "cell_types", "donor_type", "product",
    "disease", "disease_label", "qualifiers", "n_total", "n_treatment", "n_control", "dose_low", "dose_high",
    "dose_levels", "dose_unit", "routes", "follow_up_months", "combined_with", "mechanisms", "outcomes",
    "results_status", "reference", "conflicts",
)  # fmt: skip


def flat_columns(names: Sequence[str] = COLUMNS) -> tuple[FlatColumn, ...]:
    """The columns of the table by their names.

    :param names: their names; ``all`` alone is every one, those that others rely on first
    :raises UsageError: there is no column of that name
    """
    known = _by_name(columns())
    if tuple(names) == ("all",):
        return tuple(known.values())
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            f"there is no column {unknown[0][:40]!r}", where="columns", hint=f"use all, or {', '.join(known)}"
        )
    return tuple(known[name] for name in names)


@cache
def _by_name(of: tuple[ColumnType, ...]) -> dict[str, FlatColumn]:
    stated = {flat.name: flat for column in of for flat in column.flat}
    known = {flat.name: flat for flat in (_SOURCE, _ROW, _CONFLICTS, _UNREAD, _CORRECTED)} | stated
    return {name: known[name] for name in (*COLUMNS, "unread", "corrected")} | stated


def _corrected(correction: Correction) -> str:
    # The words of the source have no place in a list that "|" joins where they hold one.
    printed = "; ".join(reading.verbatim for reading in correction.overruled).replace("|", "/")
    words = correction.words.replace("|", ", ")
    return f"{correction.name}={words} (printed: {printed})" if printed else f"{correction.name}={words}"


def flat(report: Report, names: Sequence[str] = COLUMNS) -> dict[str, FlatValue]:
    """One report as a record of these columns: numbers, None, and lists for the plural columns."""
    return {column.name: column.value(report) for column in flat_columns(names)}


def csv_text(reports: Iterable[Report], names: Sequence[str] = COLUMNS) -> str:
    """RFC 4180 text with a header line, LF line ends, plural columns joined by ``|``.

    :raises UsageError: there is no column of that name
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in flat_columns(names))
    for report in reports:
        writer.writerow([_cell(v) for v in flat(report, names).values()])
    return out.getvalue()


def from_csv(text: str, more: Iterable[FlatColumn] = ()) -> list[dict[str, FlatValue]]:
    """The records that :func:`csv_text` wrote: numbers, None, and lists for the plural columns.

    :param more: columns that only records of registries fill
    """
    known = {column.name: column for column in more} | _by_name(columns())
    return [
        {name: flat_value(known[name], cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def flat_value(column: FlatColumn, text: str) -> FlatValue:
    """The value that the text of a cell of :func:`csv_text` stands for."""
    if column.several or ((column.number or column.listed) and "|" in text):
        parts = text.split("|") if text else []
        return [_as_number(p) for p in parts] if column.number else parts
    return _as_number(text) if text and column.number else (text or None)


def _as_number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _cell(value: FlatValue) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, list):
        items: Sequence[object] = value
        return "|".join(str(v) for v in items)
    return value
