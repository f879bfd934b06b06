"""Tables of an HTML page to grids, with what publishers put above and below them; addresses are XPath 1.0.

The paths count elements as lxml parses the page, without elements that a browser adds (``tbody``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.cell_text import Run, plain_text, text_of_runs
from trialgraph.extract.grids.markup_runs import local, runs_of, xpath
from trialgraph.extract.grids.span_grid import (
    Piece,
    RawRow,
    grid_rows,
    too_many_columns,
    too_many_rows,
    too_many_tables,
)
from trialgraph.extract.grids.table_texts import captions, is_label, is_note, notes, with_texts
from trialgraph.extract.sources import Source
from trialgraph.model.grid import Grid, GridText
from trialgraph.model.place import GridAddress

__all__ = ["parsed_markup", "read_html", "refuse_large", "table_rows"]

_WRAPPER: Final = re.compile(
    r"\b(?:table|tbl|tw|tab|table-?wrap\w*|\w*-table\w*|\w*_table\w*|\w*table[-_]\w*|tables|xobject|figure)\b",
    re.IGNORECASE,
)
_FOOT: Final = re.compile(r"foot|note|legend|\bfn\b|tw-foot|source", re.IGNORECASE)
_CONTROLS: Final = re.compile(
    r"(?:open in (?:a )?(?:new|separate) (?:tab|window)|full[ -]size (?:table|image)|download(?: as)?(?: .{0,30})?|view (?:larger|table|in|full).{0,40}|"  # noqa: E501 - one pattern
    r"expand(?: table)?|close|show(?: more| all)?|powerpoint(?: slide)?|csv(?: display table)?|display table|export.{0,20}|copy|print|share|enlarge|"  # noqa: E501 - one pattern
    r"go to:?|open table in .{0,30}|table options|edit)[.\s]*", re.IGNORECASE,
)  # fmt: skip
_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_DEPTH: Final = 240
_FATAL: Final = re.compile(r"depth|huge|memory|limit", re.IGNORECASE)
_NEAR: Final = 6
_SPAN: Final = re.compile(r"\s*\+?(\d{1,12})")
_ALL_ROWS: Final = 65_534


def read_html(source: Source, settings: Settings) -> tuple[Grid, ...]:
    """The tables of a page that hold data; a table that only lays out others is none.

    :raises InputError: nested too deep, too many elements, or a table beyond the limits
    """
    root = parsed_markup(source, settings)
    tables = list(islice((t for t in root.iter("table") if _holds_data(t)), settings.grid_tables + 1))
    if len(tables) > settings.grid_tables:
        raise too_many_tables(settings, str(source.path))
    paths: dict[Any, str] = {}
    made: list[Grid] = []
    for table in tables:
        grid = _grid(table, len(made) + 1, source, settings, paths)
        if grid.rows:
            made.append(grid)
    return tuple(made)


def parsed_markup(source: Source, settings: Settings) -> Any:
    """The root of an HTML page.

    :raises InputError: nested too deep, or too many elements
    """
    where = str(source.path)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        root = lxml_html.document_fromstring(_without_declaration(source.text).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(
            f"not readable as HTML ({_one_line(error)})", where=where, hint="save the page anew"
        ) from error
    for entry in parser.error_log:
        if _FATAL.search(entry.message) and "unexpected" not in entry.message.lower():
            raise InputError(
                f"the page is nested too deep or has too long texts ({_one_line(entry.message)})",
                where=f"{where}:{entry.line}",
                hint="save only the table",
            )
    refuse_large(root, settings, where)
    return root


def refuse_large(root: Any, settings: Settings, where: str) -> None:
    """Return if the document is of a size and depth that can be read.

    :raises InputError: it is not
    """
    count = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > _DEPTH:
            raise InputError(f"nested deeper than {_DEPTH} elements", where=where, hint="save only the table")
        if count > settings.xml_elements:
            raise InputError(
                f"more than {settings.xml_elements} elements",
                where=where,
                hint="save only the table, or raise TRIALGRAPH_XML_ELEMENTS",
            )


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:120]


def _holds_data(table: Any) -> bool:
    """Whether a table is more than the layout of other tables or of text."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    inner = next((t for t in table.iterdescendants("table")), None)
    if inner is not None:
        nested = sum(len("".join(t.itertext()).strip()) for t in _outermost(table))
        # What most of its text is in is what it is for.
        if nested * 2 > len("".join(table.itertext()).strip()):
            return False
    outer = next((t for t in table.iterancestors("table")), None)
    # In a cell of one with data it is a part of that cell's text.
    return outer is None or not _holds_data(outer)


def _outermost(table: Any) -> Iterator[Any]:
    for inner in table.iterdescendants("table"):
        if next(inner.iterancestors("table")) is table:
            yield inner


def _grid(table: Any, number: int, source: Source, settings: Settings, paths: dict[Any, str]) -> Grid:
    hidden: list[str] = []
    where = str(source.path)
    texts = _texts(table, paths)
    known = {mark for text in texts if text.kind == "footnote" for mark in text.marks}
    rows = grid_rows(table_rows(table, paths, known, hidden, settings, where), settings, where)
    remarks = [f"not shown on the page and left out: {text[:80]!r}" for text in hidden if text][:20]
    if source.encoding == "Windows-1252":
        remarks.insert(0, "the encoding is taken to be Windows-1252")
    return with_texts(Grid(number, "", rows, texts, tuple(remarks)))


def table_rows(
    table: Any,
    paths: dict[Any, str],
    notes_known: set[str],
    hidden: list[str],
    settings: Settings,
    where: str,
) -> list[RawRow]:
    """The rows of a ``table`` in the XHTML table model, ``tfoot`` last.

    :param hidden: filled with the texts that are not shown
    """
    made: list[RawRow] = []
    groups = list(_row_groups(table))
    if sum(len(rows) for _, rows in groups) > settings.grid_rows:
        raise too_many_rows(settings, where)
    groups.sort(key=lambda group: group[0] == "tfoot")
    for name, rows in groups:
        for at, row in enumerate(rows):
            left = len(rows) - at
            cells = [cell for cell in row if local(cell) in ("td", "th")]
            if len(cells) > settings.grid_columns:
                raise too_many_columns(len(cells), settings, f"{where}:{row.sourceline}")
            pieces = [_piece(cell, name, left, paths, notes_known, hidden) for cell in cells]
            made.append(RawRow(row.sourceline or 0, pieces, GridAddress("xpath", xpath(row, paths))))
    return made


def _row_groups(table: Any) -> Iterator[tuple[str, list[Any]]]:
    """The groups of rows, each with its name; rows outside of one are a group where they stand together."""
    loose: list[Any] = []
    for child in table:
        name = local(child)
        if name == "tr":
            loose.append(child)
        elif name in _GROUPS:
            if loose:
                yield "", loose
                loose = []
            yield name, [row for row in child if local(row) == "tr"]
    if loose:
        yield "", loose


def _piece(
    cell: Any, group: str, left: int, paths: dict[Any, str], known: set[str], hidden: list[str]
) -> Piece:
    found = (
        text_of_runs(runs_of(cell, hidden.append), known) if len(cell) else plain_text(cell.text or "", known)
    )
    rows = _span(cell.get("rowspan"), zero=_ALL_ROWS)
    return Piece(
        found.text,
        GridAddress("xpath", xpath(cell, paths)),
        min(rows, left),
        _span(cell.get("colspan"), zero=1),
        found.marks,
        group == "thead" or local(cell) == "th",
    )


def _span(given: str | None, *, zero: int) -> int:
    found = _SPAN.match(given or "")
    if found is None:
        return 1
    return int(found[1]) or zero


def _texts(table: Any, paths: dict[Any, str]) -> tuple[GridText, ...]:
    """Caption and notes: in the table, in what wraps it alone, else in the paragraphs beside it."""
    own = next((child for child in table if local(child) == "caption"), None)
    made = list(_caption(own, paths)) if own is not None else []
    wrapper = _wrapper(table)
    if wrapper is not None:
        made += _wrapped(wrapper, table, paths, labelled=bool(made))
    if not any(text.kind in ("label", "caption") for text in made):
        made = [*_beside(wrapper if wrapper is not None else table, paths, made), *made]
    elif not any(text.kind == "footnote" for text in made):
        made += _notes_behind(wrapper if wrapper is not None else table, paths)
    return tuple(made)


def _wrapper(table: Any) -> Any:
    """The outermost element around the table that is about this table alone."""
    best = None
    for node in table.iterancestors():
        name = local(node)
        if name in ("body", "html", "article", "main", "td", "th"):
            break
        if any(t is not table and table not in t.iterancestors() for t in node.iter("table")):
            break
        words = " ".join((node.get("class") or "", node.get("id") or ""))
        if name == "figure" or _WRAPPER.search(words):
            best = node
    return best


def _wrapped(wrapper: Any, table: Any, paths: dict[Any, str], *, labelled: bool) -> Iterator[GridText]:
    """The texts in a wrapper before the table are its caption, those behind it notes."""
    behind = False
    waiting: list[str] = []
    for block in _text_blocks(wrapper, table):
        if block is table:
            behind = True
            continue
        runs = list(runs_of(block))
        text = text_of_runs(runs).text.replace("\n", " ")
        if not text or _CONTROLS.fullmatch(text) or text in waiting:
            continue
        waiting.append(text)
        address, line = GridAddress("xpath", xpath(block, paths)), block.sourceline or 0
        if behind and not (is_label(text) and not labelled):
            yield from notes(runs, address, line)
        elif not (labelled and is_label(text)):
            yield from captions(text, address, line)
            labelled = labelled or is_label(text)


def _text_blocks(node: Any, table: Any) -> Iterator[Any]:
    """The innermost elements with text of their own, and the table, in the order of the page."""
    for child in node:
        if child is table:
            yield child
        elif local(child) in ("script", "style", "button", "nav", "svg", "img", "template", "noscript", ""):
            continue
        elif table in child.iterdescendants("table") or _has_blocks(child):
            yield from _text_blocks(child, table)
        else:
            yield child


def _has_blocks(node: Any) -> bool:
    """Whether the element is a box of paragraphs, and holds no text itself."""
    if (node.text or "").strip() or any((child.tail or "").strip() for child in node):
        return False
    return any(
        local(child) in ("p", "div", "section", "ul", "ol", "li", "dl", "footer", "header") for child in node
    )


def _caption(node: Any, paths: dict[Any, str]) -> Iterator[GridText]:
    text = text_of_runs(runs_of(node)).text.replace("\n", " ")
    yield from captions(text, GridAddress("xpath", xpath(node, paths)), node.sourceline or 0)


def _beside(node: Any, paths: dict[Any, str], made: list[GridText]) -> Iterator[GridText]:
    """A caption in the paragraphs around the table, and notes below."""
    for box in (node, *list(node.iterancestors())[:2]):
        before = [
            n
            for n in list(box.itersiblings(preceding=True))[:_NEAR]
            if local(n) not in ("table", "script", "style")
        ]
        labelled = next((n for n in before if is_label(_words(n)) and not n.findall(".//table")), None)
        if labelled is not None:
            yield from _caption(labelled, paths)
            for extra in reversed(before[: before.index(labelled)]):
                if not extra.findall(".//table") and _words(extra):
                    yield from _caption(extra, paths)
            break
    if not any(text.kind == "footnote" for text in made):
        yield from _notes_behind(node, paths)


def _notes_behind(node: Any, paths: dict[Any, str]) -> Iterator[GridText]:
    """Paragraphs directly below the table that look like notes."""
    for after in list(node.itersiblings())[:_NEAR]:
        words = _words(after)
        if not words:
            continue
        if (
            local(after) == "table"
            or after.findall(".//table")
            or is_label(words)
            or not _looks_like_note(after, words)
        ):
            return
        yield from notes(runs_of(after), GridAddress("xpath", xpath(after, paths)), after.sourceline or 0)


def _looks_like_note(node: Any, words: str) -> bool:
    classes = " ".join((node.get("class") or "", node.get("id") or ""))
    if _FOOT.search(classes):
        return True
    first = next((r for r in runs_of(node) if r.text.strip()), Run(""))
    return is_note(words) or first.script in ("super", "mark")


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split()) if isinstance(node.tag, str) else ""
