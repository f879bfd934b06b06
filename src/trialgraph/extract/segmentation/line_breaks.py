"""Line breaks inside the cells of a broken row: whether one may stand inside a number or a word.

A line break stands for a blank, or for nothing. Where the two give another value, the cell is doubtful and nothing is
read from it: digits on both sides, a word that the source or the lexicon knows only as a whole, a concept or number
that only the text without a blank gives. Nor is anything where a cell would begin with a small letter behind a break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import Final

from trialgraph.extract.columns import column_of
from trialgraph.extract.segmentation.row_text import RowText
from trialgraph.extract.text.evidence import vocabulary
from trialgraph.extract.text.leftovers import FUNCTION_WORDS
from trialgraph.model.table import Cell, Column

__all__ = ["doubtful_breaks", "words_of"]

# A number that may go on behind a line break.
_DIGITS: Final = (re.compile(r"\d[.,·/×^]?$"), re.compile(r"[.,·/×^]?\d"))
_LETTERS: Final = (re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+"))
# Words of trial reports that no concept file has.
_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        "all but control did during effective efficacy group groups had has have improved improvement improvements is "
        "no not observed patients reduced reduction safe safety significant significantly study than that their these "
        "this three time tolerated treated treatment trial two was well were when which while without",
    )
)


def words_of(text: str) -> frozenset[str]:
    """The words of a source that stand between blanks or punctuation inside a line, folded."""
    return frozenset(m.group().casefold() for m in re.finditer(r"(?<=[^\w\r\n])[^\W\d_]+(?=[^\w\r\n])", text))


def doubtful_breaks(
    row: RowText, source: str, bounds: Sequence[int], columns: Sequence[Column], words: Set[str]
) -> frozenset[int]:
    """The cells that may be broken inside a number or a word, by their positions.

    :param source: the text of the source
    :param bounds: of the cells, in the row's text
    :param words: the words of the source (:func:`words_of`)
    """
    made: set[int] = set()
    for at in row.breaks:
        beside = [k for k, (i, j) in enumerate(pairwise(bounds)) if i < j and i <= at + 1 and at < j]
        before, behind = row.text[:at], row.text[at + 1 :]
        if _DIGITS[0].search(before) and _DIGITS[1].match(behind):
            made.update(beside)
        elif not _is_bare(row, source, at):
            continue
        elif len(beside) > 1:
            made.update(beside if behind[0].islower() else ())
        elif _breaks_word(before, behind, words):
            made.update(beside)
        else:
            start, end = bounds[beside[0]], bounds[beside[0] + 1]
            doubtful = _says_more(row.text[start:end], at - start, columns[beside[0]])
            made.update(beside if doubtful else ())
    return frozenset(made)


def _is_bare(row: RowText, source: str, at: int) -> bool:
    """Whether no white space stands beside the line break: a blank there would be part of the text."""
    end, start = row.ends[at], row.starts[at + 1]
    return source[end - 1 : end].isalnum() and source[start : start + 1].isalnum()


def _breaks_word(before: str, behind: str, words: Set[str]) -> bool:
    left, right = _LETTERS[0].search(before), _LETTERS[1].match(behind)
    if not left or not right:
        return False
    known = words | vocabulary() | FUNCTION_WORDS | _COMMON
    first, last = left.group().casefold(), right.group().casefold()
    return first + last in known or not (first in known or last in known)


def _says_more(text: str, at: int, column: Column) -> bool:
    """Whether a cell gives more concepts or numbers without a blank at the line break."""
    blank, none = (set(_values(words, column)) for words in (text, text[:at] + text[at + 1 :]))
    return bool(none - blank)


def _values(text: str, column: Column) -> Iterator[tuple[str, str]]:
    kind = column_of(column.field)
    if kind is None:
        return
    cell = Cell(column.header, column.field, column.key, 1, text, 0, len(text)).in_normal_form()
    for reading in kind.read([cell]).readings:
        if reading.mention:
            yield reading.name, reading.mention.concept.id
        elif reading.value is not None and not isinstance(reading.value, str):
            yield reading.name, str(reading.value)
