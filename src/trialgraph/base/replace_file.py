"""Atomic replacement: what is written beside a file takes its place by a rename, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path in the same folder to write to (a file, a symbolic link); at the end it is renamed to ``path``.

    Where the block fails, ``path`` stays as it was, and what was written is removed. The name holds the process id:
    two processes do not write to the same file, and what a killed one left is found.

    :raises OSError: the folder is missing or read-only …
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        yield aside
        aside.replace(path)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
