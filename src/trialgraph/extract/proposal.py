"""Proposal: what a file seems to be as a source, for a reviewer to confirm: its kind, its table, its columns.

Nothing is guessed silently: a column whose field is not sure is marked, and a build refuses the mark until somebody has
decided. A title and a DOI are proposed where the file prints them; a licence never is, as it is a reviewer's statement.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.base.doi import DOI, DOI_IN_TEXT, trimmed_doi
from trialgraph.base.escaping import visible
from trialgraph.base.settings import Settings
from trialgraph.extract.layout.column_suggestions import suggested
from trialgraph.extract.sources import Source
from trialgraph.extract.tables import read_rows, recognised
from trialgraph.model.table import Column, Table

__all__ = ["SURE", "ColumnProposal", "Proposal", "propose"]

#: From here on nobody is asked what a column is about.
SURE: Final = 0.9
# The longest text that is shown of a cell, and of a title.
_EXAMPLE: Final = 60
_TITLE: Final = 300

_DOI_FIELDS: Final = (
    re.compile(r"<article-id\b[^>]{0,80}pub-id-type=[\"']doi[\"'][^>]{0,80}>\s*([^<\s]{7,300})"),
    re.compile(
        r"<meta\b[^>]{0,80}(?:citation_doi|dc\.identifier)[\"'][^>]{0,80}content=[\"'](?:doi:)?([^\"'\s]{7,300})",
        re.I,
    ),
)
_CALLED_DOI: Final = re.compile(rf"doi(?:\.org/|:| )\s*({DOI_IN_TEXT.pattern})", re.IGNORECASE)
_TITLES: Final = (
    re.compile(r"<title-group>\s*<article-title\b[^>]{0,200}>(.{3,2000}?)</article-title>", re.DOTALL),
    re.compile(r"<meta\b[^>]{0,80}citation_title[\"'][^>]{0,80}content=[\"']([^\"']{3,1000})", re.IGNORECASE),
)
_LICENCE: Final = re.compile(
    r"creativecommons\.org/(?:licenses/[a-z-]{2,20}/\d\.\d|publicdomain/[a-z]{3,6}/\d\.\d)"
)
# So much of a text is looked at.
_LOOKED_AT: Final = 400_000


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """What a column seems to be about.

    :param key: how ``source.toml`` names it: its heading, or ``#3`` where that is empty or another column has it too
    :param fields: none where nobody knows the heading
    :param example: the first cell with text, in one line
    """

    key: str
    header: str
    fields: tuple[str, ...]
    confidence: float
    why: str
    example: str

    @property
    def sure(self) -> bool:
        """Whether nobody needs to be asked: its field is sure, or it is kept as text."""
        return not self.fields or self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be.

    :param number: of the table among those of the file; None where it has one only
    :param licence: the address of a licence that the file prints, for a comment
    :param spdx: the SPDX id of the licence that somebody stated
    """

    source: Source
    number: int | None
    table: Table
    columns: tuple[ColumnProposal, ...]
    caption: str
    title: str
    doi: str
    licence: str
    spdx: str = ""

    def decided(self, fields: dict[str, tuple[str, ...]]) -> Proposal:
        """The proposal with the fields that somebody has decided on, by the keys of columns."""
        columns = (
            replace(c, fields=fields[c.key], confidence=1.0, why="decided") if c.key in fields else c
            for c in self.columns
        )
        return replace(self, columns=tuple(columns))


def propose(source: Source, settings: Settings) -> Proposal:
    """What a source seems to be.

    :raises InputError: it cannot be read as a table
    """
    source = recognised(source, settings)
    table = read_rows(source, settings, unknown=True)
    words = [text.text or source.text[text.start : text.end] for text in table.non_cell_text]
    caption = next(
        (
            words[n]
            for n, text in enumerate(table.non_cell_text)
            if text.kind == "caption" and words[n].strip()
        ),
        "",
    )
    front = "\n".join(words)
    return Proposal(
        source,
        table.number,
        table,
        _columns(table),
        _one_line(caption, _TITLE),
        _title(source.text),
        _doi(source.text[:_LOOKED_AT]) or _doi(front),
        _licence(source.text[:_LOOKED_AT]) or _licence(front),
    )


def _columns(table: Table) -> tuple[ColumnProposal, ...]:
    positions = list(dict.fromkeys((c.position, c.header) for c in table.columns))
    counts = Counter(header for _, header in positions)
    made = []
    for position, header in positions:
        several = [c for c in table.columns if c.position == position]
        key = header if header.strip() and counts[header] == 1 else f"#{position}"
        fields, confidence = tuple(c.field for c in several if c.field), min(c.confidence for c in several)
        why = several[0].why
        if not fields and not why and (may_be := suggested(header, _texts(table, several))):
            fields, confidence, why = may_be.fields, may_be.confidence, may_be.why
        made.append(ColumnProposal(key, header, fields, confidence, why, _example(table, several)))
    return tuple(made)


def _texts(table: Table, columns: list[Column]) -> list[str]:
    keys = {column.key for column in columns}
    return [c.text for row in table.rows for c in row.cells if c.key in keys and c.text]


def _example(table: Table, columns: list[Column]) -> str:
    return _one_line(next(iter(_texts(table, columns)), ""), _EXAMPLE)


def _one_line(text: str, most: int) -> str:
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def _title(text: str) -> str:
    for pattern in _TITLES:
        if m := pattern.search(text[:_LOOKED_AT]):
            return _one_line(html.unescape(re.sub(r"<[^<>]{0,200}>", "", m[1])), _TITLE)
    return ""


def _doi(text: str) -> str:
    """The DOI that a file states of itself, else the first that it prints."""
    for pattern in (*_DOI_FIELDS, _CALLED_DOI):
        if m := pattern.search(text):
            doi = trimmed_doi(html.unescape(m[1]))
            if DOI.fullmatch(doi):
                return doi
    return ""


def _licence(text: str) -> str:
    m = _LICENCE.search(text)
    return f"https://{m[0]}/" if m else ""
