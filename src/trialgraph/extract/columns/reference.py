"""Reference: the number in the source's own list. It is not a PubMed id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Statement
from trialgraph.extract.text.fit import WRONG, whole_cell
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN", "REFERENCE", "read_reference"]

IN_LIST: Final = rule(
    "reference.in-list",
    "A number in square brackets is the entry of the source's reference list.",
    example="[121]", gives="121", counter_example="121",
)  # fmt: skip
BARE: Final = rule(
    "reference.bare-number",
    "A number that is the whole cell is the entry of the source's reference list.",
    example="121", gives="121", counter_example="[121]",
)  # fmt: skip
REFERENCE: Final = re.compile(r"\[(?P<numbers>\d+(?:(?:, ?|[-–])\d+)*)\]")
_BARE: Final = re.compile(r"\s*(\d{1,4})\s*")


def read_reference(cell: Cell) -> Reading | None:
    """The first reference number of a cell, or None."""
    if bare := _BARE.fullmatch(cell.text or ""):
        return read(cell, "reference", bare.span(1), int(bare[1]), BARE)
    m = REFERENCE.search(cell.text or "")
    if m is None:
        return None
    number = m["numbers"].split(",")[0].split("-")[0].split("–")[0]
    if len(number) > 6:  # no list is that long
        return None
    return read(cell, "reference", m.span(), int(number), IN_LIST)


def _fit(text: str) -> float:
    if REFERENCE.fullmatch(text):
        return 9.0
    if re.fullmatch(
        r"[A-ZÀ-Ž][\w'’\- ]+ (?:et al\.?,?(?: ?\(?(?:19|20)\d\d\)?)?|"
        r"and [A-ZÀ-Ž][\w'’\-]+,? ?\(?(?:19|20)\d\d\)?)(?: ?\[\d+\])?",
        text,
    ):
        return 8.0
    return WRONG


def _read(cells: Sequence[Cell]) -> Extracted:
    reading = read_reference(cells[0]) if cells else None
    number = reading.value if reading and isinstance(reading.value, int) else None
    return Extracted({"reference": number}, (reading,) if reading else ())


def _triples(nodes: Nodes) -> Iterator[Triple]:
    if nodes.report.reference is not None:
        yield Triple(nodes.iri, TG.referenceNumber, integer(nodes.report.reference))


COLUMN: Final = ColumnType(
    field="reference",
    order=110,
    headings=r"(?:refs?\.?|references?|citations?|authors?|first author|study|source of data|literature|"
    r"author,? year|author/year)",
    shape=CellShape(empty=-1.0, longest=120, fits=whole_cell(_fit)),
    read=_read,
    flat=(
        FlatColumn(
            "reference", "number in the source's reference list", lambda report: report.reference, number=True
        ),
    ),
    triples=_triples,
    statements=(Statement("reference", TG.Report, TG.referenceNumber),),
    valued=("reference",),
    patterns={"reference": REFERENCE},
)
