"""The tables of ``tests/tables`` from their XML, by a way of its own: nothing of the package is used.

xml.etree parses them and a few lines lay out the spans, so a fault of the readers is no fault here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from tests.extract.tables.published import DEVELOPMENT, HELD_OUT, Published

FOLDER = Path(__file__).parents[2] / "tests" / "tables"
SUPER = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


@dataclass
class PublishedCell:
    """A cell as it is printed: runs of text, each raised or not, and the marks that lead to notes."""

    row: int
    column: int
    rows: int
    columns: int
    runs: list[tuple[str, str]]  # text, and "" or "sup" or "mark"
    heading: bool

    @property
    def text(self) -> str:
        """What a reader sees, without marks."""
        joined = "".join(
            t.translate(SUPER) if kind == "sup" else t for t, kind in self.runs if kind != "mark"
        )
        return "\n".join(line for part in joined.split("\n") if (line := " ".join(part.split())))


@dataclass
class PublishedTable:
    """A table with its texts."""

    name: str
    label: str
    caption: str
    notes: list[tuple[str, str]]
    cells: list[PublishedCell]
    headings: int

    def matrix(self) -> list[list[str]]:
        """The text of each row and column, that of a span in each of its places."""
        height = max(c.row + c.rows for c in self.cells)
        width = max(c.column + c.columns for c in self.cells)
        made = [["" for _ in range(width)] for _ in range(height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rows):
                for column in range(cell.column, cell.column + cell.columns):
                    made[row][column] = cell.text
        return made


def published(half: str = "") -> list[PublishedTable]:
    """The tables of a half (``dev``, ``test``), or all."""
    return [_table(path) for path in sorted(FOLDER.glob(f"{half}*.xml"))]


def trial_tables(half: str) -> list[PublishedTable]:
    """The excerpts of tables of trials in ``tests/extract/tables/published.toml``, with a trial in most rows."""
    return [_excerpt(table) for table in (DEVELOPMENT if half == "dev" else HELD_OUT)]


def _excerpt(table: Published) -> PublishedTable:
    """Its first row is its caption where that has one cell and the second has several."""
    lines = [line.split("\t") for line in table.rows.strip("\n").split("\n")]
    caption = table.caption
    if len(lines[0]) == 1:
        caption = lines.pop(0)[0]
    width = max(map(len, lines))
    headings = max(1, table.headings)
    places: dict[tuple[int, int], PublishedCell] = {}
    for n, line in enumerate(lines):
        for k, text in enumerate([*line, *[""] * (width - len(line))]):
            spanned = places[n - 1, k] if text == "^" else places[n, k - 1] if text == "<" else None
            places[n, k] = spanned or PublishedCell(n, k, 1, 1, [(text.replace("¶", "\n"), "")], n < headings)
            if spanned:
                spanned.rows, spanned.columns = (
                    n - spanned.row + 1,
                    max(spanned.columns, k - spanned.column + 1),
                )
    cells = list({id(cell): cell for cell in places.values()}.values())
    return PublishedTable(table.name, "Table 1", caption, [], cells, headings)


def _table(path: Path) -> PublishedTable:
    wrap = ET.parse(path).getroot().find(".//table-wrap")  # noqa: S314 - our own files
    assert wrap is not None  # noqa: S101
    table = wrap.find(".//table")
    assert table is not None  # noqa: S101
    cells: list[PublishedCell] = []
    taken: set[tuple[int, int]] = set()
    at = headings = 0
    for group in table:
        for row in group.iter("tr"):
            column = 0
            for cell in row:
                while (at, column) in taken:
                    column += 1
                rows, columns = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
                taken |= {(at + r, column + c) for r in range(rows) for c in range(columns)}
                cells.append(
                    PublishedCell(at, column, rows, columns, list(_runs(cell)), group.tag == "thead")
                )
                column += columns
            at += 1
        headings = at if group.tag == "thead" else headings
    notes = []
    for fn in wrap.iter("fn"):
        words = _words(fn)
        mark = re.match(r"([a-z*†‡]|\d)(?=[\sA-Z])\s*", words)
        label = fn.find("label")
        notes.append((mark[1] if mark and label is None else "", words[mark.end() :] if mark else words))
    return PublishedTable(
        path.stem, _words(wrap.find("label")), _words(wrap.find("caption")), notes, cells, headings
    )


def _words(node: ET.Element | None) -> str:
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def _runs(node: ET.Element, kind: str = "") -> list[tuple[str, str]]:
    made = [(re.sub(r"\s+", " ", node.text or ""), kind)]
    for child in node:
        inner = kind
        if child.tag == "sup":
            inner = "mark" if kind == "mark" or re.fullmatch(r"[a-z*†‡§¶#]", child.text or "") else "sup"
        elif child.tag == "xref" and child.get("ref-type") == "table-fn":
            inner = "mark"
        made += [("\n", "")] if child.tag == "break" else _runs(child, inner)
        made.append((re.sub(r"\s+", " ", child.tail or ""), kind))
    return [run for run in made if run[0]]
