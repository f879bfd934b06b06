"""Where something stands in a source: a range of its text, a cell of a table, a string in a registry's record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["GridAddress", "Place", "Scheme", "TextRange"]

#: ``csv``: RFC 7111 (``cell=3,2``); ``xpath``: XPath 1.0 in HTML or XML; ``sheet``: a cell of a spreadsheet
#: (``'Sheet 1'!B7``); ``table``: table, row and column of a document (``table=1;row=3;column=2``); ``line``: lines of a
#: text, with the cell's characters in them (``line=7;char=3,20``): lines from 1, characters half-open, in code points
#: from 0. ``pointer``: a JSON pointer (RFC 6901) into a registry's record.
Scheme = Literal["csv", "xpath", "sheet", "table", "line", "pointer"]


@dataclass(frozen=True, slots=True)
class TextRange:
    """Characters of a source's text, half-open, in code points from 0."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"char={self.start},{self.end}"


@dataclass(frozen=True, slots=True)
class GridAddress:
    """A cell of a table, text beside one, or a string of a record, in the terms of its kind of file."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return self.value


Place = TextRange | GridAddress
