"""One definition of white space, dash, digit, case form and composition for all patterns.

Readers see a copy of a cell's text in normal form; their spans lead back to the text as it stands in the source. What
is the same value in another typography is the same to them: no-break and thin spaces, minus signs and all dashes, the
raised decimal point, full-width characters, ligatures, Roman numerals of one character, decomposed letters, characters
of no width. Superscript and subscript digits are kept, as they carry meaning.

White space is Unicode's property White_Space, dashes are its property Dash (PropList.txt); compatibility forms are
those of NFKC, composition that of NFC (Unicode Standard Annex 15).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["NormalText", "normal_form"]

_WHITE_SPACE: Final = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000"
)
_DASHES: Final = frozenset(
    "-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40"
    "\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d"
)
# Soft hyphen, joiners, marks of direction, byte order mark: they are not seen and mean nothing here.
_NO_WIDTH: Final = frozenset(
    "\xad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff"
)
_RAISED_POINTS: Final = frozenset("·\u066b\u2219\u22c5\u2027\u0387\u30fb\uff65")
_POWER_BEHIND: Final = re.compile(r"10(?:\^|[⁰¹²³⁴-⁹]|[eE]|(?:1[0-2]|[3-9])(?!\d))")
# Compatibility forms that are taken: full and half width, ligatures, Roman numerals, mathematical letters.
_COMPATIBLE: Final = ((0x2160, 0x2188), (0xFB00, 0xFB07), (0xFF01, 0xFFEF), (0x1D400, 0x1D800))


@dataclass(frozen=True, slots=True)
class NormalText:
    """A text in normal form.

    :param text: the normal form
    :param offsets: for each character of it, and one past its end, the offset in the text as it stands
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as it stands that the span of the normal form was made of."""
        if start == end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end]


@lru_cache(maxsize=65536)
def normal_form(text: str) -> NormalText:
    """The normal form of a text, with the way back."""
    if text.isascii() and text.isprintable():
        return NormalText(text, tuple(range(len(text) + 1)))
    made: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        # A letter with its combining marks is one character where there is one for it.
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        plain = _plain(text, at, end)
        made.append(plain)
        offsets += [at] * len(plain)
        at = end
    return NormalText("".join(made), (*offsets, len(text)))


def _is_wrapped(text: str, at: int, end: int) -> bool:
    """Whether a line break says nothing: beside white space, and beside a hyphen inside a word."""
    before, behind = text[max(0, at - 3) : at].removesuffix("\r"), text[end : end + 1]
    if not before or not behind:
        return False
    if behind in _WHITE_SPACE or (before[-1] in _WHITE_SPACE and before[-1] not in "\r\n"):
        return True
    if before[-1] == "\xad":
        return True
    if behind in _DASHES:
        return before[-1].isalnum() and text[end + 1 : end + 2].isalnum()
    left = before[-2:-1]
    return before[-1] in _DASHES and (
        (left.isalpha() and behind.isalnum()) or (left.isalnum() and behind.isalpha())
    )


def _plain(text: str, at: int, end: int) -> str:
    char = text[at]
    # Combining marks on a digit mean nothing.
    if end > at + 1 and not char.isdigit():
        return unicodedata.normalize("NFC", text[at:end])
    if char in "\r\n" and _is_wrapped(text, at, end):
        return ""
    if char in _WHITE_SPACE:
        return " "
    if char in _NO_WIDTH:
        return ""
    if char in _RAISED_POINTS and text[at - 1 : at].isdecimal() and text[end : end + 1].isdecimal():
        # 2·10⁶ is a product, 1·5 a decimal fraction.
        return "·" if _POWER_BEHIND.match(text, end) else "."
    if char in _DASHES:
        return "–" if char in "–—" else "-"
    if any(low <= ord(char) < high for low, high in _COMPATIBLE):
        return unicodedata.normalize("NFKC", char)
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
