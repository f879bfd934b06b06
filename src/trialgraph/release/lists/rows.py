"""The table of reports while a release is written: its rows, and their places in every order."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from trialgraph.extract.column_type import FlatColumn, FlatValue
from trialgraph.extract.registries.record_columns import every_column
from trialgraph.extract.trials_table import flat_value
from trialgraph.release.lists.flags import ConflictFlag

__all__ = [
    "SORTED_BY",
    "TOGETHER",
    "GatheredTable",
    "Paper",
    "ReportColumns",
    "ReportRow",
    "read_cells",
]

_DIGITS: Final = re.compile(r"(\d+)")
#: By which other columns a column is sorted, where its own text says little.
SORTED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "disease": ("disease_label",),
    "dose": ("dose_unit", "dose_low", "dose_high"),
    "condition": ("disease_label", "qualifiers"),
    "cells": ("tissue_sources", "cell_types", "donor_type"),
    "trial": ("registration_id",),
}
#: The order of the file, in which the reports of a trial stand together.
TOGETHER: Final = "+"
Key = tuple[tuple[int, float, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry of the reference list of a source.

    :param doi: without its resolver
    :param url: an address of it, where one is known
    """

    citation: str
    doi: str
    url: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report.

    :param cells: its texts, in the order of the table's columns, as the release's file has them
    :param report: its IRI; empty: the graph does not know it
    :param trial: IRI of its trial
    :param name: what the trial is called
    :param states: columns whose field the source says is not specified or does not apply
    :param ids: of the trial in registries, each with the address of its record
    :param papers: of the numbers that it cites those that the list of its source has
    """

    cells: tuple[str, ...]
    report: str
    trial: str
    name: str
    flags: tuple[ConflictFlag, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    ids: tuple[tuple[str, str], ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)


class ReportColumns:
    """The columns of a table of reports.

    :param names: in the order of the file
    :param columns: gives what is known of each, once that is asked for: it takes the readers of all columns
    """

    def __init__(self, names: Sequence[str], columns: Callable[[], Sequence[FlatColumn]]) -> None:
        self.at = {name: place for place, name in enumerate(names)}
        self._known = columns

    @cached_property
    def columns(self) -> tuple[FlatColumn, ...]:
        """What is known of each column, in the order of the file."""
        return tuple(self._known())

    def text(self, row: ReportRow, name: str) -> str:
        """The text of a cell; empty where the release has no such column."""
        place = self.at.get(name)
        return row.cells[place] if place is not None else ""

    def value(self, row: ReportRow, name: str) -> FlatValue:
        """The value of a cell: a number, a text, a list or None."""
        return flat_value(self.columns[self.at[name]], self.text(row, name)) if name in self.at else None

    def csv(self, rows: Iterable[ReportRow], names: Sequence[str]) -> Iterator[list[str]]:
        """The texts of these columns, as the file has them."""
        places = [self.at[name] for name in names]
        for row in rows:
            yield [row.cells[place] for place in places]

    def known(self, names: Sequence[str]) -> list[str]:
        """Those of the columns that the table has."""
        return [name for name in names if name in self.at]


class GatheredTable(ReportColumns):
    """All reports of a release.

    :param rows: in the order of the file
    """

    def __init__(self, columns: Sequence[FlatColumn], rows: Sequence[ReportRow]) -> None:
        super().__init__([column.name for column in columns], lambda: columns)
        self.rows = tuple(rows)

    @cached_property
    def filled(self) -> list[str]:
        """The columns that some report has a value in."""
        return [c.name for n, c in enumerate(self.columns) if any(row.cells[n] for row in self.rows)]

    def orders(self) -> Iterator[tuple[str, list[int]]]:
        """The places of all rows in each order that is not that of the file, by its name.

        The name is a column, with ``-`` before it from the highest, or :data:`TOGETHER`; those without a value stand
        last either way.
        """
        yield TOGETHER, self._together()
        names = dict.fromkeys((*self.at, *SORTED_BY))
        filled = {*self.filled, "trial"}
        for name in names:
            if filled.intersection((name, *self._sorted_by(name))):
                keys = [self._key(row, name) for row in self.rows]
                stated = [n for n, key in enumerate(keys) if key]
                others = [n for n, key in enumerate(keys) if not key]
                yield name, [*sorted(stated, key=keys.__getitem__), *others]
                yield f"-{name}", [*sorted(stated, key=keys.__getitem__, reverse=True), *others]

    def _together(self) -> list[int]:
        first: dict[str, int] = {}
        for place, row in enumerate(self.rows):
            first.setdefault(row.trial or str(place), place)
        return sorted(range(len(self.rows)), key=lambda n: first[self.rows[n].trial or str(n)])

    def _sorted_by(self, name: str) -> list[str]:
        return [one for one in SORTED_BY.get(name, (name,)) if one in self.at]

    def _key(self, row: ReportRow, name: str) -> Key:
        if name == "trial":
            return _natural(row.name)
        names = self._sorted_by(name)
        made: list[tuple[int, float, str]] = []
        for one in names:
            text = self.text(row, one)
            if not text and one == names[0]:
                return ()  # the first of several decides whether there is a value
            if not text:
                made.append((2, 0.0, ""))
            elif self.columns[self.at[one]].number:
                made += [(0, float(part), "") for part in text.split("|")]
            else:
                made += _natural(text)
        return tuple(made)


def read_cells(text: str) -> tuple[tuple[FlatColumn, ...], list[tuple[str, ...]]]:
    """The columns and the texts of a table of reports, without those of columns that this program does not know."""
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, [])
    known = {column.name: column for column in every_column()}
    kept = [place for place, name in enumerate(header) if name in known]
    cells = [tuple(line[place] for place in kept) for line in lines if len(line) == len(header)]
    return tuple(known[header[place]] for place in kept), cells


def _natural(text: str) -> Key:
    """A text by its words without their case, and by the size of the numbers in it."""
    parts = _DIGITS.split(text.casefold())
    return tuple((0, float(p), "") if p.isdecimal() else (1, 0.0, p) for p in parts if p)
