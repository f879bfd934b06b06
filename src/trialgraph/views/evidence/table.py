"""The table of reports: read once from a release, then sorted and cut without another query."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from trialgraph.extract.column_type import FlatColumn, FlatValue
from trialgraph.extract.trials_table import flat_columns, flat_value
from trialgraph.views.evidence.flags import ConflictFlag

__all__ = ["EvidenceTable", "ReportRow", "read_cells"]

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
_TOGETHER: Final = "+"
Key = tuple[tuple[int, float, str], ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report.

    :param cells: its texts, in the order of the table's columns, as the release's file has them
    :param report: its IRI
    :param trial: IRI of its trial
    :param name: what the trial is called
    :param place: of the trial in the index of the facets; -1: the graph does not know the report
    :param states: columns whose field the source says is not specified or does not apply
    """

    cells: tuple[str, ...]
    report: str
    trial: str
    name: str
    place: int = -1
    flags: tuple[ConflictFlag, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)


@dataclass
class EvidenceTable:
    """All reports of a release.

    :param columns: in the order of the file
    :param rows: likewise
    """

    columns: tuple[FlatColumn, ...]
    rows: tuple[ReportRow, ...]
    _orders: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = {column.name: place for place, column in enumerate(self.columns)}
        #: The columns that some report has a value in.
        self.filled = frozenset(
            c.name for n, c in enumerate(self.columns) if any(r.cells[n] for r in self.rows)
        )

    def text(self, row: ReportRow, name: str) -> str:
        """The text of a cell; empty where the release has no such column."""
        place = self.at.get(name)
        return row.cells[place] if place is not None else ""

    def value(self, row: ReportRow, name: str) -> FlatValue:
        """The value of a cell: a number, a text, a list or None."""
        return flat_value(self.columns[self.at[name]], self.text(row, name)) if name in self.at else None

    def chosen(
        self, mask: str, sources: Sequence[str] = (), sort: str = "", *, together: bool = False
    ) -> list[ReportRow]:
        """The rows of the trials that fit, in order.

        :param mask: of each trial, by its place in the index, ``1`` where it fits
        :param sources: slugs; none: any
        :param sort: a column, with ``-`` before it from the highest; empty: the order of the file
        :param together: in the order of the file, the reports of a trial stand where the first of them does
        """
        at, of = self.at.get("source"), frozenset(sources)
        # A report that the graph does not know is of no trial: it is shown where nothing is left out.
        fits = f"{mask}{'0' if '0' in mask else '1'}"
        rows = [
            row
            for row in map(self.rows.__getitem__, self.order(sort or (_TOGETHER if together else "")))
            if fits[row.place] == "1"
        ]
        return [row for row in rows if row.cells[at] in of] if of and at is not None else rows

    def order(self, sort: str) -> Sequence[int]:
        """The places of all rows in an order; those without a value stand last either way."""
        if not sort:
            return range(len(self.rows))
        if sort == _TOGETHER and sort not in self._orders:
            first: dict[str, int] = {}
            for place, row in enumerate(self.rows):
                first.setdefault(row.trial or str(place), place)
            self._orders[sort] = sorted(
                range(len(self.rows)), key=lambda n: first[self.rows[n].trial or str(n)]
            )
        if sort not in self._orders:
            name = sort.removeprefix("-")
            keys = [self._key(row, name) for row in self.rows]
            stated = [n for n, key in enumerate(keys) if key]
            stated.sort(key=keys.__getitem__, reverse=sort.startswith("-"))
            self._orders[sort] = [*stated, *(n for n, key in enumerate(keys) if not key)]
        return self._orders[sort]

    def _key(self, row: ReportRow, name: str) -> Key:
        if name == "trial":
            return _natural(row.name)
        names = [one for one in SORTED_BY.get(name, (name,)) if one in self.at]
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

    def of_trial(self, trial: str) -> tuple[ReportRow, ...]:
        """The reports of a trial, by its IRI."""
        return tuple(row for row in self.rows if row.trial == trial)

    def csv(self, rows: Iterable[ReportRow], names: Sequence[str]) -> Iterator[list[str]]:
        """The texts of these columns, as the file has them."""
        places = [self.at[name] for name in names]
        for row in rows:
            yield [row.cells[place] for place in places]

    def known(self, names: Sequence[str]) -> list[str]:
        """Those of the columns that the table has."""
        return [name for name in names if name in self.at]


def read_cells(text: str) -> tuple[tuple[FlatColumn, ...], list[tuple[str, ...]]]:
    """The columns and the texts of a table of reports, without those of columns that this program does not know."""
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, [])
    known = {column.name: column for column in flat_columns(["all"])}
    kept = [place for place, name in enumerate(header) if name in known]
    cells = [tuple(line[place] for place in kept) for line in lines if len(line) == len(header)]
    return tuple(known[header[place]] for place in kept), cells


def _natural(text: str) -> Key:
    """A text by its words without their case, and by the size of the numbers in it."""
    parts = _DIGITS.split(text.casefold())
    return tuple((0, float(p), "") if p.isdecimal() else (1, 0.0, p) for p in parts if p)
