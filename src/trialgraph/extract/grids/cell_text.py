"""Runs of a cell to its text as a reader sees it: superscripts are powers, charges or footnote marks.

A superscript that is surely a mark leaves the text and goes to the marks; one that is surely a power becomes
superscript characters; one that may be either stays in the text as superscript characters, so that nothing is lost and
nothing is merged with the number before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

__all__ = [
    "Run",
    "TextWithMarks",
    "clean",
    "leading_marks",
    "plain_text",
    "raised",
    "text_of_runs",
    "trailing_marks",
]

#: ``mark``: the file itself says that it leads to a note; ``citation``: that it leads to a reference, and it is raised;
#: ``reference``: likewise, not raised.
Script = Literal["plain", "super", "sub", "mark", "citation", "reference"]

_SUPER: Final = str.maketrans(
    "0123456789+-−–=()niabcdefghjklmoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
_FROM_SUPER: Final = {
    ord(up): low for low, up in zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
}
_RAISED_DIGITS: Final = re.compile("[⁰¹²³⁴-⁹]+$")
_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SYMBOLS: Final = "*∗†‡§¶‖#⁎✝※"
_ALL_SYMBOLS: Final = re.compile(rf"[{_SYMBOLS}]+")
_NUMBER: Final = re.compile(r"[+\-−–]?\d+(?:\.\d+)?")
_CHARGE: Final = re.compile(r"[+\-−–]+|\d?[+\-−–]|[+\-−–]?/[+\-−–]?")
_POWER_OF: Final = re.compile(r"(?:[×xX·*∗⋅]\s*10|(?:^|[^\d.,])10|\bE)$")
_TIMES_TEN: Final = re.compile(r"[×xX·*∗⋅]\s*10$")
_UNIT_BEFORE: Final = re.compile(
    r"(?:^|[\s\d/·⋅(×])(?:[kcmdµμn]?m|ft|in|s|h|min|d|kg|[mµμ]?[lL]|mol|log|R|r|I|χ|η|η_p|chi|x|T)$"
)
_UNIT_POWER: Final = re.compile(r"[−–-]?[123]")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th|TM|SM|®|©|™|er|o|a|º|ª)")
_MARK_LIST: Final = re.compile(
    rf"(?:[a-zA-Z]{{1,2}}|[{_SYMBOLS}]+|\d{{1,2}})(?:\s*[,;]\s*(?:[a-zA-Z]{{1,2}}|[{_SYMBOLS}]+|\d{{1,2}}))*"
)
_LETTERS: Final = re.compile(r"[a-zA-Z](?:\s*[,;]\s*[a-zA-Z])*")
_LEADING: Final = re.compile(
    rf"\s*(?:([{_SYMBOLS}]+)\s*|([ᵃ-ᶻⁿⁱ]+|[⁰¹²³⁴-⁹]+)\s*|([a-z]|\d{{1,2}})[).:]\s+|\(([a-z*†‡§]|\d{{1,2}})\)\s+|"
    r"([a-z])\s+(?=[A-Z]))"
)
_NO_WIDTH: Final = re.compile("[\xad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a cell in one script; a line break is a character of its text."""

    text: str
    script: Script = "plain"


@dataclass(frozen=True, slots=True)
class TextWithMarks:
    """The text of a cell as a reader sees it, and the footnote marks in it, in their order."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Made:
    text: str = ""
    marks: list[str] = field(default_factory=list)


def text_of_runs(runs: Iterable[Run], notes: Collection[str] = ()) -> TextWithMarks:
    """The text of a cell.

    :param notes: the marks of the notes of the table, as far as they are known
    """
    made = _Made()
    for run in _joined(runs):
        if run.script in ("plain", "sub"):
            made.text += run.text
        elif run.script == "reference":
            # Never merged with the number or word before it.
            made.text += (" " if made.text[-1:].isalnum() and run.text[:1].isdigit() else "") + run.text
        else:
            _superscript(made, run, notes)
    text, more = trailing_marks(clean(made.text), notes)
    return TextWithMarks(text, (*made.marks, *more))


def plain_text(text: str, notes: Collection[str] = ()) -> TextWithMarks:
    """The text of a cell that is one plain run."""
    bare = clean(text)
    return TextWithMarks(*trailing_marks(bare, notes)) if bare else TextWithMarks("")


def clean(text: str) -> str:
    r"""White space collapsed, line breaks kept as ``\n``, characters of no width left out."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if "\n" not in text and "\r" not in text:
        return " ".join(_NO_WIDTH.sub("", text).split())
    lines = (
        " ".join(line.split())
        for line in _NO_WIDTH.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return "\n".join(line for line in lines if line)


def raised(text: str) -> str:
    """The text in superscript characters, as far as there are any."""
    return text.translate(_SUPER)


def trailing_marks(text: str, notes: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The text without the marks at its end that a note of the table explains.

    Raised letters (ᵃ) are marks wherever they end a text.
    """
    if text[-1:].isascii() and text[-1:] != "*":
        return text, ()
    marks: list[str] = []
    while text and (mark := _last_mark(text, notes)):
        marks.insert(0, mark)
        text = text[: -len(mark)].rstrip(" ,")
    return text, tuple(marks)


def _last_mark(text: str, notes: Collection[str]) -> str:
    """The mark that the text ends with; empty where it ends with none."""
    last = text[-1]
    if ord(last) in _FROM_SUPER and (len(text) == 1 or ord(text[-2]) not in _FROM_SUPER) and last not in "ⁿⁱ":
        return _FROM_SUPER[ord(last)]
    if last in _SYMBOLS:
        mark = _symbols(text)
        return mark if mark in notes and mark != text else ""
    digits = _RAISED_DIGITS.search(text)
    if digits and digits.start():
        mark = digits[0].translate(_DIGITS)
        return mark if mark in notes and not _is_power(text[: digits.start()].rstrip(), mark) else ""
    return ""


def leading_marks(text: str, used: Collection[str] | None = None) -> tuple[str, ...]:
    """The marks that a note begins with.

    :param used: the marks that cells have, where they are known: a plain letter or number is a mark only if one has it
    """
    found = _LEADING.match(text)
    if found is None:
        return ()
    if found[1]:
        return (found[1],)
    if found[2]:
        return (found[2].translate(_FROM_SUPER).translate(_DIGITS),)
    mark = found[3] or found[4] or found[5]
    return (mark,) if used is None or mark in used else ()


def _symbols(text: str) -> str:
    """The symbols at the end of a text."""
    end = len(text)
    while end and text[end - 1] in _SYMBOLS:
        end -= 1
    return text[end:]


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Runs of one script in a row as one: Word cuts text anywhere."""
    made: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if made and made[-1].script == run.script and run.script != "mark":
            made[-1] = Run(made[-1].text + run.text, run.script)
        else:
            made.append(run)
    return made


def _superscript(made: _Made, run: Run, notes: Collection[str]) -> None:
    """Add a superscript to the text or to the marks."""
    text = clean(run.text).replace("\n", " ")
    if not text:
        made.text += run.text
        return
    before = made.text.rstrip()
    if run.script == "mark":
        made.marks += _listed(text.strip("[]() "))
    elif run.script == "citation":
        made.text += raised(text)
    elif _is_power(before, text):
        made.text = before + raised(text)
    elif _is_mark(before, text, notes):
        # "ab" is two marks where there are notes of both.
        made.marks += text if text.isalpha() and text not in notes else _listed(text)
        made.text += " " if run.text[-1].isspace() else ""
    else:
        # A charge (CD34⁺), a citation, a number that may be either; words (CD45high) stay as they are.
        made.text += raised(run.text) if not _is_word(text) else run.text
        return
    if run.script == "citation" and run.text[-1].isspace():
        made.text += " "


def _is_word(text: str) -> bool:
    return sum(char.isalpha() for char in text) > 1 or bool(_ORDINAL.fullmatch(text))


def _is_power(before: str, text: str) -> bool:
    if _CHARGE.fullmatch(text):
        return False
    if text == "n" and before.endswith("10"):
        return True
    if _NUMBER.fullmatch(text) is None:
        return False
    return bool(_POWER_OF.search(before)) or bool(_UNIT_POWER.fullmatch(text) and _UNIT_BEFORE.search(before))


def _is_mark(before: str, text: str, notes: Collection[str]) -> bool:
    bare = text.strip("()[] ,;")
    if not bare or _CHARGE.fullmatch(text):
        return False
    if bare in notes or _ALL_SYMBOLS.fullmatch(bare):
        return True
    if _ORDINAL.fullmatch(bare) and before[-1:].isdigit() and len(bare) > 1:
        return False
    if _LETTERS.fullmatch(bare) or (bare.isalpha() and all(char in notes for char in bare)):
        return True
    return bool(_MARK_LIST.fullmatch(bare)) and all(
        part in notes or _ALL_SYMBOLS.fullmatch(part) for part in _listed(bare)
    )


def _listed(text: str) -> list[str]:
    bare = text.strip("()[] ,;")
    parts = [part.strip() for part in re.split(r"[,;\s]", bare) if part.strip()]
    made: list[str] = []
    for part in parts or [bare]:
        symbols = re.fullmatch(rf"([{_SYMBOLS}]+)([a-z0-9]+)", part) or re.fullmatch(
            rf"([a-z0-9]+)([{_SYMBOLS}]+)", part
        )
        made += symbols.groups() if symbols else (part,)
    return made
