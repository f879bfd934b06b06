"""Two sorted files of quads to what only one of them has: a merge, with one line of each in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from trialgraph.rdf.vocabulary import content

__all__ = ["ADDED", "BOTH", "REMOVED", "Sign", "merged", "patch_lines"]

Sign = Literal["+", "-", "="]
ADDED: Final = "+"
REMOVED: Final = "-"
BOTH: Final = "="


def merged(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[Sign, bytes]]:
    """Each line of two sorted files once, in order, with which of them has it.

    :param old: sorted by bytes, each line once
    :param new: likewise
    :raises ValueError: a file is not in order
    """
    left, right = _ordered(old, "the old file"), _ordered(new, "the new file")
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one < other):
            yield REMOVED, one or b""
            one = next(left, None)
        elif one is None or other < one:
            yield ADDED, other
            other = next(right, None)
        else:
            yield BOTH, one
            one, other = next(left, None), next(right, None)


def _ordered(lines: Iterable[bytes], which: str) -> Iterator[bytes]:
    last = b""
    for line in lines:
        if line <= last:
            raise ValueError(f"{which} is not in order at {line[:80]!r}")
        yield line
        last = line


def patch_lines(old: Iterable[bytes], new: Iterable[bytes], ids: tuple[str, str]) -> Iterator[bytes]:
    """A patch that makes the new file of the old one, as RDF Patch: ``D`` before a removed quad, ``A`` before an added.

    :param ids: the hashes of both
    """
    yield f"H prev {content(ids[0])} .\n".encode()
    yield f"H id {content(ids[1])} .\n".encode()
    yield b"TX .\n"
    for sign, line in merged(old, new):
        if sign != BOTH:
            yield (b"A " if sign == ADDED else b"D ") + line
    yield b"TC .\n"
