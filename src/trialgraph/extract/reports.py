"""Row to Report: every cell through the reader of its column, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from trialgraph.extract.arms import with_arms, with_interventions
from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import column_of, columns
from trialgraph.extract.columns.registration import read_look_alikes
from trialgraph.extract.layout.shared_cells import part_of, says_again, shared_cells
from trialgraph.extract.text.leftovers import leftovers
from trialgraph.extract.text.patterns import NOT_APPLICABLE, says_nothing
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import FieldState, PlainValue, Report
from trialgraph.model.table import Cell, Row

__all__ = ["UNREAD", "read_report"]

# Readings of words that say that there is no value.
_BLANK: Final = frozenset({"phase.not-stated", "phase.not-applicable", "dose.not-specified"})


UNREAD: Final = rule(
    "unread.leftover",
    "Words and numbers of a cell that no rule reads and that are no filler are kept and reported.",
    example="every other week", gives="", counter_example="and",
)  # fmt: skip


def read_report(row: Row) -> Report:
    """What one row says of one trial. A column that the table does not have states nothing, nor does a dash."""
    parts: dict[str, Any] = {}
    values: dict[str, tuple[PlainValue, ...]] = {}
    readings: list[Reading] = []
    covered: list[tuple[Cell, int, int]] = []
    reasons: dict[Reading, str] = {}
    for column in columns():
        found = column.read(_to_read(row, column))
        readings += found.readings
        values |= found.values
        parts |= found.parts
        covered += found.covered
        reasons |= dict(found.implausible)
    readings += (reading for cell in row.cells for reading in read_look_alikes(cell))
    (given,) = parts["interventions"]
    parts["arms"] = with_interventions(parts["arms"], parts["products"], given)
    parts["findings"] = with_arms(parts["findings"], parts["arms"], parts["products"], given)
    readings += (reading for arm in parts["arms"] for reading in arm.named)
    readings += (
        reading for finding in parts["findings"] if finding.effect for reading in finding.effect.readings
    )
    readings = list(dict.fromkeys(readings))
    report = Report(source=row.source, row=row, readings=tuple(readings), values=values, **parts)
    covered += ((r.cell, r.start - r.cell.start, r.end - r.cell.start) for r in (*readings, *reasons))
    left = tuple(sorted((*_leftovers(report, covered), *reasons), key=lambda r: r.start))
    return replace(report, leftovers=left, reasons=reasons, states=_states(report, left))


def _to_read(row: Row, column: ColumnType) -> list[Cell]:
    """The cells of a column that may hold a value, in normal form; of one that several columns share, their part."""
    cells = (
        part_of(cell, column, row)
        for cell in row.cells
        if cell.field == column.field and cell.text and not cell.doubtful and not says_again(row, cell)
    )
    return [c for c in cells if c.text and (column.reads_blank or not says_nothing(c.text))]


def _leftovers(report: Report, covered: Sequence[tuple[Cell, int, int]]) -> Iterator[Reading]:
    for cells in shared_cells(report.row):
        cell, fields = cells[0], [made for of in cells if (made := column_of(of.field))]
        if not fields or not cell.text or says_nothing(cell.in_normal_form().text or ""):
            continue
        if says_again(report.row, cell):
            continue
        spans = [(start, end) for of, start, end in covered if of in cells]
        spans += [at for column, of in zip(fields, cells, strict=True) for at in column.restates(report, of)]
        for at in leftovers(cell.text, spans, frozenset().union(*(column.filler for column in fields))):
            yield read(cell, "unread", at, None, UNREAD)


def _is_of(cell: Cell, column: ColumnType, row: Row) -> bool:
    """Whether a cell is of a column, or one that it shares is."""
    return any(c.field == column.field for cells in shared_cells(row) if cell in cells for c in cells)


def _states(report: Report, left: Sequence[Reading]) -> dict[str, FieldState]:
    """The state of each field; a value that was read makes it stated, whatever else is left."""
    made: dict[str, FieldState] = {}
    for column in columns():
        texts = [c.in_normal_form().text for c in report.row.cells if c.field == column.field and c.text]
        read_from = {r.name for r in report.readings if r.cell.field == column.field and r.rule not in _BLANK}
        if read_from:
            made[column.field] = "stated"
        elif any(_is_of(r.cell, column, report.row) for r in left):
            made[column.field] = "unread"
        elif any(text and NOT_APPLICABLE.fullmatch(text.strip()) for text in texts):
            made[column.field] = "not applicable"
        elif texts:
            made[column.field] = "not specified"
        else:
            made[column.field] = "absent"
    return made
