"""A column whose values a report states of itself, as a :class:`~trialgraph.extract.column_type.ColumnType`.

Most columns are of this kind: a country, a status, an age. What is special about one is its headings, its cells and
its reader; how its values are stated, checked, listed and displayed follows from one line for each property.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.extract.column_type import (
    CellShape,
    ColumnType,
    Extracted,
    FlatColumn,
    FlatValue,
    PropertyShape,
    Statement,
    flat_number,
)
from trialgraph.extract.text.evidence import evidence
from trialgraph.extract.text.plausibility import Implausible, implausible
from trialgraph.model.nodes import Nodes, term
from trialgraph.model.reading import Rule
from trialgraph.model.report import PlainValue, Report
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import typed
from trialgraph.rdf.vocabulary import TG, XSD
from trialgraph.terminology.lexicon import Concept

__all__ = ["PlainProperty", "plain_column"]

_DATES: Final = (XSD.date, XSD.gYearMonth, XSD.gYear)


@dataclass(frozen=True, slots=True)
class PlainProperty:
    """A property of a report, and the column of ``trialgraph trials`` that lists it.

    :param name: of that column
    :param meaning: one line for the reference page
    :param property: what states the value
    :param reading: name of its readings
    :param datatype: of its literals; None: its values are concepts; ``XSD.date``: its values are dates or parts of them
    :param several: a report may state several
    :param pattern: regular expression that each literal matches
    :param flat: value -> what the flat table lists; None: a concept's label, a number, or the words
    """

    name: str
    meaning: str
    property: NamedNode
    reading: str
    datatype: NamedNode | None = XSD.string
    several: bool = False
    pattern: str = ""
    flat: Callable[[PlainValue], str | int | float] | None = None


def plain_column(
    *,
    field: str,
    order: int,
    headings: str,
    display: str,
    shape: CellShape,
    read: Callable[[Cell], Iterable[tuple[str, PlainValue]]],
    properties: Sequence[PlainProperty],
    rules: tuple[Rule, ...],
    filler: frozenset[str] = frozenset(),
    lexicons: tuple[str, ...] = (),
    patterns: Mapping[str, re.Pattern[str]] | None = None,
    beyond_sense: Callable[[Sequence[tuple[str, PlainValue]]], str] = lambda _: "",
    why_unread: Callable[[str], str] = lambda _: "",
) -> ColumnType:
    """The record of a column of plain values.

    :param read: a cell that is not blank -> names of properties, each with a value
    :param beyond_sense: what was read of a cell -> why it cannot be meant; empty where it can
    :param why_unread: a cell's text of which nothing was read -> why it could not be; empty where it is just unknown
    :param properties: what its values are stated as; the other parameters are those of
        :class:`~trialgraph.extract.column_type.ColumnType`
    """
    return ColumnType(
        field=field,
        order=order,
        headings=headings,
        shape=shape,
        read=partial(_read, read, {made.name: made for made in properties}, beyond_sense, why_unread),
        flat=tuple(_flat(made) for made in properties),
        triples=partial(_triples, properties),
        statements=tuple(map(_statement, properties)),
        valued=tuple(made.reading for made in properties if made.datatype is not None),
        shapes=tuple(map(_shape, properties)),
        display=display,
        rules=rules,
        whole=lambda text: bool(text) and shape.fits(evidence(text, {}, {}, (), {}), 0, len(text)) > 0,
        filler=filler,
        lexicons=lexicons,
        patterns=patterns or {},
    )


def _read(
    read: Callable[[Cell], Iterable[tuple[str, PlainValue]]],
    by_name: Mapping[str, PlainProperty],
    beyond_sense: Callable[[Sequence[tuple[str, PlainValue]]], str],
    why_unread: Callable[[str], str],
    cells: Sequence[Cell],
) -> Extracted:
    found: dict[str, list[PlainValue]] = defaultdict(list)
    beyond: list[Implausible] = []
    for cell in cells:
        made = list(read(cell))
        if why := beyond_sense(made) if made else why_unread(cell.text or ""):
            beyond.append(implausible(cell, None, why))
            continue
        for name, value in made:
            if by_name[name].several or not found[name]:
                found[name].append(value)
    values = {name: tuple(held) for name, held in found.items()}
    readings = tuple(v.reading for held in values.values() for v in held)
    return Extracted(values=values, readings=readings, implausible=tuple(beyond))


def _triples(properties: Sequence[PlainProperty], nodes: Nodes) -> Iterator[Triple]:
    for made in properties:
        for value in nodes.report.values.get(made.name, ()):
            yield Triple(nodes.iri, made.property, _object(value))


def _shape(made: PlainProperty) -> PropertyShape:
    most = None if made.several else 1
    dates = _DATES if made.datatype == XSD.date else ()
    return PropertyShape(made.property, made.datatype, most, made.pattern, datatypes=dates)


def _statement(made: PlainProperty) -> Statement:
    return Statement(made.reading, TG.Report, made.property, "concept" if made.datatype is None else "value")


def _object(value: PlainValue) -> NamedNode | Literal:
    return term(value.value) if isinstance(value.value, Concept) else typed(value.value)


def _flat(made: PlainProperty) -> FlatColumn:
    def listed(report: Report) -> FlatValue:
        held = [(made.flat or _words)(value) for value in report.values.get(made.name, ())]
        if made.several:
            return held  # type: ignore[return-value] # one property has values of one kind
        return held[0] if held else None

    number = made.datatype in (XSD.integer, XSD.decimal)
    return FlatColumn(made.name, made.meaning, listed, several=made.several, number=number)


def _words(value: PlainValue) -> str | int | float:
    if isinstance(value.value, Concept):
        return value.value.label
    return flat_number(value.value) if isinstance(value.value, Decimal) else value.value
