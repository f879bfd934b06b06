"""A release cut into parts for a store: statements of its named graphs, and of the graph in which they are merged.

The merge is a graph of its own (``store/merge``): engines differ in what their default graph is, and their union of
all graphs counts a statement of two graphs twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Final

from trialgraph.base.errors import ReleaseError
from trialgraph.rdf.lines import split
from trialgraph.release.open import Release
from trialgraph.release.store import MASTERS
from trialgraph.remote.graph_names import named_graph, store_graph

__all__ = ["Graphs", "graphs_of", "merged_lines", "number_of_quads", "parts", "with_blank_nodes"]

#: Statements as lines of N-Triples, by the IRI of their graph.
Graphs = dict[str, list[bytes]]
_BLANK: Final = b"_:"


def graphs_of(release: Release) -> tuple[str, ...]:
    """The IRIs of the named graphs of a release.

    :raises ReleaseError: its manifest does not list them
    """
    return tuple(sorted(named_graph(name).value for name in _counts(release)))


def number_of_quads(release: Release) -> int:
    """How many quads its named graphs have.

    :raises ReleaseError: its manifest does not count them
    """
    return sum(_counts(release).values())


def _counts(release: Release) -> dict[str, int]:
    counts = release.manifest.get("counts", {}).get("graphs")
    if not isinstance(counts, dict) or not counts:
        raise ReleaseError(
            "the manifest does not list the graphs",
            where=str(release.path),
            hint="make the release again with: trialgraph build",
        )
    return counts


def merged_lines(release: Release) -> Iterator[tuple[bytes, bytes]]:
    """Each quad of a release in order: the triple as a line of N-Triples, and the IRI of its graph.

    :raises ReleaseError: a file of it cannot be read
    """
    try:
        files = [(release.path / name).open("rb") for name in MASTERS]
        try:
            for line in merge(*files):
                *triple, graph = split(line)
                yield b" ".join(triple) + b" .\n", graph[1:-1]
        finally:
            for file in files:
                file.close()
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"its N-Quads cannot be read: {error}",
            where=str(release.path),
            hint="make the release again with: trialgraph build",
        ) from error


def with_blank_nodes(release: Release) -> Graphs:
    """All statements with a blank node, which have to be sent in one request: its names are valid in that one only."""
    return _by_graph((line, graph) for line, graph in merged_lines(release) if _has_blank_node(line))


def parts(release: Release, statements: int, skipped: int = 0) -> Iterator[Graphs]:
    """The other statements, so many quads of the release at a time.

    Sending a part twice changes nothing, as no statement in it has a blank node.

    :param statements: quads in a part
    :param skipped: parts that are left out at the beginning
    """
    lines = islice(merged_lines(release), statements * skipped, None)
    while piece := list(islice(lines, statements)):
        yield _by_graph((line, graph) for line, graph in piece if not _has_blank_node(line))


def _has_blank_node(line: bytes) -> bool:
    """Whether subject or object of a triple is one; a literal with the same characters is none."""
    return line.startswith(_BLANK) or line.split(b" ", 2)[2].startswith(_BLANK)


def _by_graph(lines: Iterable[tuple[bytes, bytes]]) -> Graphs:
    whole = store_graph("merge").value
    found: Graphs = defaultdict(list)
    last = b""
    for line, graph in lines:
        found[graph.decode()].append(line)
        if line != last:  # in order, so that what is in several graphs comes one after the other
            found[whole].append(line)
            last = line
    return dict(found)
