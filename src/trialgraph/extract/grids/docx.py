"""Tables of a Word document to grids: by runs, so that superscripts survive, with the paragraphs above and below.

The address of a cell is ``table=1;row=3;column=2``: the table by its place in the document, tables in cells included,
the column by its place in the table's own grid. Inserted text is read, deleted text is not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.package import OpcPackage
from docx.oxml.ns import qn
from lxml import etree

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.files.archive import checked_archive, content_types
from trialgraph.extract.grids.cell_text import Run, Script, text_of_runs
from trialgraph.extract.grids.html import refuse_large
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows
from trialgraph.extract.grids.table_texts import captions, is_label, is_note, notes, with_texts
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid, GridText
from trialgraph.model.place import GridAddress

__all__ = ["read_docx"]

_W: Final = qn("w:p").removesuffix("p")
_M: Final = qn("m:oMath").removesuffix("oMath")
_STRICT: Final = b"purl.oclc.org/ooxml"
_NEAR: Final = 3
_GONE: Final = frozenset({"del", "moveFrom", "rPr", "pPr", "instrText", "delText", "fldData"})
_MOST_SPAN: Final = 1_000


def read_docx(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The tables of a document, those in cells of others too.

    :raises InputError: a broken or too large package, or a table beyond the limits
    """
    body, styles, remarks = _document(source, settings)
    made: list[Grid] = []
    blocks = list(_blocks(body))
    tables = list(body.iter(_W + "tbl"))
    numbers = {table: at for at, table in enumerate(tables, start=1)}
    positions = {block: at for at, block in enumerate(blocks)}
    for table in tables:
        at = positions.get(table)
        texts = tuple(_texts(blocks, at, styles)) if at is not None else ()
        known = {mark for text in texts if text.kind == "footnote" for mark in text.marks}
        hidden: list[str] = []
        raw = _rows(table, numbers[table], styles, known, hidden)
        rows = grid_rows(raw, settings, str(source.path))
        told = [*remarks, *(f"hidden text is read: {text[:80]!r}" for text in hidden[:20])]
        if rows:
            made.append(with_texts(Grid(numbers[table], "", rows, texts, tuple(told))))
    # A document of tables that only lay out its text has none.
    return tuple(made)


def _document(source: Source, settings: Settings) -> tuple[Any, dict[str, Script], list[str]]:
    """The body, which styles raise their text, and remarks on the file."""
    where = str(source.path)
    checked_archive(source.data, settings, where)
    try:
        package = OpcPackage.open(io.BytesIO(source.data))
        main = package.part_related_by(RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        blob = main.blob
        styles = [
            r.target_part.blob
            for r in main.rels.values()
            if r.reltype == RELATIONSHIP_TYPE.STYLES and not r.is_external
        ]
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError, AttributeError) as error:
        if _STRICT in source.data:
            raise _strict(where) from error
        raise _broken(where, error) from error
    if _STRICT in blob[:4_000]:
        raise _strict(where)
    root = _xml(blob, where)
    refuse_large(root, settings, where)
    body = root.find(_W + "body")
    if body is None:
        raise _broken(where, "no body")
    remarks = []
    if "macroEnabled" in content_types(source.data, where)[1]:
        remarks.append("the file holds macros; they are not run and not read")
    return body, _raising_styles(styles, where), remarks


def _xml(blob: bytes, where: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(blob, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(where, error) from error


def _broken(where: str, error: object) -> InputError:
    what = " ".join(str(error).split())[:120]
    return InputError(
        f"a broken Word document ({what})", where=where, hint="open it in Word and save it anew"
    )


def _strict(where: str) -> InputError:
    return InputError(
        "a Strict Open XML document, which is not read",
        where=where,
        hint="save it as 'Word Document (.docx)'",
    )


def _raising_styles(blobs: Sequence[bytes], where: str) -> dict[str, Script]:
    made: dict[str, Script] = {}
    for blob in blobs:
        for style in _xml(blob, where).iter(_W + "style"):
            script = _vertical(style.find(_W + "rPr"))
            if script:
                made[style.get(_W + "styleId") or ""] = script
    return made


def _vertical(properties: Any) -> Script | None:
    """How the properties of a run raise or lower it; None where they do not say."""
    if properties is None:
        return None
    align = properties.find(_W + "vertAlign")
    if align is not None:
        scripts: dict[str | None, Script] = {"superscript": "super", "subscript": "sub"}
        return scripts.get(align.get(_W + "val"), "plain")
    position = properties.find(_W + "position")
    if position is not None and re.fullmatch(r"-?\d{1,4}", position.get(_W + "val") or ""):
        height = int(position.get(_W + "val"))
        return "super" if height > 3 else "sub" if height < -3 else None
    return None


def _blocks(body: Any) -> Iterator[Any]:
    """The paragraphs and tables of the body, in content controls too."""
    for child in body:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml", _W + "smartTag"):
            yield from _blocks(child)


def _rows(
    table: Any, number: int, styles: dict[str, Script], known: set[str], hidden: list[str]
) -> list[RawRow]:
    """The rows; a cell that is merged downwards spans the rows of the cells that continue it."""
    rows = [list(_cells(row)) for row in _children(table, "tr")]
    heights = _heights(rows)
    headings = [_is_heading(row) for row in _children(table, "tr")]
    made = []
    for at, cells in enumerate(rows):
        pieces, free = [], 0
        for column, width, cell, merge in cells:
            address = GridAddress("table", f"table={number};row={at + 1};column={column + 1}")
            pieces += [
                Piece("", GridAddress("table", f"table={number};row={at + 1};column={c + 1}"))
                for c in range(free, column)
            ]
            free = column + width
            found = text_of_runs(_runs_of_cell(cell, styles, hidden), known)
            height = heights.get((at, column), 1)
            if merge == "continue" and height == 0:
                if found.text:
                    hidden.append(f"below a merged cell, {address.value}: {found.text}")
                continue
            pieces.append(Piece(found.text, address, height, width, found.marks, headings[at]))
        made.append(RawRow(at + 1, pieces, GridAddress("table", f"table={number};row={at + 1}")))
    return made


_Placed = tuple[int, int, Any, str]  # column, width, cell, whether it is merged downwards


def _children(node: Any, name: str) -> Iterator[Any]:
    """Children of that name, also within content controls and insertions; deleted ones are left out."""
    for child in node:
        if child.tag == _W + name:
            properties = child.find(_W + name + "Pr")
            if properties is None or properties.find(_W + "del") is None:
                yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml", _W + "smartTag"):
            yield from _children(child, name)


def _cells(row: Any) -> Iterator[_Placed]:
    properties = row.find(_W + "trPr")
    column = _number(properties, "gridBefore", 0)
    for cell in _children(row, "tc"):
        about = cell.find(_W + "tcPr")
        merge = about.find(_W + "vMerge") if about is not None else None
        width = _number(about, "gridSpan", 1)
        kind = "" if merge is None else merge.get(_W + "val") or "continue"
        yield column, width, cell, kind
        column += width


def _number(properties: Any, name: str, default: int) -> int:
    node = properties.find(_W + name) if properties is not None else None
    given = node.get(_W + "val") if node is not None else None
    return min(int(given), _MOST_SPAN) if given and re.fullmatch(r"\d{1,9}", given) else default


def _heights(rows: Sequence[Sequence[_Placed]]) -> dict[tuple[int, int], int]:
    """Rows of each cell that is merged downwards, by row and column; 0 of a cell that continues one."""
    made: dict[tuple[int, int], int] = {}
    opened: dict[int, tuple[int, int]] = {}  # column to row and width of the cell that may go on
    for at, cells in enumerate(rows):
        still: dict[int, tuple[int, int]] = {}
        for column, width, _, merge in cells:
            if merge == "continue" and column in opened and opened[column][1] == width:
                start, _ = still[column] = opened[column]
                made[start, column] += 1
                made[at, column] = 0
            elif merge:
                still[column] = (at, width)
                made[at, column] = 1
        opened = still
    return made


def _is_heading(row: Any) -> bool:
    properties = row.find(_W + "trPr")
    node = properties.find(_W + "tblHeader") if properties is not None else None
    return node is not None and node.get(_W + "val") not in ("0", "false", "off")


def _runs_of_cell(cell: Any, styles: dict[str, Script], hidden: list[str]) -> Iterator[Run]:
    for block in _blocks(cell):
        yield Run("\n")
        if block.tag == _W + "tbl":
            for row in _children(block, "tr"):
                yield Run("\n")
                for inner in _children(row, "tc"):
                    yield Run(" ")
                    yield from _flat(_runs_of_cell(inner, styles, hidden))
        else:
            yield from _runs(block, styles, "plain", hidden)


def _flat(runs: Iterator[Run]) -> Iterator[Run]:
    return (Run(run.text.replace("\n", " "), run.script) for run in runs)


def _runs(node: Any, styles: dict[str, Script], script: Script, hidden: list[str]) -> Iterator[Run]:
    """The runs of a paragraph, in links, insertions and fields too."""
    for child in node:
        tag = child.tag if isinstance(child.tag, str) else ""
        name = tag.rpartition("}")[2]
        if not tag or name in _GONE:
            continue
        if tag == _W + "r":
            yield from _run(child, styles, script, hidden)
        elif tag == _M + "t":
            yield Run(child.text or "", script)
        elif tag == _M + "sup":
            yield from _runs(child, styles, "super", hidden)
        elif tag == _M + "sub":
            yield from _runs(child, styles, "sub", hidden)
        elif name == "AlternateContent":
            # One drawing in two forms.
            yield from _runs(child[:1] if len(child) else child, styles, script, hidden)
        elif name != "tbl":
            yield from _runs(child, styles, script, hidden)


def _run(run: Any, styles: dict[str, Script], script: Script, hidden: list[str]) -> Iterator[Run]:
    properties = run.find(_W + "rPr")
    style = properties.find(_W + "rStyle") if properties is not None else None
    own = (
        _vertical(properties)
        or (styles.get(style.get(_W + "val") or "") if style is not None else None)
        or script
    )
    text = "".join(_characters(run))
    vanish = properties.find(_W + "vanish") if properties is not None else None
    if vanish is not None and text.strip() and vanish.get(_W + "val") not in ("0", "false", "off"):
        hidden.append(text.strip())
    yield Run(text, own)
    for child in run:
        if child.tag in (_W + "footnoteReference", _W + "endnoteReference"):
            yield Run(child.get(_W + "id") or "*", "mark")
        elif child.tag == _W + "drawing" or str(child.tag).endswith("}AlternateContent"):
            for box in child.iter(_W + "txbxContent"):
                for block in _blocks(box):
                    yield Run("\n")
                    yield from _runs(block, styles, script, hidden)
                break


def _characters(run: Any) -> Iterator[str]:
    for child in run:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            yield child.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name in ("tab", "ptab"):
            yield " "
        elif name == "noBreakHyphen":
            yield "\u2011"
        elif name == "sym":
            yield _symbol(child)


def _symbol(node: Any) -> str:
    """A character of a symbol font: Symbol has Greek letters and operators at places of its own."""
    given = node.get(_W + "char") or ""
    code = int(given, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", given) else 0xFFFD
    code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if (node.get(_W + "font") or "").lower() == "symbol":
        return _SYMBOL.get(code, chr(code))
    return chr(code) if 31 < code < 0xD800 else "\ufffd"


_SYMBOL: Final = {
    0x61: "α", 0x62: "β", 0x63: "χ", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x68: "η", 0x6B: "κ", 0x6C: "λ", 0x6D: "μ",
    0x70: "π", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x77: "ω", 0x44: "Δ", 0x57: "Ω", 0x53: "Σ", 0xA3: "≤", 0xB3: "≥",
    0xB1: "±", 0xB4: "×", 0xB0: "°", 0xB7: "•", 0xAE: "→", 0xAD: "↑", 0xAF: "↓", 0xAC: "←", 0xA5: "∞", 0xB9: "≠",
    0xBB: "≈", 0x2D: "−", 0xD7: "⋅", 0xD6: "√", 0xB8: "÷",
}  # fmt: skip


def _texts(blocks: Sequence[Any], at: int, styles: dict[str, Script]) -> Iterator[GridText]:
    """Caption above or below the table, and notes below."""
    above = _paragraphs(blocks, range(at - 1, -1, -1))
    found = next(
        (n for n, (_, p, words) in enumerate(above[:_NEAR]) if is_label(words) or _is_caption(p)), None
    )
    if found is not None:
        for position, paragraph, _ in reversed(above[: found + 1]):
            yield from _caption(position, paragraph, styles)
    for position, paragraph, words in _paragraphs(blocks, range(at + 1, len(blocks))):
        if is_label(words) or _is_caption(paragraph):
            if found is None and not _next_is_table(blocks, position):
                yield from _caption(position, paragraph, styles)
                found = position
                continue
            return
        runs = list(_runs(paragraph, styles, "plain", []))
        first = next((run for run in runs if run.text.strip()), Run(""))
        if not is_note(words) and first.script != "super":
            return
        yield from notes(runs, GridAddress("table", f"paragraph={position + 1}"), position + 1)


def _paragraphs(blocks: Sequence[Any], order: range) -> list[tuple[int, Any, str]]:
    """The filled paragraphs up to the next table, with their positions and words."""
    made: list[tuple[int, Any, str]] = []
    for position in order:
        block = blocks[position]
        if block.tag == _W + "tbl" or len(made) > 40:
            break
        words = " ".join("".join(t.text or "" for t in block.iter(_W + "t")).split())
        if words:
            made.append((position, block, words))
    return made


def _next_is_table(blocks: Sequence[Any], position: int) -> bool:
    return position + 1 < len(blocks) and blocks[position + 1].tag == _W + "tbl"


def _is_caption(paragraph: Any) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and "caption" in (style.get(_W + "val") or "").lower()


def _caption(position: int, paragraph: Any, styles: dict[str, Script]) -> Iterator[GridText]:
    text = text_of_runs(_runs(paragraph, styles, "plain", [])).text.replace("\n", " ")
    yield from captions(text, GridAddress("table", f"paragraph={position + 1}"), position + 1)
