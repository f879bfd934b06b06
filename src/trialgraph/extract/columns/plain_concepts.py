"""A plain column of one concept, named anywhere in a cell: masking, allocation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.extract.column_type import CellShape, ColumnType
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import Rule, read
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import lexicon

__all__ = ["Found", "named_concept_column"]

#: Where the words for a concept stand, and the form of the concept file that they are.
Found = tuple[int, int, str]
Finder = Callable[[str, str], Iterator[Found]]
_DENIED: Final = re.compile(r"\b(?:no|not|non|without|neither|quasi|pseudo)[\s-]*$", re.IGNORECASE)


def named_concept_column(
    *,
    field: str,
    order: int,
    headings: str,
    display: str,
    states: NamedNode,
    meaning: str,
    by: Rule,
    found: Finder,
) -> ColumnType:
    """The record of a column whose cells name one concept of the file ``field``; where they name two, none is read.

    :param found: a cell's text and heading -> where concepts are named; the other parameters are those of
        :class:`~trialgraph.extract.column_type.ColumnType`
    """
    return plain_column(
        field=field,
        order=order,
        headings=headings,
        display=display,
        shape=CellShape(empty=-1.5, longest=160, fits=whole_cell(partial(_fit, found)), most=8.0),
        read=partial(_read, field, by, found),
        rules=(by,),
        properties=[PlainProperty(field, meaning, states, field, datatype=None)],
    )


def _fit(found: Finder, text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    spans = list(found(text, ""))
    if not spans:
        return WRONG
    left = len(text) - sum(end - start for start, end, _ in spans)
    return 8.0 if left < 4 else 3.0 - 0.1 * left


def _read(field: str, by: Rule, found: Finder, cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    text = cell.text or ""
    made = []
    for start, end, form in found(text, cell.header):
        mention = lexicon().lookup(field, form)
        if mention and not _DENIED.search(text, 0, start):
            reading = read(cell, field, (start, end), None, by, mention)
            made.append((mention.concept.id, PlainValue(mention.concept, reading)))
    if made and len({concept for concept, _ in made}) == 1:
        yield field, made[0][1]
