"""What is stated of a node, looked up in a file of sorted N-Triples: without a store, and without reading the file."""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from trialgraph.rdf.lines import Statement

__all__ = ["SortedTriples"]

#: The first subject of each piece of so many bytes is kept: a node is looked for in one piece.
_PIECE: Final = 1 << 15


class SortedTriples:
    """A file of N-Triples in order, opened for reading.

    :param path: each line once, by code point
    :raises OSError: it cannot be read
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            size = path.stat().st_size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else None
        self._starts = [0]
        self._subjects = [b""]
        while self._map and (at := self._map.find(b"\n", self._starts[-1] + _PIECE) + 1):
            if at < size:
                self._starts.append(at)
                self._subjects.append(self._map[at : self._map.find(b" ", at) + 1])
            else:
                break

    def about(self, subject: bytes) -> Iterator[Statement]:
        """Predicate and object of each statement of a node, in order; the graph is empty."""
        mark = subject + b" "
        at = self._first(mark)
        while self._map and at >= 0 and self._map[at : at + len(mark)] == mark:
            end = self._map.find(b"\n", at)
            _, predicate, value = self._map[at : end - 2].split(b" ", 2)
            yield predicate, value, b""
            at = end + 1

    def _first(self, mark: bytes) -> int:
        """Where the first line that begins with a subject is; -1: there is none."""
        if self._map is None:
            return -1
        # Of a piece that begins with it, the one before may have its first lines.
        piece = bisect_right(self._subjects, mark) - 1
        while piece and self._subjects[piece] == mark:
            piece -= 1
        start = self._starts[piece]
        if self._map[start : start + len(mark)] == mark:
            return start
        end = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self._map)
        found = self._map.find(b"\n" + mark, max(0, start - 1), min(len(self._map), end + len(mark)))
        return found + 1 if found >= 0 else -1

    def subjects(self, predicate: bytes, value: bytes = b"") -> Iterator[bytes]:
        """The subjects of a predicate, of any value or a certain one: the file is searched from end to end."""
        mark = b" %s %s" % (predicate, value + b" .\n" if value else b"")
        at = self._map.find(mark) if self._map else -1
        while self._map and at >= 0:
            start = self._map.rfind(b"\n", 0, at) + 1
            end = self._map.find(b"\n", at)
            subject, found, _ = self._map[start:end].split(b" ", 2)
            if found == predicate:  # the words may stand in a literal
                yield subject
            at = self._map.find(mark, end)

    def close(self) -> None:
        """Close the file."""
        if self._map is not None:
            self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
