"""One module for each column: its headings, what its cells look like, its reader, its rules, what it states.

Input: a cell. Output: readings, and the parts of a report made of them. A module (or a folder, where a column is large)
is a column where it has a ``COLUMN``; :func:`columns` finds it, so adding one changes no other file.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module

from trialgraph.extract.column_type import ColumnType

__all__ = ["column_of", "columns", "registered"]

_ADDED: list[ColumnType] = []


def columns() -> tuple[ColumnType, ...]:
    """All columns in their order; the same tuple as long as none is added."""
    return _ordered(_packaged(), tuple(_ADDED))


def column_of(field: str | None) -> ColumnType | None:
    """The column of that field, or None where nobody knows it."""
    return next((column for column in columns() if column.field == field), None)


@contextmanager
def registered(column: ColumnType) -> Iterator[ColumnType]:
    """A column from elsewhere, in place of the one of the same field if there is one, as long as the block runs.

    Not for several threads at once: all of the process sees it.
    """
    _ADDED.append(column)
    try:
        yield column
    finally:
        _ADDED.remove(column)


@cache
def _packaged() -> tuple[ColumnType, ...]:
    found = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return tuple(module.COLUMN for module in found if hasattr(module, "COLUMN"))


@cache
def _ordered(packaged: tuple[ColumnType, ...], added: tuple[ColumnType, ...]) -> tuple[ColumnType, ...]:
    by_field = {column.field: column for column in (*packaged, *added)}
    return tuple(sorted(by_field.values(), key=lambda column: (column.order, column.field)))
