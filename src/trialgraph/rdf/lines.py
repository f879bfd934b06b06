"""Canonical N-Quads as lines in order: to sort, merge and count millions of quads without making terms of them.

In this form each quad is a line of its own: subject, predicate, object and graph, with one blank between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from trialgraph.rdf.vocabulary import RDF, XSD

__all__ = [
    "QuadLines",
    "Statement",
    "by_subject",
    "datatype",
    "in_line",
    "iri",
    "lines_with",
    "sorted_lines",
    "split",
    "term",
]

#: Predicate, object and graph of a line.
Statement = tuple[bytes, bytes, bytes]

#: So many lines are searched at once.
_AT_ONCE: Final = 1 << 13
_LANGUAGE: Final = str(RDF.langString).encode()
_STRING: Final = str(XSD.string).encode()


class QuadLines(Protocol):
    """QuadLines in order, each once, that can be iterated again and again: a list, or a file."""

    def __iter__(self) -> Iterator[bytes]:
        """All of them."""


def sorted_lines(quads: Iterable[Quad]) -> list[bytes]:
    """The canonical N-Quads of some quads, each line once, with its line break, by code point."""
    text = serialize(quads, format=RdfFormat.N_QUADS)
    assert text is not None  # noqa: S101 - no output was given, so bytes come back
    # In UTF-8 the order of bytes is that of code points. Line breaks of any kind are escaped within a line.
    return sorted(set(text.splitlines(keepends=True)))


def split(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Subject, predicate, object and graph."""
    subject, predicate, rest = line.split(b" ", 2)
    cut = rest.rindex(b" <")
    return subject, predicate, rest[:cut], rest[cut + 1 : -3]


def by_subject(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[Statement]]]:
    """Each subject with all that is stated of it."""
    last, about = b"", list[Statement]()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            if about:
                yield last, about
            last, about = subject, []
        cut = rest.rindex(b" <")
        about.append((predicate, rest[:cut], rest[cut + 1 : -3]))
    if about:
        yield last, about


def in_line(node: NamedNode) -> bytes:
    """An IRI as it stands in a line."""
    return str(node).encode()


def iri(term: bytes) -> str:
    """The IRI of a term that is one."""
    return term[1:-1].decode()


def term(text: bytes) -> NamedNode | BlankNode | Literal | Triple:
    """The term that stands so in a line."""
    if text.startswith(b"<") and not text.startswith(b"<<"):
        return NamedNode(iri(text))
    if text.startswith(b'"') and text.endswith(b'"') and b"\\" not in text:
        return Literal(text[1:-1].decode())
    (quad,) = parse(b"<x:s> <x:p> %s ." % text, format=RdfFormat.N_TRIPLES)
    made: NamedNode | BlankNode | Literal | Triple = quad.object
    return made


def lines_with(lines: Iterable[bytes], marks: Sequence[bytes]) -> Iterator[bytes]:
    """The lines in which one of some marks stands, in their order."""
    left = iter(lines)
    while some := list(islice(left, _AT_ONCE)):
        block = b"".join(some)
        found: dict[int, int] = {}
        for mark in marks:
            at = block.find(mark)
            while at >= 0:
                end = block.index(b"\n", at) + 1
                found[block.rfind(b"\n", 0, at) + 1] = end
                at = block.find(mark, end)
        for start, end in sorted(found.items()):
            yield block[start:end]


def datatype(value: bytes) -> bytes:
    """The datatype of a literal, as an IRI in a line."""
    if value.endswith(b'"'):
        return _STRING
    return value[value.rindex(b"^^") + 2 :] if value.endswith(b">") else _LANGUAGE
