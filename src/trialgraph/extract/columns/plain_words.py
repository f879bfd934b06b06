"""A plain column whose cells are taken in their own words: title, sponsor, comparator, product, target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode

from trialgraph.extract.column_type import CellShape, ColumnType
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import Rule, read
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell

__all__ = ["whole_text", "words_column"]

Spans = Callable[[str], Iterator[tuple[int, int]]]


def whole_text(text: str) -> Iterator[tuple[int, int]]:
    """The span of a text without white space around it, where it holds a letter."""
    if re.search(r"[^\W\d_]", text):
        start = len(text) - len(text.lstrip())
        yield start, start + len(text.strip())


def words_column(
    *,
    field: str,
    order: int,
    headings: str,
    display: str,
    name: str,
    meaning: str,
    states: NamedNode,
    by: Rule,
    spans: Spans = whole_text,
    weight: Callable[[str], float],
    longest: int = 600,
    several: bool = False,
) -> ColumnType:
    """The record of a column of words.

    :param name: of its column in ``trialgraph trials`` and of its readings
    :param spans: a cell's text -> where the words stand that are read; none where it is not what the column holds
    :param weight: of a text as a cell, as log-odds
    :param several: a report may state several
    """

    def fit(text: str) -> float:
        if (dash := blank_weight(text)) is not None:
            return dash - 1
        return weight(text) if any(spans(text)) else WRONG

    def value(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
        text = cell.text or ""
        for at in spans(text):
            words = " ".join(text[at[0] : at[1]].split())
            yield name, PlainValue(words, read(cell, name, at, words, by))

    return plain_column(
        field=field,
        order=order,
        headings=headings,
        display=display,
        shape=CellShape(empty=-1.5, longest=longest, fits=whole_cell(fit)),
        read=value,
        rules=(by,),
        properties=[PlainProperty(name, meaning, states, name, several=several)],
    )
