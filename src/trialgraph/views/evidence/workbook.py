"""Rows of the evidence table as an Excel workbook: typed cells, links to the pages, a sheet on where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from trialgraph.base.xml_characters import NOT_IN_XML
from trialgraph.extract.trials_table import flat_value
from trialgraph.views.evidence.about import About, dataset_reference, source_reference
from trialgraph.views.evidence.citations import as_text
from trialgraph.views.evidence.headings import heading
from trialgraph.views.evidence.table import EvidenceTable, ReportRow

__all__ = ["workbook"]

#: What Excel can hold in a cell, in characters; a longer text ends with CUT.
_LONGEST: Final = 32_767
_CUT: Final = " … (cut here: a cell of Excel holds no more; the CSV has all)"
#: Excel keeps at most so many links in a sheet.
_LINKS: Final = 65_530
_WIDE: Final = {"outcomes": 40, "mechanisms": 40, "title": 40, "disease_label": 28}
_BOLD: Final = Font(bold=True)
_LINK: Final = Font(color="0B5578", underline="single")
_WRAP: Final = Alignment(wrap_text=True, vertical="top")


def workbook(
    table: EvidenceTable, rows: Sequence[ReportRow], names: Sequence[str], of: About, query: str
) -> bytes:
    """The file.

    :param names: of the columns, each known to the table
    :param query: address of the same rows on the site
    """
    book = Workbook(write_only=True)
    _trials(book.create_sheet("Trials"), table, rows, names, of)
    _provenance(book.create_sheet("Provenance and licence"), of, query, len(rows))
    book.properties.title = "trialgraph: trials"
    book.properties.creator = "trialgraph"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _trials(
    sheet: Any, table: EvidenceTable, rows: Sequence[ReportRow], names: Sequence[str], of: About
) -> None:
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names) + 1)}{len(rows) + 1}"
    sheet.column_dimensions["A"].width = 30
    for number, name in enumerate(names, 2):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDE.get(name, 14)
    sheet.append([_text(sheet, "Trial", font=_BOLD), *(_heading(sheet, table, name) for name in names)])
    columns = [(table.at[name], table.columns[table.at[name]]) for name in names]
    for number, row in enumerate(rows):
        link = of.page(row.trial or row.report) if number < _LINKS else ""
        cells = [_text(sheet, row.name, link=link)]
        for place, column in columns:
            value = flat_value(column, row.cells[place]) if column.number else row.cells[place]
            typed = isinstance(value, int | float)
            cells.append(value if typed else _plain(sheet, row.cells[place]))
        sheet.append(cells)


def _heading(sheet: Any, table: EvidenceTable, name: str) -> Any:
    cell = _text(sheet, heading(name), font=_BOLD)
    cell.alignment = _WRAP
    meaning = table.columns[table.at[name]].meaning
    cell.comment = Comment(f"{name}: {meaning}", "trialgraph", width=280, height=80)
    return cell


def _plain(sheet: Any, text: str) -> Any:
    """A text: nothing for none, and a cell of its own where Excel would take it for a formula or an error."""
    if not text:
        return None
    text = _fitting(text)
    return _text(sheet, text) if text[0] in "=#" else text


def _text(sheet: Any, text: str, *, link: str = "", font: Font | None = None) -> Any:
    """A cell of text, whatever its first character is."""
    cell = WriteOnlyCell(sheet)
    cell.value = _fitting(text)
    cell.data_type = "s"
    if link:
        cell.hyperlink = link
        cell.font = _LINK
    elif font:
        cell.font = font
    return cell


def _fitting(text: str) -> str:
    """The text with what a sheet cannot hold replaced, and no longer than a cell."""
    text = NOT_IN_XML.sub("\ufffd", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _provenance(sheet: Any, of: About, query: str, rows: int) -> None:
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    cite = dataset_reference(of)
    lines: Iterable[tuple[str, str]] = (
        ("Release", of.hash),
        ("Newest date of its inputs", of.issued),
        ("Software", of.version),
        ("Rows", f"{rows:,}, one for each report of a trial"),
        ("The same rows online", query),
        ("How to cite", as_text(cite)),
        ("DOI", of.doi),
        ("Licence", f"Facts, ontology and mappings as the page of the dataset says: {of.base}dataset"),
        ("Words of a source", "keep the licence of their source, named below"),
        ("A flag", "is a reason to look, not a verdict: see the column Conflicts and the page of the trial"),
    )
    for name, text in lines:
        if text:
            sheet.append([_text(sheet, name, font=_BOLD), _value(sheet, text)])
    sheet.append([])
    sheet.append(
        [
            _text(sheet, name, font=_BOLD)
            for name in ("Source", "Title", "DOI or address", "Licence", "Issued")
        ]
    )
    for one in of.sources:
        reference = source_reference(one, of)
        where = reference.resolved or one.document
        sheet.append(
            [
                _text(sheet, one.slug),
                _text(sheet, one.title),
                _value(sheet, where),
                _value(sheet, one.licence or "not stated"),
                _text(sheet, one.issued),
            ]
        )


def _value(sheet: Any, text: str) -> Any:
    """A text, as a link where it is an address."""
    return _text(sheet, text, link=text if text.startswith(("https://", "http://")) else "")
