"""Whole graphs as files of a release: the file of a format, or the part of ``trialgraph.trig`` that is one graph.

What a release has written once is not written again for each request. The merge of all graphs is a file in each format;
a line-based document is one of the format that includes it, too (N-Triples of N-Quads, Turtle of TriG and N3). In TriG,
each named graph is one block, whose content under the prefixes of the file is the Turtle of that graph. A large graph
has files of its own in the formats that have no blocks (:mod:`trialgraph.release.sorted.graph_files`).
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Mapping
from typing import Any, Final

from trialgraph.rdf.formats import (
    JSON_LD,
    N3,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    GraphFormat,
)
from trialgraph.release.files.stored_file import StoredFile
from trialgraph.release.open import Release
from trialgraph.release.sorted.graph_files import graph_file_name

__all__ = ["graph_blocks", "graph_file", "merge_file"]

#: The format of the file that is an answer in a format, where the answer is triples without a graph.
_HELD_AS: Final[Mapping[str, GraphFormat]] = {
    form.name: held
    for form, held in (
        (TURTLE, TURTLE),
        (TRIG, TURTLE),
        (N3, TURTLE),
        (N_TRIPLES, N_TRIPLES),
        (N_QUADS, N_TRIPLES),
        (RDF_XML, RDF_XML),
        (JSON_LD, JSON_LD),
    )
}
_PREFIX: Final = re.compile(rb"@prefix ([^\s:]*): <([^>\n]*)> \.\n")
_END: Final = b"\n}\n"
#: More than any head of prefixes has.
_HEAD_BYTES: Final = 1 << 16


def merge_file(release: Release, format_name: str) -> StoredFile | None:
    """The merge of all graphs in a format; None where the release has no file of it.

    RDF/XML cannot hold each character: where the file has a replacement, it is not the graph.
    """
    held = _HELD_AS[format_name]
    return _file(release, f"trialgraph.{held.suffix}", held)


def graph_file(release: Release, graph: str, format_name: str) -> StoredFile | None:
    """A large named graph in a format; None where the release has no file of it.

    :param graph: its IRI
    """
    held = _HELD_AS[format_name]
    return _file(release, graph_file_name(graph, held), held)


def _file(release: Release, name: str, held: GraphFormat) -> StoredFile | None:
    digest = release.manifest["files"].get(name)
    if not digest or (held is RDF_XML and _replaced(release.manifest)):
        return None
    path = release.path / name
    try:
        return StoredFile(path, digest, ((0, path.stat().st_size),))
    except OSError:
        return None


def _replaced(manifest: Mapping[str, Any]) -> bool:
    return any("RDF/XML cannot" in str(found.get("message")) for found in manifest.get("findings", ()))


def graph_blocks(release: Release) -> dict[str, StoredFile]:
    """The named graphs in Turtle, by their IRIs, as parts of ``trialgraph.trig``.

    Empty where the file is missing, or does not hold the graphs that the manifest lists: a block is found by how the
    engine writes it, and literals have no raw line feed in it.
    """
    name = f"trialgraph.{TRIG.suffix}"
    digest = release.manifest["files"].get(name)
    path = release.path / name
    if not digest:
        return {}
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            found = _blocks(held)
    except (OSError, ValueError, KeyError):
        return {}
    names = {iri.rpartition("/graph/")[2] for iri in found}
    if names != set(release.manifest["counts"].get("graphs", ())):
        return {}
    return {
        iri: StoredFile(path, f"{digest}-{iri.rpartition('/')[2]}", parts) for iri, parts in found.items()
    }


def _blocks(held: mmap.mmap) -> dict[str, tuple[tuple[int, int], ...]]:
    """The parts that are each graph's Turtle: the prefixes, and the content of its block.

    :raises ValueError: it is not written as the engine writes it
    :raises KeyError: likewise
    """
    made: dict[str, tuple[tuple[int, int], ...]] = {}
    prefixes: dict[bytes, bytes] = {}
    head = 0
    while found := _PREFIX.match(held[head : head + _HEAD_BYTES]):
        prefixes[found[1]] = found[2]
        head += found.end()
    at = head
    while at < len(held):
        opens, end = held.find(b" {\n", at), held.find(_END, at)
        if opens < 0 or end < opens:
            raise ValueError(at)
        iri = _iri(held[at:opens], prefixes)
        made[iri] = ((0, head), (opens + 3, end + 1))
        at = end + len(_END)
    return made


def _iri(name: bytes, prefixes: Mapping[bytes, bytes]) -> str:
    if name.startswith(b"<"):
        return name[1:-1].decode()
    prefix, _, local = name.partition(b":")
    return (prefixes[prefix] + local.replace(b"\\", b"")).decode()
