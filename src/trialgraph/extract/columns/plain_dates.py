"""A plain column whose cells are a date: start and completion of a trial."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from trialgraph.extract.column_type import CellShape, ColumnType
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.dates import AMBIGUOUS, is_ambiguous, iso_date
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import Rule, read
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import XSD

__all__ = ["date_column"]


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    found = iso_date(text)
    return WRONG if found is None else 4.0 if len(found) == 4 else 8.0


def date_column(
    *, field: str, order: int, headings: str, display: str, states: NamedNode, meaning: str, by: Rule
) -> ColumnType:
    """The record of a column of dates.

    :param by: the rule that reads a date; the other parameters are those of
        :class:`~trialgraph.extract.column_type.ColumnType`
    """
    name = field.replace(" ", "_")

    def value(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
        text = cell.text or ""
        if found := iso_date(text):
            start = len(text) - len(text.lstrip())
            yield name, PlainValue(found, read(cell, name, (start, start + len(text.strip())), found, by))

    return plain_column(
        field=field,
        order=order,
        headings=headings,
        display=display,
        shape=CellShape(empty=-1.5, longest=40, fits=whole_cell(_fit), most=8.0),
        read=value,
        rules=(by,),
        why_unread=lambda text: AMBIGUOUS if is_ambiguous(text) else "",
        properties=[PlainProperty(name, meaning, states, name, XSD.date)],
    )
