"""Reference: the number in the source's own list. It is not a PubMed id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import CellShape, ColumnType, Extracted, FlatColumn, Statement
from trialgraph.extract.text.fit import WRONG, whole_cell
from trialgraph.extract.text.plausibility import MOST_REFERENCES, Implausible, implausible
from trialgraph.model.nodes import Nodes
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.table import Cell
from trialgraph.rdf.literals import integer
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN", "REFERENCE", "read_references"]

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
IN_PARENTHESES: Final = rule(
    "reference.in-parentheses",
    "A number in parentheses that ends a cell of references is the entry of the source's reference list; a year "
    "is not.",
    example="Peng et al. (44)", gives="44", counter_example="Peng et al. (2013)",
)  # fmt: skip
REFERENCE: Final = re.compile(r"\[(?P<numbers>\d+(?:(?:, ?|[-–])\d+)*)\]")
# A number, or the ends of a range.
_PART: Final = re.compile(r"(?P<first>\d+)(?: ?[-–] ?(?P<last>\d+))?")
_DIGITS: Final = 4
_MOST: Final = 50
_BARE: Final = re.compile(r"\s*(\d{1,4})\s*")
_LIST: Final = re.compile(r"\s*\d{1,3}(?:, ?\d{1,3})+\s*")
# Years have four digits; numbers of patients stand under a heading that says so.
_PARENTHESES: Final = re.compile(r"\((?P<numbers>\d{1,3}(?:(?:[,;] ?|[-–])\d{1,3})*)\)\s*$")
_COUNTS: Final = re.compile(
    r"\bn\b|\bno\b|number|patients|participants|subjects|cases|size|\bages?\b", re.IGNORECASE
)


def read_references(cell: Cell) -> tuple[Reading, ...]:
    """The reference numbers of a cell, in the order in which they are printed; a range is every number in it."""
    text = cell.text or ""
    if bare := _BARE.fullmatch(text):
        return (read(cell, "reference", bare.span(1), int(bare[1]), BARE),)
    if _LIST.fullmatch(text):  # a list of references rises; thousands are parted in threes and need not
        bare_numbers = list(re.finditer(r"\d+", text))
        values = [int(m[0]) for m in bare_numbers]
        if all(a < b for a, b in pairwise(values)):
            return tuple(
                read(cell, "reference", m.span(), n, BARE) for m, n in zip(bare_numbers, values, strict=True)
            )
    made: list[Reading] = []
    found = list(REFERENCE.finditer(text))
    by = IN_LIST
    if not found and not _COUNTS.search(cell.header) and (behind := _PARENTHESES.search(text)):
        found, by = [behind], IN_PARENTHESES
    for m in found:
        parts = list(_PART.finditer(text, m.start("numbers"), m.end("numbers")))
        for part in parts:
            # No list is that long, and no cell cites that many.
            if len(part["first"]) > _DIGITS or len(part["last"] or "") > _DIGITS:
                continue
            first, last = int(part["first"]), int(part["last"] or part["first"])
            if not 0 <= last - first <= _MOST:
                continue
            at = m.span() if len(parts) == 1 else part.span()
            made += (read(cell, "reference", at, number, by) for number in range(first, last + 1))
    return tuple(made)


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
    readings: list[Reading] = []
    beyond: list[Implausible] = []
    for cell in cells:
        found = read_references(cell)
        most = max((r.value for r in found if isinstance(r.value, int)), default=0)
        if most > MOST_REFERENCES:
            beyond.append(implausible(cell, None, f"{most} is beyond the end of lists of references"))
        else:
            readings += found
    numbers = tuple(dict.fromkeys(r.value for r in readings if isinstance(r.value, int)))
    parts = {"reference": numbers[0] if numbers else None, "references": numbers}
    return Extracted(parts, tuple(readings), implausible=tuple(beyond))


def _triples(nodes: Nodes) -> Iterator[Triple]:
    for number in nodes.report.references:
        yield Triple(nodes.iri, TG.referenceNumber, integer(number))


def _whole(text: str) -> bool:
    return REFERENCE.fullmatch(text) is not None


COLUMN: Final = ColumnType(
    field="reference",
    order=110,
    headings=r"(?:refs?\.?|references?|citations?|(?:first |lead |primary |corresponding "
    r"|main )?authors?(?:'?s?)?(?: names?)?|study|studies"
    r"|source of data|literature|bibliography|(?:first )?authors? ?(?:,|/|and|&|\+|-|;)? ?\(?(?:publication "
    r"|study )?(?:years?|dates?"
    r"|refs?\.?|references?)\)?(?: of publication)?|study ?(?:,|/|and|&|\+) ?(?:year|author|reference"
    r"|authors?)(?: of publication)?"
    r"|(?:study|article|paper|publication)s?(?: (?:reference|ref\.?|citation|authors?))|publications?|(?:reference"
    r"|ref\.?|citation)"
    r" ?(?:number|no\.?|nr|id|#)s?|(?:included |primary |original )?(?:study|studies|articles?|papers?|reports?)"
    r"|source (?:study|article|paper|publication)s?"
    r"|year ?(?:,|/|and)? ?(?:first )?authors?)",
    shape=CellShape(empty=-1.0, longest=120, fits=whole_cell(_fit), most=9.0),
    read=_read,
    flat=(
        FlatColumn(
            "reference",
            "number in the source's reference list; a list of numbers where several are printed",
            lambda report: list(report.references) if len(report.references) > 1 else report.reference,
            number=True,
        ),
    ),
    whole=_whole,
    filler=frozenset(["ref", "refs", "reference", "references", "no"]),
    triples=_triples,
    statements=(Statement("reference", TG.Report, TG.referenceNumber, "value"),),
    valued=("reference",),
    patterns={"reference": REFERENCE},
)
