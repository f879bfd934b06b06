"""A printed list to its items: split where a curator would split it.

Not inside parentheses; ``X and Y`` of one head noun are two ("Selena SLEDAI and BILAG scores", "T and B
lymphocytes"); a comma that is missing between two known terms is seen; a stray full stop separates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.extract.text.brackets import abbreviates
from trialgraph.terminology.lexicon import Mention, lexicon

__all__ = ["Item", "ground", "split_items"]

_CONJUNCTION: Final = re.compile(r"\s+(?:and/or|and|or|&)\s+|\s+\+\s+")
# "Disease Activity Score (DAS28)"
_ABBREVIATED: Final = re.compile(r"([^()]+?)\s*\(([\w-]{2,15})\)")
_LEADING: Final = re.compile(
    r"(?:(?:(?:and|or|as well as|including|the|a|an)\s|"
    r"(?:[Pp]rimary|[Ss]econdary|[Ee]xploratory)(?: (?:outcomes?|end ?points?))?:)\s*)+"
)
_TRAILING: Final = re.compile(r"(?:[ \t.,;:]|\betc)+$")
_SIDE_BY_SIDE: Final = re.compile(r"\s*/\s*|\s+")
# Terms that lost their commas, or are joined by "and" alone, are few; a long line is not tried in all ways.
_MOST_WORDS: Final = 12
# Nouns that many measures share and that say nothing by themselves.
_HEAD: Final = re.compile(
    r"(?:\s|-)(?:scores?|levels?|values?|rates?|index|indices|measurements?|titers?|titres?|"
    r"concentrations?|assessments?|evaluations?|tests?|response rates?|criteria|parameters?)$",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"^(?:changes? (?:in|of)|improvements? (?:in|of)|reductions? (?:in|of)|serum|plasma|"
    r"preliminary|clinical|overall|levels? of|incidence of|number of|proportion of|"
    r"percentage of|rate of|the)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list.

    :param start: first character, in the text that was split
    :param end: one past the last one
    :param words: the item in full: the printed characters, with the head noun that it shares with its neighbour
    :param phrase: the coordination that it was taken from ("T and B lymphocytes"), else ``words``
    :param how: ``item``, ``shared-head`` or ``missing-comma``
    """

    start: int
    end: int
    words: str
    phrase: str
    how: str


def split_items(text: str, field: str) -> tuple[Item, ...]:
    """The items of ``text`` as a list of things of that field."""
    made: list[Item] = []
    for start, end in _pieces(text):
        made.extend(_coordinated(text, start, end, field))
    # A dash or a stop between two separators names nothing.
    held = (item for item in made if any(c.isalnum() for c in text[item.start : item.end]))
    return tuple(_without_separators(text, item) for item in held)


def _without_separators(text: str, item: Item) -> Item:
    """The item without commas at its ends, which a stray conjunction may leave there."""
    printed = text[item.start : item.end]
    bare = printed.strip(" ,;")
    if bare == printed:
        return item
    start = item.start + printed.index(bare)
    return replace(item, start=start, end=start + len(bare), words=item.words.strip(" ,;"))


def ground(field: str, item: Item) -> tuple[Mention | None, bool]:
    """The concept that an item names, and whether a general noun or lead had to be left out to find it."""
    words = lexicon()
    if mention := words.lookup(field, item.words):
        return mention, False
    bare = re.sub(r"\s*\([^()]*\)", "", item.words).strip()
    short = _ABBREVIATED.fullmatch(item.words)
    if short and abbreviates(short[2], short[1]) and (mention := words.lookup(field, short[2])):
        return mention, False
    for text in (bare, _HEAD.sub("", bare), _LEAD.sub("", bare), _HEAD.sub("", _LEAD.sub("", bare))):
        if text and (mention := words.lookup(field, text)):
            return mention, text != bare
    if item.phrase != item.words and (mention := words.lookup(field, item.phrase)):
        return mention, True
    return None, False


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Spans between separators at the top level, trimmed of conjunctions and stray stops."""
    start = depth = 0
    for at, char in enumerate(text):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and (char in ",;" or (char == "." and re.match(r"\.(?:\s+[A-Z]|\s*$)", text[at:]))):
            # 1,000 and decimals are no separators.
            if char == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
                continue
            yield from _trimmed(text, start, at)
            start = at + 1
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = text[start:end]
    if m := _LEADING.match(piece):
        start += m.end()
    end = start + len(_TRAILING.sub("", text[start:end]))
    if end > start:
        yield start, end


def _coordinated(text: str, start: int, end: int, field: str) -> Iterator[Item]:
    piece = text[start:end]
    joint = _top_level(piece)
    if joint is None or _is_one(piece, field) or len(_CONJUNCTION.findall(piece)) > _MOST_WORDS:
        yield from _glued(text, start, end, field)
        return
    left, right = (0, joint.start()), (joint.end(), len(piece))
    words = _share(piece[: left[1]], piece[right[0] :], field)
    shared = words != (piece[: left[1]], piece[right[0] :])
    for (i, j), full in zip((left, right), words, strict=True):
        if full == piece[i:j] and _top_level(full):
            yield from _coordinated(text, start + i, start + j, field)
        elif shared:
            yield Item(start + i, start + j, full, piece, "shared-head")
        else:
            yield Item(start + i, start + j, full, full, "item")


def _top_level(piece: str) -> re.Match[str] | None:
    """The first conjunction outside parentheses."""
    for m in _CONJUNCTION.finditer(piece):
        if piece.count("(", 0, m.start()) == piece.count(")", 0, m.start()):
            return m
    return None


def _is_one(piece: str, field: str) -> bool:
    """Whether a phrase with a conjunction is one thing: its concept's own label has the conjunction."""
    mention = lexicon().lookup(field, piece)
    return mention is not None and _CONJUNCTION.search(mention.concept.label) is not None


def _share(left: str, right: str, field: str) -> tuple[str, str]:
    """Both conjuncts in full: what they share of the words before and behind is given to each.

    "Selena SLEDAI" and "BILAG scores" share "scores"; "… of T" and "B lymphocytes" share "… of" and
    "lymphocytes"; "Safety" and "efficacy" share nothing.
    """
    words = lexicon()
    if words.lookup(field, left) and words.lookup(field, right):
        return left, right
    head = right.split(" ", 1)[1] if " " in right else ""
    lead = left.rsplit(" ", 1)[0] if " " in left else ""
    candidates = [(f"{left} {head}", right)] if head else []
    if head and lead:
        candidates.append((f"{left} {head}", f"{lead} {right}"))
    if lead and not head:
        candidates.append((left, f"{lead} {right}"))
    for a, b in candidates:
        if words.lookup(field, a) and words.lookup(field, b):
            return a, b
    # An adjective alone before "and" needs the noun behind it; a noun does not.
    if head and " " not in left and not words.lookup(field, left) and _adjective(left):
        return f"{left} {head}", right
    # "proliferation of T and B lymphocytes": one letter or a short code is never a thing by itself.
    last = left.rsplit(" ", 1)[-1]
    if head and lead and len(last) <= 2:
        return f"{left} {head}", f"{lead} {right}"
    return left, right


def _adjective(word: str) -> bool:
    return (
        re.search(r"(?:ive|al|ic|ary|ory|ous|able|ible|ent|ant|ed|ar|ete)$", word, re.IGNORECASE) is not None
    )


def _glued(text: str, start: int, end: int, field: str) -> Iterator[Item]:
    """A piece that is no term but terms side by side has lost its comma; a slash may stand in its place."""
    terms = _terms(text, start, end, field)
    for i, j in terms or [(start, end)]:
        yield Item(i, j, text[i:j], text[i:j], "missing-comma" if len(terms) > 1 else "item")


def _terms(text: str, start: int, end: int, field: str) -> list[tuple[int, int]]:
    """The known terms that the span is made of, the longest first; empty where it is not made of such."""
    words = lexicon()
    if words.lookup(field, text[start:end]):
        return [(start, end)]
    joints = list(_SIDE_BY_SIDE.finditer(text, start, end))
    if len(joints) > _MOST_WORDS:
        return []
    for joint in reversed(joints):
        if words.lookup(field, text[start : joint.start()]) and (
            rest := _terms(text, joint.end(), end, field)
        ):
            return [(start, joint.start()), *rest]
    return []
