"""Registration numbers that somebody lists, in an argument or a file: all of them, or a line on what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

from trialgraph.base.errors import UsageError
from trialgraph.base.settings import Settings
from trialgraph.extract.text.registries import find_numbers

__all__ = ["numbers_listed", "read_list", "read_list_of"]

# What begins like the number of a registry and has its digits: wrong where no number is found in it.
_LIKE: Final = re.compile(
    r"(?<![^\W_])(?:NCT[ :#-]{0,2}\d|(?:ITMCTR|ChiCTR|ISRCTN|EUCTR|EudraCT|CTIS|ACTRN|IRCT|CTRI|DRKS|UMIN|jRCT|JapicCTI"
    r"|KCT|TCTR|PACTR|RBR|RPCEC|SLCTR|LBCTR|NL-OMON|NTR)[ :#/-]{0,2}(?=[\w/-]*\d{4}))[\w/-]*",
    re.IGNORECASE | re.ASCII,
)
# A line that is one word with the digits of a number is meant for one; of an argument a word with a digit.
_LINE: Final = re.compile(r"[A-Za-z-]{0,8}\d{5,}[\w-]*", re.ASCII)
_WORD: Final = re.compile(r"[^\s,;./]*\d[^\s,;./]*")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*", re.MULTILINE)
_SHOWN: Final = 40


def numbers_listed(text: str, where: str, *, alone: bool = False) -> frozenset[str]:
    """The numbers of a list; what stands behind ``#`` is a comment.

    :param where: of the list, for messages
    :param alone: whether nothing but numbers may stand there; else each may stand in a line of words
    :raises UsageError: something is listed that only looks like a number
    """
    made: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        bare = _COMMENT.sub("", line).strip()
        found = list(find_numbers(bare))
        made |= {one.number for one in found}
        rest = _without(bare, [(one.start, one.end) for one in found])
        if wrong := _wrong(rest, alone=alone, listed=not found):
            place = where if alone else f"{where}:{number}"
            raise UsageError(
                f"{wrong[:_SHOWN]!r} is no registration number",
                where=place,
                hint="write it as its registry does (NCT and eight digits), or remove it",
            )
    return frozenset(made)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    made, at = [], 0
    for start, end in spans:
        made.append(text[at:start])
        at = end
    return ",".join([*made, text[at:]])


def _wrong(rest: str, *, alone: bool, listed: bool) -> str:
    """What looks like a number and is none; empty where nothing does."""
    if alone and any(piece.strip() for piece in re.split(r"[,;]", rest)):
        pieces = [piece.strip() for piece in re.split(r"[,;]", rest)]
        # Where there is no number at all, it may be something else that is wanted.
        return "" if listed and not any(map(_is_meant, pieces)) else next(filter(None, pieces))
    like = _LIKE.search(rest)
    return like[0] if like else rest if listed and _LINE.fullmatch(rest) else ""


def _is_meant(piece: str) -> bool:
    return bool(_LIKE.search(piece) or _WORD.fullmatch(piece))


def read_list(path: Path, settings: Settings) -> str:
    """The text of a list in a file.

    :raises UsageError: it cannot be read, or is larger than ``list_bytes``
    """
    try:
        with path.open("rb") as file:
            return read_list_of(file, str(path), settings)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({(error.strerror or 'error').lower()})",
            where=str(path)[:60],
            hint="check the path",
        ) from error


def read_list_of(file: IO[bytes], where: str, settings: Settings) -> str:
    """The text of a list.

    :raises UsageError: it is larger than ``list_bytes``: the numbers behind that would be passed over
    """
    listed = file.read(settings.list_bytes + 1)
    if len(listed) > settings.list_bytes:
        raise UsageError(f"more than {settings.list_bytes} bytes", where=where[:60], hint="split the file")
    return listed.decode("utf-8-sig", errors="replace")
