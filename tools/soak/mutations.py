"""Cells changed at random through the readers: ``python -m tools.soak.mutations 50000``.

Cells of constructed tables of all publishers are changed in one to three places: digits, separators, powers, blanks,
dashes, marks and letters are put in, taken out, doubled or exchanged. Of each cell, readings, filler and leftover are
the whole text; no reading of a number is a part of a longer one; nothing is raised but the project's own errors.
"""

from __future__ import annotations

import random
import re
import sys
import traceback
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tests.extract.columns.cells import row
from tests.extract.publishers import PUBLISHERS, constructed_row
from tools.soak.report import Report, finish
from trialgraph.base.errors import TrialgraphError
from trialgraph.extract.columns import column_of
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.text.leftovers import FUNCTION_WORDS
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model import report as model
from trialgraph.model.reading import Reading
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import fold

__all__ = ["main", "mutated"]

PIECES: Final = (
    *"0123456789", *".,·٫’/:×*±~≥≤<-–−— \n()[]†‡ᵃ¹%eEaβIV٣４", "10", "106", "10^6", "10⁷", "1.00E+06", "1,000,000",
    "1·5", "up to ", "\u00a0", "\u2009", "\u202f", "and ", "or ", "vs ", "months", "years", "kg", "mg", "cells", "NCT",
    "n = ", "\u0301", "\u200b",
)  # fmt: skip
# What goes on in the same number: digits, or a separator with digits behind or before it.
_BEFORE: Final = re.compile(r"(?:\d|\d[.·٫])$")
_BEHIND: Final = re.compile(r"\d|[.·٫]\d")
#: Of these a part of a printed number is the value, and says so: a lost footnote mark, a lost superscript.
_PARTS: Final = frozenset({"patients.footnote-mark"})


def mutated(text: str, choose: random.Random) -> str:
    """A cell with one to three changes."""
    for _ in range(choose.choice((1, 1, 2, 3))):
        at = choose.randrange(len(text) + 1)
        what = choose.randrange(4)
        end = min(len(text), at + choose.randint(1, 3))
        piece = choose.choice(PIECES)
        if what == 0:
            text = text[:at] + piece + text[at:]
        elif what == 1:
            text = text[:at] + text[end:]
        elif what == 2:
            text = text[:end] + text[at:]
        else:
            text = text[:at] + piece + text[end:]
    return text


def parts_of_numbers(report: model.Report) -> Iterator[Reading]:
    """Readings of numbers before or behind which the same printed number goes on."""
    for reading in report.readings:
        if not isinstance(reading.value, int | Decimal) or reading.rule in _PARTS:
            continue
        text = reading.cell.text or ""
        start, end = reading.start - reading.cell.start, reading.end - reading.cell.start
        first, last = reading.verbatim[:1], reading.verbatim[-1:]
        if (first.isdigit() and _BEFORE.search(text[:start])) or (
            last.isdigit() and _BEHIND.match(text[end:])
        ):
            yield reading


def not_accounted(report: model.Report) -> Iterator[tuple[Cell, str]]:
    """Words and numbers of cells that are neither read nor filler nor left."""
    for cell in report.row.cells:
        column = column_of(cell.field)
        if column is None or not cell.text or says_nothing(cell.in_normal_form().text or ""):
            continue
        spans = [
            (r.start - cell.start, r.end - cell.start)
            for r in (*report.readings, *report.leftovers)
            if r.cell == cell
        ]
        spans += [*column.restates(report, cell)]
        spans += [(i, j) for of, i, j in column.read([cell.in_normal_form()]).covered if of == cell]
        free = bytearray(b"\1" * len(cell.text))
        for i, j in spans:
            free[i:j] = bytes(j - i)
        filler = column.filler | FUNCTION_WORDS
        for m in re.finditer(r"\d+|[^\W\d_]+", cell.text):
            word = fold(m.group())
            # "follow-up" is filler as a whole.
            if all(free[m.start() : m.end()]) and not any(word in part for part in filler):
                yield cell, m.group()


def main(count: int = 50_000, seed: int = 1) -> Report:
    """Read so many changed cells."""
    report = Report("changed cells")
    choose = random.Random(seed)  # noqa: S311 - to be repeated
    for _ in range(count):
        cells = constructed_row(choose.choice(PUBLISHERS), choose).cells
        field = choose.choice(list(cells))
        text = mutated(cells[field] or choose.choice(PIECES), choose)
        report.counts["changed cells"] += 1
        try:
            (made,) = find_conflicts([read_report(row(**{field.replace(" ", "_").replace("-", "_"): text}))])
        except TrialgraphError:
            report.counts["refused, with the reason"] += 1
            continue
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            report.fault(f"{type(error).__name__} in {frame.name}", f"{field} {text!r}")
            continue
        report.counts["readings"] += len(made.readings)
        report.counts["leftovers"] += len(made.leftovers)
        for reading in parts_of_numbers(made):
            report.fault(
                "a part of a longer number", f"{field} {text!r}: {reading.name} {reading.verbatim!r}"
            )
        for _, word in not_accounted(made):
            report.fault("text that is not accounted for", f"{field} {text!r}: {word!r}")
    return report


if __name__ == "__main__":
    finish(main(*map(int, sys.argv[1:])))
