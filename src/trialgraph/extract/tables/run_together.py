"""Run-together text to rows: heading lines say which columns there are, each further line is a row.

The columns of such a table have lost whatever stood between them. Nothing is cut by fixed positions: each
line is segmented by :mod:`trialgraph.extract.segmentation.segmentation` with the columns that the headings name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.columns import column_of
from trialgraph.extract.layout.headings import field_of
from trialgraph.extract.layout.table_kind import one_cell_per_line, separated
from trialgraph.extract.reports import read_report
from trialgraph.extract.segmentation.broken_rows import rows_of_lines
from trialgraph.extract.segmentation.confidence import CLEAR, confidence, row_fit
from trialgraph.extract.segmentation.line_breaks import doubtful_breaks, words_of
from trialgraph.extract.segmentation.row_text import RowText
from trialgraph.extract.segmentation.segmentation import Cut, cut
from trialgraph.extract.sources import Line, Source, lines
from trialgraph.model.report import Report
from trialgraph.model.table import Cell, Column, NonCellText, Row, Table, Unread

__all__ = ["read_run_together"]

# A runner-up less than this far behind (log-odds) is kept.
_CLOSE: Final = 3.0
# A heading is a few words, no sentence.
_HEADING_CHARS: Final = 70
# A run of headings may hold this many in a row that nobody knows.
_UNKNOWN_RUN: Final = 3
_LEGEND: Final = re.compile(
    r"(?:[^:;]{1,60}: ?[^:;]{2,120}; ?){2,}|(?:Abbreviations?|Notes?|Data are|Source)\b.{0,4}[:.]? |[*†‡§¶]|[a-z0-9]\) "
)


def read_run_together(source: Source, settings: Settings, reports: dict[int, Report] | None = None) -> Table:
    """Cut every row of a run-together table.

    :param settings: the limits of a line: ``line_chars``, ``line_cuts``
    :param reports: gets what was read of each row, by its number: how sure its cells are is told by what is unread
    :raises InputError: no two lines name columns, or it is a table of another kind
    """
    all_lines = list(lines(source))
    _run_together(all_lines, source, settings)
    first, last = _headings(all_lines, source)
    columns = _columns([line for line in all_lines[first:last] if line.text.strip()])
    fields = [column.field for column in columns]
    non_cell_text = _front(all_lines[:first], all_lines[first:last])
    rows: list[Row] = []
    unread: list[Unread] = []
    for blank, several in groupby(all_lines[last:], key=lambda line: not line.text.strip()):
        if blank:
            for line in several:
                _blank(non_cell_text, line)
            continue
        for made in rows_of_lines(list(several), fields, settings):
            number = len(rows) + len(unread) + 1
            line = made.lines[0]
            if made.found:
                report = _report(source, number, made, made.found, columns)
                rows.append(report.row)
                if reports is not None:
                    reports[number] = report
            elif _LEGEND.match(line.text.strip()) and (rows or unread):
                non_cell_text.append(NonCellText("footnote", line.number, made.start, made.end))
            else:
                words = source.text[made.start : made.end]
                unread.append(Unread(source.slug, number, line.number, words, made.start, made.end, made.why))
    return Table(source.slug, columns, tuple(rows), tuple(unread), tuple(non_cell_text))


def _run_together(all_lines: Sequence[Line], source: Source, settings: Settings) -> None:
    """Nothing, where the text may be a run-together table.

    :raises InputError: it is a table of another kind
    """
    kind = ""
    first, last = _known_headings(all_lines)
    if found := separated(all_lines, headings=first < last):
        at, kind = found[0], f"a {found[1]} table"
        hint = "this kind cannot be read yet; run-together text has each heading on a line of its own"
    else:
        fields = [field_of(_bare(line.text)) for line in all_lines[first:last] if line.text.strip()]
        if one_cell_per_line(all_lines[last:], fields, settings):
            at, kind = all_lines[last].number, "a table with one cell per line"
            hint = "put the cells of each row on one line"
    if kind:
        raise InputError(
            f"this looks like {kind}, not run-together text", where=f"{source.path}:{at}", hint=hint
        )


def _bare(text: str) -> str:
    return text.strip().lstrip("\ufeff")


def _headings(all_lines: Sequence[Line], source: Source) -> tuple[int, int]:
    """Indexes of the first heading line and of the first line after the headings."""
    first, last = _known_headings(all_lines)
    if first < last:
        return first, _with_unknown_tail(all_lines, first, last)
    raise InputError(
        "no lines name columns (like: Disease / Patients / Outcome measures)",
        where=f"{source.path}:1",
        hint="put the table's headings above its rows, a line each",
    )


def _known_headings(all_lines: Sequence[Line]) -> tuple[int, int]:
    """Indexes of the first heading line and of the first line after the last known one; (0, 0) where there are none."""
    known = [
        len(line.text) <= _HEADING_CHARS and field_of(_bare(line.text)) is not None for line in all_lines
    ]
    for first in range(len(all_lines)):
        if known[first]:
            last = _run_of_headings(all_lines, known, first)
            if sum(known[first:last]) >= 2:
                return first, last
    return 0, 0


def _run_of_headings(all_lines: Sequence[Line], known: Sequence[bool], first: int) -> int:
    last = gap = first
    while gap < len(all_lines) and gap - last <= _UNKNOWN_RUN:
        if known[gap]:
            last = gap + 1
        elif len(all_lines[gap].text) > _HEADING_CHARS:
            break
        gap += 1
    return last


def _with_unknown_tail(all_lines: Sequence[Line], first: int, last: int) -> int:
    """Take in a last heading that nobody knows: a few words that do not read as a row."""
    while last < len(all_lines) - 1:
        text = _bare(all_lines[last].text)
        if not text or len(text) > 40 or re.search(r"\d", text):
            break
        fields = [field_of(_bare(line.text)) for line in all_lines[first:last] if line.text.strip()]
        if cut(all_lines[last].text, fields).weight > 0:
            break
        last += 1
    return last


def _columns(heading_lines: Sequence[Line]) -> tuple[Column, ...]:
    made: list[Column] = []
    counts: dict[str, int] = {}
    for position, line in enumerate(heading_lines, start=1):
        header = _bare(line.text)
        name = field_of(header)
        key = name.replace(" ", "-") if name else f"column-{position}"
        counts[key] = counts.get(key, 0) + 1
        made.append(
            Column(
                header,
                name,
                key if counts[key] == 1 else f"{key}-{counts[key]}",
                line.number,
                position=position,
            )
        )
    return tuple(made)


def _front(front: Sequence[Line], headings: Sequence[Line]) -> list[NonCellText]:
    made: list[NonCellText] = []
    for line in front:
        if not line.text.strip():
            _blank(made, line)
            continue
        kind = (
            "caption"
            if re.match(r"(?:Supplementary )?Table\b", _bare(line.text), re.IGNORECASE)
            else "front matter"
        )
        made.append(NonCellText(kind, line.number, line.start, line.start + len(line.text)))
    for line in headings:
        if line.text.strip():
            made.append(NonCellText("heading", line.number, line.start, line.start + len(line.text)))
        else:
            _blank(made, line)
    return made


def _blank(non_cell_text: list[NonCellText], line: Line) -> None:
    if line.text:
        non_cell_text.append(NonCellText("blank", line.number, line.start, line.start + len(line.text)))


def _report(source: Source, number: int, row: RowText, found: Cut, columns: tuple[Column, ...]) -> Report:
    def cells(bounds: tuple[int, ...], doubtful: frozenset[int] = frozenset()) -> tuple[Cell, ...]:
        return tuple(
            Cell(
                c.header, c.field, c.key, k + 1, source.text[i:j] or None, i, j, doubtful=k in doubtful,
            )
            for k, c in enumerate(columns)
            for i, j in [row.span(bounds[k], bounds[k + 1])]
        )  # fmt: skip

    close = found.margin < _CLOSE
    bounds, doubtful, settled = _between_digits(row.text, found.bounds, columns)
    if row.breaks:
        doubtful |= doubtful_breaks(row, source.text, bounds, columns, words_of(source.text))
    if found.margin < CLEAR:
        both = zip(pairwise(found.bounds), pairwise(found.runner_up), strict=True)
        differ = {k for k, (one, other) in enumerate(both) if row.span(*one) != row.span(*other)}
        doubtful |= differ - settled
    made = Row(
        source.slug,
        number,
        row.lines[0].number,
        cells(bounds, doubtful),
        0.0,
        cells(found.runner_up) if close else (),
    )
    report = read_report(made)
    unread = {left.cell.key for left in report.leftovers if not left.cell.doubtful}
    sure = confidence(row_fit(found, len(unread)), doubtful=bool(doubtful))
    return replace(report, row=replace(made, confidence=sure))


def _between_digits(
    text: str, bounds: Sequence[int], columns: Sequence[Column]
) -> tuple[tuple[int, ...], frozenset[int], frozenset[int]]:
    """The bounds, the cells that may begin or end inside a number, and those whose boundary can be nowhere else.

    Between two digits a boundary stands where both sides are whole values of their columns. Where that is so at one
    place only, it is there; else neither cell is read.
    """
    made = list(bounds)
    doubtful: set[int] = set()
    settled: set[int] = set()
    filled = [k for k in range(len(columns)) if bounds[k] < bounds[k + 1]]
    for left, right in pairwise(filled):
        at, start, end = made[right], made[left], made[right + 1]
        if not (text[at - 1].isdigit() and text[at].isdigit()):
            continue
        first, last = at, at
        while first - 1 > start and text[first - 1].isdigit():
            first -= 1
        while last < end - 1 and text[last].isdigit():
            last += 1
        ways = [
            k
            for k in range(first, last + 1)
            if _whole(columns[left].field, text[start:k]) and _whole(columns[right].field, text[k:end])
        ]
        if len(ways) == 1:
            made[left + 1 : right + 1] = ways * (right - left)
            settled |= {left, right}
        else:
            doubtful |= {left, right}
    return tuple(made), frozenset(doubtful), frozenset(settled)


def _whole(field: str | None, text: str) -> bool:
    column = column_of(field)
    return column is not None and column.whole(text)
