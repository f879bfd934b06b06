"""The legend of a table: "AD, atopic dermatitis; UC: ulcerative colitis" to what each abbreviation stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from trialgraph.model.table import NonCellText

__all__ = ["read_legend"]

_HEAD: Final = re.compile(
    r"^\W*(?:(?:list of )?abbreviations?(?: used)?|notes?|legend)\b\s*[:.]?\s*", re.IGNORECASE
)
_SHORT: Final = r"(?P<short>[A-Za-z0-9][\w/+-]{0,14})"
# "AD, atopic dermatitis", "AD: …", "AD = …", "AD – …", "AD (atopic dermatitis)", "AD indicates …".
_PAIR: Final = re.compile(
    rf"^\W*{_SHORT}\s*(?:[,:=]|\s[-–—]\s|\b(?:is|means|indicates|denotes|stands for)\b)\s*(?P<long>\S.*?)\W*$"
)
# Where pairs are joined by ":" or "=", commas part them.
_BETWEEN: Final = re.compile(rf"[;.]\s+|[;]|,\s*(?={_SHORT.replace('?P<short>', '?:')}\s*[:=])")
# "Adipose tissue (AT), bone marrow (BM)".
_NAMED_FIRST: Final = re.compile(r"(?P<long>[A-Za-z][^(),;:]{2,60}?) ?\((?P<short>[A-Z][\w/+-]{0,9})\)")
_IN_PARENTHESES: Final = re.compile(
    r"\W*(?:[A-Za-z][^(),;:]{2,60}? ?\([A-Z][\w/+-]{0,9}\)(?:[,;.]| and)?\s*){2,40}"
)
_KINDS: Final = frozenset({"footnote", "caption"})


def read_legend(text: str, parts: Iterable[NonCellText]) -> Mapping[str, str]:
    """What abbreviations stand for by the footnotes and captions of a table; not those that it explains in two ways.

    :param text: of the source, where it is a text
    """
    found: dict[str, set[str]] = {}
    for part in parts:
        if part.kind in _KINDS:
            words = text[part.start : part.end] if part.text is None else part.text
            for piece in _BETWEEN.split(_HEAD.sub("", words)):
                if (m := _PAIR.match(piece)) and _is_short(m["short"]):
                    found.setdefault(m["short"], set()).add(m["long"].strip())
            if _IN_PARENTHESES.fullmatch(words.strip()):
                for m in _NAMED_FIRST.finditer(words):
                    if _is_short(m["short"]):
                        found.setdefault(m["short"], set()).add(m["long"].strip())
    return {short: meanings.pop() for short, meanings in found.items() if len(meanings) == 1}


def _is_short(word: str) -> bool:
    return sum(char.isupper() for char in word) > 1
