"""A file of tables to grids.

Input: a source of a kind that states its cells (CSV, XLSX, DOCX, HTML, JATS XML, Markdown, …). Output: its tables as
grids, each cell with its text as a reader sees it, its footnote marks and its address in the file; what stands beside
a table; and remarks on what a reader of the file may not see.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.docx import read_docx
from trialgraph.extract.grids.html import read_html
from trialgraph.extract.grids.jats import read_jats
from trialgraph.extract.grids.pipe import read_pipe
from trialgraph.extract.grids.select_table import choose
from trialgraph.extract.grids.separated import read_separated
from trialgraph.extract.grids.span_grid import too_many_tables
from trialgraph.extract.grids.xlsx import read_xlsx
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid

__all__ = ["READERS", "choose", "read_grids"]

READERS: Final[Mapping[str, Callable[[Source, Settings], tuple[Grid, ...]]]] = {
    "csv": read_separated,
    "tsv": read_separated,
    "semicolon": read_separated,
    "xlsx": read_xlsx,
    "docx": read_docx,
    "html": read_html,
    "jats": read_jats,
    "markdown": read_pipe,
    "pipe": read_pipe,
}


def read_grids(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The tables of a source, in the order of the file; at least one.

    :param settings: the limits of tables and of packed files
    :raises InputError: the file is damaged, holds no table, or goes beyond a limit
    """
    with _without_collection():
        grids = tuple(grid for grid in READERS[source.kind](source, settings) if grid.rows)
    if not grids:
        raise InputError(
            "no table in it", where=str(source.path), hint="is the table an image, or in another file?"
        )
    if len(grids) > settings.grid_tables:
        raise too_many_tables(settings, str(source.path))
    return grids


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the garbage collector: a million cells hold no cycles, and it would look at all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
