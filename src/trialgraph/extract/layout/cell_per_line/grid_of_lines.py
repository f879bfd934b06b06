"""One cell per line to a grid: the layout of the lines in rows that fits best by far.

How many columns there are, which lines are headings and what blank lines mean is told by all rows together: each layout
has a weight (:mod:`.line_layouts`; :mod:`.line_alignment` where cells are missing). Where none fits, or two fit nearly
as well, nothing is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.cell_text import Run, clean
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows
from trialgraph.extract.grids.table_texts import captions, notes
from trialgraph.extract.layout.cell_per_line.line_alignment import aligned_layouts
from trialgraph.extract.layout.cell_per_line.line_cells import CellLines, Lines, cells_of, parts_of
from trialgraph.extract.layout.cell_per_line.line_layouts import Layout, complete, text_of, whole_layouts
from trialgraph.extract.layout.headings import field_of
from trialgraph.extract.layout.table_kind import one_cell_per_line
from trialgraph.extract.sources import Line, Source, lines
from trialgraph.model.grid import Grid
from trialgraph.model.place import GridAddress

__all__ = ["is_cell_per_line", "read_cell_per_line"]

_KNOWN: Final = 2
_KEEP_EMPTY: Final = (
    "keep empty cells as empty lines, or put a blank line behind the headings and behind each row"
)
# Log-odds by which a layout has to be better than none, in each cell, and than any other; where cells may be missing
# anywhere, by more, as the next best may not have been found.
_FITS: Final = {"whole": 0.35, "rows": 1.0, "lines": 1.0}
_AHEAD: Final = {"whole": 3.0, "rows": 8.0, "lines": 13.0}
# From fewer rows it cannot be learned where cells are missing.
_LEARNED_FROM: Final = 5
# A layout without missing cells that fits better than this in each cell of many rows, and says why there are blank
# lines, is not compared with those with some.
_CLEARLY: Final = 0.6
_MANY: Final = 6
# So many rows show whether two layouts are the same.
_SHOWN: Final = 100


def read_cell_per_line(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The one table of a text with a cell on each line.

    :raises InputError: no layout fits, or two fit nearly as well, or more rows than the limits
    """
    front, body, behind = parts_of(list(lines(source)))
    layout = _best(cells_of(body))
    if layout is None:
        raise InputError(
            "no number of columns fits these lines clearly",
            where=f"{source.path}:{body[0].number if body else 1}",
            hint=_KEEP_EMPTY,
        )
    if layout.unsure:
        raise InputError(
            "it is not clear in which column this cell is, as empty cells are gone",
            where=f"{source.path}:{min(layout.unsure)}",
            hint=_KEEP_EMPTY,
        )
    raw = [_raw(layout.head, heading=True), *(_raw(row) for row in layout.rows if any(row))]
    texts = [t for line in front for t in captions(clean(line.text), _place([line]), line.number)]
    below = [t for line in behind for t in notes([Run(clean(line.text))], _place([line]), line.number)]
    label = next((text.text for text in texts if text.kind == "label"), "")
    return (Grid(1, label, grid_rows(raw, settings, str(source.path)), (*texts, *below), layout.remarks),)


def is_cell_per_line(source: Source, settings: Settings) -> bool:
    """Whether a text is such a table and not run together: known headings, and lines that each are one cell."""
    _, body, _ = parts_of(list(lines(source)))
    layout = _best(cells_of(body))
    if layout is None:
        return False
    fields = [field_of(text_of(cell)) if cell else None for cell in layout.head]
    known = sum(field is not None for field in fields)
    filled = [line for row in layout.rows for cell in row for line in cell]
    return known >= _KNOWN and one_cell_per_line(filled, fields, settings)


def _best(cells: Lines) -> Layout | None:
    """The layout that fits, and better than any other by far."""
    ranked = _ranked(whole_layouts(cells))
    whole = complete(cells, ranked[0]) if ranked else None
    aligned = [] if whole and _is_clear(whole, cells) else _ranked(aligned_layouts(cells))
    if aligned and (whole is None or aligned[0].weight > whole.weight + _AHEAD["whole"]):
        best, others = aligned[0], [*aligned[1:], *ranked[:1]]
    elif whole:
        # A layout that needs no missing cells is not doubted for one that fits little better.
        best, others = whole, ranked[1:]
    else:
        return None
    if best.aligned and len(best.rows) < _LEARNED_FROM and _filled(best) < len(best.rows) * len(best.head):
        return None
    others = [other for other in others if _shape(other) != _shape(best)]
    behind = max((other.weight for other in others), default=-math.inf)
    way = best.aligned or "whole"
    return best if best.weight > _FITS[way] * _filled(best) and best.weight - behind > _AHEAD[way] else None


def _is_clear(whole: Layout, cells: Lines) -> bool:
    """Whether a layout says why there are blank lines, and fits so well that no cell is missing."""
    fits = whole.weight > _CLEARLY * _filled(whole)
    if (
        len(whole.all_head) == len(whole.head) + 1
    ):  # a blank line behind each row, always at the same distance
        return fits
    return fits and (whole.gap or (all(cells.cells) and not cells.breaks)) and len(whole.rows) >= _MANY


def _ranked(layouts: Iterable[Layout]) -> list[Layout]:
    return sorted(layouts, key=lambda layout: -layout.weight)


def _filled(layout: Layout) -> int:
    return sum(bool(cell) for row in layout.rows[:_SHOWN] for cell in row)


def _shape(layout: Layout) -> list[list[int]]:
    """Which line is in which column, of the first rows."""
    return [[cell[0].number if cell else 0 for cell in row] for row in (layout.head, *layout.rows[:_SHOWN])]


def _raw(row: Sequence[CellLines], *, heading: bool = False) -> RawRow:
    first = next(line for cell in row for line in cell)
    pieces = []
    before = first
    for cell in row:
        text = clean("\n".join(line.text for line in cell))
        pieces.append(
            Piece(
                text, _place(cell) if cell else GridAddress("line", f"line={before.number}"), heading=heading
            )
        )
        before = cell[-1] if cell else before
    return RawRow(first.number, pieces, _place([first]))


def _place(cell: Sequence[Line]) -> GridAddress:
    if len(cell) > 1:
        return GridAddress("line", f"line={cell[0].number},{cell[-1].number}")
    text = cell[0].text
    start = len(text) - len(text.lstrip())
    return GridAddress("line", f"line={cell[0].number};char={start},{start + len(text.strip())}")
