"""The other formats of a release, from its sorted files: each is written once, in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import Quad, RdfFormat, parse, serialize

from trialgraph.base.xml_characters import NOT_IN_XML_BYTES, escape_carriage_returns
from trialgraph.rdf.formats import EXPORT_FORMATS, JSON_LD, GraphFormat
from trialgraph.rdf.jsonld import JsonLdWriter
from trialgraph.release.sorted.output import HashedFile

__all__ = ["dataset_formats", "graph_formats", "quads_of", "write_dataset", "write_graph"]

_WRITTEN: Final = frozenset({"nquads", "ntriples"})
#: So many bytes of lines are made terms of at once, and written in each format.
_AT_ONCE: Final = 1 << 20
_FOOTER: Final = b"</rdf:RDF>"
#: What XML cannot hold begins with one of these in UTF-8: they are looked for before a pattern is.
_CONTROLS: Final = bytes({*range(0x20)} - {9, 10, 13})
_NONCHARACTERS: Final = b"\xef\xbf"


def graph_formats() -> tuple[GraphFormat, ...]:
    """The formats of the merge that are not written line by line."""
    return tuple(form for form in EXPORT_FORMATS.values() if not form.dataset and form.name not in _WRITTEN)


def dataset_formats() -> tuple[GraphFormat, ...]:
    """The formats that keep the graphs and are not written line by line."""
    return tuple(form for form in EXPORT_FORMATS.values() if form.dataset and form.name not in _WRITTEN)


def quads_of(paths: Iterable[Path]) -> Iterator[Quad]:
    """The quads of some files of N-Quads, one file after the other."""
    for path in paths:
        yield from parse(path=str(path), format=RdfFormat.N_QUADS)


def write_dataset(
    stated: Iterable[Quad], path: Path, form: GraphFormat, prefixes: Mapping[str, str]
) -> HashedFile:
    """Write a format that keeps the graphs.

    :param stated: in the order of the lines, graph by graph
    :param prefixes: those of which a term occurs
    :raises OSError: the disk is full …
    """
    with HashedFile(path) as file:
        serialize(stated, cast(IO[bytes], file), format=form.engine, prefixes=dict(prefixes))
        return file


def write_graph(
    triples: Path,
    paths: Sequence[tuple[GraphFormat, Path]],
    prefixes: Mapping[str, str],
    written: Callable[[int], None] = lambda _: None,
) -> list[HashedFile]:
    """Write a graph in some formats: its triples are made of the lines once for all of them.

    :param triples: N-Triples in order
    :param paths: where each format goes
    :param prefixes: those of which a term occurs
    :param written: gets how many triples more were written, now and then
    :raises OSError: the disk is full …
    """
    with ExitStack() as opened:
        files = [opened.enter_context(HashedFile(path)) for _, path in paths]
        pieces = [_JsonLd() if form is JSON_LD else _Pieces(form, prefixes) for form, _ in paths]
        for lines in _whole_subjects(triples):
            quads = list(parse(b"".join(lines), format=RdfFormat.N_TRIPLES))
            for file, piece in zip(files, pieces, strict=True):
                file.write(piece.of(lines, quads))
            written(len(lines))
        for file, piece in zip(files, pieces, strict=True):
            file.write(piece.end())
    return files


def _whole_subjects(path: Path) -> Iterator[list[bytes]]:
    """The lines of a file in pieces, none of which ends within what is stated of a subject."""
    with path.open("rb") as file:
        left: list[bytes] = []
        while some := file.readlines(_AT_ONCE):
            left += some
            last = left[-1][: left[-1].index(b" ") + 1]
            cut = len(left)
            while cut and left[cut - 1].startswith(last):
                cut -= 1
            if cut:
                yield left[:cut]
                left = left[cut:]
        if left:
            yield left


class _Pieces:
    """A format that the engine writes, in pieces: the header of the first, the footer of the last."""

    def __init__(self, form: GraphFormat, prefixes: Mapping[str, str]) -> None:
        self._form, self._prefixes = form, dict(prefixes)
        self._header = len(self._prefixes) if not form.is_xml else 2
        self._begun = False

    def of(self, _: list[bytes], quads: list[Quad]) -> bytes:
        """A piece."""
        made = serialize(quads, format=self._form.engine, prefixes=self._prefixes) or b""
        if self._begun:
            at = 0
            for _line in range(self._header):
                at = made.index(b"\n", at) + 1
            made = made[at:]
        self._begun = True
        return _readable(made.removesuffix(_FOOTER)) if self._form.is_xml else made

    def end(self) -> bytes:
        """What closes the document."""
        if not self._begun:
            return serialize([], format=self._form.engine, prefixes=self._prefixes) or b""
        return _FOOTER if self._form.is_xml else b""


class _JsonLd:
    """JSON-LD in pieces, made of the lines."""

    def __init__(self) -> None:
        self._writer = JsonLdWriter()
        self._header = self._writer.header()

    def of(self, lines: list[bytes], _: list[Quad]) -> bytes:
        """A piece."""
        header, self._header = self._header, b""
        return header + b"".join(self._writer.nodes(lines))

    def end(self) -> bytes:
        """What closes the document."""
        return self._header + self._writer.footer


def _readable(xml: bytes) -> bytes:
    # The engine writes characters that XML cannot hold, which make the file unreadable: they become U+FFFD, and the
    # release says so.
    made = escape_carriage_returns(xml)
    if len(made.translate(None, _CONTROLS)) == len(made) and _NONCHARACTERS not in made:
        return made
    return NOT_IN_XML_BYTES.sub("\ufffd".encode(), made)
