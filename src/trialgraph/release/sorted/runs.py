"""Sorted runs of N-Quads, and their external merge: each line once, by code point."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

__all__ = ["LineFile", "merged_lines", "write_run"]


def write_run(lines: Sequence[bytes], path: Path) -> None:
    """Write a run, whole or not at all. An engine may do the same part twice, even at once: either attempt is the file.

    :param lines: in order
    :raises OSError: the disk is full …
    """
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with aside.open("xb") as file:
            file.writelines(lines)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def merged_lines(paths: Sequence[Path]) -> Iterator[bytes]:
    """The lines of some runs in order, each once."""
    with ExitStack() as opened:
        files: list[BinaryIO] = [opened.enter_context(path.open("rb")) for path in paths]
        last = b""
        for line in heapq.merge(*files):
            if line != last:
                yield line
                last = line


class LineFile:
    """The lines of a sorted file, read anew each time that they are iterated."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            yield from file
