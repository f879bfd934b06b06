"""What needs manual review in a source that was read: text that no rule read, doubtful cells, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trialgraph.extract.columns.registration import CONFUSABLE
from trialgraph.extract.sources import Source
from trialgraph.extract.text.confusables import find_confusables
from trialgraph.graph.check_result import CheckResult
from trialgraph.model.report import Report
from trialgraph.model.table import LOW_CONFIDENCE, Row, Table

__all__ = ["check_reading"]

# A message quotes no more of a cell.
_QUOTED: int = 60


def check_reading(source: Source, table: Table, reports: Iterable[Report]) -> Iterator[CheckResult]:
    """Warnings, each with file and line: of a table, its lines and headings, its cells, and decisions on them."""
    for key in ("title", "licence") if source.meta.get("sha256") else ():
        if not source.meta.get(key):
            yield CheckResult(
                "warning", str(source.path.parent / "source.toml"), f"{key} is empty: fill it in"
            )
    for remark in table.remarks:
        yield CheckResult("info", str(source.path), remark)
    if not table.rows and not table.unread:
        yield CheckResult("warning", str(source.path), "the table has headings and no rows")
    for line in table.unread:
        message = f"row {line.number} is not read: {line.why}; its text is kept"
        yield CheckResult("warning", f"{source.path}:{line.line}:1", message)
    for column in table.unknown:
        message = f"unknown heading {column.header!r}: its cells are kept as text, not read"
        yield CheckResult("warning", f"{source.path}:{column.line}:1", message)
    for row in table.rows:
        yield from (_warning(source, row, message) for message in _doubtful(row))
    for report in reports:
        yield from (_warning(source, report.row, message) for message in _of_report(report))
        yield from _of_decisions(source, report)


def _warning(source: Source, row: Row, message: str) -> CheckResult:
    return CheckResult("warning", f"{source.path}:{row.line}:1", f"row {row.number}: {message}")


def _of_decisions(source: Source, report: Report) -> Iterator[CheckResult]:
    file = source.path.parent / "curation.tsv"
    for decision, left in report.unresolved:
        message = f"row {decision.row}: after {decision.decision[:_QUOTED]!r} {left}"
        yield CheckResult("warning", f"{file}:{decision.line}:1", message)


def _doubtful(row: Row) -> Iterator[str]:
    if row.confidence < LOW_CONFIDENCE:
        # Rounded down: 0.8999 is no 0.90.
        yield f"low confidence {int(row.confidence * 100) / 100:.2f}: check its cells"
    for cell in row.cells:
        if cell.doubtful and cell.text:
            yield f"{cell.header} may begin or end elsewhere: not read is {cell.text[:_QUOTED]!r}"


def _of_report(report: Report) -> Iterator[str]:
    for left in report.leftovers:
        if not left.cell.doubtful:
            why = f": {report.reasons[left]}" if left in report.reasons else ""
            yield f"not read in {left.cell.header}: {left.verbatim[:_QUOTED]!r}{why}"
    for reading in report.readings:
        if reading.rule == CONFUSABLE.id:
            found = find_confusables(reading.verbatim)[0]
            yield f"{reading.verbatim!r} only looks like {found.number} ({found.why}): no trial is known by it"
