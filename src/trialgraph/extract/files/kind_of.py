"""The kind of a file, from its content and never from its suffix.

A file whose cells are separated by a character is told by how regularly the separator stands in its lines, not by
one line: prose and run-together text have commas too.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.extract.files.archive import content_types
from trialgraph.extract.files.encodings import decoded, strict_utf8
from trialgraph.extract.files.unread_formats import refuse_archive, refuse_binary, refuse_text

__all__ = ["BINARY", "KINDS", "LINES", "SEPARATORS", "FileContent", "content_of"]

#: Every kind that can be read, with what a person calls it.
KINDS: Final = {
    "csv": "comma-separated text",
    "tsv": "tab-separated text",
    "semicolon": "semicolon-separated text",
    "xlsx": "an Excel workbook",
    "docx": "a Word document",
    "html": "an HTML page",
    "jats": "JATS XML",
    "markdown": "a Markdown table",
    "pipe": "a table with | between cells",
    "cell-per-line": "one cell per line",
    "run-together": "text whose columns have run together",
}
#: Kinds that are no text.
BINARY: Final = frozenset({"xlsx", "docx"})
#: Kinds whose places are offsets in the text, which therefore is UTF-8 as it stands.
LINES: Final = frozenset({"run-together", "cell-per-line"})
#: The character between two cells.
SEPARATORS: Final = {"csv": ",", "tsv": "\t", "semicolon": ";"}

_OFFICE: Final = {"spreadsheetml": "xlsx", "ms-excel": "xlsx", "wordprocessingml": "docx", "ms-word": "docx"}
_MAIN: Final = re.compile(
    r"/vnd\.(?:openxmlformats-officedocument\.)?(spreadsheetml|wordprocessingml|ms-excel|ms-word)\."
    r"(?:sheet|template|document)(?:\.macroEnabled(?:Template)?)?\.main\+xml", re.IGNORECASE,
)  # fmt: skip
_MARKUP: Final = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:[a-zA-Z?!/])", re.DOTALL)
_JATS: Final = re.compile(
    r"<(?:\w+:)?(?:article|table-wrap|table-wrap-group|pmc-articleset|response|OAI-PMH|book-part|sub-article|tgroup)\b"
)
_JATS_TABLE: Final = re.compile(r"<(?:\w+:)?(?:table-wrap|tgroup)\b")
_HTML: Final = re.compile(
    r"<(?:html|head|body|table|tbody|thead|tr|div|figure|main|section|meta|h[1-6]|p)\b", re.IGNORECASE
)
_TABLE: Final = re.compile(r"<table\b", re.IGNORECASE)
_META: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([^\"']{1,40})",
    re.IGNORECASE,
)
_DECLARED: Final = 4_096
_ALIGNMENT: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BORDER: Final = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
# So many lines are looked at.
_LOOKED_AT: Final = 2_000
# A separated table has this share of records with the same number of cells, where they have more than one.
_SHARE: Final = {",": 0.8, ";": 0.75, "\t": 0.5}
_FEWEST: Final = 2
_FEW_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file turned out to be.

    :param text: empty where the kind is no text
    :param encoding: of the text; ``Windows-1252`` is a guess
    """

    kind: str
    text: str
    encoding: str


def content_of(data: bytes, where: str, kind: str = "") -> FileContent:
    """The kind and the text of a file.

    :param kind: what it is said to be; empty: found from the content
    :raises InputError: it is of a format that is not read, or damaged
    """
    refuse_binary(data, where)
    if data.startswith(b"PK"):
        found = _office(data, where)
        if kind in ("", found):
            return FileContent(found, "", "")
        raise InputError(
            f"this is {KINDS[found]}, not {KINDS[kind]}", where=where, hint=f"use the kind {found!r}"
        )
    if kind in BINARY:
        raise InputError(f"this is not {KINDS[kind]}", where=where, hint="leave the kind out: it is detected")
    if kind in LINES:
        return FileContent(kind, strict_utf8(data, where), "UTF-8")
    declared = _META.search(data[:_DECLARED])
    name = (declared[1] or declared[2]).decode("ascii", errors="replace") if declared else ""
    try:
        text, encoding = decoded(data, where, name)
    except InputError:
        _refuse_bytes(data, where)
        raise
    refuse_text(text, where)
    found = kind or _kind_of_text(text)
    if found in LINES:
        return FileContent(found, strict_utf8(data, where), "UTF-8")
    return FileContent(found, text, encoding)


def _refuse_bytes(data: bytes, where: str) -> None:
    """Name a format that is not read even where its text is damaged."""
    refuse_text(data[:_DECLARED].decode("latin-1"), where)


def _office(data: bytes, where: str) -> str:
    names, types = content_types(data, where)
    main = _MAIN.search(types)
    if main is None:
        for name, kind in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
            if types and name in names:
                return kind
        refuse_archive(data, names, where)
        raise AssertionError("refuse_archive raises")
    return _OFFICE[main[1].lower()]


def _kind_of_text(text: str) -> str:
    if _MARKUP.match(text) and (found := _markup(text)):
        return found
    lines = text.splitlines()[:_LOOKED_AT]
    if found := _bars(lines):
        return found
    if found := _separated(text):
        return found
    if _TABLE.search(text) and re.search(r"</t[dh]>|<t[dh]\b", text, re.IGNORECASE):
        return "html"
    return "run-together"


def _markup(text: str) -> str:
    """HTML or JATS; empty where it is neither, as "<0.05" at the beginning of a text."""
    if _JATS_TABLE.search(text):
        return "jats"
    head = text[:_DECLARED]
    root = re.search(r"<(?![?!])(?:\w+:)?(\w[\w-]*)", head)
    if root and root[1].lower() != "html" and _JATS.match(root[0] + " ") and not _TABLE.search(text):
        return "jats"
    return "html" if _HTML.search(head) or _TABLE.search(text) else ""


def _bars(lines: list[str]) -> str:
    """``markdown`` or ``pipe``, where the cells of most lines stand between bars."""
    for above, line in pairwise(lines):
        if line.count("-") < _FEWEST or "|" not in line + above or not _ALIGNMENT.fullmatch(line):
            continue
        if above.count("|") >= 1 and (line.count("|") > 1 or above.count("|") == line.count("|")):
            return "markdown"
    if sum(bool(_BORDER.fullmatch(line)) for line in lines) > 1:
        return "pipe"
    counts = [line.count("|") - line.count("\\|") for line in lines if line.strip()]
    many = [count for count in counts if count >= _FEWEST]
    if len(many) >= _FEWEST and len(many) * 2 >= len(counts):
        return "pipe"
    return ""


def _separated(text: str) -> str:
    """``tsv``, ``semicolon`` or ``csv``, where a separator stands in most lines equally often."""
    best = (0.0, "")
    for kind, separator in (("tsv", "\t"), ("semicolon", ";"), ("csv", ",")):
        if (score := _regularity(text, separator)) > best[0]:
            best = (score, kind)
    return best[1]


def _records(text: str, separator: str, *, quoted: bool) -> list[list[str]]:
    """The first records; none where quotes do not open and close as they should."""
    try:
        lines = io.StringIO(text, newline="")
        if quoted:
            reader = csv.reader(lines, delimiter=separator, strict=True)
        else:
            reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        return [record for record in islice(reader, _LOOKED_AT) if any(cell.strip() for cell in record)]
    except csv.Error:
        return []


def _regularity(text: str, separator: str) -> float:
    """How surely the text is separated by this character: 0 or the share of regular records times their cells."""
    if separator not in text:
        return 0.0
    records = _records(text, separator, quoted=True) or _records(text, separator, quoted=False)
    several = [len(record) for record in records if len(record) > 1]
    # Fewer lines with the separator than without: title and notes apart, those are sentences.
    if len(several) < _FEWEST or len(several) * 2 < len(records):
        return 0.0
    columns, regular = max(Counter(several).items(), key=lambda item: (item[1], item[0]))
    share = regular / len(several)
    if share < _SHARE[separator] or (regular < _FEWEST):
        return 0.0
    if separator != "\t" and (columns < _FEW_COLUMNS and (share < 1 or len(several) < len(records))):
        return 0.0
    return share * (columns + (separator == "\t") * 2)
