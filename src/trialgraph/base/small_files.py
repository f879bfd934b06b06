"""Read the small files next to a source as text or settings: size-limited, regular, inside the folder, type-checked.

A source folder is untrusted input: its contents end up in the graph and on pages.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from trialgraph.base.doi import DOI
from trialgraph.base.errors import InputError
from trialgraph.base.escaping import visible, web_link

__all__ = ["inside", "read_settings", "small_text"]


def inside(path: Path, folder: Path) -> Path:
    """The file, if it is one and lies in the folder whatever links say.

    :raises InputError: it is a pipe or a device, or a link leads elsewhere
    """
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            raise InputError(
                "a link leads out of the folder", where=str(path), hint="put the file itself here"
            )
        if not real.is_file():
            raise InputError("this is not a regular file", where=str(path), hint="put the file itself here")
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(
            f"cannot be read ({getattr(error, 'strerror', None) or 'a circle of links'})",
            where=str(path),
            hint="check the path",
        ) from error
    return path


def small_text(path: Path, folder: Path, most: int) -> str:
    """The text of a small file in a folder, without a byte order mark.

    :param most: bytes that it may have
    :raises InputError: too large, no UTF-8, or not in the folder
    """
    try:
        with inside(path, folder).open("rb") as file:
            data = file.read(most + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=str(path), hint="check the file"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("cannot be read as UTF-8 text", where=str(path), hint="save it as UTF-8") from error
    if len(data) > most:
        raise InputError(f"more than {most} bytes", where=str(path), hint="this file should be small")
    return text


def read_settings(path: Path, most_bytes: int, most_chars: int) -> Mapping[str, Any]:
    """``source.toml``: its contents, with each known key of the right type or left out.

    :param most_bytes: size that it may have
    :param most_chars: length that a text in it may have
    :raises InputError: no TOML, a text that is too long, or a value that cannot be what its key says
    """
    try:
        read = tomllib.loads(small_text(path, path.parent, most_bytes))
    except RecursionError as error:
        raise InputError("nested too deep", where=str(path), hint="write a flat list of keys") from error
    except ValueError as error:  # TOMLDecodeError is one, and numbers beyond all bounds raise another
        raise InputError(f"not valid TOML: {error}", where=str(path), hint="correct that line") from error
    for key, (fits, expected) in KNOWN.items():
        if isinstance(read.get(key), str) and len(read[key]) > most_chars:
            raise InputError(
                f"{key} has more than {most_chars} characters", where=str(path), hint="shorten that text"
            )
        if read.get(key) not in (None, "") and not fits(read[key]):
            raise InputError(
                f"{key} = {str(read[key])[:60]!r} is not valid", where=str(path), hint=f"give {expected}"
            )
    return read


def _text(value: object) -> bool:
    return isinstance(value, str) and visible(value) == value


def _date(value: object) -> bool:
    if isinstance(value, str):
        try:
            return bool(
                re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and datetime.date.fromisoformat(value)
            )
        except ValueError:
            return False
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _table(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 <= value < 100_000
    return isinstance(value, str) and len(value) <= 40 and visible(value) == value


_WORDS: Final = "a text without control characters"
KNOWN: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "kind": (_text, _WORDS),
    "title": (_text, _WORDS),
    "published_in": (_text, _WORDS),
    "rights": (_text, _WORDS),
    "licence": (
        lambda v: isinstance(v, str) and bool(re.fullmatch(r"[A-Za-z0-9.+-]{1,80}", v)),
        "an SPDX id",
    ),
    "licence_iri": (lambda v: isinstance(v, str) and bool(web_link(v)), "an http(s) address"),
    "doi": (lambda v: isinstance(v, str) and bool(DOI.fullmatch(v)), "a DOI like 10.1000/182"),
    "sha256": (
        lambda v: isinstance(v, str) and bool(re.fullmatch(r"[0-9A-Fa-f]{64}", v)),
        "64 hexadecimal digits",
    ),
    "table": (_table, "a number"),
    "issued": (_date, "a date like 2025-01-31"),
    "retrieved": (_date, "a date like 2025-01-31"),
}
