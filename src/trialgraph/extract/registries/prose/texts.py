"""The texts of a record that values are read from, as cells in normal form, with what each is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from trialgraph.base.normal_form import NormalText, normal_form
from trialgraph.model.record import RecordFact, RegistryRecord
from trialgraph.model.table import Cell

__all__ = ["ProseText", "Texts", "cell_in_normal_form", "part_of", "sentences", "substituted", "texts_of"]

Kind = Literal["intervention", "arm", "title", "summary", "description"]
By = Mapping[tuple[str, str], Sequence[RecordFact]]

_OF_NODES: Final[tuple[tuple[Kind, str, tuple[str, ...]], ...]] = (
    ("intervention", "intervention", ("name", "description", "otherName")),
    ("arm", "arm", ("label", "description")),
)
_OF_STUDY: Final[tuple[tuple[Kind, str], ...]] = (
    ("title", "studyTitle"), ("title", "officialTitle"), ("summary", "briefSummary"),
    ("description", "detailedDescription"),
)  # fmt: skip
# The registry's texts are Markdown: a backslash before a sign is none of the text.
_ESCAPED: Final = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!~^<>|&=])")
# Texts without an end of a sentence are lists of numbers and the like; readers of one take the square of its length.
_LONGEST: Final = 2_000
_LONGEST_TEXT: Final = 100_000
# A sentence ends at a full stop behind a word and before a capital, at a semicolon and at a line break.
_SENTENCE: Final = re.compile(r"(?<=[a-z)\]%0-9])[.;]\s+(?=[A-Z(\d])|\n\s*|;\s+|\s[•*-]\s(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ProseText:
    """A text, or a part of one.

    :param number: of the intervention or arm that it is about, from 0
    :param part: which of its texts: ``name``, ``label``, ``description``, …
    :param fact: whose text it is
    """

    kind: Kind
    number: int
    part: str
    cell: Cell
    fact: RecordFact

    @property
    def text(self) -> str:
        """Its characters, in normal form."""
        return self.cell.text or ""


Texts = tuple[ProseText, ...]


def texts_of(record: RegistryRecord, by: By) -> Texts:
    """The texts of a record that say what is given, to whom and how."""
    return tuple(_texts(record, by))


def _texts(record: RegistryRecord, by: By) -> Iterator[ProseText]:
    for kind, node, parts in _OF_NODES:
        for part in parts:
            for fact in _short(by.get((node, part), ())):
                yield ProseText(kind, fact.node[1][0], part, cell_in_normal_form(record, fact), fact)
    for kind, name in _OF_STUDY:
        for fact in _short(by.get(("study", name), ())):
            yield ProseText(kind, 0, name, cell_in_normal_form(record, fact), fact)


def _short(facts: Iterable[RecordFact]) -> Iterator[RecordFact]:
    """Those whose text may be prose: the registry takes 32,000 characters."""
    return (fact for fact in facts if len(str(fact.value)) <= _LONGEST_TEXT)


def cell_in_normal_form(record: RegistryRecord, fact: RecordFact) -> Cell:
    """The text of a fact as a cell, in normal form and without Markdown."""
    text = fact.raw if fact.raw is not None else str(fact.value)
    whole = Cell("", "prose", "prose", 0, text, 0, len(text), address=record.place(fact))
    # Not by way of the cache that table cells share: it would hold the texts of thousands of records.
    normal = normal_form.__wrapped__(text)
    lines = _with_line_breaks(normal, text)
    return _unescaped(replace(whole, text=lines, original=whole, offsets=normal.offsets))


def _with_line_breaks(normal: NormalText, text: str) -> str:
    """The normal form with the line breaks that it has as blanks: they end sentences."""
    if "\n" not in text:
        return normal.text
    pairs = zip(normal.text, normal.offsets, strict=False)
    return "".join("\n" if char == " " and text[at] == "\n" else char for char, at in pairs)


def _unescaped(cell: Cell) -> Cell:
    """The cell without the backslashes of Markdown."""
    text = cell.text or ""
    if "\\" not in text:
        return cell
    made: list[str] = []
    offsets: list[int] = []
    at = 0
    for m in _ESCAPED.finditer(text):
        made.append(text[at : m.start()])
        offsets += cell.offsets[at : m.start()]
        at = m.end()
    made.append(text[at:])
    offsets += cell.offsets[at:]
    return replace(cell, text="".join(made), offsets=tuple(offsets))


def substituted(cell: Cell, pattern: re.Pattern[str], by: str) -> Cell:
    """The cell with another text for what a pattern finds; each of its characters leads back to where that begins.

    :param by: template of the text, as :meth:`re.Match.expand` has it
    """
    text = cell.text or ""
    if pattern.search(text) is None:
        return cell
    before = cell.offsets if cell.original else tuple(range(len(text) + 1))
    made: list[str] = []
    offsets: list[int] = []
    at = 0
    for m in pattern.finditer(text):
        new = m.expand(by)
        made += [text[at : m.start()], new]
        offsets += before[at : m.start()]
        offsets += (before[min(m.start() + i, m.end() - 1)] for i in range(len(new)))
        at = m.end()
    made.append(text[at:])
    offsets += before[at:]
    return replace(cell, text="".join(made), original=cell.original or cell, offsets=tuple(offsets))


def part_of(cell: Cell, start: int, end: int) -> Cell:
    """A stretch of a cell as a cell; what is read from it leads back to the whole."""
    return replace(
        cell,
        text=(cell.text or "")[start:end],
        original=cell.original or cell,
        offsets=cell.offsets[start : end + 1] if cell.original else tuple(range(start, end + 1)),
    )


def sentences(text: ProseText) -> Iterator[ProseText]:
    """The sentences of a text; what is longer than any sentence is none, and nothing is read from it."""
    whole, at = text.text, 0
    ends = [(m.start() + (m[0][:1] in ".;"), m.end()) for m in _SENTENCE.finditer(whole)]
    for end, behind in (*ends, (len(whole), len(whole))):
        if end - at <= _LONGEST and whole[at:end].strip():
            yield replace(text, cell=part_of(text.cell, at, end))
        at = behind
