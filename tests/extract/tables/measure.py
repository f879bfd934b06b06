"""How many values of tables are read right, wrong, or not: ``python -m tests.extract.tables.measure [-v] [FILE …]``.

A file holds tables of one's own, as ``published.toml`` beside this module does.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.extract.tables.published import DEVELOPMENT, HELD_OUT, Published, grid_of, tables_of
from trialgraph.extract.ambiguity import resolved
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.table_of_grid import table_of_grid
from trialgraph.extract.text.legend import read_legend
from trialgraph.extract.trials_table import flat
from trialgraph.model.report import Report

__all__ = ["Compared", "compared", "reports_of", "shares"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A value as it should be, and as it was read.

    :param verdict: ``right``, ``wrong`` or ``missing``
    :param of_caption: whether only the caption states it
    """

    table: str
    row: int
    column: str
    right: Any
    read: Any
    verdict: str
    of_caption: bool = False


def reports_of(table: Published) -> list[Report]:
    """The reports of an excerpt."""
    source = Source(table.name, Path("source.csv"), "", "0" * 64)
    made = table_of_grid(source, grid_of(table))
    legend = read_legend("", made.non_cell_text)
    return [resolved(read_report(row), legend) for row in made.rows]


def compared(tables: Iterable[Published]) -> Iterator[Compared]:
    """Each value of the tables; a row that is missing has none of its values."""
    for table in tables:
        reports = reports_of(table)
        for n, values in enumerate(table.values):
            record = flat(reports[n], ["all"]) if n < len(reports) else {}
            in_cells = [(column, right, False) for column, right in values.items() if column != "caption"]
            beside = [(column, right, True) for column, right in values.get("caption", {}).items()]
            for column, right, of_caption in (*in_cells, *beside):
                read = record.get(column)
                verdict = _verdict(right, read)
                # The words as printed are no wrong disease.
                if verdict == "wrong" and column == "disease_label" and not record.get("disease"):
                    verdict = "missing"
                yield Compared(table.name, n + 1, column, right, read, verdict, of_caption)
        for n in range(len(table.values), len(reports)):
            yield Compared(table.name, n + 1, "row", None, "a row too many", "wrong")


def _verdict(right: Any, read: Any) -> str:
    if right is True:  # some value
        return "right" if read else "missing"
    if read in (None, [], ""):
        return "right" if right in (None, [], "") else "missing"
    # One of several values that are all right is not wrong, and not all.
    if isinstance(right, list) and isinstance(read, list):
        read = list(dict.fromkeys(read))
        if set(read) < set(right):
            return "missing"
    same = str(right).casefold() == str(read).casefold() or right == read
    return "right" if same else "wrong"


def shares(found: Iterable[Compared]) -> dict[str, float]:
    """The share of each verdict."""
    counts = Counter(one.verdict for one in found)
    total = sum(counts.values())
    return {verdict: counts[verdict] / total if total else 0.0 for verdict in ("right", "wrong", "missing")}


def main() -> None:
    """Print the shares of each set, and with ``-v`` each value that is not right; those of captions apart."""
    own = {
        arg: tuple(table for _, table in tables_of(Path(arg)))
        for arg in sys.argv[1:]
        if arg.endswith(".toml")
    }
    for name, tables in {"development": DEVELOPMENT, "held out": HELD_OUT, **own}.items():
        found = list(compared(tables))
        if "-v" in sys.argv:
            for one in found:
                if one.verdict != "right":
                    print(
                        f"  {one.verdict} {one.table} row {one.row} {one.column}: {one.right!r}, read {one.read!r}"
                    )
        for of, some in (
            ("", [f for f in found if not f.of_caption]),
            (" captions", [f for f in found if f.of_caption]),
        ):
            told = ", ".join(f"{share:.1%} {verdict}" for verdict, share in shares(some).items())
            if some:
                print(f"{name}{of}: {len(some)} values of {len(tables)} tables: {told}")


if __name__ == "__main__":
    main()
