"""A stream of JSON text to the records in it, one in memory at a time.

A file may hold one record, an array of records, pages of the API (``{"studies": […]}``), or values one after the other
(JSON lines). The decoder is the standard library's: it says where a value ends, so that the bytes of each record are
known, and its errors say whether a value is cut off or broken. A broken record is left out, and reading goes on behind
it; what is larger than the limit is passed over without being kept.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["JsonRecord", "json_records"]

_CHUNK: Final = 1 << 18
_SPACE: Final = re.compile(r"[ \t\r\n]*")
# A mark of byte order where files were joined, and the separator of JSON text sequences (RFC 7464) are blanks, too.
_BETWEEN: Final = re.compile("[ \t\r\n,\ufeff\x1e]*")
_PAGE: Final = re.compile(r'\{[ \t\r\n]*"(?:studies|totalCount|nextPageToken)"[ \t\r\n]*:')
_KEY: Final = re.compile(r'[ \t\r\n,{]*"(?P<key>[^"\\]{0,60})"[ \t\r\n]*:[ \t\r\n]*')
#: Where the next record begins, whatever stands before it.
_NEXT: Final = re.compile(r'\{[ \t\r\n]*"(?:protocolSection|derivedSection|hasResults)"[ \t\r\n]*:')
_LONGEST_BEGINNING: Final = 200
_BRACKET: Final = re.compile(r'"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|[\[\]{}]')
_END: Final = re.compile(r"[,\]}\n]")
# An error so near the end of what is read may be none: the rest of the value is still to come.
# The decoder tells an error up to so many characters behind what it is about.
_BEFORE: Final = 4
_NEAR_END: Final = 16
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_NUMBER: Final = re.compile(r'"nctId"[ \t\r\n]*:[ \t\r\n]*"([0-9A-Za-z]{1,20})"')
_LOOKED_AT: Final = 2_000
_CUT_OFF: Final = "file is cut off"


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """A value of the stream.

    :param line: of the stream, from 1, where it begins
    :param value: what it is; None where it is not read
    :param sha256: of its bytes in UTF-8
    :param reason: why it is not read; empty where it is
    :param named: the trial's number in what is not read, as far as its beginning tells
    """

    line: int
    value: Any
    sha256: str
    reason: str = ""
    what: str = ""
    named: str = ""


class _Constant(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _no_constant(name: str) -> float:
    raise _Constant(name)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Constant(f"the key {twice[:40]!r} twice")
    return made


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_no_twins)


class _Text:
    """The part of the text that is in memory; ``line`` is the line that it begins in."""

    def __init__(self, read: Callable[[int], bytes], most: int) -> None:
        self._read, self.most = read, most
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self.text, self.at, self.line, self.ended = "", 0, 1, False
        self.more()
        self.text = self.text.removeprefix("\ufeff")

    def more(self) -> bool:
        """Read on, as much again as is in memory; False at the end."""
        if self.ended:
            return False
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :], 0
        data = self._read(max(_CHUNK, len(self.text)))
        self.ended = not data
        self.text += self._decode(data, self.ended)
        return True

    def go(self, to: int) -> None:
        """Go on to a place in what is in memory."""
        if to <= _CHUNK:
            self.at = to
            return
        self.line += self.text.count("\n", 0, to)
        self.text, self.at = self.text[to:], 0

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Pass over what the pattern matches; the next character, empty at the end."""
        while True:
            found = pattern.match(self.text, self.at)
            end = found.end() if found else self.at
            if end < len(self.text) or not self.more():
                self.go(min(end, len(self.text)))
                return self.text[self.at : self.at + 1]

    @property
    def place(self) -> int:
        """The line of the next character."""
        return self.line + self.text.count("\n", 0, self.at)


def json_records(read: Callable[[int], bytes], most: int) -> Iterator[JsonRecord]:
    """The records of a stream of JSON, in order; an empty stream has none.

    :param read: bytes to read at most -> bytes; none at the end
    :param most: characters of the largest record that is read
    """
    text = _Text(read, most)
    while first := text.skip(_BETWEEN):
        if first == "[":
            text.go(text.at + 1)
            yield from _elements(text)
        elif first == "{" and _begins_page(text):
            yield from _page(text)
        elif first in "]}":
            text.go(text.at + 1)
        else:
            yield from _one(text)


def _begins_page(text: _Text) -> bool:
    while len(text.text) - text.at < _LONGEST_BEGINNING and text.more():
        pass
    return _PAGE.match(text.text, text.at) is not None


def _page(text: _Text) -> Iterator[JsonRecord]:
    while True:
        while len(text.text) - text.at < _LONGEST_BEGINNING and text.more():
            pass
        found = _KEY.match(text.text, text.at)
        if found is None:
            if text.skip(_SPACE) == "}":
                text.go(text.at + 1)
            return
        text.go(found.end())
        if found["key"] == "studies" and text.text[text.at : text.at + 1] == "[":
            text.go(text.at + 1)
            yield from _elements(text)
        else:
            yield from (other for other in _one(text) if other.reason)


def _elements(text: _Text) -> Iterator[JsonRecord]:
    reason = ""
    while first := text.skip(_BETWEEN):
        if first == "]":
            text.go(text.at + 1)
            return
        for found in _one(text):
            reason = found.reason
            yield found
    if reason != _CUT_OFF:
        yield _left_out(text.place, "", _CUT_OFF, "the list of records does not end")


def _one(text: _Text) -> Iterator[JsonRecord]:
    """The value that begins here; one that is broken is passed over."""
    while True:
        line, start = text.place, text.at
        try:
            value, end = _DECODER.raw_decode(text.text, start)
        except RecursionError:
            reason, what, wrong = "nested too deeply", "its JSON is nested too deeply", None
        except json.JSONDecodeError as error:
            unfinished = _is_unfinished(text, error)
            if unfinished and not text.ended and len(text.text) - start <= text.most:
                text.more()
                continue
            reason, what = _why(text, start, error, unfinished=unfinished)
            wrong = error.pos - start
        except ValueError as error:  # a constant that is no JSON, a key twice, a number of too many digits
            said = error if isinstance(error, _Constant) else "a number of too many digits"
            reason, what, wrong = "no valid JSON", f"it has {said}", 0
        else:
            if end >= len(text.text) - 1 and not text.ended:  # a number may go on
                text.more()
                continue
            raw = text.text[start:end]
            text.go(end)
            if len(raw) <= text.most:
                yield _sound(line, raw, value)
            else:
                yield _left_out(line, raw, "too large", f"it has more than {text.most} characters")
            return
        raw = text.text[start : start + _LOOKED_AT]
        _pass_over(text, wrong)
        yield _left_out(line, raw, reason, what)
        return


def _is_unfinished(text: _Text, error: json.JSONDecodeError) -> bool:
    """Whether a value may only be cut off where what is in memory ends."""
    if error.msg.startswith("Unterminated string"):
        return True
    end = len(text.text.rstrip()) if text.ended else len(text.text) - _NEAR_END
    return error.pos >= end


def _why(text: _Text, start: int, error: json.JSONDecodeError, *, unfinished: bool) -> tuple[str, str]:
    if unfinished and not text.ended:
        return "too large", f"it has more than {text.most} characters"
    if unfinished:
        return _CUT_OFF, "the file ends within it"
    return (
        "no valid JSON",
        f"{error.msg.lower().removesuffix(' at')} at its character {error.pos - start + 1}",
    )


def _sound(line: int, raw: str, value: Any) -> JsonRecord:
    """The value, where its text is one that can be stated."""
    try:
        data = raw.encode()
    except UnicodeEncodeError:
        return _left_out(line, raw, "not UTF-8", "it has bytes that are no UTF-8")
    if "\\u0000" in raw and "\0" in "".join(_unescaped(raw)):
        return _left_out(line, raw, "NUL character", "a text in it has a NUL character")
    if ("\\ud" in raw or "\\uD" in raw) and _has_half_a_pair(raw):
        return _left_out(line, raw, "lone surrogate", "a text in it has half of a surrogate pair")
    return JsonRecord(line, value, hashlib.sha256(data).hexdigest())


def _left_out(line: int, raw: str, reason: str, what: str) -> JsonRecord:
    named = _NUMBER.search(raw, 0, _LOOKED_AT)
    return JsonRecord(line, None, "", reason, what, named[1] if named else "")


def _unescaped(raw: str) -> Iterator[str]:
    return (chr(int(m[1], 16)) for m in _ESCAPE.finditer(raw) if m[1])


def _has_half_a_pair(raw: str) -> bool:
    high = -1  # where a high surrogate that waits for its low one ends
    for m in _ESCAPE.finditer(raw):
        code = int(m[1], 16) if m[1] else 0
        low = 0xDC00 <= code <= 0xDFFF
        if low != (high == m.start()) or (high >= 0 and not low):
            return True
        high = m.end() if 0xD800 <= code <= 0xDBFF else -1
    return high >= 0


def _pass_over(text: _Text, wrong: int | None) -> None:
    """Go behind a broken value: where its brackets close, at the latest where the next record begins.

    :param wrong: how far behind its beginning it is broken; None: what looks like a record may be a part of it
    """
    kept = True
    while True:
        begins = _NEXT.search(text.text, text.at + max(1, wrong - _BEFORE)) if wrong is not None else None
        limit = begins.start() if begins else len(text.text)
        end = _closed(text.text, text.at, limit) if kept else 0
        if end > text.at + (wrong or 0) or begins:
            text.go(end if end > text.at + (wrong or 0) else limit)
            return
        if text.ended:
            text.go(len(text.text))
            return
        if len(text.text) - text.at > text.most:
            kept, wrong = False, 0 if wrong is not None else None
            text.go(len(text.text) - _LONGEST_BEGINNING)
        text.more()


def _closed(text: str, start: int, limit: int) -> int:
    """The end of what begins here, by its brackets; 0 where they do not close before the limit."""
    if text[start : start + 1] not in "[{":
        found = _END.search(text, start, limit)
        return found.start() if found and found.start() > start else 0
    depth = 0
    for m in _BRACKET.finditer(text, start, limit):
        bracket = m[0]
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
            if depth == 0:
                return m.end()
    return 0
