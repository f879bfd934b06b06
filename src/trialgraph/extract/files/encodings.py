"""Bytes to text: by byte order mark, by what the file declares, as UTF-8, else as Windows-1252 where that is plausible.

Nothing is replaced: bytes that fit none of these are an error with line and column. A file in UTF-8 with a few broken
bytes is not taken for Windows-1252, which would turn all its other characters into wrong ones.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NoReturn

from trialgraph.base.errors import InputError

__all__ = ["byte_place", "decoded", "refuse_nul", "strict_utf8"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers take these declarations for (WHATWG Encoding).
_ALIASES: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_TEXT: Final = (
    "utf",
    "iso8859",
    "cp125",
    "mac",
    "koi8",
    "gb",
    "big5",
    "shift",
    "euc",
    "cp932",
    "cp949",
    "latin",
)
# So many bytes beyond ASCII beside one another are no Windows-1252: there such characters stand alone in words.
_RUNS: Final = re.compile(rb"[\x80-\xff]{2,}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_FEWEST: Final = 4
_LONGEST_RUN: Final = 2  # as in "créée"


def decoded(data: bytes, where: str, declared: str = "") -> tuple[str, str]:
    """The text without its byte order mark, and the name of the encoding.

    :param declared: the encoding that the file itself names
    :raises InputError: no encoding fits, or a NUL character
    """
    text, name = _decoded(data, where, declared)
    if (nul := text.find("\0")) >= 0:
        line = text.count("\n", 0, nul) + 1
        column = nul - text.rfind("\n", 0, nul)
        raise InputError(
            "a NUL character", where=f"{where}:{line}:{column}", hint="save the file as UTF-8 text"
        )
    return text, name


def _decoded(data: bytes, where: str, declared: str) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :] if name == "utf-8" else data
            return _strict(body, name, where, f"the byte order mark says {name.upper()}"), name.upper()
    refuse_nul(data, where)
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        broken = error
    if name := _codec(declared):
        if name != "utf-8":
            return _strict(data, name, where, f"the file says {declared}"), name.upper()
        _refuse(data, broken.start, where, "is not UTF-8")
    if not _may_be_cp1252(data):
        _refuse(data, broken.start, where, "is not UTF-8")
    text = _strict(data, "cp1252", where, "it is neither UTF-8 nor Windows-1252")
    return text, "Windows-1252"


def strict_utf8(data: bytes, where: str) -> str:
    """The text as it stands, byte order mark included.

    :raises InputError: it is not UTF-8, or a NUL byte
    """
    refuse_nul(data, where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(data, error.start, where, "is not UTF-8")


def refuse_nul(data: bytes, where: str) -> None:
    """Return if there is no NUL byte.

    :raises InputError: with line and column of the first
    """
    if (nul := data.find(b"\0")) >= 0:
        raise InputError("a NUL byte", where=byte_place(data, nul, where), hint="save the file as UTF-8 text")


def byte_place(data: bytes, at: int, where: str) -> str:
    """``file:line:column`` of a byte."""
    return f"{where}:{data.count(10, 0, at) + 1}:{at - data.rfind(10, 0, at)}"


def _codec(declared: str) -> str:
    """The codec of a declared encoding; empty where there is none for text."""
    try:
        name = codecs.lookup(declared.strip()).name if declared.strip() else ""
    except (LookupError, ValueError):
        return ""
    return _ALIASES.get(name, name) if name == "ascii" or name.startswith(_TEXT) else ""


def _may_be_cp1252(data: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone, as in Western words, and are not mostly UTF-8."""
    loose = data.decode("utf-8", errors="surrogateescape")
    stray = len(re.findall("[\udc80-\udcff]", loose))
    sound = sum(ord(char) > 127 for char in loose) - stray
    if sound >= stray:
        return False
    high, runs = len(_HIGH.findall(data)), _RUNS.findall(data)
    if any(len(run) > _LONGEST_RUN for run in runs):
        return False
    return high < _FEWEST or sum(len(run) for run in runs) * 2 <= high


def _strict(data: bytes, name: str, where: str, why: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        _refuse(data, error.start, where, f"cannot be read: {why}")


def _refuse(data: bytes, at: int, where: str, why: str) -> NoReturn:
    raise InputError(
        f"byte 0x{data[at]:02x} {why}", where=byte_place(data, at, where), hint="save the file as UTF-8"
    )
