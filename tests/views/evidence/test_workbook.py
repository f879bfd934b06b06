"""The files of the table with hostile and long texts: as spreadsheets open them, and as openpyxl and LibreOffice do."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from trialgraph.release.lists.rows import GatheredTable, ReportRow, read_cells
from trialgraph.views.evidence.about import About
from trialgraph.views.evidence.csv_file import csv_file
from trialgraph.views.evidence.workbook import workbook

NAMES = [
    "source",
    "row",
    "registration_id",
    "phase",
    "n_total",
    "dose_levels",
    "title",
    "sponsor",
    "start_date",
]
#: Texts that a spreadsheet would change, evaluate or refuse.
HOSTILE = (
    ("=HYPERLINK(\"http://x.example\",\"y\")", "#N/A"), ("@SUM(1)", "-2+3"), ("SEPT2", "MARCH1"), ("1/2", "2011-12"),
    ("2016000123456789012", "0012"), ("TRUE", "1E5"), ("a\nb", 'say "x", y'), ("IFN-γ", "\u202eabc"),
    ("tab\there", "x" * 40_000), ("5 %", "\ufffe\x01bell"), ("2-3", "12:30"),
)  # fmt: skip
ABOUT = About("0" * 64, "0.1.0", "2026-01-02", (), "https://example.org/tg/")


def table_of() -> GatheredTable:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(NAMES)
    for number, (one, other) in enumerate(HOSTILE, 1):
        writer.writerow(["s", number, one[:40], "1/2", 1_000 + number, "1|2", one, other, "2019-09-11"])
    columns, cells = read_cells(out.getvalue())
    return GatheredTable(columns, tuple(ReportRow(line, "", "", f"trial {line[1]}") for line in cells))


def whole(table: GatheredTable, *, safe: bool) -> bytes:
    return b"".join(csv_file(table, table.rows, NAMES, safe=safe))


@pytest.fixture(scope="module")
def table() -> GatheredTable:
    return table_of()


def test_no_cell_of_the_safe_csv_is_evaluated_or_changed(table: GatheredTable) -> None:
    rows = list(csv.reader(io.StringIO(whole(table, safe=True).decode("utf-8-sig"))))
    assert rows[0] == NAMES
    for row, (one, other) in zip(rows[1:], HOSTILE, strict=True):
        assert row[3] == "Phase 1/2"
        assert row[4:6] == [str(1_000 + int(row[1])), "1|2"]
        for cell, text in ((row[6], one), (row[7], other)):
            assert cell.removeprefix("'") == text
            assert cell.startswith("'") == (text[:1] in "=@-" or text in CHANGED)


CHANGED = {
    "SEPT2",
    "MARCH1",
    "1/2",
    "2011-12",
    "2016000123456789012",
    "0012",
    "TRUE",
    "1E5",
    "5 %",
    "2-3",
    "12:30",
}


def test_the_exact_csv_has_each_text_as_it_is(table: GatheredTable) -> None:
    rows = list(csv.reader(io.StringIO(whole(table, safe=False).decode(), newline="")))
    assert [tuple(row[6:8]) for row in rows[1:]] == list(HOSTILE)


def test_no_cell_of_the_workbook_is_a_formula(table: GatheredTable) -> None:
    sheet = load_workbook(
        io.BytesIO(
            workbook(table, table.rows, len(table.rows), NAMES, ABOUT, "https://example.org/tg/trials")
        )
    )["Trials"]
    for row, (one, other) in zip(sheet.iter_rows(min_row=2), HOSTILE, strict=True):
        kinds = [cell.data_type for cell in row]
        assert kinds == ["s", "s", "n", "s", "s", "n", "s", "s", "s", "s"]
        assert row[7].value == one
        shown = other.replace("\ufffe", "\ufffd").replace("\x01", "\ufffd")
        assert row[8].value == shown or (len(shown) > 32_767 and row[8].value.endswith("the CSV has all)"))


@pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CI"), reason="LibreOffice is not installed"
)
def test_libreoffice_keeps_what_the_files_say(table: GatheredTable, tmp_path: Path) -> None:
    rows = table.rows[:8]  # not the rest: a tab, and a text that is too long for Excel
    (tmp_path / "book.xlsx").write_bytes(
        workbook(table, rows, len(rows), NAMES, ABOUT, "https://example.org/tg/trials")
    )
    (tmp_path / "safe.csv").write_bytes(b"".join(csv_file(table, rows, NAMES, safe=True)))
    book = converted(tmp_path, "book.xlsx")
    # Without a window it does not look at the byte order mark, so it is told the encoding.
    safe = converted(tmp_path, "safe.csv", "--infilter=CSV:44,34,76,1")
    for row, made, kept in zip(rows, book[1:], safe[1:], strict=True):
        assert made[1:] == list(row.cells)
        assert kept[3] == "Phase 1/2"
        assert [cell.removeprefix("'") for cell in kept[6:8]] == list(row.cells[6:8])


def converted(folder: Path, name: str, *options: str) -> list[list[str]]:
    """The rows of a file as LibreOffice writes them as CSV."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [
            *("soffice", "--headless", profile, *options),
            # comma, quotes, UTF-8, from line 1; values, not as they are shown
            *("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"),
            *("--outdir", str(folder / "out"), str(folder / name)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    text = (folder / "out" / name).with_suffix(".csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))
