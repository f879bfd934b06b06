"""What the XML of a worksheet says before it is loaded: where its cells end, which are formulas, what is hidden.

It is looked at first, since a merged range or a stray cell at the end of a sheet would be loaded as billions of cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree
from openpyxl.utils.cell import (
    column_index_from_string,
    coordinate_from_string,
    get_column_letter,
    range_boundaries,
)

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.grids.span_grid import too_many_cells, too_many_columns, too_many_rows

__all__ = ["SheetScan", "scan_sheet"]

_LISTED: Final = 20
_YES: Final = ("1", "true")


@dataclass(slots=True)
class SheetScan:
    """A worksheet before it is loaded.

    :param last_row: of the cells with a value
    :param last_column: likewise
    :param formulas: addresses of the formulas with a stored value
    :param unstored: addresses of the formulas without one
    :param hidden: what is hidden, in words
    """

    last_row: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)
    unstored: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    merged: int = 0

    def remarks(self) -> Iterator[str]:
        """What a reader of the sheet may not see."""
        yield from _listed(self.hidden)
        yield from _listed([f"{cell} is a formula; its stored value is read" for cell in self.formulas])
        yield from _listed(
            [f"{cell} is a formula without a stored value; nothing is read" for cell in self.unstored]
        )


def _listed(said: list[str]) -> Iterator[str]:
    yield from said[:_LISTED]
    if len(said) > _LISTED:
        yield f"likewise {len(said) - _LISTED} more"


def scan_sheet(xml: Any, settings: Settings, where: str) -> SheetScan:
    """Look at the XML of a worksheet.

    :param xml: a binary file
    :raises InputError: it is broken, or goes beyond the limits of a table
    """
    scan = SheetScan()
    row = 0
    try:
        events = etree.iterparse(
            xml, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for _, node in events:
            name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
            if name == "c":
                _cell(scan, node, row + 1)
            elif name == "row":
                row = int(node.get("r") or row + 1)
                if node.get("hidden") in _YES:
                    scan.hidden.append(f"row {row} is hidden")
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
            elif name == "col" and node.get("hidden") in _YES:
                scan.hidden.append(_columns(node))
            elif name == "mergeCell":
                left, top, right, bottom = range_boundaries(node.get("ref") or "A1")
                scan.merged += (right - left + 1) * (bottom - top + 1)
    except (etree.XMLSyntaxError, ValueError, TypeError) as error:
        what = " ".join(str(error).split())[:120]
        raise InputError(
            f"a broken sheet ({what})", where=where, hint="open it in Excel and save it anew"
        ) from error
    _refuse_large(scan, settings, where)
    return scan


def _cell(scan: SheetScan, node: Any, row: int) -> None:
    value = formula = False
    for child in node:
        name = child.tag.rpartition("}")[2]
        value = value or (name in ("v", "is") and (bool(child.text) or len(child) > 0))
        formula = formula or name == "f"
    at = node.get("r")
    if formula and at:
        (scan.formulas if value else scan.unstored).append(at)
    if value:
        if at:
            letters, number = coordinate_from_string(at)
            scan.last_column = max(scan.last_column, column_index_from_string(letters))
            scan.last_row = max(scan.last_row, number)
        else:
            scan.last_column = max(scan.last_column, node.getparent().index(node) + 1)
            scan.last_row = max(scan.last_row, row)


def _columns(node: Any) -> str:
    first, last = int(node.get("min") or 1), int(node.get("max") or 1)
    if first == last:
        return f"column {get_column_letter(first)} is hidden"
    return f"columns {get_column_letter(first)} to {get_column_letter(min(last, 16_384))} are hidden"


def _refuse_large(scan: SheetScan, settings: Settings, where: str) -> None:
    if scan.last_row > settings.grid_rows:
        raise too_many_rows(settings, where)
    if scan.last_column > settings.grid_columns:
        raise too_many_columns(scan.last_column, settings, where)
    if scan.last_row * scan.last_column > settings.grid_cells or scan.merged > settings.grid_cells:
        raise too_many_cells(settings, where)
