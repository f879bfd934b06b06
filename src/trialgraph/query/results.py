"""Formats of answers: which there are, which one a request asks for, and an answer read back as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

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
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from trialgraph.base.errors import QueryRejected, UsageError
from trialgraph.query.guard import Kind

__all__ = [
    "FORMATS",
    "HTML",
    "AnswerFormat",
    "ResultTable",
    "Term",
    "find_format",
    "formats",
    "negotiate",
    "offers",
    "read_graph",
    "read_table",
]

HTML: Final = "text/html"
Term = NamedNode | Literal | BlankNode | Triple


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A way to write an answer.

    :param name: short name, as in ``?format=`` and ``-f``
    :param media_type: what a request without preference gets
    :param also: other media types under which it is served when asked for
    :param names: other short names
    :param graph: for CONSTRUCT and DESCRIBE (else for SELECT and ASK)
    :param suffix: of a saved query's address and of a file, without dot
    """

    name: str
    media_type: str
    also: tuple[str, ...]
    names: tuple[str, ...]
    graph: bool
    suffix: str

    def content_type(self, media_type: str = "") -> str:
        """The value of ``Content-Type``, for the media type that was asked for."""
        chosen = media_type or self.media_type
        if self.name == "csv":
            return f"{chosen}; charset=utf-8; header=present"
        return f"{chosen}; charset=utf-8" if chosen.startswith("text/") else chosen


#: The first one of each sort is what a request without preference gets.
FORMATS: Final[tuple[AnswerFormat, ...]] = (
    AnswerFormat(
        "json",
        "application/sparql-results+json",
        ("application/json",),
        ("sparql-json", "srj"),
        False,
        "json",
    ),
    AnswerFormat(
        "xml",
        "application/sparql-results+xml",
        ("application/xml", "text/xml"),
        ("sparql-xml", "srx"),
        False,
        "xml",
    ),
    AnswerFormat("csv", "text/csv", (), (), False, "csv"),
    AnswerFormat("tsv", "text/tab-separated-values", (), (), False, "tsv"),
    AnswerFormat("turtle", "text/turtle", ("application/x-turtle",), ("ttl",), True, "ttl"),
    AnswerFormat("ntriples", "application/n-triples", (), ("nt", "n-triples"), True, "nt"),
    AnswerFormat(
        "rdfxml",
        "application/rdf+xml",
        ("application/xml", "text/xml"),
        ("rdf", "rdf+xml", "rdf-xml", "xml"),
        True,
        "rdf",
    ),
    AnswerFormat(
        "jsonld", "application/ld+json", ("application/json",), ("json-ld", "ld+json", "json"), True, "jsonld"
    ),
    AnswerFormat("trig", "application/trig", ("application/x-trig",), (), True, "trig"),
    AnswerFormat("nquads", "application/n-quads", (), ("nq", "n-quads"), True, "nq"),
    AnswerFormat("n3", "text/n3", ("text/rdf+n3",), (), True, "n3"),
)


def formats(kind: Kind) -> tuple[AnswerFormat, ...]:
    """The formats for a kind of query, the default one first."""
    graph = kind in ("CONSTRUCT", "DESCRIBE")
    return tuple(f for f in FORMATS if f.graph is graph)


def offers(kind: Kind) -> dict[str, AnswerFormat]:
    """The media types that can be asked for, and the format of each, the main ones first."""
    fits = formats(kind)
    also = {media_type: f for f in fits for media_type in f.also}
    return {f.media_type: f for f in fits} | also


def find_format(kind: Kind, name: str) -> AnswerFormat:
    """The format by its short name, suffix or media type.

    :raises UsageError: there is none of that name for this kind of query
    """
    # a "+" in an address is a blank to a form parser
    wanted = name.strip().lower().replace(" ", "+")
    for format_ in formats(kind):
        if wanted in (format_.name, format_.suffix, format_.media_type, *format_.names, *format_.also):
            return format_
    known = " ".join(f.name for f in formats(kind))
    raise UsageError(f"a {kind} has no format {name[:40]!r}", where="format", hint=f"use one of {known}")


def negotiate(header: str | None, offered: Iterable[str]) -> str:
    """The offered media type that an ``Accept`` header likes best (RFC 9110, 12.5.1).

    The most specific range that fits an offer gives its weight, so ``text/csv;q=0, */*`` excludes CSV. Among
    equals the more specifically asked for, then the first offered.

    :param header: the header; None or empty: anything
    :raises QueryRejected: 406, nothing offered is acceptable
    """
    offered = list(offered)
    ranges = _ranges(header)
    best: tuple[float, float, int] | None = None
    for order, offer in enumerate(offered):
        fits = [(_specific(offer, value), weight) for value, weight in ranges]
        specific, weight = max(fits, default=(0, 0.0), key=lambda fit: fit[0])
        if specific and weight > 0 and (best is None or (weight, specific, -order) > best):
            best = (weight, specific, -order)
    if best is None:
        raise QueryRejected(
            "nothing that is offered here is acceptable to you",
            where="Accept",
            hint=f"accept one of {', '.join(dict.fromkeys(offered))}",
            status=406,
        )
    return offered[-best[2]]


def _ranges(header: str | None) -> list[tuple[str, float]]:
    """The media ranges of an ``Accept`` header and their weights; what is malformed is left out."""
    ranges = [
        (value.lower().replace(" ", ""), weight)
        for value, weight in parse_accept_header(header or "*/*", MIMEAccept)
    ]
    # what is no range at all says nothing, "*" is how Java's old client writes "*/*"
    known = [(value.replace("*", "*/*") if value == "*" else value, w) for value, w in ranges]
    return known if known or (header or "").strip(" ,") else [("*/*", 1.0)]


#: Parameters that our types carry anyway, so that naming one narrows nothing.
CARRIED: Final = frozenset({"charset=utf-8", 'charset="utf-8"', "header=present"})


def _specific(offer: str, wanted: str) -> float:
    """How closely a media range names an offer: by name 3, ``type/*`` 2, ``*/*`` 1, not at all 0.

    A parameter that an offer has makes the range more specific. One that it does not have is overlooked, unless
    another range names the offer without it.
    """
    name, *parameters = wanted.split(";")
    if name == offer:
        return 3 + 0.5 * bool(parameters) * (1 if CARRIED.issuperset(parameters) else -1)
    if name == "*/*":
        return 1
    return 2 if name.endswith("/*") and offer.startswith(name[:-1]) else 0


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
