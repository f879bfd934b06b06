"""Formats that are not read: each is named in one line that says how to convert it."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.base.errors import InputError

__all__ = ["refuse_archive", "refuse_binary", "refuse_text"]

_AS_XLSX: Final = "open it in Excel or LibreOffice and save it as .xlsx (or CSV in UTF-8)"
_AS_DOCX: Final = "open it in Word or LibreOffice and save it as .docx"
_PDF_TOOLS: Final = (
    "take the tables out with Tabula, Camelot or pdfplumber (pip install), or ask the publisher's page for HTML, "
    "and add the CSV"
)
# The beginning of a file, its format, and how to convert it.
_MAGIC: Final = (
    (b"%PDF", "a PDF", _PDF_TOOLS),
    (b"{\\rtf", "a Rich Text document (.rtf)", _AS_DOCX),
    (b"\x89PNG", "an image (PNG)", "type the table, or take it from the page or file that it was made from"),
    (
        b"\xff\xd8\xff",
        "an image (JPEG)",
        "type the table, or take it from the page or file that it was made from",
    ),
    (b"GIF8", "an image (GIF)", "type the table, or take it from the page or file that it was made from"),
    (b"II*\0", "an image (TIFF)", "type the table, or take it from the page or file that it was made from"),
    (b"MM\0*", "an image (TIFF)", "type the table, or take it from the page or file that it was made from"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first: gunzip FILE"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"(\xb5/\xfd", "a Zstandard archive", "unpack it first"),
    (b"bplist", "a web archive of Safari or a property list", "save the page as HTML"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"PAR1", "a Parquet file", "export the table as CSV"),
    (b"$FL2", "an SPSS file", "export the table as CSV"),
    (b"$FL3", "an SPSS file", "export the table as CSV"),
    (b"<stata_dta>", "a Stata file", "export the table as CSV"),
    (b"RDX3", "an R data file", "export the table as CSV"),
    (b"\x7fELF", "a program", "give the file that holds the table"),
    (b"MZ", "a program", "give the file that holds the table"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE: Final = (
    (
        "EncryptedPackage",
        "an Office file that is protected by a password",
        "open it, remove the password, and save it",
    ),
    ("WordDocument", "a legacy Word document (.doc)", _AS_DOCX),
    ("Workbook", "a legacy Excel workbook (.xls)", _AS_XLSX),
    ("Book", "a legacy Excel workbook (.xls)", _AS_XLSX),
    ("PowerPoint Document", "a legacy PowerPoint file (.ppt)", "copy the table into a spreadsheet"),
)
_OPENDOCUMENT: Final = {
    b"spreadsheet": (
        "an OpenDocument spreadsheet (.ods)",
        "open it in LibreOffice or Excel and save it as .xlsx",
    ),
    b"text": ("an OpenDocument text (.odt)", "open it in LibreOffice or Word and save it as .docx"),
    b"presentation": ("an OpenDocument presentation (.odp)", "copy the table into a spreadsheet"),
}
_REVMAN: Final = "export the data rows as CSV from RevMan, or the tables from the review's page as HTML"
# The beginning of a text, after white space and comments.
_TEXTS: Final = (
    (r"<COCHRANE_REVIEW\b", "a RevMan 5 review (.rm5)", _REVMAN),
    (r"<\?mso-application\s+progid=.Excel|<(?:\w+:)?Workbook\b", "an Excel 2003 XML workbook", _AS_XLSX),
    (r"<\?mso-application\s+progid=.Word|<w:wordDocument\b|<pkg:package\b", "a Word XML document", _AS_DOCX),
    (r"<office:document\b", "a flat OpenDocument file", "open it in LibreOffice and save it as .xlsx or .docx"),
    (r"<(?:\w+:)?(?:TEI|teiCorpus)\b", "a TEI document", "give the publisher's HTML or JATS XML"),
    (r"<svg\b", "an image (SVG)", "type the table, or take it from the file that it was made from"),
    (r"<(?:\w+:)?RDF\b|<(?:rss|feed)\b", "an RDF or feed document", "give the file that holds the table"),
    (r"MIME-Version:|From: <Saved by", "a web archive (.mht)", "save the page as 'Webpage, HTML only'"),
    (r"TY  ?- ", "a reference list (RIS)", "give the table of the trials, not their references"),
    (r"PMID- ?\d", "a reference list (PubMed)", "give the table of the trials, not their references"),
    (r"@(?:article|book|inproceedings|misc|incollection)\s*\{", "a reference list (BibTeX)",
     "give the table of the trials, not their references"),
    (r"\\documentclass\b|\\begin\{(?:document|table|tabular)", "a LaTeX document", "convert it to HTML or DOCX (pandoc)"),  # noqa: E501 - one pattern
    (r"@prefix\b|PREFIX \w*:", "an RDF document (Turtle)", "give the file that holds the table"),
)  # fmt: skip
_JSON: Final = re.compile(r"\s*(?:\{\s*(?:\"|\})|\[\s*(?:[\{\[\"\]]|-?\d+\s*,|null|true|false))")
_HEAD: Final = 4_000
_BEFORE: Final = re.compile(
    r"(?:\s+|<!--.{0,2000}?-->|<\?xml.{0,300}?\?>|<!DOCTYPE[^>\[]{0,500}>)*", re.DOTALL
)


def refuse_binary(data: bytes, where: str) -> None:
    """Return if the file begins like none of the binary formats that are not read.

    :raises InputError: it is one of them
    """
    for magic, name, hint in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]):
            raise _refusal(name, where, hint)
    if data.startswith(b"\x1f\x8b"):
        raise _refusal("a gzip archive", where, "unpack it first: gunzip FILE")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise _refusal(
            "an image (WebP)", where, "type the table, or take it from the page that it was made from"
        )
    if data.startswith(_OLE):
        for stream, name, hint in _IN_OLE:
            if stream.encode("utf-16-le") in data:
                raise _refusal(name, where, hint)
        raise _refusal(
            "a legacy Office file", where, "open it in Office or LibreOffice and save it as .xlsx or .docx"
        )


def refuse_archive(data: bytes, names: frozenset[str], where: str) -> None:
    """Raise what a zip archive is that is neither XLSX nor DOCX.

    :raises InputError: always
    """
    head = data[:300]
    for kind, (name, hint) in _OPENDOCUMENT.items():
        if b"application/vnd.oasis.opendocument." + kind in head:
            raise _refusal(name, where, hint)
    if "xl/workbook.bin" in names:
        raise _refusal("a binary Excel workbook (.xlsb)", where, _AS_XLSX)
    if any(name.startswith("ppt/") for name in names):
        raise _refusal("a PowerPoint file (.pptx)", where, "copy the table into a spreadsheet")
    if any(name.endswith(".iwa") for name in names):
        raise _refusal("a Numbers or Pages document", where, "export it as .xlsx, .docx or CSV")
    if "META-INF/container.xml" in names:
        raise _refusal("an e-book (.epub)", where, "unpack it and give the HTML page with the table")
    raise _refusal("a zip archive", where, "unpack it and give each file")


def refuse_text(text: str, where: str) -> None:
    """Return if the text begins like none of the formats that are not read.

    :raises InputError: it is one of them
    """
    head = text[:_HEAD]
    begin = _BEFORE.match(head)
    body = head[begin.end() if begin else 0 :]
    for pattern, name, hint in _TEXTS:
        if re.match(pattern, body) or (name.endswith("(.mht)") and re.match(pattern, head)):
            raise _refusal(name, where, hint)
    if _JSON.match(head):
        raise _refusal(
            "JSON",
            where,
            "records of a registry are read by trialgraph trials; else make it CSV, the keys as headings",
        )


def _refusal(name: str, where: str, hint: str) -> InputError:
    return InputError(f"this is {name}, which is not read", where=where, hint=hint)
