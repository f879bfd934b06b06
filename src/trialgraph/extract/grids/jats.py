"""Tables of JATS XML (``table-wrap``) to grids, in the XHTML and in the CALS table model; addresses are XPath 1.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, Final

from lxml import etree

from trialgraph.base.errors import InputError
from trialgraph.base.safe_xml import refuse_entities_in
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.cell_text import Run, text_of_runs
from trialgraph.extract.grids.html import refuse_large, table_rows
from trialgraph.extract.grids.markup_runs import local, runs_of, xpath
from trialgraph.extract.grids.span_grid import Piece, RawRow, grid_rows
from trialgraph.extract.grids.table_texts import notes, split_label, with_texts
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid, GridText
from trialgraph.model.place import GridAddress

__all__ = ["read_jats"]

_DECLARATION: Final = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
_FOOTS: Final = frozenset({"table-wrap-foot", "attrib", "permissions", "fn-group", "notes"})
_NOTES: Final = frozenset({"fn", "p", "attrib", "general", "copyright-statement", "license-p"})
_SKIPPED: Final = frozenset({"permissions"})


def read_jats(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The tables of an article; one that is given as an image alone is named in a remark of the others.

    :raises InputError: not well-formed, entities are declared, nested too deep, or a table beyond the limits
    """
    root = _parsed(source, settings)
    paths: dict[Any, str] = {}
    made: list[Grid] = []
    images: list[str] = []
    for node in root.iter():
        if local(node) not in ("table", "tgroup") or _within_table(node):
            continue
        if local(node) == "table" and any(local(child) == "tgroup" for child in node):
            continue
        grid = _grid(node, len(made) + 1, source, settings, paths)
        if grid.rows:
            made.append(grid)
    for wrap in (n for n in root.iter() if local(n) == "table-wrap"):
        if not any(local(n) in ("table", "tgroup") for n in wrap.iter()):
            label = next((_words(child) for child in wrap if local(child) == "label"), "a table")
            images.append(f"{label} is given as an image and cannot be read")
    if images and not made:
        raise InputError(
            images[0], where=str(source.path), hint="take it from the publisher's page or spreadsheet"
        )
    return (
        tuple(Grid(g.number, g.name, g.rows, g.texts, (*g.remarks, *images)) for g in made)
        if images
        else tuple(made)
    )


def _parsed(source: Source, settings: Settings) -> Any:
    where = str(source.path)
    text = _DECLARATION.sub(lambda m: "\n" * m[0].count("\n"), source.text, count=1).strip("\ufeff")
    if not text.lstrip().startswith("<"):
        raise InputError("this is not XML", where=where, hint="leave the kind out: it is detected")
    refuse_entities_in(text.lstrip().encode("utf-8"), where)
    # The document type that names &nbsp; and the like is not loaded.
    data = _ENTITY.sub(_character, text).encode("utf-8")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(data, parser=parser)
    except etree.XMLSyntaxError as error:
        what = " ".join(str(error.msg).split())[:120]
        raise InputError(
            f"not well-formed XML ({what})",
            where=f"{where}:{error.lineno or 1}",
            hint="download the file anew",
        ) from error
    refuse_large(root, settings, where)
    return root


def _character(entity: re.Match[str]) -> str:
    return html5.get(entity[1], entity[0])


def _within_table(node: Any) -> bool:
    """Whether the table stands in a cell of another."""
    return any(local(above) in ("td", "th", "entry") for above in node.iterancestors())


def _grid(table: Any, number: int, source: Source, settings: Settings, paths: dict[Any, str]) -> Grid:
    hidden: list[str] = []
    wrap = next((n for n in table.iterancestors() if local(n) == "table-wrap"), None)
    texts = tuple(_texts(wrap, paths)) if wrap is not None else ()
    known = {mark for text in texts if text.kind == "footnote" for mark in text.marks}
    raw = (
        list(_cals_rows(table, paths, known, hidden))
        if local(table) == "tgroup"
        else table_rows(table, paths, known, hidden, settings, str(source.path))
    )
    rows = grid_rows(raw, settings, str(source.path))
    return with_texts(Grid(number, "", rows, texts))


def _texts(wrap: Any, paths: dict[Any, str]) -> Iterator[GridText]:
    """Label and caption, also those of a group of tables, and the notes."""
    group = next((n for n in wrap.iterancestors() if local(n) == "table-wrap-group"), None)
    for box in (group, wrap) if group is not None else (wrap,):
        for child in box:
            name = local(child)
            if name == "label" and _words(child):
                yield GridText(
                    "label", _words(child).rstrip(" .:"), _address(child, paths), child.sourceline or 0
                )
            elif name == "caption":
                yield from _caption(child, paths)
            elif name in _FOOTS - _SKIPPED:
                yield from _notes(child, paths)


def _caption(node: Any, paths: dict[Any, str]) -> Iterator[GridText]:
    parts = [n for n in node if local(n) in ("title", "p")] or [node]
    for part in parts:
        text = text_of_runs(runs_of(part)).text.replace("\n", " ")
        label, rest = split_label(text)
        if label:
            yield GridText("label", label, _address(part, paths), part.sourceline or 0)
        if rest:
            yield GridText("caption", rest, _address(part, paths), part.sourceline or 0)


def _notes(node: Any, paths: dict[Any, str]) -> Iterator[GridText]:
    parts = (
        [n for n in node if local(n) in _NOTES or local(n) == "fn-group"]
        if local(node) not in _NOTES
        else [node]
    )
    for part in parts or [node]:
        if local(part) == "fn-group":
            yield from _notes(part, paths)
            continue
        label = next((child for child in part if local(child) == "label"), None)
        runs = list(runs_of(part, skip=lambda child: local(child) == "label"))
        mark = _words(label).strip("()[]. ") if label is not None else ""
        if mark:
            runs.insert(0, Run(mark, "mark"))
        yield from notes(runs, _address(part, paths), part.sourceline or 0)


def _cals_rows(tgroup: Any, paths: dict[Any, str], known: set[str], hidden: list[str]) -> Iterator[RawRow]:
    """The rows of a CALS (OASIS exchange) table, whose cells name the columns that they stand in."""
    names: dict[str, int] = {}
    spans: dict[str, tuple[str, str]] = {}
    at = 0
    for child in tgroup:
        if local(child) == "colspec":
            at = _int(child.get("colnum"), at + 1)
            names[child.get("colname") or f"col{at}"] = at
        elif local(child) == "spanspec":
            spans[child.get("spanname") or ""] = (child.get("namest") or "", child.get("nameend") or "")
    groups = [g for g in tgroup if local(g) in ("thead", "tbody", "tfoot")]
    for group in sorted(groups, key=lambda g: local(g) == "tfoot"):
        taken: dict[int, int] = {}  # column to how many further rows it is spanned
        rows = [row for row in group if local(row) == "row"]
        for number, row in enumerate(rows):
            pieces, column, spanned = [], 1, {}
            for entry in (e for e in row if local(e) in ("entry", "entrytbl")):
                first, last = _columns(entry, names, spans)
                while taken.get(column):
                    column += 1
                while first and column < first:
                    if not taken.get(column):
                        pieces.append(Piece("", _address(row, paths)))
                    column += 1
                width = max(1, min(last - first + 1, 1_000)) if first and last else 1
                more = min(_int(entry.get("morerows"), 0), len(rows) - number - 1)
                found = text_of_runs(runs_of(entry, hidden.append), known)
                is_heading = local(group) == "thead"
                pieces.append(
                    Piece(found.text, _address(entry, paths), more + 1, width, found.marks, is_heading)
                )
                spanned.update(dict.fromkeys(range(column, column + width), more))
                column += width
            taken = {c: left - 1 for c, left in taken.items() if left > 1} | {
                c: n for c, n in spanned.items() if n
            }
            yield RawRow(row.sourceline or 0, pieces, _address(row, paths))


def _columns(entry: Any, names: dict[str, int], spans: dict[str, tuple[str, str]]) -> tuple[int, int]:
    """First and last column that an entry names; 0 where it names none."""
    start, end = spans.get(
        entry.get("spanname") or "", (entry.get("namest") or "", entry.get("nameend") or "")
    )
    first = names.get(start) or names.get(entry.get("colname") or "") or 0
    return first, names.get(end) or first


def _int(given: str | None, default: int) -> int:
    return int(given) if given and given.strip().isdecimal() and len(given) < 12 else default


def _address(node: Any, paths: dict[Any, str]) -> GridAddress:
    return GridAddress("xpath", xpath(node, paths))


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
