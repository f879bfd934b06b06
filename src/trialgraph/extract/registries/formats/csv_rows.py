"""The rows of a registry's CSV, one in memory at a time."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["CsvRow", "csv_rows", "header_of"]

# Half a character that no bytes decode to: those of surrogateescape are U+DC80 to U+DCFF.
_NUL = "\udc00"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row of a file with a heading.

    :param line: of the file, from 1, where it begins
    :param number: of the row in the file, from 1; the heading is the first
    :param cells: by the name of their column
    :param why: why it cannot be read; empty where it can
    """

    line: int
    number: int
    header: tuple[str, ...]
    cells: Mapping[str, str]
    sha256: str
    reason: str = ""
    why: str = ""


class _Raw(io.RawIOBase):
    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._bytes = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the buffer is one
        data = self._bytes(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def header_of(head: bytes) -> frozenset[str]:
    """The names in the first line of a text that is separated by commas."""
    line = head.decode("utf-8-sig", errors="replace").lstrip().partition("\n")[0][:20_000]
    try:
        return frozenset(name.strip() for name in next(csv.reader([line]), []))
    except csv.Error:
        return frozenset()


def csv_rows(read: Callable[[int], bytes], most: int) -> Iterator[CsvRow]:
    """The rows behind the heading, those that cannot be read among them.

    :param most: characters of the largest row that is read
    """
    buffered = io.BufferedReader(_Raw(read))
    text = io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="surrogateescape", newline="")
    lines = _Lines(text, most)
    # One limit for the process: a cell may be as large as a record.
    csv.field_size_limit(max(csv.field_size_limit(), most))
    reader = csv.reader(lines, strict=True)
    header: tuple[str, ...] = ()
    number = 0
    while True:
        begins = lines.read + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield CsvRow(begins, number + 1, header, {}, "", "no valid CSV", f"a row is broken: {error}")
            return
        if cells is None:
            return
        number += 1
        if not header:
            header = tuple(name.strip() for name in cells)
        elif any(cell.strip() for cell in cells):
            yield _row(begins, number, header, cells)


class _Lines:
    """The lines of a text, none longer than the limit; ``read`` is how many were read."""

    def __init__(self, text: io.TextIOWrapper, most: int) -> None:
        self.text, self.most, self.read = text, most, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(self.most)
        if not line:
            raise StopIteration
        if len(line) >= self.most:
            raise csv.Error(f"a line has more than {self.most} characters")
        self.read += 1
        # Python's reader of CSV took no NUL before 3.11; half a character stands for it until the row is told.
        return line.replace("\0", _NUL) if "\0" in line else line


def _row(line: int, number: int, header: tuple[str, ...], cells: list[str]) -> CsvRow:
    if any(_NUL in cell for cell in cells):
        named = {name: cell.replace(_NUL, "") for name, cell in zip(header, cells, strict=False)}
        return CsvRow(line, number, header, named, "", "NUL character", "it has a NUL")
    try:
        sha256 = hashlib.sha256("\x1f".join(cells).encode()).hexdigest()
    except UnicodeEncodeError:
        return CsvRow(line, number, header, {}, "", "not UTF-8", "it has bytes that are no UTF-8")
    named = dict(zip(header, cells, strict=False))
    if len(named) < len(header) and any(named.get(n) != c for n, c in zip(header, cells, strict=False) if n):
        what = "a column stands twice in the heading, with different values"
        return CsvRow(line, number, header, named, sha256, "no valid CSV", what)
    if len(cells) != len(header):
        what = f"it has {len(cells)} cells, the heading {len(header)}"
        return CsvRow(line, number, header, named, sha256, "no valid CSV", what)
    return CsvRow(line, number, header, named, sha256)
