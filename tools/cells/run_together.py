"""Share of cells that are right where published tables are glued together, for each half and kind of table.

    python -m tools.cells.run_together [--wrong]

Each heading stands on a line, each row on one with nothing between its cells. A cell is right where its text is, not
read where its row or it is not (unread, or doubtful), else wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tools.cells.as_kinds import as_run_together, line_rows
from tools.cells.published import PublishedTable, published, trial_tables
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.model.table import Table

__all__ = ["Glued", "glued"]

#: Counts: cells ``right``, ``wrong``, ``not read``; rows ``sure``, and of these ``sure and complete``.
Glued = Counter[str]


def glued(table: PublishedTable, wrong: list[str]) -> Glued:
    """What is read of a table that is glued together."""
    head, *rows = line_rows(table)
    rows = [row for row in rows if any(row)]
    data = as_run_together(table).decode()
    source = Source("table", Path("table.txt"), data, "0" * 64)
    try:
        read: Table | None = read_run_together(source, DEFAULTS)
    except InputError as error:
        read = None
        wrong.append(f"{table.name}: {error}")
    first = 2 + len([text for text in head if text])
    found = {row.line: row for row in read.rows} if read else {}
    made: Glued = Counter()
    for n, row in enumerate(rows):
        got = found.get(first + n)
        texts = [cell.text or "" for cell in got.cells] if got else []
        if got is None or read is None or len(texts) != len(row):
            made["not read" if got is None else "wrong"] += len(row)
            continue
        for cell, want, text in zip(got.cells, row, texts, strict=True):
            same = "".join(text.split()) == "".join(want.split())
            what = "not read" if cell.doubtful else "right" if same else "wrong"
            made[what] += 1
            if what == "wrong":
                wrong.append(
                    f"{table.name} {n + 1} {cell.header}: {want!r} read {text!r} at {got.confidence}"
                )
        if got.confidence >= 0.9:
            made["sure"] += 1
            made["sure and complete"] += texts == row
    return made


def main() -> None:
    """Write the table of shares."""
    wrong: list[str] = []
    print("| tables | cells | right | wrong | not read | rows at 0.9 or more | of these complete |")
    print("|---|---|---|---|---|---|---|")
    for half in ("dev", "test"):
        for name, tables in (
            (f"with a trial in each row, {half}", trial_tables(half)),
            (f"of tests/tables, {half}", published(half)),
        ):
            made: Glued = Counter()
            for table in tables:
                made += glued(table, wrong)
            total = made["right"] + made["wrong"] + made["not read"]
            shares = " | ".join(f"{made[what] / total:.1%}" for what in ("right", "wrong", "not read"))
            print(f"| {name} | {total} | {shares} | {made['sure']} | {made['sure and complete']} |")
    if "--wrong" in sys.argv:
        print("\n".join(wrong))


if __name__ == "__main__":
    main()
