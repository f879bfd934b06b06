"""Rows of the evidence table as an Excel workbook: typed cells, links to the pages, a sheet on where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from trialgraph.extract.trials_table import flat_value
from trialgraph.release.lists.rows import ReportColumns, ReportRow
from trialgraph.views.evidence.about import About, dataset_reference, source_reference
from trialgraph.views.evidence.citations import as_text
from trialgraph.views.evidence.headings import heading
from trialgraph.views.workbook_cells import BOLD, plain, text_cell

__all__ = ["workbook"]

#: Excel keeps at most so many links in a sheet.
_LINKS: Final = 65_530
_WIDE: Final = {"outcomes": 40, "mechanisms": 40, "title": 40, "disease_label": 28}
_WRAP: Final = Alignment(wrap_text=True, vertical="top")


def workbook(
    table: ReportColumns,
    rows: Iterable[ReportRow],
    count: int,
    names: Sequence[str],
    of: About,
    query: str,
) -> bytes:
    """The file.

    :param rows: read once
    :param count: how many they are
    :param names: of the columns, each known to the table
    :param query: address of the same rows on the site
    """
    book = Workbook(write_only=True)
    _trials(book.create_sheet("Trials"), table, rows, count, names, of)
    _provenance(book.create_sheet("Provenance and licence"), of, query, count)
    book.properties.title = "trialgraph: trials"
    book.properties.creator = "trialgraph"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _trials(
    sheet: Any,
    table: ReportColumns,
    rows: Iterable[ReportRow],
    count: int,
    names: Sequence[str],
    of: About,
) -> None:
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names) + 1)}{count + 1}"
    sheet.column_dimensions["A"].width = 30
    for number, name in enumerate(names, 2):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDE.get(name, 14)
    sheet.append([text_cell(sheet, "Trial", font=BOLD), *(_heading(sheet, table, name) for name in names)])
    columns = [(table.at[name], table.columns[table.at[name]]) for name in names]
    for number, row in enumerate(rows):
        link = of.page(row.trial or row.report) if number < _LINKS else ""
        cells = [text_cell(sheet, row.name, link=link)]
        for place, column in columns:
            value = flat_value(column, row.cells[place]) if column.number else row.cells[place]
            typed = isinstance(value, int | float)
            cells.append(value if typed else plain(sheet, row.cells[place]))
        sheet.append(cells)


def _heading(sheet: Any, table: ReportColumns, name: str) -> Any:
    cell = text_cell(sheet, heading(name), font=BOLD)
    cell.alignment = _WRAP
    meaning = table.columns[table.at[name]].meaning
    cell.comment = Comment(f"{name}: {meaning}", "trialgraph", width=280, height=80)
    return cell


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
            sheet.append([text_cell(sheet, name, font=BOLD), _value(sheet, text)])
    sheet.append([])
    sheet.append(
        [
            text_cell(sheet, name, font=BOLD)
            for name in ("Source", "Title", "DOI or address", "Licence", "Issued")
        ]
    )
    for one in of.sources:
        reference = source_reference(one, of)
        where = reference.resolved or one.document
        sheet.append(
            [
                text_cell(sheet, one.slug),
                text_cell(sheet, one.title),
                _value(sheet, where),
                _value(sheet, one.licence or "not stated"),
                text_cell(sheet, one.issued),
            ]
        )


def _value(sheet: Any, text: str) -> Any:
    """A text, as a link where it is an address."""
    return text_cell(sheet, text, link=text if text.startswith(("https://", "http://")) else "")
