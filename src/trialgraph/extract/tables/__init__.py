"""One reader for each kind of source.

Input: a source. Output: its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.model.table import Table

__all__ = ["READERS", "read_rows"]

READERS: Final[Mapping[str, Callable[[Source, Settings], Table]]] = {"run-together": read_run_together}


def read_rows(source: Source, settings: Settings) -> Table:
    """The table of a source, by the reader of its kind.

    :param settings: the limits of a line: ``line_chars``, ``line_cuts``
    """
    return READERS.get(source.kind, read_run_together)(source, settings)
