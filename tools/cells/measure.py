"""Share of cells that are read right, for each kind of file and half of the tables.

    python -m tools.cells.measure [--wrong]

A cell is right where row, column and text are, marks apart. What is missing or stands elsewhere is wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.cells.as_kinds import KINDS
from tools.cells.published import FOLDER, PublishedTable, published, trial_tables
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.files.kind_of import content_of
from trialgraph.extract.grids import READERS
from trialgraph.extract.layout.cell_per_line import read_cell_per_line
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid


def read(data: bytes, kind: str) -> tuple[str, Grid | None]:
    """The kind that the content shows, and the largest table in it."""
    where = Path(f"table.{kind}")
    lines = kind.startswith("lines")
    try:
        content = content_of(data, str(where), "cell-per-line" if lines else "")
        source = Source("table", where, content.text, "", content.kind, data=data, encoding=content.encoding)
        reader = read_cell_per_line if lines else READERS[content.kind]
        grids = reader(source, DEFAULTS)
    except (InputError, KeyError) as error:
        return f"error: {error}", None
    return content.kind, max(grids, key=lambda g: len(g.rows) * len(g.rows[0].cells), default=None)


def expected(table: PublishedTable, kind: str) -> list[list[str]]:
    """The texts that a reader of the file sees: without spans, each once."""
    rows = table.matrix()
    if kind in ("csv", "tsv", "semicolon", "markdown", "pipe") or kind.startswith("lines"):
        placed = {(c.row, c.column) for c in table.cells}
        rows = [[t if (r, c) in placed else "" for c, t in enumerate(row)] for r, row in enumerate(rows)]
    if kind.startswith("lines"):
        matrix = table.matrix()[: table.headings]
        head = [": ".join(dict.fromkeys(t for t in column if t)) for column in zip(*matrix, strict=True)]
        rows = [head, *([" ".join(t.split()) for t in row] for row in rows[table.headings :])]
    return [row for row in rows if any(row)]


def right(table: PublishedTable, grid: Grid | None, kind: str, wrong: list[str]) -> tuple[int, int]:
    """Right and all cells of a table."""
    want = expected(table, kind)
    got = [[c.text for c in row.cells] for row in grid.rows] if grid else []
    good = 0
    for r, row in enumerate(want):
        for c, text in enumerate(row):
            found = got[r][c] if r < len(got) and c < len(got[r]) else None
            if grid and (found or "").replace("\n", " ") == text.replace("\n", " "):
                good += 1
            else:
                wrong.append(f"{kind} {table.name} {r},{c}: {text[:60]!r} read {str(found)[:60]!r}")
    further = got[len(want) :]
    wrong += [f"{kind} {table.name}: a row that is none: {row[0][:60]!r}" for row in further]
    return good, sum(len(row) for row in (*want, *further))


def measured(half: str, kind: str, wrong: list[str]) -> tuple[int, int]:
    """Right and all cells of a half in a kind."""
    good = total = 0
    for table in published(half):
        data = (FOLDER / f"{table.name}.xml").read_bytes() if kind == "jats" else KINDS[kind](table)
        found, grid = read(data, kind)
        if not kind.startswith("lines") and found != kind:
            wrong.append(f"{kind} {table.name}: the kind is read as {found}")
        one, all_ = right(table, grid, kind, wrong)
        good, total = good + one, total + all_
    return good, total


def lines_measured(tables: Sequence[PublishedTable], kind: str, wrong: list[str]) -> Counter[str]:
    """Cells of tables with one cell per line that are ``right``, ``wrong`` and ``refused``."""
    made: Counter[str] = Counter()
    for table in tables:
        _, grid = read(KINDS[kind](table), kind)
        good, total = right(table, grid, kind, wrong)
        made["right"] += good
        made["wrong" if grid else "refused"] += total - good
    return made


def main() -> None:
    """Write the tables of accuracies."""
    wrong: list[str] = []
    print("| kind | dev | test |\n|---|---|---|")
    for kind in ("jats", *(kind for kind in KINDS if not kind.startswith("lines"))):
        shares = [measured(half, kind, wrong) for half in ("dev", "test")]
        print(f"| {kind} | " + " | ".join(f"{g}/{n} {g / n:.2%}" for g, n in shares) + " |")
    print("\nRight / wrong / refused, of tables with a trial in each row, and of tests/tables:\n")
    print("| one cell per line | trials, dev | trials, test | dev | test |\n|---|---|---|---|---|")
    for kind in (kind for kind in KINDS if kind.startswith("lines")):
        told = []
        for tables in (*map(trial_tables, ("dev", "test")), *map(published, ("dev", "test"))):
            counts = lines_measured(tables, kind, wrong)
            one = [f"{100 * counts[what] / counts.total():.1f}" for what in ("right", "wrong", "refused")]
            told.append(" / ".join(one) + " %")
        print(f"| {kind} | " + " | ".join(told) + " |")
    if "--wrong" in sys.argv:
        print("\n".join(wrong))


if __name__ == "__main__":
    main()
