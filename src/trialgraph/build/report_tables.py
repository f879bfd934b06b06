"""The tables of reports of a release: a line for each row of a source, then one for each record of a registry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from trialgraph.extract.column_type import FlatValue
from trialgraph.extract.registries.record_columns import RECORD_NAME, every_column, flat_of
from trialgraph.extract.trials_table import COLUMNS, csv_text
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report
from trialgraph.release.manifest import ALL_COLUMNS

__all__ = ["FEW", "record_rows", "report_tables"]

#: The table of the columns that others rely on.
FEW: Final = "trials.csv"
#: A line of each table, by the place of the record among all.
Rows = tuple[tuple[int, int], str, str]


def all_names() -> tuple[str, ...]:
    """Every column of tables, then those that records alone fill; the name of the record stands last."""
    return tuple(column.name for column in every_column() if column.name != RECORD_NAME.name)


def report_tables(reports: Sequence[Report], records: Iterable[Rows], *, any_records: bool) -> dict[str, str]:
    """Both tables by the names of their files; without records they have no column of records.

    :param records: lines of records, in any order
    """
    if not any_records:
        return {FEW: csv_text(reports), ALL_COLUMNS: csv_text(reports, ["all"])}
    ordered = sorted(records)
    of_rows = "".join(_line([*flat_of(report, all_names()).values(), ""]) for report in reports)
    return {
        FEW: csv_text(reports) + "".join(few for _, few, _ in ordered),
        ALL_COLUMNS: _line([*all_names(), RECORD_NAME.name])
        + of_rows
        + "".join(every for _, _, every in ordered),
    }


def record_rows(place: tuple[int, int], report: RecordReport) -> Rows:
    """The lines of a record in both tables."""
    return (
        place,
        _line([*flat_of(report, COLUMNS).values()]),
        _line([*flat_of(report, all_names()).values(), report.locator]),
    )


def _line(values: Sequence[FlatValue]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(map(_cell, values))
    return out.getvalue()


def _cell(value: FlatValue) -> str | int | float:
    if isinstance(value, list):
        return "|".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
