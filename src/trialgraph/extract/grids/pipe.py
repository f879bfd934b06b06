r"""Markdown and other tables with bars between the cells to grids.

Of Markdown: the row of dashes below the headings, ``\|`` and a bar in a code span as characters, emphasis, ``<sup>``,
``<br>``, links, HTML entities. Of grid tables (pandoc, reStructuredText): lines of one row between two borders.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.extract.grids.cell_text import Run, Script, TextWithMarks, plain_text, text_of_runs
from trialgraph.extract.grids.ragged_rows import Record, even_rows
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows, too_many_columns, too_many_rows
from trialgraph.extract.grids.table_texts import captions, is_label, is_note, notes, with_texts
from trialgraph.extract.sources import Line, Source, lines
from trialgraph.model.grid import Grid, GridText
from trialgraph.model.place import GridAddress

__all__ = ["read_pipe"]

_RULE: Final = re.compile(r"[ \t]*[|+]?[ \t]*:?[-=]+:?[ \t]*(?:[|+][ \t]*:?[-=]+:?[ \t]*)*[|+]?[ \t]*")
_BORDER: Final = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
# What a bar inside is no border of: an escaped character, a code span, an HTML tag.
_TOKEN: Final = re.compile(r"\\.|`+|\|", re.DOTALL)
_SPECIAL: Final = re.compile(r"[\\`<>&*_!\[\]^~]")
_INLINE: Final = re.compile(
    r"\\([!-/:-@\[-`{-~])|<(?P<tag>/?(?:sup|sub|br|b|i|em|strong|u|p|span|small))\b[^<>]{0,200}>"
    r"|!?\[(?P<link>[^\[\]]{0,500})\]\([^()\s]{1,500}(?:\s\"[^\"]{0,200}\")?\)|(?P<note>\[\^[\w-]{1,20}\])"
    r"|\^(?P<up>[\w+−–-]{1,6})\^|~(?P<down>\w{1,6})~(?!~)|~~(?P<gone>[^~]{1,500})~~|(?P<stars>\*{1,3}|_{1,3})",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_HEADLINE: Final = re.compile(r"\s{0,3}#{1,6}\s+")
_SEPARATOR: Final = "|"
_NEAR: Final = 3


def read_pipe(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """Each block of lines with bars as a table; the lines around one are its caption and notes where they look so.

    :raises InputError: more rows, columns or characters than the limits
    """
    all_lines = list(lines(source))
    made: list[Grid] = []
    blocks = list(_blocks(all_lines))
    for at, (first, last) in enumerate(blocks):
        before = all_lines[blocks[at - 1][1] if at else 0 : first]
        behind = all_lines[last : blocks[at + 1][0] if at + 1 < len(blocks) else len(all_lines)]
        texts = (*_above(before, whole=len(blocks) == 1), *_below(behind, whole=len(blocks) == 1))
        grid = _grid(all_lines[first:last], texts, len(made) + 1, source, settings)
        if grid.rows:
            made.append(grid)
    return tuple(made)


def _has_bar(line: Line) -> bool:
    return "|" in line.text or bool(_BORDER.fullmatch(line.text))


def _blocks(all_lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """From and to of each run of lines with bars; of single lines with a bar only where they are rules or many."""
    at = 0
    while at < len(all_lines):
        if not _has_bar(all_lines[at]):
            at += 1
            continue
        end = at
        while end < len(all_lines) and _continues(all_lines, at, end):
            end += 1
        if end - at > 1:
            yield at, end
        at = end


def _continues(all_lines: Sequence[Line], start: int, at: int) -> bool:
    """Whether the line belongs to the table: it has bars, or is a blank line between two that have as many."""
    if _has_bar(all_lines[at]):
        return True
    if all_lines[at].text.strip() or at + 1 >= len(all_lines) or not _has_bar(all_lines[at + 1]):
        return False
    count = len(_split(all_lines[at + 1].text))
    return count == len(_split(all_lines[start].text)) and not (
        at + 2 < len(all_lines) and _RULE.fullmatch(all_lines[at + 2].text)
    )


def _grid(
    block: Sequence[Line], texts: tuple[GridText, ...], number: int, source: Source, settings: Settings
) -> Grid:
    for line in block:
        if (count := line.text.count(_SEPARATOR)) > settings.grid_columns + 1:
            raise too_many_columns(count - 1, settings, f"{source.path}:{line.number}")
    if len(block) > settings.grid_rows * 2:
        raise too_many_rows(settings, str(source.path))
    records, rule = _records(block)
    headings = {record.line for record in records if rule and record.line < rule}
    records, remarks = even_rows(records, _SEPARATOR, padded=True)
    notes = {mark for text in texts if text.kind == "footnote" for mark in text.marks}
    raw = [_row(record, headings, notes) for record in records]
    if source.encoding == "Windows-1252":
        remarks.insert(0, "the encoding is taken to be Windows-1252")
    rows = grid_rows(raw, settings, str(source.path))
    return with_texts(Grid(number, "", rows, texts, tuple(remarks)))


def _row(record: Record, headings: set[int], notes: set[str]) -> RawRow:
    pieces = []
    for cell, (start, end) in zip(record.cells, record.places, strict=True):
        address = f"line={record.line};char={start},{end}" if end else f"line={record.line}"
        found = _text(cell, notes)
        pieces.append(
            Piece(
                found.text,
                GridAddress("line", address),
                marks=found.marks,
                heading=record.line in headings,
            )
        )
    return RawRow(record.line, pieces, GridAddress("line", f"line={record.line}"), listed=True)


def _records(block: Sequence[Line]) -> tuple[list[Record], int]:
    """The rows, and the line of the rule below the headings; 0 where there is none."""
    borders = sum(bool(_BORDER.fullmatch(line.text)) for line in block)
    rule = 0
    records: list[Record] = []
    open_row: list[Record] = []
    for line in block:
        if not line.text.strip():
            continue
        if _RULE.fullmatch(line.text) and _is_rule(line.text):
            if open_row:
                records.append(_stacked(open_row))
                open_row = []
            rule = rule or (line.number if records else 0)
            continue
        record = _record(line)
        if borders > 2:
            open_row.append(record)
        else:
            records.append(record)
    return [*records, *([_stacked(open_row)] if open_row else [])], rule


def _is_rule(text: str) -> bool:
    return text.count("-") + text.count("=") > 1 or bool(
        re.fullmatch(r"[\s|:-]+", text) and "-" in text and text.count("|") > 1
    )


def _stacked(row: Sequence[Record]) -> Record:
    """The lines of a row of a grid table as one."""
    width = max(len(part.cells) for part in row)
    cells = [
        "\n".join(part.cells[c].strip() for part in row if c < len(part.cells) and part.cells[c].strip())
        for c in range(width)
    ]
    longest = next(part for part in row if len(part.cells) == width)
    return Record(row[0].line, tuple(cells), longest.places)


def _record(line: Line) -> Record:
    spans = _split(line.text)
    return Record(
        line.number,
        tuple(line.text[start:end] for start, end in spans),
        tuple(_stripped(line.text, start, end) for start, end in spans),
    )


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Columns of the cell's characters, as RFC 5147 counts: positions between characters, from 0."""
    cell = text[start:end]
    left = len(cell) - len(cell.lstrip())
    bare = len(cell.strip())
    return (start + left, start + left + bare) if bare else (start, end)


def _split(text: str) -> list[tuple[int, int]]:
    """From and to of the cells of a line."""
    bars = _bars(text)
    body = text.strip()
    edges = [-1, *bars, len(text)]
    spans = [(a + 1, b) for a, b in pairwise(edges)]
    if body.startswith(_SEPARATOR):
        spans = spans[1:]
    if len(body) > 1 and bars and not text[bars[-1] + 1 :].strip() and spans:
        spans = spans[:-1]
    return spans


def _bars(text: str) -> list[int]:
    """Where bars stand that are no character of a cell: not escaped, and not in a code span."""
    if "`" not in text and "\\" not in text:
        return [at for at, char in enumerate(text) if char == _SEPARATOR]
    spans = iter([*_code_spans(text), (len(text), len(text), 0)])
    start, end, _ = next(spans)
    made = []
    for found in _TOKEN.finditer(text):
        while found.start() >= end and start < len(text):
            start, end, _ = next(spans)
        if found[0] == _SEPARATOR and not start <= found.start() < end:
            made.append(found.start())
    return made


def _code_spans(text: str) -> list[tuple[int, int, int]]:
    """From, to and number of backticks of the code spans: between two runs of as many backticks (CommonMark)."""
    runs = [(m.start(), m.end() - m.start()) for m in re.finditer("`+", text)]
    later: dict[int, list[int]] = {}
    for at, length in reversed(runs):
        later.setdefault(length, []).append(at)
    made, free = [], 0
    for at, length in runs:
        places = later[length]
        while places and places[-1] <= at:
            places.pop()
        if at >= free and places:
            free = places[-1] + length
            made.append((at, free, length))
    return made


def _text(cell: str, notes: set[str]) -> TextWithMarks:
    if not _SPECIAL.search(cell):
        return plain_text(cell, notes)
    return text_of_runs(_runs(cell), notes)


def _runs(cell: str) -> Iterator[Run]:
    """The runs of a cell: markup taken out of it, but for code spans."""
    at = 0
    for start, end, ticks in _code_spans(cell):
        yield from _markup_runs(cell[at:start])
        yield Run(cell[start + ticks : end - ticks].replace("\\|", "|"))
        at = end
    yield from _markup_runs(cell[at:])


def _markup_runs(cell: str) -> Iterator[Run]:
    script: Script = "plain"
    at = 0
    stars = _emphasis(cell)
    for found in _INLINE.finditer(cell):
        yield Run(html.unescape(cell[at : found.start()]), script)
        at = found.end()
        tag = (found["tag"] or "").lower()
        if tag in ("sup", "sub"):
            script = "super" if tag == "sup" else "sub"
        elif tag in ("/sup", "/sub"):
            script = "plain"
        elif tag in ("br", "p", "/p"):
            yield Run("\n")
        else:
            yield _inline(found, script, stars)
    yield Run(html.unescape(cell[at:]), script)


def _inline(found: re.Match[str], script: Script, stars: set[int]) -> Run:
    """What a reader sees of an inline element that is no line break and no raised text in tags."""
    if found["note"]:
        return Run(found["note"][2:-1], "mark")
    if found["up"] or found["down"]:
        return Run(found["up"] or found["down"], "super" if found["up"] else "sub")
    if found["stars"]:
        return Run("" if found.start() in stars else found["stars"], script)
    return Run(found[1] or found["link"] or found["gone"] or "", script)


def _emphasis(cell: str) -> set[int]:
    """Where emphasis opens and closes: stars or underscores in pairs, outside words and not beside white space."""
    made: set[int] = set()
    opened: dict[str, int] = {}
    for found in re.finditer(r"\\.|`[^`]*`|\*{1,3}|_{1,3}", cell):
        mark = found[0]
        if mark[0] not in "*_":
            continue
        before, behind = cell[found.start() - 1 : found.start()], cell[found.end() : found.end() + 1]
        inside_word = mark[0] == "_" and before.isalnum() and behind.isalnum()
        if mark in opened and before.strip() and not inside_word:
            made |= {opened.pop(mark), found.start()}
        elif behind.strip() and not inside_word and not (mark[0] == "*" and before.isalnum()):
            opened[mark] = found.start()
    return made


def _above(before: Sequence[Line], *, whole: bool) -> Iterator[GridText]:
    """The caption above a table; all lines, where the file has just this table."""
    near = [line for line in before if line.text.strip()]
    if not whole:
        near = near[-_NEAR:]
    start = next((at for at in range(len(near) - 1, -1, -1) if is_label(_bare(near[at].text))), None)
    for at, line in enumerate(near):
        text, address = _bare(line.text), GridAddress("line", f"line={line.number}")
        if (start is not None and at >= start) or (start is None and at == len(near) - 1):
            yield from captions(text, address, line.number)
        elif whole:
            yield GridText("front matter", text, address, line.number)


def _below(behind: Sequence[Line], *, whole: bool) -> Iterator[GridText]:
    """The notes below a table: up to the first line that looks like none, all where the file has just this table."""
    for line in behind:
        text = _bare(line.text)
        if not text:
            continue
        if not whole and (not is_note(text) or is_label(text)):
            return
        address = GridAddress("line", f"line={line.number}")
        if re.match(r"\[\^([\w-]{1,20})\]:", line.text.strip()):
            mark, _, rest = line.text.strip()[2:].partition("]:")
            yield GridText("footnote", _bare(rest), address, line.number, (mark,))
        elif is_label(text):
            yield from captions(text, address, line.number)
        else:
            yield from notes(_note_runs(line.text.strip()), address, line.number)


def _note_runs(text: str) -> Iterator[Run]:
    """The runs of a note; a star at its beginning is its mark, and no emphasis."""
    star = re.match(r"\\?(\*{1,3})(?=[^*\s][^*]*$|\s)", text)
    if star:
        yield Run(star[1], "mark")
    yield from _runs(text[star.end() if star else 0 :])


def _bare(line: str) -> str:
    return text_of_runs(_runs(_HEADLINE.sub("", line).strip())).text
