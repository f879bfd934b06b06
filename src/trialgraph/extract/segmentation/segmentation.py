"""Semi-Markov segmentation of a run-together line: the best and second-best cuts into the columns' cells.

Every way of cutting the line into the columns, in their order, some of them empty, has a weight: what the
boundaries look like plus how well each piece fits its column. The best and the second best are found by
dynamic programming over the conceivable boundaries (Sarawagi & Cohen 2004, "Semi-Markov conditional random
fields"; Viterbi with two best per state).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from trialgraph.extract.column_type import CellShape, ColumnType, Cue
from trialgraph.extract.columns import columns
from trialgraph.extract.text.evidence import Evidence, evidence

__all__ = ["Cut", "cut", "room", "see"]


def _other(seen: Evidence, i: int, j: int) -> float:
    """A column whose heading nobody knows: any text, none of the ids and counts that other columns want."""
    foreign = sum(
        e.kind in {"registration", "reference", "phase", "dose"} and i <= e.start < j for e in seen.events
    )
    return -4.0 * foreign - 0.01 * (j - i)


_OTHER: Final = CellShape(empty=-1.0, longest=4000, fits=_other)


def see(text: str, breaks: Sequence[int] = ()) -> Evidence:
    """The evidence of a line, with the cues of all columns.

    :param breaks: positions of blanks that stand for a line break: the row is broken over lines
    """
    return evidence(text, *_seen_by(columns()), breaks)


@cache
def _seen_by(
    of: tuple[ColumnType, ...],
) -> tuple[
    dict[str, tuple[Cue, ...]], dict[str, Mapping[str, float]], tuple[str, ...], dict[str, re.Pattern[str]]
]:
    """Cues, weights of events, lexicons and patterns of the columns."""
    return (
        {column.field: column.cues for column in of if column.cues},
        {column.field: column.events for column in of if column.cues},
        tuple(dict.fromkeys(name for column in of for name in column.lexicons)),
        {name: pattern for column in of for name, pattern in column.patterns.items()},
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """One way of cutting a line.

    :param bounds: ``len(columns) + 1`` offsets into the line, from 0 to its length
    :param weight: log-odds of the whole; 0 or less means that the line does not look like a row of that table
    :param runner_up: the next best cut's bounds
    :param margin: how far behind it is
    :param fits: how well each cell that holds text fits its column, as log-odds
    """

    bounds: tuple[int, ...]
    weight: float
    runner_up: tuple[int, ...]
    margin: float
    fits: tuple[float, ...] = ()


def room(fields: Sequence[str | None]) -> int:
    """How many characters the cells of columns of these fields have at most."""
    shapes = {column.field: column.shape for column in columns()}
    return sum(shapes.get(f or "", _OTHER).longest for f in fields)


# Sums that are equal may differ by so much in floating point.
_ROUNDING: Final = 1e-9

# A state holds its two best: (weight, index of the previous state, rank there).
_State = list[tuple[float, int, int]]


def cut(text: str, fields: Sequence[str | None], seen: Evidence | None = None) -> Cut:
    """The best way of cutting ``text`` into columns of these fields, in this order; none at all weighs minus infinity.

    :param seen: the evidence of the line, where it is at hand
    """
    seen = seen or see(text)
    shapes = {column.field: column.shape for column in columns()}
    kinds = [shapes.get(f or "", _OTHER) for f in fields]
    size = len(seen.cuts)
    layers: list[list[_State]] = [[[] for _ in range(size)]]
    layers[0][0] = [(0.0, 0, 0)]
    for kind in kinds:
        layers.append(_layer(seen, kind, layers[-1]))
    ends = layers[-1][size - 1]
    if not ends:  # the line is longer than its columns can be together
        bounds = (0, *[len(text)] * len(kinds))
        return Cut(bounds, weight=-math.inf, runner_up=bounds, margin=math.inf)
    best = _walk(layers, size - 1, 0)
    second = _walk(layers, size - 1, 1) if len(ends) > 1 else best
    margin = ends[0][0] - ends[1][0] if len(ends) > 1 else math.inf
    bounds = tuple(seen.cuts[p] for p in best)
    return Cut(
        bounds=bounds,
        weight=ends[0][0],
        runner_up=tuple(seen.cuts[p] for p in second),
        margin=margin,
        fits=tuple(
            _fit(seen, kind, i, j) for kind, (i, j) in zip(kinds, pairwise(bounds), strict=True) if i < j
        ),
    )


def _fit(seen: Evidence, kind: CellShape, start: int, end: int) -> float:
    """How well a stretch fits a column."""
    return min(kind.fits(seen, start, _end_of_text(seen, end)), kind.most)


def _end_of_text(seen: Evidence, end: int) -> int:
    """A line break behind a cell is no part of it."""
    return end - 1 if end - 1 in seen.breaks else end


def _layer(seen: Evidence, kind: CellShape, before: list[_State]) -> list[_State]:
    """States after one more column: for each place where it may end the two best ways to get there."""
    unused, boundary, end_of_line = seen.unused, seen.boundary, len(seen.text)
    fits, most, longest = kind.fits, kind.most, kind.longest
    # Where the cell begins, the most promising first. Cells that could not be among the two best of their place,
    # however well they fitted, are not looked at.
    begins = [
        (before[i][0][0] + unused[start], i, start, start + longest, unused[start], before[i])
        for i, start in enumerate(seen.cuts)
        if before[i]
    ]
    begins.sort(key=lambda begin: -begin[0])
    after: list[_State] = []
    for j, end in enumerate(seen.cuts):
        state: _State = []
        for rank, (weight, _, _) in enumerate(before[j]):
            _offer(state, (weight + kind.empty, j, rank))
        further = boundary[end] if end < end_of_line else 0.0
        cost = unused[end - 1] if end else 0.0
        best = most - cost + further + _ROUNDING
        stop = _end_of_text(seen, end)
        # What an offer has to reach, for there are two already.
        second = state[1][0] if len(state) == 2 else -math.inf
        for promise, i, start, limit, passed, states in begins:
            if promise + best < second:
                break
            if not start < end <= limit:
                continue
            fit = fits(seen, start, stop)
            gain = (fit if fit < most else most) - (cost - passed) + further
            for rank, (weight, _, _) in enumerate(states):
                # Most offers are worse than two that are there: the call is left out for them.
                if weight + gain >= second:
                    _offer(state, (weight + gain, i, rank))
                    if len(state) == 2:
                        second = state[1][0]
        after.append(state)
    return after


def _offer(state: _State, new: tuple[float, int, int]) -> None:
    """Keep the two best; of equal ones those that begin first, so that the search is deterministic."""
    weight, begin, rank = new
    at = len(state)
    while at and (-weight, begin, rank) < (-state[at - 1][0], state[at - 1][1], state[at - 1][2]):
        at -= 1
    state.insert(at, new)
    del state[2:]


def _walk(layers: list[list[_State]], at: int, rank: int) -> list[int]:
    path = [at]
    for layer in reversed(layers[1:]):
        _, at, rank = layer[at][rank]
        path.append(at)
    return path[::-1]
