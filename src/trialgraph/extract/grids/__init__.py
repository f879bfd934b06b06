"""A file of tables to grids.

Input: a source of a kind that states its cells (CSV, XLSX, DOCX, HTML, JATS XML, Markdown, …). Output: its tables as
grids, each cell with its text as a reader sees it, its footnote marks and its address in the file; what stands beside
a table; and remarks on what a reader of the file may not see.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.select_table import choose
from trialgraph.extract.grids.span_grid import too_many_tables
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid

__all__ = ["READERS", "choose", "read_grids"]

Reader = Callable[[Source, Settings], tuple[Grid, ...]]


def _reader(module: str) -> Reader:
    """The reader of a module here, which is imported with its libraries when it is first used."""

    def read(source: Source, settings: Settings) -> tuple[Grid, ...]:
        reader: Reader = getattr(import_module(f"{__name__}.{module}"), f"read_{module}")
        return reader(source, settings)

    return read


READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(("csv", "tsv", "semicolon"), _reader("separated")),
    **dict.fromkeys(("markdown", "pipe"), _reader("pipe")),
    **{kind: _reader(kind) for kind in ("xlsx", "docx", "html", "jats")},
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
