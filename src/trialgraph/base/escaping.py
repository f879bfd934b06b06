"""Output escaping: CSV injection, links and terminal control characters.

Text from sources and clients must not act as a spreadsheet formula, a script link or a terminal escape sequence.

HTML is escaped by the templates (autoescape, nowhere switched off), JSON, XML, TSV and RDF by their writers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

__all__ = ["safe_cells", "spreadsheet_text", "visible", "web_link"]

#: How a formula begins, in the wide forms of East Asian keyboards too.
FORMULA: Final = tuple(c.encode() for c in "=+-@＝＋－＠")
NUMBER: Final = re.compile(rb"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
BLANKS: Final = re.compile(rb"(?:[\t\r\n \x0b\x0c]|\xc2\xa0|\xe3\x80\x80|\xe2\x80[\x80-\x8f]|\xef\xbb\xbf)*")
_MONTH: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
#: Texts that a spreadsheet turns into another value when it opens a CSV: dates, times, fractions, numbers of another
#: look, long digits (which lose their end), truth values. A whole date in ISO 8601 keeps its value, so it is none.
CONVERTED: Final = re.compile(
    r"(?!(?:19|20)\d\d-[01]\d-[0-3]\d$)(?:"
    r"[(\[]?[+-]?\d+(?:[ .,:/\u2010-\u2015\u2212-]+\d+)+[)\]]?|\(\d+\)"
    r"|\d+(?:[.,]\d+)?e[+-]?\d+|0\d+|\d{12,}|\d+(?:[.,]\d+)*\s*%|[$€£¥]\s*\d.*|\d.*[$€£¥]"
    r"|\d{1,2}(?::\d\d)*\s*[ap]\.?(?:m\.?)?|true|false"
    rf"|(?:\d{{1,4}}[ ./-]*)(?:{_MONTH})\.?(?:[ ,./-]*\d{{1,4}})?|(?:{_MONTH})\.?[ ./-]*\d{{1,4}}(?:[ ,./-]+\d{{1,4}})?"
    r")",
    re.IGNORECASE,
)
#: How much of a cell is looked at to tell a number from a formula.
LOOK: Final = 64
#: Terminal and bidirectional control characters, and lone surrogates.
UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LINK: Final = re.compile(r"https?://[^\s<>\"'{}|\\^`\x00-\x20\x7f-\x9f]+", re.IGNORECASE)


def web_link(iri: str) -> str:
    """The IRI where a browser may follow it (http and https), else nothing."""
    return iri if LINK.fullmatch(iri) else ""


def visible(text: str, keep: str = "") -> str:
    """The text with control characters written in hexadecimal, so that a terminal does not execute them.

    :param keep: control characters that stay
    """
    return UNSEEN.sub(lambda c: c[0] if c[0] in keep else _spelled(ord(c[0])), text)


def spreadsheet_text(text: str) -> str:
    """A text for a cell of a CSV: no spreadsheet evaluates it as a formula, or turns it into a date or a number.

    What it would is given an apostrophe, as :func:`safe_cells` does for formulas.
    """
    # No such text is longer than a date in words.
    taken = len(text) <= LOOK and CONVERTED.fullmatch(text.strip())
    return f"'{text}" if taken or _formula(text.encode("utf-8", "replace"), ended=True) else text


def _spelled(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def safe_cells(parts: Iterable[bytes], *, tabs: bool = False) -> Iterator[bytes]:
    """CSV against CSV injection: an apostrophe before each cell that a spreadsheet would evaluate as a formula.

    Numbers stay as they are. It streams: memory use is bounded, however long a cell is.

    :param parts: UTF-8 CSV in pieces of any size
    :param tabs: it is SPARQL's TSV, where quotes are part of a term and a cell holds no line break
    """
    cells = _Cells(tabs)
    for part in parts:
        if made := cells.feed(part):
            yield made
    if made := cells.feed(b"", last=True):
        yield made


Step = Callable[[bytes, int, bool, bytearray], "int | None"]


class _Cells:
    """State machine over CSV: at the start of a cell, in an unquoted cell or after its quotes, or inside quotes."""

    def __init__(self, tabs: bool) -> None:
        self._tabs = tabs
        self._end = re.compile(rb"[\t\n]" if tabs else rb"[,\r\n]")
        self._held = b""
        self._state: Step = self._start

    def feed(self, data: bytes, *, last: bool = False) -> bytes:
        held, at, out = self._held + data, 0, bytearray()
        while at < len(held):
            step = self._state(held, at, last, out)
            if step is None:
                break
            at = step
        self._held = held[at:]
        return bytes(out)

    def _start(self, held: bytes, at: int, last: bool, out: bytearray) -> int | None:
        quoted = held[at : at + 1] == b'"'
        first = at + quoted
        window = held[first : first + LOOK + 1]
        found = re.compile(b'"').search(window) if quoted else self._end.search(window)
        sure = last or len(window) > LOOK or (found is not None and found.end() < len(window))
        if not sure and not (found and not quoted):
            return None
        doubled = quoted and found is not None and window[found.end() : found.end() + 1] == b'"'
        head = window[: found.start() + doubled] if found else window
        ended = (found is not None or (last and len(window) <= LOOK)) and not doubled
        out += held[at:first]
        if _formula(head, ended):
            out += b"'"
        self._state = self._quoted if quoted and not self._tabs else self._bare
        return first

    def _bare(self, held: bytes, at: int, _last: bool, out: bytearray) -> int:
        found = self._end.search(held, at)
        end = found.end() if found else len(held)
        out += held[at:end]
        if found:
            self._state = self._start
        return end

    def _quoted(self, held: bytes, at: int, last: bool, out: bytearray) -> int | None:
        mark = held.find(b'"', at)
        if mark < 0:
            out += held[at:]
            return len(held)
        if mark + 1 == len(held) and not last:
            if mark == at:
                return None
            out += held[at:mark]
            return mark
        doubled = held[mark + 1 : mark + 2] == b'"'
        end = mark + 1 + doubled
        out += held[at:end]
        if not doubled:
            self._state = self._bare
        return end


def _formula(head: bytes, ended: bool) -> bool:
    """Whether some spreadsheet would evaluate a cell with this beginning as a formula.

    :param ended: it is the whole cell
    """
    blanks = BLANKS.match(head)
    start = blanks.end() if blanks else 0
    if start == len(head):
        return not ended  # a formula could stand behind so many blanks
    if head[:1] in (b"\t", b"\r"):
        return True
    return head.startswith(FORMULA, start) and not (ended and NUMBER.fullmatch(head))
