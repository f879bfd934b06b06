"""Lines of a table whose empty cells are gone: each goes to the column that it fits, in order (Viterbi, hard EM).

What columns hold, and how often they are empty, is learned from the lines in some rounds, from several beginnings. A
row may be a section heading: its first cell alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from trialgraph.extract.layout.cell_per_line.column_fit import fits, looks
from trialgraph.extract.layout.cell_per_line.line_cells import CellLines, Lines
from trialgraph.extract.layout.cell_per_line.line_layouts import (
    GAP,
    MOST_COLUMNS,
    Layout,
    field_named,
    fills,
    text_of,
    weighed,
)

__all__ = ["aligned_layouts"]

_ROUNDS: Final = 5
# The rows that are taken as complete at first: so many, behind so many section headings.
_COMPLETE: Final = ((0, 0), (1_000_000, 0), (1, 0), (1_000_000, 1), (1, 1))
# Log-odds of a cell over two lines, and of a row that is a section heading.
_BROKEN: Final = -6.0
_SECTION: Final = -2.5
# By how much the column of a cell has to be ahead of any other.
_SURE: Final = 8.0
# Of a first column whose empty heading is gone.
_UNNAMED: Final = -15.0
# A cell that is all that its column may hold.
_WHOLE: Final = 2.0
# At first a cell is rarely missing.
_RARELY: Final = 0.05
# A run of so many known headings, with fewer others in a row, tells where the headings end.
_SURE_HEADINGS: Final = 4
_UNKNOWN_RUN: Final = 3
# What many lines hold is learned from so many.
_LEARNED: Final = 400
_LEARNED_ROWS: Final = 100

_Run = Sequence[CellLines]
_Shape = tuple[tuple[int, ...], ...]  # how many lines each cell of each row has


def aligned_layouts(lines: Lines) -> list[Layout]:
    """The layouts in which cells may be missing anywhere, where it is told how many headings there are.

    That is told by a blank line that ends them, or by headings that are known. Where nothing tells, too many numbers
    of columns fit nearly as well. Where blank lines stand for empty cells, none is missing.
    """
    blocks = _blocks(lines)
    filled = [cell for block in blocks for cell in block]
    if lines.between and len(filled) < len(lines.cells):
        return []
    if len(blocks) > 1 and 1 < len(blocks[0]) <= MOST_COLUMNS:
        head, body = list(blocks[0]), blocks[1:]
        made = [one for names in (head, [[], *head]) if (one := _behind_gap(names, body))]
    elif len(filled) < len(lines.cells):
        made = []
    else:
        made = [
            _aligned(filled[:width], [filled[width:]], gap=False, rows=False)
            for width in _known_widths(filled)
            if width < len(filled)
        ]
    return made


def _behind_gap(head: _Run, body: Sequence[_Run]) -> Layout | None:
    if len(body) == 1:
        return _aligned(head, body, gap=True, rows=False)
    rows = all(len(block) <= len(head) for block in body)
    return _aligned(head, body, gap=True, rows=True) if rows else None


def _known_widths(filled: _Run) -> range:
    """The numbers of columns that a run of known headings allows: to its last, or some more."""
    known = [at for at, cell in enumerate(filled[: 2 * MOST_COLUMNS]) if field_named(text_of(cell))]
    last = -1
    for at in known:
        if at - last > _UNKNOWN_RUN:
            break
        last = at
    run = sum(at <= last for at in known)
    sure = run >= _SURE_HEADINGS and run * 2 > last + 1 and last < MOST_COLUMNS
    return range(last + 1, last + 1 + _UNKNOWN_RUN) if sure else range(0)


def _blocks(lines: Lines) -> list[list[CellLines]]:
    """The cells between blank lines, or between those of which one more stands."""
    made: list[list[CellLines]] = [[]]
    for at, cell in enumerate(lines.cells):
        if made[-1] and (at in lines.breaks if lines.between else not cell):
            made.append([])
        if cell:
            made[-1].append(cell)
    return [block for block in made if block]


def _aligned(head: _Run, runs: Sequence[_Run], *, gap: bool, rows: bool) -> Layout:
    """The layout of runs of lines.

    :param rows: whether each run is one row
    """
    learned = runs[:_LEARNED_ROWS] if rows else [runs[0][:_LEARNED]]
    seen: set[_Shape] = set()
    ways = [_learned(head, learned, start, seen, rows=rows) for start in _COMPLETE]
    best = max((way for way in ways if way), key=lambda one: one.weight)
    if list(learned) != list(runs):
        best = weighed(_placed(head, runs, _Columns(head, best.rows), rows=rows))
    made = replace(best, gap=gap, aligned="rows" if rows else "lines")
    if not head[0]:
        if not any(row[0] for row in made.rows):
            return replace(made, head=head[1:], rows=[row[1:] for row in made.rows], weight=-math.inf)
        made = replace(made, weight=made.weight + _UNNAMED)
    odd = [row for row in made.rows if sum(map(bool, row)) < len(head)]
    remarks = [f"the cells of the row at line {_line(row)} are placed by what they hold" for row in odd]
    further = [f"likewise {len(remarks) - 50} more rows"] if len(remarks) > 50 else []
    return replace(made, weight=made.weight + GAP * gap, remarks=(*remarks[:50], *further))


def _line(row: Sequence[CellLines]) -> int:
    return next(cell[0].number for cell in row if cell)


class _Columns:
    """What the columns hold and how often they are empty, from rows."""

    def __init__(self, head: _Run, rows: Sequence[Sequence[CellLines]]) -> None:
        width = len(head)
        self.looks = [[looks(text_of(row[c])) for row in rows if row[c]] for c in range(width)]
        whole = [row for row in rows if any(row[1:])]  # section headings say nothing of other columns
        empty = [sum(not row[c] for row in whole) for c in range(width)]
        missing = [(e + _RARELY) / (len(whole) + 1) for e in empty]
        self.missing = [math.log(p) for p in missing]
        self.filled = [math.log(1 - p) for p in missing]
        fields = [field_named(text_of(cell)) if cell else None for cell in head]
        self.fields = fields

    def fits(self, cells: _Run) -> list[list[float]]:
        """How well each cell fits each column."""
        texts = [text_of(cell) for cell in cells]
        made = fits([looks(text) for text in texts], self.looks)
        return [
            [
                fit + full + (_WHOLE if field and fills(field, text) else 0.0)
                for fit, full, field in zip(row, self.filled, self.fields, strict=True)
            ]
            for text, row in zip(texts, made, strict=True)
        ]


def _learned(
    head: _Run, runs: Sequence[_Run], start: tuple[int, int], seen: set[_Shape], *, rows: bool
) -> Layout | None:
    """The rows that are learned from a beginning; None where another beginning came to the same.

    :param seen: what was met; added to
    """
    width = len(head)
    complete, first = start
    whole = [run for run in runs if len(run) == width] if rows else []
    if not whole:
        body = runs[0][first:]
        whole = [body[at : at + width] for at in range(0, len(body) - width + 1, width)][:complete]
    layout = Layout(head, whole)
    before: _Shape = ()
    for _ in range(_ROUNDS):
        layout = _placed(head, runs, _Columns(head, layout.rows), rows=rows)
        shape = tuple(tuple(map(len, row)) for row in layout.rows)
        if shape == before:
            break
        if shape in seen:
            return None
        seen.add(shape)
        before = shape
    return weighed(layout)


def _placed(head: _Run, runs: Sequence[_Run], columns: _Columns, *, rows: bool) -> Layout:
    made: list[list[CellLines]] = []
    broken = 0
    unsure: set[int] = set()
    for run in runs:
        best, ahead = _best_rows(run, columns, one=rows)
        for row in best:
            made.append([[line for cell in cells for line in cell] for cells in row])
            broken += sum(max(0, len(cells) - 1) for cells in row)
        unsure.update(cell[0].number for cell, by in zip(run, ahead, strict=True) if by < _SURE)
    return Layout(head, made, _BROKEN * broken, unsure=frozenset(unsure))


class _Steps:
    """What it costs to go from the column of a cell to that of the next."""

    def __init__(self, missing: Sequence[float], *, one: bool) -> None:
        skipped = list(accumulate(missing, initial=0.0))
        #: What it costs that a row begins, or ends, with a column.
        self.begin = skipped[:-1]
        self.end = [skipped[-1] - before for before in skipped[1:]]
        # A row whose only cell is its first is a section heading.
        self.end[0] = max(_SECTION, self.end[0])
        #: What is taken off where another column follows that of the index: see :meth:`forward`.
        self.left = skipped[1:]
        self.one = one

    def forward(self, weights: Sequence[float]) -> tuple[list[float], list[int]]:
        """For each column the weight of the best way to it, and the column before: of another row where not less."""
        ends = [weight + end for weight, end in zip(weights, self.end, strict=True)]
        last = max(range(len(ends)), key=ends.__getitem__)
        # A column before is told by its index, the end of a row by -1 less the index, the same by the width.
        made: list[float] = []
        came: list[int] = []
        best, best_at = -math.inf, 0
        for c, weight in enumerate(weights):
            ways = [(weight + _BROKEN, len(weights)), (best + self.begin[c], best_at)]
            if not self.one:
                ways.append((ends[last] + self.begin[c], -1 - last))
            top, before = max(ways)
            made.append(top)
            came.append(before)
            if weight - self.left[c] > best:
                best, best_at = weight - self.left[c], c
        return made, came

    def backward(self, weights: Sequence[float]) -> list[float]:
        """For each column the weight of the best way from it."""
        begins = max(w + b for w, b in zip(weights, self.begin, strict=True))
        made: list[float] = []
        best = -math.inf
        for c in range(len(weights) - 1, -1, -1):
            ways = [weights[c] + _BROKEN, best - self.left[c]]
            if not self.one:
                ways.append(begins + self.end[c])
            made.append(max(ways))
            best = max(best, weights[c] + self.begin[c])
        return made[::-1]


def _best_rows(run: _Run, columns: _Columns, *, one: bool) -> tuple[list[list[list[CellLines]]], list[float]]:
    """The most probable columns of cells in rows, and by how much each cell is in its column rather than in another."""
    width = len(columns.missing)
    steps = _Steps(columns.missing, one=one)
    fitted = columns.fits(run)
    forward = [[fit + begin for fit, begin in zip(fitted[0], steps.begin, strict=True)]]
    back: list[list[int]] = []
    for fit in fitted[1:]:
        made, came = steps.forward(forward[-1])
        forward.append([weight + one_fit for weight, one_fit in zip(made, fit, strict=True)])
        back.append(came)
    backward = [steps.end]
    for fit in reversed(fitted[1:]):
        later = [weight + one_fit for weight, one_fit in zip(backward[-1], fit, strict=True)]
        backward.append(steps.backward(later))
    backward.reverse()
    both = [[f + b for f, b in zip(*pair, strict=True)] for pair in zip(forward, backward, strict=True)]
    column = max(range(width), key=both[-1].__getitem__)
    places = [(column, False)]
    for came in reversed(back):
        before = came[column]
        places[-1] = (column, before < 0)
        column = -1 - before if before < 0 else column if before == width else before
        places.append((column, False))
    places.reverse()
    rows: list[list[list[CellLines]]] = [[[] for _ in range(width)]]
    ahead: list[float] = []
    for cell, (column, begins), ways in zip(run, places, both, strict=True):
        if begins:
            rows.append([[] for _ in range(width)])
        rows[-1][column].append(cell)
        ahead.append(ways[column] - max(way for c, way in enumerate(ways) if c != column))
    return rows, ahead
