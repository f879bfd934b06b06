"""One cell per line to a grid: how many lines make a row is told by what recurs at the same distance.

Where a blank line ends the headings, they say how many columns there are; where nothing ends them, that number is taken
at which lines of the same distance are most alike and the known headings are all in the first row. Where lines are
missing or a cell is broken over several, each line goes to the column that it fits, in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.columns import column_of
from trialgraph.extract.grids.cell_text import Run, clean
from trialgraph.extract.grids.ragged_rows import ColumnProfile, cell_features
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows
from trialgraph.extract.grids.table_texts import captions, is_label, is_note, notes
from trialgraph.extract.layout.headings import field_of
from trialgraph.extract.layout.table_kind import one_cell_per_line
from trialgraph.extract.sources import Line, Source, lines
from trialgraph.model.grid import Grid
from trialgraph.model.place import GridAddress

__all__ = ["is_cell_per_line", "read_cell_per_line"]

_FEWEST_COLUMNS: Final = 2
_MOST_COLUMNS: Final = 40
_HEADING_CHARS: Final = 90
# A smaller number of columns that stands out nearly as much is taken: twice the columns are as regular as once.
_NEARLY: Final = 0.6
# So much better is a number that divides all lines.
_DIVIDES: Final = 1.1
# Likewise one that ends at the last of this many known headings.
_SURE: Final = 4
_ALL_KNOWN: Final = 1.5
_KNOWN: Final = 2
# Costs in the alignment of lines with columns (natural logarithms).
_MISSING: Final = (1.5, 2.5, 3.5, 4.5, 5.0)  # in each round, as columns become known
_BROKEN: Final = 6.0
_WHOLE: Final = 2.0
#: The rows at the beginning that are taken as complete at first: all, or so many.
_COMPLETE: Final = (1_000_000, 2, 4, 8)


def read_cell_per_line(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The one table of a text with a cell on each line.

    :raises InputError: no number of columns fits, or more rows than the limits
    """
    front, body, behind, gap = _parts(source)
    columns = _columns(body, gap)
    filled = [line for line in body if line.text.strip()]
    if not columns:
        raise InputError(
            "no number of columns fits these lines",
            where=f"{source.path}:{body[0].number if body else 1}",
            hint="put a blank line behind the headings, and one behind each row",
        )
    head: _Cells = [[line] for line in filled[:columns]]
    below_head = _trimmed(body[body.index(head[-1][0]) + 1 :])
    if gap and len(_blocks(body)) == 2 and _first_is_unnamed(below_head, columns):
        head.insert(0, [])
    rows, remarks = _rows(below_head, [cell[0].text if cell else "" for cell in head])
    raw = [_raw(head, heading=True), *(_raw(row) for row in rows)]
    texts = [t for line in front for t in captions(clean(line.text), _place([line]), line.number)]
    below = [t for line in behind for t in notes([Run(clean(line.text))], _place([line]), line.number)]
    label = next((text.text for text in texts if text.kind == "label"), "")
    grid = grid_rows(raw, settings, str(source.path))
    return (Grid(1, label, grid, (*texts, *below), tuple(remarks)),)


def is_cell_per_line(source: Source, settings: Settings) -> bool:
    """Whether a text is such a table and not run together: known headings, and lines that each are one cell."""
    _, body, _, gap = _parts(source)
    columns = _columns(body, gap)
    filled = [line for line in body if line.text.strip()]
    if not columns or len(filled) < 2 * columns:
        return False
    fields = [field_of(line.text.strip()) for line in filled[:columns]]
    known = sum(field is not None for field in fields)
    return known >= _KNOWN and one_cell_per_line(filled[columns:], fields, settings)


def _parts(source: Source) -> tuple[list[Line], list[Line], list[Line], bool]:
    """Title lines, the lines of the table, notes below, and whether a blank line ends the headings."""
    body = list(lines(source))
    front: list[Line] = []
    while body and (not body[0].text.strip() or is_label(body[0].text) or _is_title(body)):
        line = body.pop(0)
        if line.text.strip():
            front.append(line)
    behind: list[Line] = []
    while body and (
        not body[-1].text.strip() or (is_note(body[-1].text) and len(body[-1].text) > len("Notes") * 3)
    ):
        line = body.pop()
        if line.text.strip():
            behind.insert(0, line)
    return front, body, behind, any(not line.text.strip() for line in body)


def _is_title(body: Sequence[Line]) -> bool:
    """Whether the first line is a title: a line alone, or longer than any heading."""
    text = body[0].text.strip()
    alone = len(body) > 1 and not body[1].text.strip()
    return field_of(text) is None and (alone or len(text) > _HEADING_CHARS)


def _columns(body: Sequence[Line], gap: bool) -> int:
    """How many lines make a row; 0 where that is not clear."""
    texts = [line.text.strip() for line in body]
    filled = [text for text in texts if text]
    if gap:
        first = texts.index("")
        blocks = _blocks(body)
        sizes = Counter(len(block) for block in blocks[1:])
        # The headings are a block of their own, and no row that happens to be the first.
        if _FEWEST_COLUMNS <= first <= _MOST_COLUMNS and (
            len(blocks) == 2
            or max(sizes, default=0) <= first
            or (sizes and sizes.most_common(1)[0][0] % first == 0)
            or _known(filled[:first]) >= _KNOWN
        ):
            return first
    return _period(filled)


def _first_is_unnamed(below: Sequence[Line], columns: int) -> bool:
    """Whether the rows have one cell more than there are headings: that of the first column, which has none."""
    filled = [line for line in below if line.text.strip()]
    if not any(len(body) % columns and len(body) % (columns + 1) == 0 for body in (filled, below)):
        return False
    features = [frozenset(cell_features(line.text)) for line in below]
    return _alike(features, columns + 1) > _alike(features, columns)


def _known(headings: Sequence[str]) -> int:
    return sum(field_of(text) is not None for text in headings)


def _period(filled: Sequence[str]) -> int:
    """The distance at which lines are most alike, where the known headings are all among the first of them."""
    most = min(_MOST_COLUMNS, len(filled) // 2)
    known = [
        at
        for at, text in enumerate(filled[: 2 * _MOST_COLUMNS])
        if len(text) <= _HEADING_CHARS and field_of(text)
    ]
    # A run of known headings at the beginning; a cell further down may be a heading's word too.
    last = 0
    for at in known:
        if at - last > _KNOWN + 1:
            break
        last = at
    least = max(_FEWEST_COLUMNS + 1, last + 1 if len(known) > 1 else 0)
    features = [frozenset(cell_features(text)) for text in filled]
    scores = {
        n: _alike(features[n:], n) * (_DIVIDES if len(filled) % n == 0 else 1.0)
        for n in range(least, most + 1)
    }
    if len(known) >= _SURE and len(known) * 2 > last + 1 and last + 1 in scores:
        scores[last + 1] *= _ALL_KNOWN
    if not scores:
        return 0
    best, usual = max(scores.values()), median(scores.values())
    return next(n for n, score in scores.items() if score - usual >= (best - usual) * _NEARLY)


def _alike(features: Sequence[frozenset[str]], n: int) -> float:
    """How alike lines at this distance are, on average."""
    pairs = list(zip(features, features[n:], strict=False))
    return (
        sum(2 * len(one & other) / (len(one) + len(other)) for one, other in pairs) / len(pairs)
        if pairs
        else 0.0
    )


def _blocks(body: Sequence[Line]) -> list[list[Line]]:
    made: list[list[Line]] = [[]]
    for line in body:
        if line.text.strip():
            made[-1].append(line)
        elif made[-1]:
            made.append([])
    return [block for block in made if block]


_Cells = list[list[Line]]  # for each column the lines of its cell


def _rows(body: Sequence[Line], headings: Sequence[str]) -> tuple[list[_Cells], list[str]]:
    """The rows, and remarks where a row is not simply as many lines as there are columns."""
    width = len(headings)
    filled = [line for line in body if line.text.strip()]
    blocks = _blocks(body)
    if all(len(block) % width == 0 for block in blocks) or (len(blocks) == 1 and len(filled) % width == 0):
        return _chunks(filled, width), []
    if len(body) % width == 0 and all(
        any(line.text.strip() for line in body[at : at + width]) for at in range(0, len(body), width)
    ):
        # A blank line is an empty cell.
        return _chunks(body, width), ["blank lines are read as empty cells"]
    spread = len(blocks) > 1 and sum(len(block) <= width for block in blocks) * 2 > len(blocks)
    return _aligned(blocks if spread else [filled], headings)


def _trimmed(body: Sequence[Line]) -> Sequence[Line]:
    """Without the blank line behind the headings, and those at the end."""
    first = 1 if body and not body[0].text.strip() else 0
    last = len(body)
    while last > first and not body[last - 1].text.strip():
        last -= 1
    return body[first:last]


def _chunks(body: Sequence[Line], width: int) -> list[_Cells]:
    return [
        [[line] if line.text.strip() else [] for line in body[at : at + width]]
        for at in range(0, len(body), width)
    ]


def _aligned(runs: Sequence[Sequence[Line]], headings: Sequence[str]) -> tuple[list[_Cells], list[str]]:
    """Each line in the column that it fits, in order; what columns hold is learned from the lines in some rounds."""
    fields = [field_of(text) for text in headings]
    ways = [_learned(runs, fields, complete) for complete in (_COMPLETE if len(runs) == 1 else _COMPLETE[:1])]
    rows = max(ways, key=lambda way: way[0])[1]
    odd = [row for row in rows if any(len(cell) != 1 for cell in row)]
    remarks = [
        f"the lines of the row at line {_first(row).number} are placed by what they hold" for row in odd
    ]
    return rows, [*remarks[:50], *([f"likewise {len(remarks) - 50} more rows"] if len(remarks) > 50 else [])]


def _learned(
    runs: Sequence[Sequence[Line]], fields: Sequence[str | None], complete: int
) -> tuple[float, list[_Cells]]:
    """The rows and how well they fit, where so many rows at the beginning are complete."""
    width = len(fields)
    profiles = [ColumnProfile() for _ in fields]
    for run in runs:
        if len(run) == width or len(runs) == 1:
            for at, line in enumerate(run[: complete * width]):
                profiles[at % width].add(line.text)
    weight, rows = 0.0, list[_Cells]()
    for missing in _MISSING:
        found = [_best_rows(run, profiles, fields, missing, one=len(runs) > 1) for run in runs]
        weight, rows = sum(one[0] for one in found), [row for one in found for row in one[1]]
        profiles = [ColumnProfile() for _ in fields]
        for row in rows:
            for profile, cell in zip(profiles, row, strict=True):
                if cell:
                    profile.add(" ".join(line.text for line in cell))
    return weight, rows


def _best_rows(
    run: Sequence[Line],
    profiles: Sequence[ColumnProfile],
    fields: Sequence[str | None],
    missing: float,
    *,
    one: bool,
) -> tuple[float, list[_Cells]]:
    """The most probable columns of lines in a row (Viterbi): the next one, one further on, or the same.

    :param one: whether the lines are one row
    """
    width = len(profiles)
    fits = [[_fit(line.text, profiles[c], fields[c]) for c in range(width)] for line in run]
    steps = [[_step(p, c, width, missing, one=one) for p in range(width)] for c in range(width)]
    costs = [[fits[0][c] - missing * c for c in range(width)]]
    back: list[list[int]] = []
    for at in range(1, len(run)):
        now, came = [], []
        for c in range(width):
            ways = [(costs[-1][p] - steps[c][p], p) for p in range(width)]
            best = max(ways)
            now.append(best[0] + fits[at][c])
            came.append(best[1])
        costs.append(now)
        back.append(came)
    weight = max(costs[-1][c] - missing * (width - 1 - c) for c in range(width))
    column = max(range(width), key=lambda c: costs[-1][c] - missing * (width - 1 - c))
    columns = [column]
    for came in reversed(back):
        column = came[column]
        columns.append(column)
    columns.reverse()
    rows: list[_Cells] = [[[] for _ in range(width)]]
    for before, (line, column) in zip([-1, *columns], zip(run, columns, strict=True), strict=False):
        if column < before:
            rows.append([[] for _ in range(width)])
        rows[-1][column].append(line)
    return weight, rows


def _step(before: int, column: int, width: int, missing: float, *, one: bool) -> float:
    """The cost of going from one column to another; infinite backwards in a row."""
    if column > before:
        return missing * (column - before - 1)
    if column == before:
        return _BROKEN
    return float("inf") if one else missing * (width - 1 - before + column)


def _fit(text: str, profile: ColumnProfile, field: str | None) -> float:
    column = column_of(field) if field else None
    return profile.fit(text) + (_WHOLE if column is not None and column.whole(text.strip()) else 0.0)


def _first(row: _Cells) -> Line:
    return next(line for cell in row for line in cell)


def _raw(row: _Cells, *, heading: bool = False) -> RawRow:
    first = _first(row)
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
