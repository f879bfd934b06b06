"""Bytes that a release holds as a file, or as parts of one, and that are sent as they are."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["PIECE", "StoredFile"]

#: How much is read at a time.
PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a release, or parts of one.

    :param digest: names these bytes: the SHA-256 of the file, with what tells the parts from others
    :param parts: start and end of what is to be sent, one part after the other
    """

    path: Path
    digest: str
    parts: tuple[tuple[int, int], ...]

    @classmethod
    def whole(cls, path: Path, digest: str) -> StoredFile:
        """A whole file.

        :raises OSError: there is none
        """
        return cls(path, digest, ((0, path.stat().st_size),))

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(end - start for start, end in self.parts)

    def opened(self) -> io.RawIOBase | io.BufferedReader:
        """A file of these bytes alone.

        :raises OSError: the file cannot be read
        """
        if len(self.parts) == 1 and self.parts[0] == (0, self.path.stat().st_size):
            return self.path.open("rb")
        return _FileParts(self.path, self.parts)


class _FileParts(io.RawIOBase):
    """Some parts of a file, one after the other, as a file.

    :param parts: start and end of each
    :raises OSError: the file cannot be opened
    """

    def __init__(self, path: Path, parts: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self._parts = parts
        self._size = sum(end - start for start, end in parts)
        self._at = 0
        self._file = path.open("rb", buffering=0)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place in the parts together."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the parts together."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Read on within one part."""
        before = 0
        for start, end in self._parts:
            place = start + self._at - before
            if start <= place < end:
                self._file.seek(place)
                read = self._file.readinto(memoryview(buffer)[: end - place]) or 0
                self._at += read
                return read
            before += end - start
        return 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
