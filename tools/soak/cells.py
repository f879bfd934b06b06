"""Cells as long as a line may be, of one thing said over and over, through the readers: ``python -m tools.soak.cells``.

Some patterns of the readers take time with the square of a text's length. What bounds them is the setting
``line_chars``; this says what that comes to.
"""

from __future__ import annotations

import time

from tests.extract.segmentation.lines import HEADINGS
from tools.soak.patterns import UNITS
from tools.soak.report import Report, finish
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.reports import read_report
from trialgraph.model.table import Cell, Row

__all__ = ["main"]

#: Seconds of processor time that no cell may take.
LONGEST = 20.0


def main() -> Report:
    """Every field with every text."""
    chars = DEFAULTS.line_chars
    report = Report(f"cells of {chars:,} characters, as long as a line may be")
    for field in HEADINGS:
        for unit in UNITS:
            text = (unit * (chars // len(unit) + 1))[:chars]
            cell = Cell(field, field, field.replace(" ", "-"), 1, text, 0, chars)
            began = time.process_time()
            made = read_report(Row("hostile", 1, 1, (cell,), 1.0))
            took = time.process_time() - began
            report.counts["cells"] += 1
            report.peak(f"slowest of {field}, seconds of processor time", took)
            if took > LONGEST:
                report.fault("slow", f"{field} on {unit!r}: {took:.1f} s")
            if any(text[r.start : r.end] != r.verbatim for r in made.readings):
                report.fault("a reading that is not its text", f"{field} on {unit!r}")
    return report


if __name__ == "__main__":
    finish(main())
