"""Homoglyphs (confusables): text that only looks like a registry's number.

Letters of other alphabets, full-width digits, invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.text.patterns import REGISTRIES

__all__ = ["Confusable", "find_confusables", "with_plain_numbers"]

# Capitals and small letters of Cyrillic and Greek that are drawn as Latin ones, and the dashes.
_PAIRS: Final = (
    ("АВЕЅІЈКМНОРСТУХԚԜ", "ABESIJKMHOPCTYXQW"),
    ("аеѕіјорсухһԁԛԝ", "aesijopcyxhdqw"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("ονγτιαρ", "ovytiap"),
    ("‐‑‒–—―−－⁃", "---------"),
    ("／∕⁄", "///"),
)
# Soft hyphen, zero widths, joiners, marks of direction, byte order mark.
UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SHAPES: Final = re.compile("|".join(f"(?:(?:{shape})(?!\\d))" for shape in REGISTRIES.values()), re.ASCII)


def _plain_forms() -> dict[int, str]:
    made = {ord(odd): plain for odds, plains in _PAIRS for odd, plain in zip(odds, plains, strict=True)}
    for start, end in (
        (0x0660, 0x1100),
        (0x1780, 0x1C5A),
        (0xA620, 0xAC00),
        (0xFF10, 0xFF5B),
        (0x1D400, 0x1D800),
    ):
        for code in range(start, end):
            plain = unicodedata.normalize("NFKC", chr(code))
            digit = unicodedata.decimal(chr(code), None)
            if digit is not None:
                made[code] = str(digit)
            elif len(plain) == 1 and plain.isascii() and plain.isalnum():
                made[code] = plain
    return made


_PLAIN: Final = _plain_forms()


@dataclass(frozen=True, slots=True)
class Confusable:
    """Characters that only look like a number of a registry.

    :param start: offset of the first of them in the text
    :param end: one past the last
    :param number: the number that they look like
    :param odd: the first that is not what it looks like
    """

    start: int
    end: int
    number: str
    odd: str

    @property
    def why(self) -> str:
        """What is wrong with it, in words of ASCII."""
        return f"U+{ord(self.odd):04X} {unicodedata.name(self.odd, 'a control character')}"


def find_confusables(text: str) -> list[Confusable]:
    """All of them in a text, in order."""
    if text.isascii():
        return []
    kept = [at for at, c in enumerate(text) if not UNSEEN.match(c)]
    skeleton = "".join(text[at] for at in kept).translate(_PLAIN)
    made = []
    for found in _SHAPES.finditer(skeleton):
        start, end = kept[found.start()], kept[found.end() - 1] + 1
        if odd := next((c for c in text[start:end] if not c.isascii()), ""):
            made.append(Confusable(start, end, found.group(), odd))
    return made


def with_plain_numbers(text: str) -> str:
    """The text with confusables replaced where that keeps its length: for finding where cells end."""
    for found in find_confusables(text):
        if found.end - found.start == len(found.number):
            text = text[: found.start] + found.number + text[found.end :]
    return text
