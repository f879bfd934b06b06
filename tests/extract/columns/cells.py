"""Cells to read: a text under a heading, somewhere in a source, so that offsets are no accident."""

from __future__ import annotations

from collections.abc import Iterable

from tests.extract.segmentation.lines import HEADINGS
from trialgraph.model.reading import Reading
from trialgraph.model.table import Cell, Row

#: Headings of the columns that the seed does not have.
MORE_HEADINGS = {
    "status": "Status", "countries": "Country", "age": "Age", "sex": "Sex", "comparator": "Comparator",
    "product": "Product", "target": "Target", "dose frequency": "Frequency", "masking": "Masking",
    "allocation": "Allocation", "title": "Title", "sponsor": "Sponsor", "start date": "Start date",
    "completion date": "Completion date",
}  # fmt: skip
ALL_HEADINGS = HEADINGS | MORE_HEADINGS
# Where the made cells stand: no reader may take a cell's text for the source's.
START = 1000


def cell(field: str, text: str | None, header: str | None = None, *, start: int = START) -> Cell:
    """A cell of that field; its heading is the seed's unless another is given."""
    key, column = field.replace(" ", "-"), list(ALL_HEADINGS).index(field) + 1
    return Cell(header or ALL_HEADINGS[field], field, key, column, text, start, start + len(text or ""))


def row(number: int = 1, /, **texts: str | None) -> Row:
    """A row of the given cells: fields as keywords, with underscores; the fields not given are empty cells."""
    made: list[Cell] = []
    at = START
    more = {field.replace(" ", "_") for field in MORE_HEADINGS}
    for field in ALL_HEADINGS if more & texts.keys() else HEADINGS:
        made.append(cell(field, texts.get(field.replace(" ", "_").replace("-", "_")), start=at))
        at = made[-1].end
    return Row("made", number, number, tuple(made), 1.0)


def in_place(readings: Iterable[Reading]) -> bool:
    """Whether every reading's verbatim stands at its offsets, within its cell."""
    return all(
        r.cell.start <= r.start <= r.end <= r.cell.end
        and (r.cell.text or "")[r.start - r.cell.start : r.end - r.cell.start] == r.verbatim
        for r in readings
    )
