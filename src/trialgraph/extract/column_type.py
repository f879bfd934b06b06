"""A column of a trial table in one record: its headings, its cells, its reader, its statements, its display.

Everything that the project does with a column is driven by the records that :func:`trialgraph.extract.columns.columns`
lists: headings, segmentation, reading, the flat table, the facts, the checks, the pages and the generated docs. The
recipe "add a column" is in CONTRIBUTING.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Any, Literal

from pyoxigraph import NamedNode, Triple

from trialgraph.extract.text.evidence import Evidence
from trialgraph.extract.text.plausibility import Implausible
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, Rule
from trialgraph.model.report import PlainValue, Report
from trialgraph.model.table import Cell

__all__ = [
    "CellShape",
    "ColumnType",
    "Cue",
    "Extracted",
    "FlatColumn",
    "FlatValue",
    "Link",
    "PropertyShape",
    "Statement",
    "flat_number",
]

#: A value of the flat table.
FlatValue = str | int | float | None | list[str] | list[int] | list[float] | list[int | float]
#: A word of prose and what it is worth as evidence for a column, as log-odds.
Cue = tuple[re.Pattern[str], float]
#: A node of the graph and a reading that it rests on.
Link = tuple[NamedNode, Reading]


@dataclass(frozen=True, slots=True)
class CellShape:
    """What the cells of a column look like, for finding their ends in a line whose columns have run together.

    :param empty: weight of an empty cell, as log-odds
    :param longest: no cell is longer, in characters
    :param fits: evidence of a line, first and end offset -> weight of that stretch as a cell, as log-odds against
        "just some text"; the cost of unused seams inside it is not yet taken off
    :param most: no stretch weighs more: what ``fits`` gives beyond it is cut off
    """

    empty: float
    longest: int
    fits: Callable[[Evidence, int, int], float]
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a column's cells give to a report.

    :param parts: attributes of :class:`~trialgraph.model.report.Report` by name
    :param readings: every reading that was made, in the order of the text
    :param values: plain values by the name of their column of ``trialgraph trials``
    :param covered: text that was understood beside the readings (the name of a group), as cells of the source with
        half-open offsets into their text
    :param implausible: words whose value cannot be meant, each with the reason; no other reading rests on them
    """

    parts: Mapping[str, Any] = dataclass_field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    values: Mapping[str, tuple[PlainValue, ...]] = dataclass_field(default_factory=dict)
    covered: tuple[tuple[Cell, int, int], ...] = ()
    implausible: tuple[Implausible, ...] = ()


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of ``trialgraph trials``.

    :param meaning: one line for the reference page
    :param value: its value in a report
    :param several: a list in JSON, joined by ``|`` in CSV
    :param number: its values are numbers
    :param listed: a list only in a report with several values, likewise joined by ``|``
    """

    name: str
    meaning: str
    value: Callable[[Report], FlatValue]
    several: bool = False
    number: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What has to be stated where a reading was made; the gates of the build are made of these.

    :param reading: name of the reading (``n_total``)
    :param on: class of the node that the statement is about
    :param property: what states it; None: that a node of the class rests on the reading is the statement
    :param how: ``present``: any value, as a reviewer may have chosen another one; ``value``: the reading's own value;
        ``concept``: the reading's own concept
    """

    reading: str
    on: NamedNode
    property: NamedNode | None = None
    how: Literal["present", "value", "concept"] = "present"


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """The SHACL shape of a property that a column states of a report.

    :param datatype: of its literals; None: its values are IRIs
    :param most: how many values at most; None: any number
    :param pattern: regular expression that each literal matches
    :param values: the only values; empty: any
    :param datatypes: of literals that may have one of several
    """

    property: NamedNode
    datatype: NamedNode | None = None
    most: int | None = None
    pattern: str = ""
    values: tuple[NamedNode, ...] = ()
    datatypes: tuple[NamedNode, ...] = ()


def _no_triples(_: Nodes) -> Iterator[Triple]:
    return iter(())


def _is_word(text: str) -> bool:
    """Whether digits at the edges belong to a word: DAS28, IL-6, CD4."""
    inside = re.search(r"[^\W\d_][^\W\d_-]*-?\d+$", text) if text[-1:].isdigit() else True
    return bool(inside) and text[:1].isalpha()


def _no_spans(_: Report, __: Cell) -> Iterator[tuple[int, int]]:
    return iter(())


def _no_links(_: Nodes) -> Iterator[Link]:
    return iter(())


@dataclass(frozen=True, eq=False, slots=True)
class ColumnType:
    """A kind of column. Two are equal only where they are the same record.

    :param field: what the column is about (``cell source``); the one spelling, also in ``trialgraph rows``
    :param order: place among the columns in lists and docs
    :param headings: regular expression of its headings, folded, without units or words in parentheses
    :param shape: what its cells look like
    :param read: the cells of that field in a row, without those that are empty or say "not stated" -> what they give;
        called with no cell for a row that has none
    :param reads_blank: ``read`` also gets cells that say "not stated" or "not applicable"
    :param flat: its columns of ``trialgraph trials``, in order
    :param triples: what it states of a report; called for every report
    :param links: nodes besides the report that rest on its readings
    :param wording: triples that hold the source's own words, which stand in the graph ``provenance``
    :param statements: what has to be stated where it was read
    :param valued: names of readings that always have a value
    :param other_readings: names of readings that only document something (a qualifier of the cell, a conflict)
    :param gates: further gates, as groups of SPARQL that bind ``?focus`` and ``?message``
    :param shapes: shapes of properties that it states of the report itself
    :param display: its title on the page of a trial, where the generic display of ``shapes`` is enough
    :param rules: rules that a release states only where a source has such a column
    :param whole: whether a text is a whole value of the column, so that a digit may stand right before or behind it
    :param filler: folded words of its cells that need no reading, beside function words
    :param restates: of a cell, the spans that only say again what another column of the report states
    :param lexicons: concept files (``ontology/concepts/<name>.sssom.tsv``) whose words its cells hold
    :param patterns: named patterns in its cells that are evidence for segmentation
    :param cues: of a column of prose, the words that speak for and against it
    :param events: likewise, weights of words of the lexicons and of named patterns, by name
    """

    field: str
    order: int
    headings: str
    shape: CellShape
    read: Callable[[Sequence[Cell]], Extracted]
    flat: tuple[FlatColumn, ...]
    triples: Callable[[Nodes], Iterable[Triple]] = _no_triples
    links: Callable[[Nodes], Iterable[Link]] = _no_links
    wording: Callable[[Nodes], Iterable[Triple]] = _no_triples
    statements: tuple[Statement, ...] = ()
    valued: tuple[str, ...] = ()
    other_readings: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    shapes: tuple[PropertyShape, ...] = ()
    display: str = ""
    rules: tuple[Rule, ...] = ()
    filler: frozenset[str] = frozenset()
    whole: Callable[[str], bool] = _is_word
    restates: Callable[[Report, Cell], Iterable[tuple[int, int]]] = _no_spans
    reads_blank: bool = False
    lexicons: tuple[str, ...] = ()
    patterns: Mapping[str, re.Pattern[str]] = dataclass_field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    events: Mapping[str, float] = dataclass_field(default_factory=dict)

    @property
    def key(self) -> str:
        """The field as it stands in the IRIs of cells: ``cell-source``."""
        return self.field.replace(" ", "-")

    @property
    def readings(self) -> frozenset[str]:
        """The names of all readings that it makes."""
        return frozenset({s.reading for s in self.statements} | {*self.valued, *self.other_readings})


def flat_number(value: Decimal) -> int | float:
    """A number as the flat table has it: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)
