"""Words of a text for searching: one spelling for what people write in many.

Case, accents, dashes, white space and Greek letters make no difference: ``IFN-γ``, ``IFN gamma`` and ``ifngamma`` are
found by each other. A short number is never a word of its own: it belongs to the letters before it (``IL-6`` and
``IL 6`` are ``il6``), so that "6" finds no cytokine. A number of five or more digits is the one of an id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["SearchTerm", "Spelling", "Word", "key_of", "squeezed", "terms_of", "words_of"]

_GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_NAMES: Final = frozenset(_GREEK.values())
#: Words that are in every other text and tell nothing apart.
_STOP: Final = frozenset("a an and at by for from in of on or per the to vs with".split())  # noqa: SIM905 - reads better
_ID_DIGITS: Final = 5
_PREFIX_LETTERS: Final = 3
_LONGEST: Final = 60
# Letters, digits and Greek names of a run without white space, "/" or ","; a dash, dot or colon joins.
_PART: Final = re.compile(r"\d+|[^\W\d_]+")
_JOINS: Final = frozenset("-.:'’+_")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    :param token: its one spelling
    :param start: of the characters that it stands for; ``end`` is behind them
    """

    token: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that a text may have for a term: all of these tokens.

    :param prefix: whether each may be the beginning of a longer word
    """

    tokens: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """What is looked for, as it was typed, and the spellings that fit it."""

    typed: str
    matches: tuple[Spelling, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Letters or digits of a text, folded."""

    text: str
    start: int
    end: int

    @property
    def digits(self) -> bool:
        return self.text[0].isdecimal()


_Chunk = tuple[_Part, ...]
#: Between the numbers of a list that share the letters before them: ``ACR20/50/70``, ``phase 1 / 2``.
_LISTS: Final = re.compile(r"(?<!\s)\s*/\s*|,")


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """A character without accents, in lower case; a Greek letter as its name between marks, white space as a blank."""
    made = []
    for plain in unicodedata.normalize("NFKD", char):
        if unicodedata.combining(plain):
            continue
        if unicodedata.category(plain) == "Pd" or plain in "\u2212\u207b":
            made.append("-")
            continue
        for lower in plain.casefold():
            made.append(f"\0{_GREEK[lower]}\0" if lower in _GREEK else lower)
    return "".join(made)


def _chunks(text: str) -> Iterator[tuple[str, _Chunk]]:
    """The runs of a text that are written together, each as its letters, digits and Greek letters.

    Before each stands what is between it and the one before it.
    """
    folded: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        plain = _folded(char)
        folded.append(plain)
        offsets += [at] * len(plain)
    whole = "".join(folded)
    held: list[_Part] = []
    end, gap = 0, ""
    for found in _PART.finditer(whole):
        between = whole[end : found.start()].replace("\0", "")
        if held and not all(char in _JOINS for char in between):
            yield gap, tuple(held)
            held, gap = [], between
        end = found.end()
        held.append(_Part(found[0][:_LONGEST], offsets[found.start()], offsets[end - 1] + 1))
    if held:
        yield gap, tuple(held)


def _owner(letters: _Part | None, before: _Chunk, gap: str) -> _Part | None:
    """The letters that a number behind a chunk belongs to: those just before it, or those of its list."""
    follows = bool(before) and (not _ends_in_number(before) or _LISTS.fullmatch(gap) is not None)
    return letters if follows else None


def _ends_in_number(chunk: _Chunk) -> bool:
    return chunk[-1].digits or _is_suffix(chunk, len(chunk) - 1)


def words_of(text: str) -> list[Word]:
    """All spellings under which a text is found, each with its place."""
    made: dict[Word, None] = {}
    letters: _Part | None = None  # that a number behind them belongs to
    before: _Chunk = ()
    for gap, chunk in _chunks(text):
        letters = _owner(letters, before, gap)
        for at, part in enumerate(chunk):
            if part.digits:
                made.update(dict.fromkeys(_numbers(chunk, at, letters)))
                continue
            made[Word(part.text, part.start, part.end)] = None
            letters = letters if _is_suffix(chunk, at) else None if part.text in _STOP else part
        if len(chunk) > 1:
            made[_joined(chunk)] = None
        if len(chunk) == 1 and len(before) == 1 and _GREEK_NAMES & {chunk[0].text, before[0].text}:
            made[_joined((*before, *chunk))] = None  # "IFN gamma"
        before = chunk
    return list(made)


def _is_suffix(chunk: _Chunk, at: int) -> bool:
    """Whether letters belong to the number before them: the ``a`` of ``2a``."""
    part = chunk[at]
    return at > 0 and len(part.text) == 1 and chunk[at - 1].digits and chunk[at - 1].end == part.start


def _numbers(chunk: _Chunk, at: int, letters: _Part | None) -> list[Word]:
    """The words of a number: by itself where it is one of an id, else with the letters before it; the longest last."""
    part = chunk[at]
    made = [Word(part.text, part.start, part.end)] if len(part.text) >= _ID_DIGITS else []
    if letters is not None:
        token = f"{letters.text}{part.text}"[:_LONGEST]
        made.append(Word(token, letters.start, part.end))
        if at + 1 < len(chunk) and _is_suffix(chunk, at + 1):
            suffix = chunk[at + 1]
            made.append(Word(f"{token}{suffix.text}", letters.start, suffix.end))  # phase 2a
    return made


def _joined(parts: Sequence[_Part]) -> Word:
    return Word("".join(part.text for part in parts)[:_LONGEST], parts[0].start, parts[-1].end)


def key_of(text: str) -> str:
    """A text in its one spelling, for comparing whole texts."""
    return " ".join("".join(part.text for part in chunk) for _, chunk in _chunks(text))


def squeezed(text: str) -> str:
    """The letters and digits of an id, whatever stands between them: ``nct 0417 0426`` as ``nct04170426``."""
    return "".join(part.text for _, chunk in _chunks(text) for part in chunk)


def terms_of(text: str, most: int) -> tuple[tuple[SearchTerm, ...], tuple[str, ...]]:
    """What a search looks for, and the numbers in it that belong to no word.

    :param most: the most terms; what is behind them is left out
    """
    made: dict[SearchTerm, None] = {}
    alone: list[str] = []
    letters: _Part | None = None
    before: _Chunk = ()
    for gap, chunk in _chunks(text):
        letters = _owner(letters, before, gap)
        before = chunk
        typed = text[chunk[0].start : chunk[-1].end]
        named = [part for at, part in enumerate(chunk) if not part.digits and not _is_suffix(chunk, at)]
        if named:
            if len(chunk) > 1 or chunk[0].text not in _STOP:
                made[SearchTerm(typed, _spellings(chunk, letters))] = None
            letters = None if named[-1].text in _STOP else named[-1]
            continue
        for at, part in enumerate(chunk):
            if not part.digits:
                continue
            words = _numbers(chunk, at, letters)
            kept = words if len(part.text) >= _ID_DIGITS else words[-1:]
            if kept:
                made[SearchTerm(typed, tuple(_match((word.token,)) for word in kept))] = None
            else:
                alone.append(part.text)
    return tuple(made)[:most], tuple(alone)


def _spellings(chunk: _Chunk, letters: _Part | None) -> tuple[Spelling, ...]:
    """How a text may have what was typed as one word: in one, or by its parts."""
    if len(chunk) == 1:
        return (_match((chunk[0].text,)),)
    parts: list[str] = []
    for at, part in enumerate(chunk):
        if part.digits:
            parts += [word.token for word in _numbers(chunk, at, letters)[-1:]]
        elif not _is_suffix(chunk, at):
            letters = part
            parts.append(part.text)
    return tuple(dict.fromkeys((_match((_joined(chunk).token,)), _match(tuple(dict.fromkeys(parts))))))


def _match(tokens: Sequence[str]) -> Spelling:
    return Spelling(tuple((_singular(token), _may_go_on(token)) for token in tokens))


def _singular(token: str) -> str:
    """Without the ``s`` of a plural: as the beginning of a word it finds both."""
    plural = (
        len(token) > _PREFIX_LETTERS and token.endswith("s") and not token.endswith(("ss", "us", "is", "as"))
    )
    return token[:-1] if plural else token


def _may_go_on(token: str) -> bool:
    """Whether a longer word fits too: ``umbil``, ``nct0417``; but ``il1`` is not ``il17``, nor ``ms`` ``msc``."""
    if re.search(r"\d{4}", token):
        return True
    return len(token) >= _PREFIX_LETTERS and not re.search(r"\d.?$", token)
