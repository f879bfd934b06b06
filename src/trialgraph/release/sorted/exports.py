"""The other formats of a release, from its sorted files: each is written once, in a stream."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from trialgraph.base.xml_characters import NOT_IN_XML, escape_carriage_returns
from trialgraph.rdf.formats import EXPORT_FORMATS, JSON_LD, GraphFormat
from trialgraph.rdf.jsonld import json_ld
from trialgraph.release.sorted.output import HashedFile

__all__ = ["other_formats", "quads_of", "triples_of", "write_triples"]

_WRITTEN: Final = frozenset({"nquads", "ntriples"})


def other_formats() -> tuple[GraphFormat, ...]:
    """The formats that are not written line by line."""
    return tuple(form for form in EXPORT_FORMATS.values() if form.name not in _WRITTEN)


def triples_of(path: Path) -> Iterator[Triple]:
    """The triples of a file of N-Triples."""
    return (quad.triple for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES))


def quads_of(paths: Iterable[Path]) -> Iterator[Quad]:
    """The quads of some files of N-Quads, one file after the other."""
    for path in paths:
        yield from parse(path=str(path), format=RdfFormat.N_QUADS)


def write_triples(
    stated: Iterable[Triple] | Iterable[Quad], path: Path, form: GraphFormat, prefixes: Mapping[str, str]
) -> HashedFile:
    """Write a format.

    :param stated: in the order of the lines; quads for a format that keeps the graphs, graph by graph
    :param prefixes: those of which a term occurs
    :raises OSError: the disk is full …
    """
    with HashedFile(path, _Readable() if form.is_xml else None) as file:
        if form is JSON_LD:
            for piece in json_ld(cast(Iterable[Triple], stated)):
                file.write(piece)
            return file
        serialize(stated, cast(IO[bytes], file), format=form.engine, prefixes=dict(prefixes))
        return file


class _Readable:
    # The engine writes characters that XML cannot hold, which make the file unreadable: they become U+FFFD, and the
    # release says so. A piece may end within a character.
    def __init__(self) -> None:
        self._decoded = codecs.getincrementaldecoder("utf-8")()

    def __call__(self, piece: bytes) -> bytes:
        return NOT_IN_XML.sub("\ufffd", self._decoded.decode(escape_carriage_returns(piece))).encode("utf-8")
