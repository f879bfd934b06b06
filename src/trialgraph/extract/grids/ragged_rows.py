"""Rows of a separated table that have fewer or more cells than its others, brought to one number.

Which cells are missing (a cell under a row span that a browser or a converter left out), and which two cells are one
(a separator inside a text), is told by what the columns hold in the rows that are complete. Where that is not clear,
the row is filled up at its right, or keeps its further cells; what was done is said in a remark.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, pairwise
from typing import Final

__all__ = ["ColumnProfile", "Record", "cell_features", "even_rows"]

# So much more probable than any other way (natural logarithm) is clear.
_CLEAR: Final = 0.3
_MOST_WAYS: Final = 2_000
_FEWEST_ROWS: Final = 3
_SAMPLE: Final = 500
_MOST_REMARKS: Final = 50
_MOST_ODD: Final = 2_000
# So much more probable another place has to be than that where a cell stands.
_FAR: Final = 2.0
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a row as the file has them.

    :param line: from 1
    :param places: for each cell where it stands, in the terms of its kind: a column, or columns of a line
    """

    line: int
    cells: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class ColumnProfile:
    """What the cells of a column look like."""

    features: Counter[str] = field(default_factory=Counter)
    cells: int = 0

    def add(self, cell: str) -> None:
        """Take a cell into account."""
        self.features.update(cell_features(cell))
        self.cells += 1

    def fit(self, cell: str) -> float:
        """How probable the cell is in the column: a natural logarithm, scaled by how much it says."""
        features = cell_features(cell)
        total = sum(math.log((self.features[f] + 0.2) / (self.cells + 1)) for f in features)
        return total / math.sqrt(len(features))


def cell_features(cell: str) -> tuple[str, ...]:
    """Its length, its form, and its words."""
    bare = cell.strip()
    if not bare:
        return ("empty",)
    words = _WORDS.findall(bare.lower())[:12]
    signs = ["9" if w.isdecimal() else "a" if w.isalpha() else w for w in words]
    shape = re.sub("a+", "a", "".join(signs[:9]))
    return (
        f"length {len(bare).bit_length()}",
        f"form {''.join(signs[:3])}",
        *sorted({f"has {sign}" for sign in signs if sign in "a9"}),
        f"shape {shape}",
        *sorted({f"word {w}" for w in words if not w.isdecimal()}),
    )


def even_rows(
    records: Sequence[Record], separator: str, *, padded: bool = False
) -> tuple[list[Record], list[str]]:
    """The records with the same number of cells each, as far as that can be told, and remarks on what was changed.

    :param separator: put between two cells that are one
    :param padded: whether a row whose last cells are empty may be one whose cells were left out further left: editors
        of Markdown fill rows up
    """
    counts = Counter(len(r.cells) for r in records if len(_filled(r.cells)) > 1)
    if not counts:
        return list(records), []
    width = max(counts.items(), key=lambda item: (item[1], item[0]))[0]
    columns = [ColumnProfile() for _ in range(width)]
    complete = [r for r in records if len(r.cells) == width]
    for record in islice(complete, 1, _SAMPLE):
        for column, cell in zip(columns, record.cells, strict=True):
            column.add(cell)
    known = len(complete) > _FEWEST_ROWS
    made, remarks = [], []
    odd = 0
    # Lines before the first complete row are titles and headings: the cells below say nothing of how they look.
    body = next((at for at, r in enumerate(records) if len(r.cells) == width), 0)
    for at, record in enumerate(records):
        if at < body and len(record.cells) < width and len(_filled(record.cells)) > 1:
            made.append(record)
            continue
        odd += len(record.cells) != width or (padded and not record.cells[-1].strip())
        # What a hostile file has of them is read from the left.
        helped = columns if known and odd <= _MOST_ODD else []
        new, what = _evened(record, width, helped, separator)
        if padded and not what and at and helped:
            new, what = _moved(new, width, helped)
        made.append(new)
        if what:
            remarks.append(f"line {record.line} {what}")
    if len(remarks) > _MOST_REMARKS:
        more = len(remarks) - _MOST_REMARKS
        remarks = [*remarks[:_MOST_REMARKS], f"likewise {more} more lines"]
    return made, remarks


def _filled(cells: Sequence[str]) -> Sequence[str]:
    return [cell for cell in cells if cell.strip()]


def _evened(
    record: Record, width: int, columns: Sequence[ColumnProfile], separator: str
) -> tuple[Record, str]:
    """The record with as many cells as the others, and what was done; nothing where nothing was."""
    count = len(record.cells)
    while count > width and not record.cells[count - 1].strip():
        count -= 1
    record = Record(record.line, record.cells[:count], record.places[:count])
    if count == width or len(_filled(record.cells)) <= 1:
        return record, ""
    if count > width:
        return _joined(record, width, columns, separator)
    best = _best(_ways(record, width, columns))
    if best is None:
        return record, f"has {count} cells for {width} columns; they are read from the left"
    if best == tuple(range(count)):
        return record, ""
    return _spread(
        record, best, width
    ), f"has {count} cells for {width} columns; they are placed by what they hold"


def _choices(of: int, count: int) -> Iterable[tuple[int, ...]]:
    return combinations(range(of), count) if math.comb(of, count) <= _MOST_WAYS else ()


def _ways(
    record: Record, width: int, columns: Sequence[ColumnProfile]
) -> list[tuple[float, tuple[int, ...]]]:
    """Each way of placing the cells in order, with how well they fit; a cell that was left out says nothing."""
    if not columns:
        return []
    fits = [[column.fit(cell) for column in columns] for cell in record.cells]
    choices = _choices(width, len(record.cells))
    return [(sum(fits[at][place] for at, place in enumerate(places)), places) for places in choices]


def _moved(record: Record, width: int, columns: Sequence[ColumnProfile]) -> tuple[Record, str]:
    """The record with its cells further right, where its last cells are empty and they clearly belong there."""
    count = len(record.cells)
    while count and not record.cells[count - 1].strip():
        count -= 1
    filled = Record(record.line, record.cells[:count], record.places[:count])
    if count == width or len(_filled(filled.cells)) <= 1:
        return record, ""
    ways = _ways(filled, width, columns)
    best = _best(ways)
    here = next((weight for weight, places in ways if places == tuple(range(count))), 0.0)
    if best is None or best == tuple(range(count)) or max(ways)[0] - here < _FAR:
        return record, ""
    return _spread(filled, best, width), "ends with empty cells; its cells are placed by what they hold"


def _best(ways: Iterable[tuple[float, tuple[int, ...]]]) -> tuple[int, ...] | None:
    """The best way, where it is clearly better than the next."""
    ranked = sorted(ways, reverse=True)[:2]
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEAR):
        return None
    return ranked[0][1]


def _spread(record: Record, places: Iterable[int], width: int) -> Record:
    cells, spots = [""] * width, [(0, 0)] * width
    for place, cell, spot in zip(places, record.cells, record.places, strict=True):
        cells[place], spots[place] = cell, spot
    return Record(record.line, tuple(cells), tuple(spots))


def _joined(
    record: Record, width: int, columns: Sequence[ColumnProfile], separator: str
) -> tuple[Record, str]:
    """The record with cells joined that are one."""
    count = len(record.cells)
    best = None
    if columns:
        ways = _choices(count - 1, width - 1)
        best = _best((_fit_joined(record, cuts, columns), cuts) for cuts in ways)
    if best is None:
        return (
            record,
            f"has {count} cells for {width} columns; the further ones are kept in columns of their own",
        )
    what = (
        f"has {count} cells for {width} columns; cells are joined by {separator!r} by what the columns hold"
    )
    return _groups(record, best, separator), what


def _fit_joined(record: Record, cuts: Sequence[int], columns: Sequence[ColumnProfile]) -> float:
    """How well the cells fit where it is cut behind these only: of cells that are one, a part is like the column's."""
    total = 0.0
    bounds = [0, *(cut + 1 for cut in cuts), len(record.cells)]
    for column, (start, end) in zip(columns, pairwise(bounds), strict=True):
        parts = record.cells[start:end]
        total += max(column.fit(part) for part in parts)
        if len(parts) > 1:
            # A column of numbers has no letters in any part.
            kinds = {f for part in parts for f in cell_features(part) if f.startswith("has ")}
            total += sum(math.log((column.features[f] + 0.2) / (column.cells + 1)) for f in kinds)
    return total


def _groups(record: Record, cuts: Sequence[int], separator: str) -> Record:
    """The record cut behind these cells only."""
    bounds = [0, *(cut + 1 for cut in cuts), len(record.cells)]
    pairs = list(pairwise(bounds))
    cells = tuple(separator.join(record.cells[a:b]) for a, b in pairs)
    return Record(record.line, cells, tuple((record.places[a][0], record.places[b - 1][1]) for a, b in pairs))
