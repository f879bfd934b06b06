"""Cells of an Excel workbook that hold a text as it is: no formula, nothing that XML lacks, cut visibly if too long."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from trialgraph.base.xml_characters import NOT_IN_XML

__all__ = ["BOLD", "plain", "text_cell"]

#: What Excel can hold in a cell, in characters; a longer text ends with CUT.
LONGEST: Final = 32_767
CUT: Final = " … (cut here: a cell of Excel holds no more; the CSV has all)"
BOLD: Final = Font(bold=True)
LINK: Final = Font(color="0B5578", underline="single")


def plain(sheet: Any, text: str) -> Any:
    """A text: nothing for none, and a cell of its own where Excel would take it for a formula or an error."""
    if not text:
        return None
    text = _fitting(text)
    return text_cell(sheet, text) if text[0] in "=#" else text


def text_cell(sheet: Any, text: str, *, link: str = "", font: Font | None = None) -> Any:
    """A cell of text, whatever its first character is."""
    cell = WriteOnlyCell(sheet)
    cell.value = _fitting(text)
    cell.data_type = "s"
    if link:
        cell.hyperlink = link
        cell.font = LINK
    elif font:
        cell.font = font
    return cell


def _fitting(text: str) -> str:
    """The text with what a sheet cannot hold replaced, and no longer than a cell."""
    text = NOT_IN_XML.sub("\ufffd", text)
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
