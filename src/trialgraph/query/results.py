"""Formats of answers: which there are for a kind of query, and an answer read back as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from trialgraph.base.errors import UsageError
from trialgraph.query.guard import Kind
from trialgraph.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_media_type

__all__ = [
    "ResultTable",
    "Term",
    "find_format",
    "formats",
    "makes_graph",
    "offers",
    "read_graph",
    "read_table",
]

Term = NamedNode | Literal | BlankNode | Triple


def makes_graph(kind: Kind) -> bool:
    """Whether the answer is a graph; else it is a table or a truth value."""
    return kind in ("CONSTRUCT", "DESCRIBE")


def formats(kind: Kind) -> tuple[Format, ...]:
    """The formats for a kind of query, the default one first."""
    return tuple(GRAPH_FORMATS.values()) if makes_graph(kind) else tuple(RESULT_FORMATS.values())


def offers(kind: Kind) -> dict[str, Format]:
    """The media types that can be requested, and the format of each, the main ones first."""
    return by_media_type(formats(kind))


def find_format(kind: Kind, name: str) -> Format:
    """The format by its short name, suffix or media type.

    :raises UsageError: there is none of that name for this kind of query
    """
    # a "+" in an address is a blank to a form parser
    wanted = name.strip().lower().replace(" ", "+")
    for format_ in formats(kind):
        if wanted in (format_.name, format_.suffix, format_.media_type, *format_.aliases, *format_.also):
            return format_
    known = " ".join(f.name for f in formats(kind))
    raise UsageError(f"a {kind} has no format {name[:40]!r}", where="format", hint=f"use one of {known}")


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The rows of a SELECT.

    :param columns: names of the variables, without question mark
    :param rows: a term for each column, None where unbound
    :param more: there were more rows than were read
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool = False


class _PartsReader:
    """The parts of an answer as a file that a parser can read from."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._held = parts, b""

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; nothing at the end."""
        while not self._held:
            try:
                self._held = next(self._parts)
            except StopIteration:
                return b""
        size = len(self._held) if size < 0 else size
        data, self._held = self._held[:size], self._held[size:]
        return data


def _finish(stream: _PartsReader) -> None:
    """Read to the end, so that the worker knows that it is done."""
    while stream.read():
        pass


def read_graph(parts: Iterable[bytes], rows: int | None = None) -> ResultTable:
    """An N-Triples answer (``format="ntriples"``) as a table of subject, predicate and object."""
    stream = _PartsReader(iter(parts))
    read: list[tuple[Term | None, ...]] = []
    columns = ("subject", "predicate", "object")
    found = parse(stream, RdfFormat.N_TRIPLES)  # type: ignore[arg-type] # it only reads
    for quad in found:
        if rows is not None and len(read) == rows:
            return ResultTable(columns, tuple(read), more=True)
        read.append((quad.subject, quad.predicate, quad.object))
    return ResultTable(columns, tuple(read))


def read_table(parts: Iterable[bytes], rows: int | None = None) -> ResultTable | bool:
    """A JSON answer (``format="json"``) as a table, or the truth value of an ASK.

    :param parts: the answer; it is not read further than needed, so close it afterwards
    :param rows: the most rows to read
    """
    stream = _PartsReader(iter(parts))
    found = parse_query_results(stream, QueryResultsFormat.JSON)  # type: ignore[arg-type] # it only reads
    if isinstance(found, QueryBoolean):
        _finish(stream)
        return bool(found)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the other of the two
    columns = tuple(v.value for v in found.variables)
    read: list[tuple[Term | None, ...]] = []
    for solution in found:
        if rows is not None and len(read) == rows:
            return ResultTable(columns, tuple(read), more=True)
        read.append(tuple(solution[name] for name in columns))
    _finish(stream)
    return ResultTable(columns, tuple(read))
