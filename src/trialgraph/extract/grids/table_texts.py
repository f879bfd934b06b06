"""The texts of a table: which rows and paragraphs are its label, caption and notes, and what marks the notes have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from trialgraph.extract.grids.cell_text import Run, leading_marks, text_of_runs, trailing_marks
from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress

__all__ = ["captions", "is_label", "is_note", "notes", "split_label", "with_texts"]

_LABEL: Final = re.compile(
    r"\s*((?:(?:Supplement(?:ary|al)?|Suppl\.?|Appendix|Additional|Online|Extended Data|e)\s*)*"
    r"(?:Tables?|TABLES?|Tab\.|Tabelle|Tableau|Tabla|Tabela|Exhibit|Box)\s*"
    r"(?:[A-Z]{0,2}[.\-]?\d+(?:\.\d+)*[a-zA-Z]?|[IVXL]+)\b\s*(?:\((?:continued|Cont\.?)\))?)"
    r"\s*[.:|–—-]*\s*"
)
_NOTE: Final = re.compile(
    r"\s*(?:Abbreviations?|Notes?|NB|Source|Sources|Data (?:are|is|were)|Values (?:are|were)|Footnotes?|Legend|Key|"
    r"Adapted|Reproduced|Modified from|Definitions?)\b.{0,3}|\s*[*∗†‡§¶‖#⁎]|\s*[ᵃ-ᶻ⁰¹²³⁴-⁹]\s*\w",
    re.IGNORECASE,
)
#: ABC: words; DEF: words – or with commas or equals signs.
_PAIRS: Final = re.compile(
    r"(?:[^:;=,]{1,40}\s*[:=,–]\s*[^:;=]{2,120}[;.,]\s*){2,}|(?:\S{1,20}\s*[=:]\s*[^:;=]{3,120}[;,.]?\s*){1,}$"
)
#: Where a text goes on to the next note: a symbol behind the end of a sentence.
_NEXT_NOTE: Final = re.compile(r"(?:(?<=^)|(?<=[.;,]\s))\s*([*∗†‡§¶‖#⁎]{1,4})(?=\s*\w)")
_SENTENCE_CHARS: Final = 60
# Above notes: longer than a heading of rows.
_NOTE_CHARS: Final = 25
_FEWEST_ROWS: Final = 2


def is_label(text: str) -> bool:
    """Whether the text begins with the number of a table."""
    return _LABEL.match(text) is not None


def is_note(text: str) -> bool:
    """Whether a text below a table looks like a note to it."""
    return bool(_NOTE.match(text) or _PAIRS.match(text) or leading_marks(text))


def split_label(text: str) -> tuple[str, str]:
    """The label and what stands behind it; an empty label where there is none."""
    found = _LABEL.match(text)
    return (found[1].strip(), text[found.end() :].strip()) if found else ("", text)


def captions(text: str, address: GridAddress, line: int) -> tuple[GridText, ...]:
    """A caption, and its label apart where it begins with one."""
    label, rest = split_label(text)
    made = (GridText("label", label, address, line),) if label else ()
    return (*made, GridText("caption", rest, address, line)) if rest else made


def notes(runs: Iterable[Run], address: GridAddress, line: int) -> Iterator[GridText]:
    """The notes that a text below a table holds, one for each mark; their texts are without the mark."""
    parts: list[_Note] = [_Note()]
    for run in runs:
        mark = run.text.strip("()[]., \t\n\xa0")
        if run.script in ("super", "mark") and mark and _begins_note(parts[-1].text, mark):
            _next(parts).marks += [part.strip() for part in mark.split(",") if part.strip()]
        elif run.script == "plain":
            for at, piece in enumerate(_NEXT_NOTE.split(run.text)):
                if at % 2:
                    _next(parts).marks.append(piece)
                else:
                    parts[-1].body.append(Run(piece))
        else:
            parts[-1].body.append(run)
    for part in parts:
        text = " ".join(text_of_runs(part.body).text.split())
        led_by, text = (tuple(part.marks), text.lstrip(" :.)–")) if part.marks else _leading(text)
        if text or led_by:
            yield GridText("footnote", text, address, line, led_by)


@dataclass(slots=True)
class _Note:
    marks: list[str] = field(default_factory=list)
    body: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.body)


def _next(parts: list[_Note]) -> _Note:
    """The note that a mark begins: a new one, unless nothing stands before it."""
    if parts[-1].text.strip():
        parts.append(_Note())
    return parts[-1]


def _begins_note(before: str, mark: str) -> bool:
    bare = before.rstrip()
    return len(mark) < 4 and (not bare or (bare[-1] in ".;,:)" and before != bare) or bare[-1] == ".")


def _leading(text: str) -> tuple[tuple[str, ...], str]:
    marks = leading_marks(text)
    if not marks:
        return (), text
    return marks, re.sub(
        rf"\s*\(?{re.escape(text.strip().lstrip('(')[: len(marks[0])])}[).:]?\s*", "", text, count=1
    )


def with_texts(grid: Grid) -> Grid:
    """The grid without the title rows above its headings and the notes below its rows; these are among its texts.

    The marks in its cells that lead to a note move from the text to the marks.
    """
    above, rows, below = _parted(grid.rows)
    titles = _titles(above, labelled=any(text.kind in ("label", "caption") for text in grid.texts))
    own = tuple(text for line, cell in below for text in _notes_of_cell(cell, line))
    texts = (*titles, *grid.texts, *own)
    known = {mark for text in texts if text.kind == "footnote" for mark in text.marks}
    label = next((text.text for text in texts if text.kind == "label"), "")
    return replace(grid, name=grid.name or label, rows=_marked(rows, known), texts=texts)


_Line = tuple[int, GridCell]


def _notes_of_cell(cell: GridCell, line: int) -> Iterator[GridText]:
    """Each line of the cell is a note of its own; marks that left its text lead it."""
    for at, part in enumerate(cell.text.split("\n")):
        for text in notes([Run(part)], cell.address, line):
            yield replace(text, marks=(*cell.marks, *text.marks)) if at == 0 else text


def _parted(rows: Sequence[GridRow]) -> tuple[list[_Line], list[GridRow], list[_Line]]:
    """Title rows, the rows between, and notes."""
    left = list(rows)
    above: list[_Line] = []
    below: list[_Line] = []
    while len(left) > _FEWEST_ROWS and (cell := _alone(left[0])) is not None:
        above.append((left.pop(0).line, cell))
    while len(left) > _FEWEST_ROWS and (cell := _alone(left[-1])) is not None:
        if not _ends_table(cell, left[-1]) and not (below and len(cell.text) > _NOTE_CHARS):
            break
        below.insert(0, (left.pop().line, cell))
    return above, _renumbered(left, len(above)), below


def _ends_table(cell: GridCell, row: GridRow) -> bool:
    wide = cell.columns > 1 and cell.columns >= len(row.cells)
    return wide or len(cell.text) > _SENTENCE_CHARS or is_note(cell.text) or bool(cell.marks)


def _alone(row: GridRow) -> GridCell | None:
    """The only cell of the row with a text, where it is the first one and the row has others."""
    first = row.cells[0] if len(row.cells) > 1 else None
    if first is None or first.rows > 1 or not first.text:
        return None
    return first if all(cell is first or not (cell.text or cell.marks) for cell in row.cells) else None


def _renumbered(rows: list[GridRow], by: int) -> list[GridRow]:
    if not by:
        return rows
    moved: dict[int, GridCell] = {}
    made = []
    for row in rows:
        cells = []
        for cell in row.cells:
            if id(cell) not in moved:
                moved[id(cell)] = replace(cell, row=cell.row - by)
            cells.append(moved[id(cell)])
        made.append(GridRow(row.line, tuple(cells)))
    return made


def _titles(above: Sequence[_Line], *, labelled: bool) -> tuple[GridText, ...]:
    """Title rows: the one with the table's number is its caption, else the last one."""
    numbered = next((at for at, (_, cell) in enumerate(above) if is_label(cell.text)), None)
    caption = numbered if numbered is not None or labelled else len(above) - 1
    made: list[GridText] = []
    for at, (line, cell) in enumerate(above):
        if at == caption:
            made += captions(cell.text, cell.address, line)
        else:
            behind_bare_label = (
                numbered is not None and at == numbered + 1 and made and made[-1].kind == "label"
            )
            kind: Literal["caption", "front matter"] = "caption" if behind_bare_label else "front matter"
            made.append(GridText(kind, cell.text, cell.address, line, cell.marks))
    return tuple(made)


def _marked(rows: Sequence[GridRow], known: Collection[str]) -> tuple[GridRow, ...]:
    if not known:
        return tuple(rows)
    moved: dict[int, GridCell] = {}
    made = []
    for row in rows:
        cells = []
        for cell in row.cells:
            new = moved.get(id(cell))
            if new is None:
                text, marks = trailing_marks(cell.text, known)
                new = moved[id(cell)] = (
                    replace(cell, text=text, marks=(*cell.marks, *marks)) if marks else cell
                )
            cells.append(new)
        made.append(
            GridRow(row.line, tuple(cells))
            if any(a is not b for a, b in zip(cells, row.cells, strict=True))
            else row
        )
    return tuple(made)
