"""The master of a release and what follows from it line by line: the merge of its graphs, each graph by itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.sorted.output import HashedFile

__all__ = ["Master", "Whole", "parts_of", "write_master", "write_whole"]

_LINES: Final = 1 << 13
#: A graph's lines are kept back until there are so many bytes of them: a build may have thousands of graphs.
_KEPT_BACK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Master:
    """What is known of the lines that were written.

    :param digest: SHA-256 of the file
    :param graphs: quads by the name of the graph, as N-Quads has it
    :param triples: how many the merge of the graphs has
    """

    digest: str
    graphs: Mapping[str, int]
    triples: int


@dataclass
class _MasterCounts:
    graphs: Counter[bytes] = field(default_factory=Counter)
    triples: int = 0


def write_master(lines: Iterable[bytes], path: Path) -> Master:
    """Write the master, hashing it on the way.

    :param lines: in order, each once
    :raises OSError: the disk is full …
    """
    counted = _MasterCounts()
    with HashedFile(path) as file:
        last = b""
        for some in _batched(lines):
            file.write(b"".join(some))
            for line in some:
                cut = line.rindex(b" <")
                counted.graphs[line[cut + 1 : -3]] += 1
                if line[:cut] != last:
                    last = line[:cut]
                    counted.triples += 1
    graphs = {name.decode()[1:-1]: n for name, n in counted.graphs.items()}
    return Master(file.digest, graphs, counted.triples)


def _batched(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for line in lines:
        some.append(line)
        if len(some) == _LINES:
            yield some
            some = []
    if some:
        yield some


def parts_of(folder: Path) -> Callable[[str], Path]:
    """Where each graph's lines are, by its name."""
    return lambda name: folder / f"{hashlib.sha256(name.encode()).hexdigest()}.nq"


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of the merge that was written.

    :param graphs: the names of the graphs, in order
    :param triples: how many the merge has
    :param prefixes: those of which a term occurs
    """

    graphs: tuple[str, ...]
    triples: int
    prefixes: Mapping[str, str]


def write_whole(
    lines: Iterable[bytes],
    quads: HashedFile,
    triples: HashedFile,
    part: Callable[[str], Path],
    written: Callable[[int], None] = lambda _: None,
) -> Whole:
    """Write all quads, the merge of their graphs as N-Triples, and each graph's lines to a file of their own.

    :param lines: in order, each once
    :param part: where the lines of a graph go, by its name
    :param written: gets how many lines more were written, now and then
    :raises OSError: the disk is full …
    """
    unseen = {prefix: f"<{space}".encode() for prefix, space in PREFIXES.items()}
    number = 0
    last = b""
    with _by_graph(part) as graphs:
        for some in _batched(lines):
            quads.write(b"".join(some))
            merged: list[bytes] = []
            for line in some:
                cut = line.rindex(b" <")
                graphs.add(line[cut + 2 : -4], line)
                if line[:cut] != last:
                    last = line[:cut]
                    merged += (last, b" .\n")
            number += len(merged) // 2
            stated = b"".join(merged)
            triples.write(stated)
            unseen = {prefix: space for prefix, space in unseen.items() if space not in stated}
            written(len(some))
    seen = {prefix: space for prefix, space in PREFIXES.items() if prefix not in unseen}
    return Whole(graphs.names(), number, seen)


class _Graphs:
    def __init__(self, part: Callable[[str], Path]) -> None:
        self._part = part
        self._held: dict[bytes, list[bytes]] = {}
        self._sizes: Counter[bytes] = Counter()

    def add(self, name: bytes, line: bytes) -> None:
        """A line of a graph."""
        self._held.setdefault(name, []).append(line)
        self._sizes[name] += len(line)
        if self._sizes[name] > _KEPT_BACK:
            self._flush(name)

    def _flush(self, name: bytes) -> None:
        with self._part(name.decode()).open("ab") as file:
            file.writelines(self._held[name])
        self._held[name] = []
        self._sizes[name] = 0

    def flush(self) -> None:
        """Write what is kept back."""
        for name, held in self._held.items():
            if held:
                self._flush(name)

    def names(self) -> tuple[str, ...]:
        """The graphs, in the order of their terms in N-Quads."""
        return tuple(name.decode() for name in sorted(self._held, key=lambda name: name + b">"))


@contextmanager
def _by_graph(part: Callable[[str], Path]) -> Iterator[_Graphs]:
    graphs = _Graphs(part)
    yield graphs
    graphs.flush()
