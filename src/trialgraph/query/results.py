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

from trialgraph.base.errors import AnswerTooLarge, UsageError
from trialgraph.base.readable import byte_size, count
from trialgraph.query.guard import Kind
from trialgraph.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_media_type

__all__ = [
    "ResultTable",
    "Term",
    "find_format",
    "formats",
    "makes_graph",
    "offers",
    "part_in_words",
    "read_graph",
    "read_table",
    "too_large",
    "whole_table",
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
    :param cut: they were not read as the answer is longer than the bytes that were allowed
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool = False
    cut: bool = False


class _Cut(Exception):
    """The answer goes on beyond the bytes that were allowed."""


class _PartsReader:
    """The parts of an answer as a file that a parser can read from.

    :param most: the most bytes that are given out; 0: all
    """

    def __init__(self, parts: Iterable[bytes], most: int = 0) -> None:
        self._answer, self._parts = parts, iter(parts)
        self._held, self._at = b"", 0
        self._most = self._left = most

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; nothing at the end.

        :raises _Cut: there is more than may be read
        """
        while self._at == len(self._held):
            try:
                self._held, self._at = next(self._parts), 0
            except StopIteration:
                if getattr(self._answer, "cut", False):  # by the worker, see Pool.run
                    raise _Cut from None
                return b""
        if self._most and not self._left:
            raise _Cut
        here = len(self._held) - self._at
        size = min(here, size) if size >= 0 else here
        size = min(size, self._left) if self._most else size
        data = self._held[self._at : self._at + size]
        self._at += size
        self._left -= size
        return data


def _finish(stream: _PartsReader) -> None:
    """Read to the end, so that the worker knows that it is done."""
    while stream.read():
        pass


def read_graph(parts: Iterable[bytes], rows: int | None = None, most_bytes: int = 0) -> ResultTable:
    """An N-Triples answer (``format="ntriples"``) as a table of subject, predicate and object.

    The parameters are those of :func:`read_table`.
    """
    stream = _PartsReader(parts, most_bytes)
    columns = ("subject", "predicate", "object")
    found = parse(stream, RdfFormat.N_TRIPLES)  # type: ignore[arg-type] # it only reads
    return _read(columns, ((q.subject, q.predicate, q.object) for q in found), rows, stream)


def read_table(parts: Iterable[bytes], rows: int | None = None, most_bytes: int = 0) -> ResultTable | bool:
    """A JSON answer (``format="json"``) as a table, or the truth value of an ASK.

    :param parts: the answer; it is not read further than needed, so close it afterwards
    :param rows: the most rows to read
    :param most_bytes: the most bytes to read; a row that they do not hold to its end is not in the table. 0: all
    """
    stream = _PartsReader(parts, most_bytes)
    try:
        found = parse_query_results(stream, QueryResultsFormat.JSON)  # type: ignore[arg-type] # it only reads
    except (_Cut, MemoryError):  # names of variables without end
        return ResultTable((), (), more=True, cut=True)
    if isinstance(found, QueryBoolean):
        _finish(stream)
        return bool(found)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the other of the two
    columns = tuple(v.value for v in found.variables)
    return _read(columns, (tuple(solution[name] for name in columns) for solution in found), rows, stream)


def _read(
    columns: tuple[str, ...],
    found: Iterator[tuple[Term | None, ...]],
    rows: int | None,
    stream: _PartsReader,
) -> ResultTable:
    """The table of the rows that a parser finds, as far as the limits allow."""
    read: list[tuple[Term | None, ...]] = []
    try:
        for row in found:
            if rows is not None and len(read) == rows:
                return ResultTable(columns, tuple(read), more=True)
            read.append(row)
        _finish(stream)
    except (_Cut, MemoryError):  # the parser takes no term of more than 16 MB
        return ResultTable(columns, tuple(read), more=True, cut=True)
    return ResultTable(columns, tuple(read))


def part_in_words(table: ResultTable, most_bytes: int) -> str:
    """Which part of its answer a table is; empty where it is whole."""
    if not table.more:
        return ""
    shown = f"the first {count(len(table.rows))} rows" if len(table.rows) != 1 else "the first row"
    if not table.cut:
        return shown
    size = byte_size(most_bytes)
    if not table.rows:
        return f"no row, as the first one is larger than {size}"
    return f"{shown}, as the answer is larger than {size}"


def whole_table(parts: Iterable[bytes], most_bytes: int, hint: str = "") -> ResultTable:
    """The answer to a SELECT, for what would be wrong if it were made of a part.

    :raises AnswerTooLarge: it is longer than that
    """
    table = read_table(parts, None, most_bytes)
    assert isinstance(table, ResultTable)  # noqa: S101 - not of an ASK
    if table.more:
        raise too_large(most_bytes, hint=hint)
    return table


def too_large(most_bytes: int, *, where: str = "", hint: str = "") -> AnswerTooLarge:
    """The error for an answer that is longer than that."""
    return AnswerTooLarge(f"the answer is larger than {byte_size(most_bytes)}", where=where, hint=hint)
