"""Write ``extraction-sheet.xlsx``: an extraction sheet as a reviewer keeps it, for the how-to and its test.

The rows are facts of ClinicalTrials.gov records (U.S. National Library of Medicine), which are in the public domain.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font

HEADINGS: Final = (
    ("Trial", "Registration number"),
    ("Trial", "Sponsor"),
    ("Design", "Phase"),
    ("Design", "Masking"),
    ("Condition", ""),
    ("Cell source", ""),
    ("Patients", ""),
    ("Administration", ""),
    ("Country", ""),
    ("Start date", ""),
    ("Status", ""),
)
#: ``^`` marks what is raised.
ROWS: Final = (
    (
        "NCT00395200",
        "University of Cambridge",
        "1/2",
        "Open label",
        "Multiple sclerosis",
        "Autologous BM-MSCs",
        10,
        "IV, up to 2 × 10^6^ cells/kg",
        "United Kingdom",
        "2008-07",
        "Completed",
    ),
    (
        "NCT00781872",
        "Hadassah Medical Organization",
        "1/2",
        "Open label",
        "Multiple sclerosis",
        "Autologous BM-MSCs",
        24,
        "IT, 6 × 10^7^ cells; IV, 2 × 10^7^ cells",
        "Israel",
        "2006-10",
        "Completed",
    ),
    (
        "NCT01606215",
        "Imperial College London",
        "1/2",
        "Quadruple",
        "Multiple sclerosis",
        "Autologous MSCs",
        21,
        "IV, 1–2 × 10^6^ cells/kg",
        "United Kingdom",
        "2013-01",
        "Completed",
    ),
    (
        "NCT01745783",
        "Andalusian Initiative for Advanced Therapies",
        "1/2",
        "Quadruple",
        "Multiple sclerosis",
        "Autologous BM-MSCs",
        26,
        "IV, 1–2 × 10^6^ cells/kg",
        "Spain",
        "2013-01",
        "Completed",
    ),
    (
        "NCT02034188",
        "Translational Biosciences",
        "1/2",
        "Open label",
        "Multiple sclerosis",
        "Allogeneic UC-MSCs",
        20,
        "IV",
        "Panama",
        "2014-01",
        "Completed",
    ),
    (
        "NCT02239393",
        "Ottawa Hospital Research Institute",
        "2",
        "Quadruple",
        "Multiple sclerosis",
        "Autologous MSCs",
        31,
        "IV",
        "Canada",
        "2015-06",
        "Completed",
    ),
    (
        "NCT02326935",
        "American CryoStem Corporation",
        "1",
        "Open label",
        "Multiple sclerosis",
        "Autologous AD-MSCs",
        2,
        "IV, 1.5 × 10^8^ cells",
        "Cayman Islands",
        "2014-11",
        "Terminated",
    ),
    (
        "NCT02403947",
        "University Hospital, Toulouse",
        "1/2",
        "Quadruple",
        "Multiple sclerosis",
        "Autologous BM-MSCs",
        1,
        "IV",
        "France",
        "2015-02",
        "Terminated",
    ),
    (
        "NCT03326505",
        "University of Jordan",
        "1/2",
        "Single",
        "Multiple sclerosis",
        "Allogeneic UC-MSCs",
        60,
        "IT",
        "Jordan",
        "2017-09-25",
        "Completed",
    ),
)
_NOTES: Final = (
    "Trials of mesenchymal stem cells in multiple sclerosis",
    "Extracted from ClinicalTrials.gov. The table is on the second sheet.",
)


def made() -> Workbook:
    """The workbook: a sheet of notes, and the table with a title row and headings of two levels."""
    book = Workbook()
    book.remove(book.worksheets[0])
    notes = book.create_sheet("Read me")
    for number, line in enumerate(_NOTES, start=1):
        notes.cell(number, 1, line)
    sheet = book.create_sheet("Trials")
    sheet.cell(1, 1, "Table 1. Trials of mesenchymal stem cells in multiple sclerosis").font = Font(bold=True)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    for column, (upper, lower) in enumerate(HEADINGS, start=1):
        sheet.cell(2, column, upper).font = Font(bold=True)
        sheet.cell(3, column, lower or None).font = Font(bold=True)
        if not lower:
            sheet.merge_cells(start_row=2, start_column=column, end_row=3, end_column=column)
    for first in (1, 3):
        sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=first + 1)
        sheet.cell(2, first).alignment = Alignment(horizontal="center")
    for number, row in enumerate(ROWS, start=4):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, _rich(value) if isinstance(value, str) and "^" in value else value)
    return book


def _rich(text: str) -> CellRichText:
    """A text whose marked parts are raised."""
    parts = text.split("^")
    raised = InlineFont(vertAlign="superscript")
    return CellRichText(*(TextBlock(raised, part) if n % 2 else part for n, part in enumerate(parts) if part))


if __name__ == "__main__":
    made().save(Path(__file__).with_name("extraction-sheet.xlsx"))
