"""The kind of a file is told from its content; what is not read is named with how to convert it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from tests.extract.grids.made_files import document, workbook
from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.extract.files.kind_of import content_of

HTML = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(*names: str, **texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, texts.get(name.partition(".")[0], ""))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("a,b,c\n1,2,3\n4,5,6\n", "csv"),
        ("Table 1, of two\na;b;c\n1,5;2;3\n4;5,5;6\n", "semicolon"),
        ("a\tb\tc\n1\t2\t3\n", "tsv"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", "markdown"),
        ("a | b | c\n1 | 2 | 3\n", "pipe"),
        (HTML, "html"),
        ("<!-- Saved from a page -->\n<!DOCTYPE html><html><body>" + HTML, "html"),
        ('<?xml version="1.0"?><html xmlns="x"><body>' + HTML + "</body></html>", "html"),
        ("<article><table-wrap/></article>", "jats"),
        (workbook(), "xlsx"),
        (document(), "docx"),
        ("Disease\nPatients\nRA30\nSLE, LN, and more40\n", "run-together"),
        ((FIRST / "source.txt").read_bytes(), "run-together"),
    ],
)
def test_a_kind(data: str | bytes, kind: str) -> None:
    assert content_of(data.encode() if isinstance(data, str) else data, "file.xls").kind == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7\n\0", "this is a PDF, which is not read; take the tables out with Tabula, Camelot or pdfplumber"),
        (OLE + "Workbook".encode("utf-16-le"), "a legacy Excel workbook (.xls), which is not read; open it in Excel"),
        (OLE + "WordDocument".encode("utf-16-le"), "a legacy Word document (.doc)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"{\\rtf1 x}", "a Rich Text document"),
        (b'<?xml version="1.0"?>\n<COCHRANE_REVIEW ID="1">', "a RevMan 5 review (.rm5)"),
        (packed("mimetype", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "an OpenDocument spreadsheet (.ods)"),  # noqa: E501 - markup as it is written
        (packed("mimetype", mimetype="application/vnd.oasis.opendocument.text"), "an OpenDocument text (.odt)"),
        (packed("a.csv"), "a zip archive"),
        (packed("[Content_Types].xml", "xl/workbook.bin"), "a binary Excel workbook (.xlsb)"),
        (packed("ppt/presentation.xml"), "a PowerPoint file"),
        (b"PK\x03\x04broken", "a broken archive"),
        (gzip.compress(b"a,b\n", mtime=0), "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
        (json.dumps([{"trial": "A"}]).encode(), "JSON"),
        (b"TY  - JOUR\nTI  - x\n", "a reference list (RIS)"),
        (b"@article{a, title={x}}", "a reference list (BibTeX)"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "a web archive (.mht)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "an Excel 2003 XML workbook"),
        (b"a,b\n1,\xed\xa0\x80\n", "file:2:3: byte 0xed is not UTF-8"),
        ("名称,阶段\n狼疮,一期\n".encode("gbk"), "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as error:
        content_of(data, "file")
    assert says in error.value.line()


def test_a_named_kind_overrides_the_content_but_for_binary_files() -> None:
    assert content_of(b"a,b\n1,2\n", "file", "run-together").kind == "run-together"
    with pytest.raises(InputError, match="this is an Excel workbook, not comma-separated text"):
        content_of(workbook(), "file", "csv")
    with pytest.raises(InputError, match="this is not an Excel workbook"):
        content_of(b"a,b", "file", "xlsx")
