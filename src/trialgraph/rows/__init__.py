"""Source to rows: one reader per kind of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from trialgraph.rows.row import Table
from trialgraph.rows.run_together import read_run_together
from trialgraph.sources import Source

__all__ = ["READERS", "read_rows"]

READERS: Final[Mapping[str, Callable[[Source], Table]]] = {"run-together": read_run_together}


def read_rows(source: Source) -> Table:
    """The table of a source, by the reader of its kind."""
    return READERS[source.kind](source)
