"""Cells of the table of trials: the values of a report as people write them, with flags, states and abbreviations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from flask import url_for

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import visible
from trialgraph.base.readable import count, doses
from trialgraph.http.pages.links import address
from trialgraph.http.pages.trials.state import COMPOSED
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import expand
from trialgraph.release.lists.facets import Index
from trialgraph.release.lists.flags import columns_of_field
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.rows import ReportRow
from trialgraph.views.evidence.headings import heading
from trialgraph.views.flags import Flag
from trialgraph.views.names import Name, name_of

__all__ = ["Shown", "TableCell", "TableCells", "column_heading"]

#: By column the facet whose values it names.
_FACET_OF: Final = {
    "routes": "route", "outcomes": "outcome", "donor_type": "donor", "qualifiers": "qualifier",
    "combined_with": "combination", "tissue_sources": "tissue", "results_status": "results",
}  # fmt: skip
#: Columns whose texts are CURIEs.
_CURIES: Final = frozenset({"cell_types", "disease", "diseases"})
#: Of longer lists the first are shown.
_LISTED: Final = 3
_HEADINGS: Final = {
    "condition": "Disease",
    "cells": "Cells",
    "dose": "Dose",
    "trial": "Trial",
    "n_total": "n",
}
#: Values that lead nowhere: they name the place, or are about the report as a whole.
_UNLINKED: Final = frozenset({"source", "row", "conflicts", "unread", "corrected"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a cell.

    :param names: values that are separated by commas
    :param unit: behind them
    :param before: a word before them
    :param soft: it stands behind the value of the cell
    """

    names: tuple[Name, ...]
    unit: str = ""
    before: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell.

    :param href: the words that it was read from
    :param more: values that are left out; they are on the page of the trial
    :param state: why there is no value, in words; empty: absent
    """

    column: str
    lines: tuple[Shown, ...]
    href: str = ""
    number: bool = False
    more: int = 0
    state: str = ""
    flags: tuple[Flag, ...] = ()


def column_heading(name: str) -> str:
    """What a column of the page is called."""
    return _HEADINGS.get(name) or heading(name)


class TableCells:
    """What makes the cells of a table.

    :param names: of the columns that are shown
    """

    def __init__(self, table: Lists, index: Index, names: Sequence[str]) -> None:
        self.table, self.index, self.names = table, index, names
        self._list = url_for("trials.index")
        #: Every name of a cell so far, for the list of abbreviations.
        self.used: set[Name] = set()

    def of(self, row: ReportRow) -> tuple[tuple[Flag, ...], list[TableCell]]:
        """The flags that no column that is shown is about, and the cells of a report."""
        placed: dict[str, list[Flag]] = {}
        for columns, flag in self._flags(row):
            placed.setdefault(self._column(columns), []).append(flag)
        return tuple(placed.get("", ())), [self._cell(row, name, placed.get(name, ())) for name in self.names]

    def _cell(self, row: ReportRow, name: str, flags: Iterable[Flag]) -> TableCell:
        make = _COMPOSERS.get(name)
        lines, more = make(self, row) if make else self._plain(row, name)
        flat = COMPOSED.get(name, (name,))
        state = next((row.states[one] for one in flat if one in row.states), "")
        self.used.update(one for line in lines for one in line.names)
        return TableCell(
            name,
            tuple(line for line in lines if line.names),
            self._words(row, name) if row.report and name not in _UNLINKED and lines else "",
            self.is_number(name),
            more,
            "" if lines else state,
            tuple(flags),
        )

    def _words(self, row: ReportRow, name: str) -> str:
        """The address of the words that a value was read from; not by url_for, as a page has thousands."""
        source = quote(self.table.text(row, "source"), safe="")
        place = quote(self.table.text(row, "row") or self.table.text(row, "record"), safe="")
        return f"{self._list}/{source}/{place}/{name}"

    def is_number(self, name: str) -> bool:
        """Whether the cells of a column are numbers."""
        return name in self.table.at and self.table.columns[self.table.at[name]].number

    def _plain(self, row: ReportRow, name: str) -> tuple[list[Shown], int]:
        parts = [part for part in self.table.text(row, name).split("|") if part]
        if not parts:
            return [], 0
        if self.is_number(name):
            return [Shown(tuple(Name(_number(part)) for part in parts))], 0
        shown = parts[:_LISTED] if len(parts) > _LISTED + 1 else parts
        return [Shown(tuple(self._name(name, part) for part in shown))], len(parts) - len(shown)

    def _name(self, column: str, text: str) -> Name:
        """A value by its short name."""
        if column in _CURIES:
            try:
                iri = expand(text).value
            except UsageError:
                return Name(visible(text))
            return name_of(iri, self.index.labels.get(iri, "")) if column == "cell_types" else Name(text)
        iri = self.index.by_label.get(_FACET_OF.get(column, ""), {}).get(text, "")
        return name_of(iri, text) if iri else Name(visible(text))

    def _condition(self, row: ReportRow) -> tuple[list[Shown], int]:
        labels = self.table.text(row, "disease_label").split("|")
        ids = self.table.text(row, "disease").split("|")
        names = tuple(
            name_of(expand(one).value, label) if ":" in one else Name(label)
            for one, label in zip(ids, labels, strict=len(ids) == len(labels))
            if label
        )
        lines, _ = self._plain(row, "qualifiers")
        soft = [Shown(line.names, soft=True) for line in lines]
        return [Shown(names), *soft] if names else soft, 0

    def _products(self, row: ReportRow) -> tuple[list[Shown], int]:
        cells, more = self._plain(row, "cell_types")
        if not cells:
            cells, more = self._plain(row, "tissue_sources")
        beside = [
            name
            for one in ("donor_type", "product")
            for line in self._plain(row, one)[0]
            for name in line.names
        ]
        return [*cells, *([Shown(tuple(beside), soft=True)] if beside else [])], more

    def _dose(self, row: ReportRow) -> tuple[list[Shown], int]:
        low, high = (self.table.text(row, name) for name in ("dose_low", "dose_high"))
        several = [Decimal(part) for part in self.table.text(row, "dose_levels").split("|") if part]
        ends = (Decimal(low) if low else None, Decimal(high) if high else None)
        levels: list[tuple[Decimal | None, Decimal | None]] = [(one, one) for one in several]
        if not several and (low or high):
            levels = [ends]
        lines = [Shown((Name(doses(levels)),), unit=self.table.text(row, "dose_unit"))] if levels else []
        with_ = [Shown(line.names, before="with", soft=True) for line in self._plain(row, "combined_with")[0]]
        if lines and not lines[0].unit:
            lines.append(Shown((Name("basis not stated"),), soft=True))
        return [*lines, *with_], 0

    def _column(self, columns: Sequence[str]) -> str:
        """The column that is shown and is the first of these; empty: none."""
        for column in columns:
            for name in self.names:
                if column in COMPOSED.get(name, (name,)):
                    return name
        return ""

    def _flags(self, row: ReportRow) -> Iterable[tuple[Sequence[str], Flag]]:
        """The conflicts of a report, what it leaves unread, and what a reviewer entered, each with its columns."""
        seen: set[str] = set()
        for flag in row.flags:
            seen.update(flag.columns)
            yield flag.columns, Flag(flag.mark, flag.words, address(flag.iri), flag.message)
        for field in filter(None, self.table.text(row, "unread").split("|")):
            if not seen.intersection(columns_of_field(field)):
                yield (
                    columns_of_field(field),
                    Flag("unread", "unread text", address(row.report), f"of the field {field}"),
                )
        for entered in filter(None, self.table.text(row, "corrected").split("|")):
            name, _, words = entered.partition("=")
            _, _, printed = words.partition(" (printed: ")
            short = f"printed {printed.removesuffix(')')}" if 0 < len(printed) <= 24 else "entered"
            yield (
                (name, f"{name}s", *columns_of_field(name)),
                Flag("curated", short, address(row.report), entered),
            )


def _number(text: str) -> str:
    return count(int(text)) if text.isdecimal() else text


def source_page(slug: str) -> str:
    """The address of the page of a source."""
    return address(iris.source(slug).value)


_COMPOSERS: Final[Mapping[str, Callable[[TableCells, ReportRow], tuple[list[Shown], int]]]] = {
    "condition": TableCells._condition,
    "cells": TableCells._products,
    "dose": TableCells._dose,
}
