"""The forms under which words are compared: case, dashes, quotes and Greek letters folded, plurals as singulars."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["DASHES", "GREEK", "fold", "normalise", "singular"]

# One-to-one so that offsets into a normalised text are offsets into the text.
GREEK: Final = str.maketrans({"α": "a", "β": "b", "γ": "g", "δ": "d", "κ": "k", "ω": "w", "µ": "u", "μ": "u"})
DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "\u0301": "'"})
_FOLDED: Final = DASHES | QUOTES | GREEK
# From the first of the blanks only: begun at each of them, the search would be quadratic in their number.
_BEFORE_S: Final = re.compile(r"(?<!\s)\s+(?='s\b)")


def fold(text: str) -> str:
    """Case, dashes, quotes and Greek letters folded, one character for one."""
    lowered = text.lower()
    if text.isascii():
        return lowered.replace("`", "'")
    # "İ" becomes two characters, and a sigma at the end of a word another letter than elsewhere.
    if len(lowered) != len(text) or "Σ" in text:
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLDED)


@lru_cache(maxsize=1 << 15)
def normalise(text: str) -> str:
    """The form under which words are looked up: folded, hyphens as blanks, last word in the singular."""
    folded = fold(text)
    if "'s" in folded:
        folded = _BEFORE_S.sub("", folded)
    words = " ".join(folded.replace("-", " ").replace("_", " ").split()).strip(" .,;:").split(" ")
    words[-1] = singular(words[-1])
    return " ".join(words)


def singular(word: str) -> str:
    """A word without the ending of a plural."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
