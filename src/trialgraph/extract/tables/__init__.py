"""A source to its table: run-together text is segmented, the chosen grid of any other file gets columns and rows.

Input: a source. Output: its table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from trialgraph.base.settings import Settings
from trialgraph.extract.grids import read_grids
from trialgraph.extract.grids.select_table import choose
from trialgraph.extract.layout.cell_per_line import is_cell_per_line, read_cell_per_line
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.extract.tables.table_of_grid import heading_score, table_of_grid
from trialgraph.model.grid import Grid
from trialgraph.model.report import Report
from trialgraph.model.table import Table

__all__ = ["read_rows", "recognised", "texts_by_address"]


def read_rows(
    source: Source, settings: Settings, *, unknown: bool = False, reports: dict[int, Report] | None = None
) -> Table:
    """The table of a source: the one that is asked for, or that looks like a table of trials.

    :param settings: the limits of lines, tables and packed files
    :param unknown: whether a grid is read, too, none of whose headings anybody knows
    :param reports: gets the reports that are read on the way, by the numbers of their rows
    :raises InputError: it holds no table whose columns are known, several may be meant, or it goes beyond a limit
    """
    if source.kind == "run-together":
        return read_run_together(source, settings, reports)
    grids = _grids(source, settings)
    chosen = choose(grids, source.meta.get("file_table"), heading_score, str(source.path))
    table = table_of_grid(source, chosen, unknown=unknown)
    return replace(table, number=chosen.number if len(grids) > 1 else None)


def recognised(source: Source, settings: Settings) -> Source:
    """The source; a text that is found to hold one cell per line, which only its headings show, as of that kind."""
    if source.kind == "run-together" and source.detected and is_cell_per_line(source, settings):
        return replace(source, kind="cell-per-line")
    return source


def _grids(source: Source, settings: Settings) -> tuple[Grid, ...]:
    if source.kind == "cell-per-line":
        return read_cell_per_line(source, settings)
    return read_grids(source, settings)


def texts_by_address(source: Source, settings: Settings) -> Mapping[str, frozenset[str]]:
    """The texts of the cells of a source that is a grid, and beside them, by their addresses; none of a text."""
    made: dict[str, set[str]] = defaultdict(set)
    for grid in _grids(source, settings) if source.kind != "run-together" else ():
        for row in grid.rows:
            for cell in row.cells:
                made[cell.address.value].add(cell.text)
        for text in grid.texts:
            made[text.address.value].add(text.text)
    return {address: frozenset(texts) for address, texts in made.items()}
