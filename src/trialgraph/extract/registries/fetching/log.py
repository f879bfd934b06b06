"""What was fetched: the file beside the records, with the request, the pages and their checksums.

It says where, when and under which name the records came, and is what an interrupted fetch goes on from: the pages that
are complete, and the token of the next one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from trialgraph.base.replace_file import replacing

__all__ = ["SUFFIX", "FetchLog", "Page", "page_bytes", "read_log", "whole_sha256"]

SUFFIX: Final = ".fetch"
_FORM: Final = 1
_MOST: Final = 50_000_000
_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Page:
    """A page as it came.

    :param start: of its bytes in the file; ``size`` their number
    :param next_token: of the page behind it; empty at the last one of a query
    """

    url: str
    start: int
    size: int
    sha256: str
    studies: int
    retrieved: str
    etag: str = ""
    last_modified: str = ""
    next_token: str = ""


@dataclass(slots=True)
class FetchLog:
    """What was fetched so far.

    :param data_version: the registry's own time stamp of its data when the fetch began; empty where it says none
    :param query: number of the query of the request that is next, from 0
    :param total: how many studies the registry says a search has; None where it does not say
    """

    request: dict[str, object]
    api: str
    user_agent: str
    began: str
    data_version: str = ""
    finished: str = ""
    query: int = 0
    total: int | None = None
    sha256: str = ""
    notes: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the pages that are complete, with the line breaks between them."""
        return self.pages[-1].start + self.pages[-1].size + 1 if self.pages else 0

    @property
    def studies(self) -> int:
        """Studies on all pages."""
        return sum(page.studies for page in self.pages)

    def write(self, path: Path) -> None:
        """Write it to a file, which is complete or as it was.

        :raises OSError: it cannot be written
        """
        with replacing(path) as aside:
            aside.write_text(json.dumps({"form": _FORM, **asdict(self)}, indent=1) + "\n", encoding="utf-8")


def read_log(path: Path) -> FetchLog | None:
    """The log in a file; None where there is none, or none of this form."""
    try:
        if path.stat().st_size > _MOST:
            return None
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if made.pop("form", None) != _FORM:
            return None
        pages = [Page(**page) for page in made.pop("pages")]
        return FetchLog(**made, pages=pages)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def page_bytes(file: IO[bytes], page: Page) -> bytes:
    """The bytes of a page in a file; empty where they are no longer those that came."""
    file.seek(page.start)
    data = file.read(page.size)
    return data if hashlib.sha256(data).hexdigest() == page.sha256 else b""


def whole_sha256(file: IO[bytes]) -> str:
    """Checksum of all bytes of a file."""
    made = hashlib.sha256()
    file.seek(0)
    for chunk in _chunks(file):
        made.update(chunk)
    return made.hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
