"""Canonical N-Quads lines in order, as a stream, in any RDF format: the bytes are those of ``rdf.serialise``.

Formats that the engine writes as a whole go through a temporary file, so that no graph is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from trialgraph.base.errors import ReleaseError
from trialgraph.base.xml_characters import NOT_IN_XML_BYTES, escape_carriage_returns
from trialgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, GraphFormat
from trialgraph.rdf.jsonld import json_ld
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.exports.archive import in_pieces

__all__ = ["as_line", "lines_of", "written"]

#: Lines that are looked at or written together.
_BATCH: Final = 10_000


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file of a release.

    :raises ReleaseError: it cannot be read
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error


def as_line(quad: Quad | Triple) -> str:
    """The canonical line of a quad, or of a triple of no graph."""
    return f"{quad} .\n"


def written(lines: Iterable[str], form: GraphFormat, *, named: bool) -> Iterator[bytes]:
    """The quads of the lines in a format; in a graph format their merge, each triple once.

    :param lines: canonical N-Quads, sorted
    :param named: whether each has a graph; else none has
    """
    if not form.dataset:
        lines = _merged(lines) if named else lines
    if form in (N_QUADS, N_TRIPLES):
        yield from (line.encode("utf-8") for line in lines)
    elif form is JSON_LD:
        yield from json_ld(quad.triple for quad in _quads(lines))
    else:
        with TemporaryDirectory(prefix="trialgraph-") as folder:
            yield from _by_engine(lines, form, Path(folder), apart=form.dataset and named)


def _merged(lines: Iterable[str]) -> Iterator[str]:
    """The lines without their graphs. Those of one triple are neighbours: a blank is before all that could follow."""
    before = ""
    for line in lines:
        triple = line[: line.rindex(" <")]
        if triple != before:
            yield f"{triple} .\n"
            before = triple


def _by_engine(lines: Iterable[str], form: GraphFormat, folder: Path, *, apart: bool) -> Iterator[bytes]:
    """Turtle, TriG and RDF/XML: prefixes come first, so the lines are kept in files until all are known."""
    spool = _Spool(folder, apart=apart)
    for line in lines:
        spool.add(line)
    spool.flush()
    prefixes = {prefix: space for prefix, space in PREFIXES.items() if prefix in spool.prefixes}
    path = folder / "made"
    # One graph after another, as Ordered.written does.
    quads = (quad for one in spool.files() for quad in _quads(lines_of(one)))
    stated: Iterable[Quad] | Iterable[Triple] = quads if form.dataset else (quad.triple for quad in quads)
    serialize(stated, output=str(path), format=form.engine, prefixes=prefixes)
    if not form.is_xml:
        yield from in_pieces(path)
        return
    with path.open("rb") as file:
        for xml in file:
            yield NOT_IN_XML_BYTES.sub("\ufffd".encode(), escape_carriage_returns(xml))


class _Spool:
    """Lines in files, those of each graph in one where they are to be apart, and the prefixes that occur."""

    def __init__(self, folder: Path, *, apart: bool) -> None:
        self.folder, self.apart = folder, apart
        self.prefixes: set[str] = set()
        self.held: dict[str, list[str]] = {}
        self.graphs: dict[str, Path] = {}
        self.count = 0

    def add(self, line: str) -> None:
        graph = line[line.rindex(" <") :] if self.apart else ""
        self.held.setdefault(graph, []).append(line)
        self.count += 1
        if self.count % _BATCH == 0:
            self.flush()

    def flush(self) -> None:
        for graph, lines in self.held.items():
            text = "".join(lines)
            unseen = PREFIXES.keys() - self.prefixes
            self.prefixes |= {prefix for prefix in unseen if f"<{PREFIXES[prefix]}" in text}
            path = self.graphs.setdefault(graph, self.folder / f"{len(self.graphs)}.nq")
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        self.held.clear()

    def files(self) -> Iterator[Path]:
        """The files by the names of their graphs."""
        for _, path in sorted(self.graphs.items()):
            yield path


def _quads(lines: Iterable[str]) -> Iterator[Quad]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield from parse("".join(batch), format=RdfFormat.N_QUADS)
            batch.clear()
    yield from parse("".join(batch), format=RdfFormat.N_QUADS)
