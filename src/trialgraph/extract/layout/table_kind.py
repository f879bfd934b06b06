"""What kind of table a text is that is not run together: cells separated by a character, or one cell per line.

This is asked before anything is cut, as the cells of such a table would be cut at wrong places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from trialgraph.base.settings import Settings
from trialgraph.extract.layout.headings import field_of
from trialgraph.extract.segmentation.row_text import weigh
from trialgraph.extract.sources import Line

__all__ = ["one_cell_per_line", "separated"]

# Cells are separated where this share of the lines has as many separators as this.
_SHARE: Final = 0.5
_SEPARATORS: Final = 2
_NAMES: Final = {"\t": "tab-separated", ",": "comma-separated", ";": "semicolon-separated", "|": "Markdown"}
# So many lines are looked at; a table has at least so many lines for it to be told.
_LOOKED_AT: Final = 22
_FEWEST: Final = 4
_FEWEST_COLUMNS: Final = 3
# A cell of prose may look like a row of its own.
_ONE_CELL: Final = 0.8


def separated(lines: Sequence[Line], *, headings: bool) -> tuple[int, str] | None:
    """The line of the headings and the kind of a table whose cells are separated by a character; None for others.

    Its headings stand in one line, or most of the lines below hold tabs.

    :param headings: whether there are headings on lines of their own
    """
    filled = [line for line in lines if line.text.strip()]
    for line in () if headings else filled:
        for separator, name in _NAMES.items():
            parts = [part.strip().strip("\"'\ufeff") for part in line.text.split(separator)]
            if (
                len(parts) > _SEPARATORS
                and sum(field_of(part) is not None for part in parts if part) > _SEPARATORS
            ):
                return line.number, name
    tabs = [n for n, line in enumerate(filled) if line.text.strip().count("\t") >= _SEPARATORS]
    if len(tabs) >= _SEPARATORS and len(tabs) >= _SHARE * len(filled[tabs[0] :]):
        return filled[tabs[0]].number, _NAMES["\t"]
    return None


def one_cell_per_line(lines: Sequence[Line], fields: Sequence[str | None], settings: Settings) -> bool:
    """Whether each line under the headings is a cell, and no row.

    :param settings: the limits of a line: ``line_chars``, ``line_cuts``
    """
    body = [line for line in lines if line.text.strip()][:_LOOKED_AT]
    if len(fields) < _FEWEST_COLUMNS or len(body) < max(_FEWEST, len(fields)):
        return False
    left = int(len(body) * (1 - _ONE_CELL))
    cells = 0
    for line in body:
        one = weigh([line], fields, settings).filled <= 1 and _is_cell(line, fields, settings)
        left -= not one
        cells += one
        if left < 0:
            return False
    return True


def _is_cell(line: Line, fields: Sequence[str | None], settings: Settings) -> bool:
    """Whether the line fits a column as a whole, or is a cell of a column that nobody knows."""
    return None in fields or any(weigh([line], [field], settings).found for field in fields)
