"""A trial as one record of a registry reports it: facts with their places, and what is read from prose.

A :class:`RecordReport` stands beside :class:`~trialgraph.model.report.Report` (a row of a table) and has the same
parts. What it states in a field of its own is a :class:`RecordFact`: the line of the mapping file that reads the field,
the indices into the lists on the way, and the value. Node + property + path template of the line are the exact place,
so no reading is needed. What is read from prose is a :class:`~trialgraph.model.reading.Reading` of a
:class:`~trialgraph.model.table.Cell` whose address is the place of the string (scheme ``pointer``, ``xpath``, ``csv``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from trialgraph.base.escaping import visible
from trialgraph.model.place import GridAddress, Scheme
from trialgraph.model.report import Curation, TrialReport
from trialgraph.model.table import Cell

__all__ = [
    "FactValue",
    "FieldLine",
    "PartialDate",
    "Problem",
    "RecordFact",
    "RecordReport",
    "RegistryRecord",
    "TrialLink",
    "facts_by_property",
]

#: ``core`` is always read, the others where they are asked for.
Layer = Literal["core", "words", "sites", "results"]


@dataclass(frozen=True, slots=True, eq=False)
class FieldLine:
    """A line of a mapping file: a field of a registry's record. There is one object for each line.

    :param path: template of the JSON pointer, ``{n}`` for an index; of a flat format, the name of the field
    :param node: kind of the node that the value is stated of (``study``, ``arm``, …)
    :param depth: how many of the indices are the node's own; those behind them number the values of a node
    :param predicate: local name of what states it
    :param reader: what reads the value (:mod:`trialgraph.extract.registries.values`)
    :param source: schema and property of the registry's own documentation that says what it means
    :param csv: column of the registry's CSV download that holds the same; empty where none does
    :param who: element of the WHO's format for registries that holds the same; empty where none does
    :param distinct: only the first of equal values of a node is stated
    """

    registry: str
    path: str
    node: str
    depth: int
    predicate: str
    reader: str
    source: str
    layer: Layer = "core"
    csv: str = ""
    who: str = ""
    distinct: bool = False

    @property
    def element(self) -> str:
        """Name of the element of the portal's XML."""
        return self.csv.replace(" ", "_")

    def at(self, indices: Sequence[int]) -> str:
        """The place of one value: the template with its indices; what they are too few for stays ``{n}``."""
        parts = self.path.split("{n}")
        known = "".join(f"{part}{index}" for part, index in zip(parts, indices, strict=False))
        return known + "{n}".join(parts[len(indices) :])


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as it is stated: ``2013``, ``2013-01`` or ``2013-01-15``; no day is invented."""

    text: str

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """How precise it is."""
        return ("year", "month", "day")[self.text.count("-")]

    def __str__(self) -> str:
        return self.text


FactValue = str | int | bool | Decimal | PartialDate


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A value of a field, with what is needed to find it again.

    :param indices: into the lists on the way, from 0
    :param raw: the value as it stands in the record, where it is not the same (an enumeration's word)
    """

    line: FieldLine
    indices: tuple[int, ...]
    value: FactValue
    raw: str | None = None

    @property
    def at(self) -> str:
        """Its place, as a JSON pointer or the name of a field."""
        return self.line.at(self.indices)

    @property
    def node(self) -> tuple[str, tuple[int, ...]]:
        """Which node it is stated of: the kind, and its indices."""
        return self.line.node, self.indices[: self.line.depth]


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """The record that a report was read from.

    :param registry: that published it; of a copy the one that holds the copy (``ICTRP``)
    :param identifier: the trial's number in its own registry, in that registry's spelling
    :param data_version: when the registry made this state of it; None: it does not say
    :param file: name of the file
    :param line: of the file, from 1, where it begins; 0 in an archive
    :param member: of an archive; empty where the file is none
    :param sha256: of its bytes in UTF-8
    :param scheme: of the places of its facts
    :param base: of a record in XML, the XPath of its element
    :param row: of a record in CSV, its row, from 1; the heading is the first
    :param header: likewise, the names of the columns
    :param copy_of: the registry that it is a copy from: it is no independent evidence; empty where it is the original
    :param mapping: name of the mapping file of its fields
    """

    registry: str
    identifier: str
    data_version: PartialDate | None
    file: str
    line: int
    member: str
    sha256: str
    scheme: Scheme = "pointer"
    base: str = ""
    row: int = 0
    header: tuple[str, ...] = ()
    copy_of: str = ""
    mapping: str = ""

    @property
    def where(self) -> str:
        """``file:line`` or ``file:member``, for messages."""
        return f"{self.file}:{self.member or self.line}"

    def place(self, fact: RecordFact) -> GridAddress:
        """Where a fact stands in the file: a JSON pointer, the XPath of an element, a cell of the CSV."""
        if self.scheme == "csv":
            column = self.header.index(fact.line.csv) + 1 if fact.line.csv in self.header else 0
            return GridAddress("csv", f"cell={self.row},{column}")
        if self.scheme == "xpath":
            return GridAddress("xpath", f"{self.base}/{fact.line.who if self.is_who else fact.line.element}")
        return GridAddress("pointer", fact.at)

    @property
    def is_who(self) -> bool:
        """Whether it is in the WHO's own format for registries."""
        return self.base.startswith("/trials/")


@dataclass(frozen=True, slots=True)
class TrialLink:
    """Two numbers that a record says are of one trial.

    :param kind: ``alias`` (a former number in the same registry), ``secondary id`` or ``bridge`` (a copy of several)
    :param identifier: the number of the record that states it
    :param other: the other number, in its registry's spelling
    :param stated: the fact that states it
    :param decision: of a reviewer who looked at it; None: nobody did
    :param current: the current number of that trial, where ``other`` is a former one that a record states; empty: the
        same
    """

    kind: Literal["alias", "secondary id", "bridge"]
    identifier: str
    other: str
    registry: str
    stated: RecordFact
    decision: Curation | None = None
    current: str = ""

    @property
    def status(self) -> Literal["stated", "confirmed", "rejected"]:
        """Whether a reviewer has confirmed or rejected it; one that is rejected joins nothing."""
        if self.decision is None:
            return "stated"
        return "rejected" if self.decision.decision.startswith("reject ") else "confirmed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a record that could not be read.

    :param where: ``file:line`` or ``file:member``
    :param reason: its kind, by which problems are counted
    :param refused: whether the whole record is left out
    :param harmless: whether nothing is lost by it: it is told, and that is all
    """

    where: str
    identifier: str
    reason: str
    what: str
    hint: str = ""
    refused: bool = False
    harmless: bool = False

    def line(self) -> str:
        """``where: number: what; hint`` on one line."""
        told = ": ".join(filter(None, (self.where, self.identifier, self.what)))
        return visible(" ".join(f"{told}; {self.hint}".split() if self.hint else told.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport(TrialReport):
    """What one record of a registry says of one trial.

    :param facts: the values of its fields, in the order of the record
    :param prose: the strings that values were read from, as cells
    :param links: numbers that it says are of the same trial
    :param unknown: places, in the record, that the mapping file does not know, each with how often
    """

    record: RegistryRecord
    facts: tuple[RecordFact, ...]
    prose: tuple[Cell, ...] = ()
    links: tuple[TrialLink, ...] = ()
    unknown: tuple[tuple[str, int], ...] = field(default=())

    @property
    def locator(self) -> str:
        """The record's number, with its version where the source has several: ``NCT01663116-version-3``."""
        return "-".join(self.record.identifier.split())

    @property
    def label(self) -> str:
        """``<registry> record <number>``."""
        return f"{self.record.registry} record {self.record.identifier}"

    def first(self, name: str, node: str = "study") -> FactValue | None:
        """The first value of a property; None where it is not stated."""
        return next((fact.value for fact in self.of(node, name)), None)

    def words(self, name: str, node: str = "study") -> str:
        """The first value of a property in words; empty where it is not stated."""
        value = self.first(name, node)
        return "" if value is None else str(value)

    def of(self, node: str, name: str) -> Iterator[RecordFact]:
        """The facts of that property of nodes of that kind."""
        return (fact for fact in self.facts if fact.line.node == node and fact.line.predicate == name)


def facts_by_property(facts: Sequence[RecordFact]) -> dict[tuple[str, str], list[RecordFact]]:
    """Facts by kind of node and property."""
    made: dict[tuple[str, str], list[RecordFact]] = {}
    for fact in facts:
        made.setdefault((fact.line.node, fact.line.predicate), []).append(fact)
    return made
