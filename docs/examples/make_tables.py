"""Write the table of ``extraction-sheet.xlsx`` as reviewers meet it elsewhere, for the walk-through and its test.

``word-table.docx`` is a table in a Word document, ``saved-page.html`` an article's page saved from a browser (with the
structure that PubMed Central's pages have), ``browser-copy.txt`` the table selected on that page and pasted as text;
that one needs Chromium. The facts are the same, and in the public domain.
"""

from __future__ import annotations

import html
import io
import shutil
from pathlib import Path
from typing import Final

import docx
from make_sheet import HEADINGS, ROWS

CAPTION: Final = "Trials of mesenchymal stem cells in multiple sclerosis"
HERE: Final = Path(__file__).parent


def document() -> bytes:
    """The DOCX file: a caption, the table with headings of two levels, raised exponents."""
    made = docx.Document()
    made.add_heading("Evidence table", 1)
    made.add_paragraph(f"Table 1. {CAPTION}")
    table = made.add_table(rows=2 + len(ROWS), cols=len(HEADINGS))
    table.style = "Table Grid"
    for column, (upper, lower) in enumerate(HEADINGS):
        table.cell(1, column).text = lower
        if lower and column and HEADINGS[column - 1][0] == upper:
            table.cell(0, column - 1).merge(table.cell(0, column))
            continue
        table.cell(0, column).text = upper
        if not lower:
            table.cell(0, column).merge(table.cell(1, column)).text = upper
    for number, row in enumerate(ROWS, start=2):
        for column, value in enumerate(row):
            paragraph = table.cell(number, column).paragraphs[0]
            for part, text in enumerate(str(value).split("^")):
                paragraph.add_run(text).font.superscript = bool(part % 2) or None
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def page() -> str:
    """The HTML page."""
    groups = [upper for at, (upper, _) in enumerate(HEADINGS) if not at or HEADINGS[at - 1][0] != upper]
    spans = {upper: [lower for name, lower in HEADINGS if name == upper] for upper in groups}
    upper = "".join(
        f'<th colspan="{len(below)}">{name}</th>' if below[0] else f'<th rowspan="2">{name}</th>'
        for name, below in spans.items()
    )
    lower = "".join(f"<th>{name}</th>" for _, name in HEADINGS if name)
    rows = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in ROWS)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{CAPTION} - an article</title></head><body>
<nav><ul><li><a href="#">Home</a></li><li><a href="#">Search</a></li></ul></nav>
<main><article><h1>{CAPTION}: an article</h1>
<section><h2>Results</h2><p>Nine trials were found (Table 1).</p></section>
<section class="tw xbox font-sm" id="T1"><h3 class="obj_head">Table 1.</h3>
<div class="caption p"><p>{CAPTION}</p></div>
<div class="tbl-box p" tabindex="0"><table class="content" frame="hsides" rules="groups">
<thead><tr>{upper}</tr><tr>{lower}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
<div class="p text-right font-secondary"><a href="#">Open in a new tab</a></div></section>
</article></main><footer><p>Help</p></footer></body></html>
"""


def _cell(value: object) -> str:
    parts = html.escape(str(value)).split("^")
    return f"<td>{''.join(f'<sup>{part}</sup>' if n % 2 else part for n, part in enumerate(parts))}</td>"


def copied() -> str:
    """The table of the page, as Chromium gives the selected text."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.set_content(page())
        text = opened.evaluate(
            "() => { const range = document.createRange(); range.selectNode(document.querySelector('table'));"
            " const all = getSelection(); all.removeAllRanges(); all.addRange(range); return all.toString(); }"
        )
        browser.close()
    return f"{text.strip()}\n"


if __name__ == "__main__":
    (HERE / "word-table.docx").write_bytes(document())
    (HERE / "saved-page.html").write_text(page(), encoding="utf-8")
    (HERE / "browser-copy.txt").write_text(copied(), encoding="utf-8")
