"""Files of a release that are hashed while they are written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["HashedFile"]


class HashedFile:
    """A new file, with the SHA-256 and the size of what was written; the disk has it at the end.

    :param path: where; no file may be there
    :param changed: what is done with each piece before it is written; None: nothing
    :raises OSError: the disk is full, read-only …
    """

    def __init__(self, path: Path, changed: Callable[[bytes], bytes] | None = None) -> None:
        self.path = path
        self.size = 0
        self._hash = hashlib.sha256()
        self._changed = changed
        self._file = path.open("xb")

    def write(self, data: bytes) -> int:
        """Write a piece."""
        given = len(data)
        if self._changed:
            data = self._changed(data)
        self._hash.update(data)
        self.size += len(data)
        self._file.write(data)
        return given

    def flush(self) -> None:
        """As writers of the engine ask for it."""
        self._file.flush()

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written, in hexadecimal."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._file.flush()
                os.fsync(self._file.fileno())
        finally:
            self._file.close()
