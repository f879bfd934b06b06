"""A published table in each kind of file, as people write such files."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable

import docx
import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tools.cells.published import PublishedCell, PublishedTable


def _plain(table: PublishedTable) -> list[list[str]]:
    """The rows of a file that has no spans: a text stands in the first place of its span."""
    height = max(c.row + c.rows for c in table.cells)
    width = max(c.column + c.columns for c in table.cells)
    made = [["" for _ in range(width)] for _ in range(height)]
    for cell in table.cells:
        made[cell.row][cell.column] = cell.text
    return made


def as_separated(table: PublishedTable, separator: str) -> bytes:
    """CSV as Excel writes it: the title and the notes in the first column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    width = len(_plain(table)[0])
    writer.writerow([f"{table.label}. {table.caption}", *[""] * (width - 1)])
    writer.writerows(_plain(table))
    writer.writerows([f"{mark} {note}".strip(), *[""] * (width - 1)] for mark, note in table.notes)
    return out.getvalue().encode("utf-8-sig")


def as_markdown(table: PublishedTable, *, rule: bool) -> bytes:
    """A Markdown table, or one with bars alone."""
    rows = [[_markdown(cell) for cell in row] for row in _placed(table)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    if rule:
        lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join([f"{table.label}. {table.caption}", "", *lines, ""]).encode()


def _placed(table: PublishedTable) -> list[list[PublishedCell | None]]:
    height, width = len(_plain(table)), len(_plain(table)[0])
    made: list[list[PublishedCell | None]] = [[None] * width for _ in range(height)]
    for cell in table.cells:
        made[cell.row][cell.column] = cell
    return made


def _markdown(cell: PublishedCell | None) -> str:
    made = ""
    for text, kind in cell.runs if cell else ():
        body = text.strip("\n") and html.escape(text, quote=False).replace("|", "\\|").replace("*", "\\*")
        made += "<br>" if text == "\n" else f"<sup>{body}</sup>" if kind else body
    return " ".join(made.split())


def as_html(table: PublishedTable) -> bytes:
    """A page as PMC writes it."""
    rows = []
    for at in range(len(_plain(table))):
        cells = [c for c in table.cells if c.row == at]
        rows.append("<tr>" + "".join(_html(c) for c in cells) + "</tr>")
    head, body = rows[: table.headings], rows[table.headings :]
    notes = "".join(
        f'<div class="fn"><p>{"<sup>" + m + "</sup>" if m else ""}{html.escape(n)}</p></div>'
        for m, n in table.notes
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body><main><h1>Article</h1>'
        f'<section class="tw xbox font-sm" id="T1"><h3 class="obj_head">{table.label}.</h3>'
        f'<div class="caption p"><p>{html.escape(table.caption)}</p></div><div class="tbl-box p" tabindex="0">'
        f'<table class="content"><thead>{"".join(head)}</thead><tbody>{"".join(body)}</tbody></table></div>'
        f'<div class="p text-right font-secondary"><a href="#">Open in a new tab</a></div>'
        f'<div class="tw-foot p">{notes}</div></section><p>More of the article.</p></main></body></html>'
    ).encode()


def _html(cell: PublishedCell) -> str:
    inner = "".join(
        "<br>" if t == "\n" else f"<sup>{html.escape(t)}</sup>" if kind else html.escape(t)
        for t, kind in cell.runs
    )
    tag = "th" if cell.heading else "td"
    return f'<{tag} rowspan="{cell.rows}" colspan="{cell.columns}">{inner}</{tag}>'


def as_xlsx(table: PublishedTable) -> bytes:
    """A workbook with a sheet before the table, merged cells and raised characters."""
    book = openpyxl.Workbook()
    book.active.title = "README"
    book.active["A1"] = "About this file"
    sheet = book.create_sheet("Table")
    sheet["A1"] = f"{table.label}. {table.caption}"
    for cell in table.cells:
        target = sheet.cell(cell.row + 3, cell.column + 1)
        parts = [TextBlock(InlineFont(vertAlign="superscript"), t) if kind else t for t, kind in cell.runs]
        target.value = (
            CellRichText(*parts) if any(kind for _, kind in cell.runs) else "".join(t for t, _ in cell.runs)
        )
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=cell.row + 3, start_column=cell.column + 1,
                end_row=cell.row + 2 + cell.rows, end_column=cell.column + cell.columns,
            )  # fmt: skip
    for at, (mark, note) in enumerate(table.notes):
        sheet.cell(len(_plain(table)) + 4 + at, 1).value = f"{mark} {note}".strip()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_docx(table: PublishedTable) -> bytes:
    """A document with a caption above and the notes below."""
    document = docx.Document()
    document.add_paragraph("Some text.")
    document.add_paragraph(f"{table.label}. {table.caption}")
    plain = _plain(table)
    made = document.add_table(rows=len(plain), cols=len(plain[0]))
    places = [row.cells for row in made.rows]
    for cell in table.cells:
        target = places[cell.row][cell.column]
        if cell.rows > 1 or cell.columns > 1:
            target = target.merge(places[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
        for text, kind in cell.runs:
            run = target.paragraphs[0].add_run(text)
            run.font.superscript = True if kind else None
    for mark, note in table.notes:
        paragraph = document.add_paragraph()
        paragraph.add_run(mark).font.superscript = True
        paragraph.add_run(f" {note}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def line_rows(table: PublishedTable) -> list[list[str]]:
    """The rows of a text without spans: headings of several levels as one, no line breaks in a cell."""
    head = [
        ": ".join(dict.fromkeys(t for t in column if t))
        for column in zip(*table.matrix()[: table.headings], strict=True)
    ]
    return [head, *([" ".join(t.split()) for t in row] for row in _plain(table)[table.headings :])]


def as_lines(table: PublishedTable, *, gap: bool, empty: bool = True, behind: str = "") -> bytes:
    """A cell on each line, headings of several levels as one.

    :param gap: whether a blank line ends the headings
    :param empty: whether an empty cell is an empty line; else it is gone
    :param behind: ``cell`` or ``row``: a blank line stands behind each
    """
    head, *rows = line_rows(table)

    def lines(row: list[str]) -> list[str]:
        cells = [text for text in row if text or empty]
        return [line for text in cells for line in ((text, "") if behind == "cell" else (text,))]

    body = [line for row in rows for line in (*lines(row), *([""] if behind == "row" else []))]
    front = [f"{table.label}. {table.caption}", ""]
    return "\n".join([*front, *lines(head), *([""] if gap else []), *body, ""]).encode()


def as_run_together(table: PublishedTable) -> bytes:
    """Each heading on a line, each row on one with nothing between its cells."""
    head, *rows = line_rows(table)
    return "\n".join([f"{table.label}. {table.caption}", *head, *("".join(row) for row in rows), ""]).encode()


KINDS: dict[str, Callable[[PublishedTable], bytes]] = {
    "csv": lambda t: as_separated(t, ","),
    "tsv": lambda t: as_separated(t, "\t"),
    "semicolon": lambda t: as_separated(t, ";"),
    "xlsx": as_xlsx,
    "docx": as_docx,
    "html": as_html,
    "markdown": lambda t: as_markdown(t, rule=True),
    "pipe": lambda t: as_markdown(t, rule=False),
    "lines, gap": lambda t: as_lines(t, gap=True),
    "lines, none": lambda t: as_lines(t, gap=False),
    "lines, blank behind cells": lambda t: as_lines(t, gap=True, behind="cell"),
    "lines, blank behind cells, none": lambda t: as_lines(t, gap=False, behind="cell"),
    "lines, blank behind rows": lambda t: as_lines(t, gap=True, behind="row"),
    "lines, gap, empty cells gone": lambda t: as_lines(t, gap=True, empty=False),
    "lines, none, empty cells gone": lambda t: as_lines(t, gap=False, empty=False),
    "lines, blank behind cells, empty cells gone": lambda t: as_lines(
        t, gap=True, empty=False, behind="cell"
    ),
    "lines, blank behind rows, empty cells gone": lambda t: as_lines(t, gap=True, empty=False, behind="row"),
}
