"""Excerpts of published tables as grids, with what a curator would enter for each row.

The values were written from the printed tables, not from what the readers make of them. Cells are separated by tabs; a
cell that spans several rows or columns is written in the first of them and ``^`` (of the row above) or ``<`` (of the
column before) in the others. Only the columns of ``trialgraph trials`` that a row names are compared; where the printed
cell states nothing of a column, the right value is empty. The tables stand in ``published.toml``; others of the same
form can be measured from a file of one's own (:mod:`tests.extract.tables.measure`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.paths import TESTS
from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress

__all__ = ["DEVELOPMENT", "HELD_OUT", "Published", "grid_of", "tables_of"]


@dataclass(frozen=True, slots=True)
class Published:
    """An excerpt of a table.

    :param source: where it is from, and under which licence
    :param rows: lines of cells that are separated by tabs
    :param values: of each trial, column of ``trialgraph trials`` to the right value; under ``caption`` those that only
        the caption states
    :param headings: how many rows the file says are headings; 0 where it says nothing, as CSV
    """

    name: str
    source: str
    rows: str
    values: Sequence[Mapping[str, Any]]
    caption: str = ""
    headings: int = 0


def grid_of(table: Published) -> Grid:
    """The grid of an excerpt."""
    lines = [line.split("\t") for line in table.rows.strip("\n").split("\n")]
    width = max(map(len, lines))
    made: dict[tuple[int, int], GridCell] = {}
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for n, line in enumerate(lines):
        for k, text in enumerate([*line, *[""] * (width - len(line))]):
            first = places[n - 1, k] if text == "^" else places[n, k - 1] if text == "<" else (n, k)
            places[n, k] = first
            if first == (n, k):
                address = GridAddress("csv", f"cell={n + 1},{k + 1}")
                made[n, k] = GridCell(text.replace("¶", "\n"), address, n, k, heading=n < table.headings)
    for first, cell in list(made.items()):
        spanned = [place for place, of in places.items() if of == first]
        rows, columns = ({place[axis] for place in spanned} for axis in (0, 1))
        made[first] = GridCell(
            cell.text, cell.address, cell.row, cell.column, len(rows), len(columns), heading=cell.heading
        )
    caption = GridText("caption", table.caption, GridAddress("line", "line=100"), 100)
    whole = tuple(GridRow(n + 1, tuple(made[places[n, k]] for k in range(width))) for n in range(len(lines)))
    return Grid(1, table.name, whole, (caption,) if table.caption else ())


def tables_of(file: Path) -> Iterator[tuple[str, Published]]:
    """The excerpts of a TOML file, each with the name of its set."""
    for one in tomllib.loads(file.read_text(encoding="utf-8"))["table"]:
        made = Published(
            one["name"], one["source"], one["rows"], one["values"], one["caption"], one["headings"]
        )
        yield one["set"], made


_OURS: Final = tuple(tables_of(TESTS / "extract" / "tables" / "published.toml"))
#: What the readers of headings, rows and captions were developed on.
DEVELOPMENT: Final = tuple(table for name, table in _OURS if name == "development")
#: Constructed after the shapes of published tables; what was developed since is told by the names of the sets.
HELD_OUT: Final = tuple(table for name, table in _OURS if name == "held out")
