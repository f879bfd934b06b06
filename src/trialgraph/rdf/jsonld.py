"""Triples as readable JSON-LD: one node object a line, short keys by a context that stands in the file itself.

It is written as it is read, one subject at a time: the memory that it takes does not grow with the number of triples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from pyoxigraph import Literal, RdfFormat, Triple, parse, serialize

from trialgraph.rdf.jsonld_context import context
from trialgraph.rdf.prefixes import compressed, prefixes
from trialgraph.rdf.vocabulary import RDF, XSD

__all__ = ["JsonLdWriter", "json_ld"]

#: Integers that every JSON reader keeps as they are, in the one spelling that JSON has for them.
_SAFE: Final = 2**53
_CANONICAL: Final = re.compile(r"0|-?[1-9][0-9]{0,15}")
#: A plain literal that JSON writes as N-Triples does.
_PLAIN: Final = re.compile(rb'"[^"\\\x00-\x1f]*"')
_NO_CONTEXT: Final = {"@context": None}
_BOOLEANS: Final = {"true": True, "false": False}
_STRING, _INTEGER, _BOOLEAN = XSD.string.value, XSD.integer.value, XSD.boolean.value
#: So many triples are made lines of at once.
_BATCH: Final = 1 << 13
#: So many terms are kept as they are written.
_KEPT: Final = 1 << 16

_encoder: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False)
#: The lines of a subject: subject, predicate, and the rest with its stop.
_Lines = Sequence[tuple[bytes, bytes, bytes]]


def json_ld(triples: Iterable[Triple]) -> Iterator[bytes]:
    """A JSON-LD 1.1 document, in pieces.

    :param triples: those of one subject one after another, in the order in which they are to be written
    """
    writer = JsonLdWriter()
    yield writer.header()
    yield from writer.nodes(_lines_of(triples))
    yield writer.footer


def _lines_of(triples: Iterable[Triple]) -> Iterator[bytes]:
    left = iter(triples)
    while some := list(islice(left, _BATCH)):
        yield from (serialize(some, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)


def _encoded(value: Any) -> bytes:
    return _encoder.encode(value).encode("utf-8")


class JsonLdWriter:
    """A document in pieces, from triples that are lines of N-Triples as the engine writes them.

    What is written of a term is kept: most occur again.
    """

    footer: Final = b"\n]}\n"

    def __init__(self) -> None:
        self.known = context()
        self._separator = b"\n"
        self._keys: dict[bytes, tuple[str, str, bool]] = {}
        self._names: dict[str, bytes] = {}
        self._types: dict[bytes, bytes] = {}
        self._values: dict[tuple[bytes, str], bytes] = {}
        self._reference = lru_cache(_KEPT)(_reference)

    def header(self) -> bytes:
        """What comes before the first node."""
        return b'{"@context": ' + _encoded(self.known.document) + b',\n"@graph": ['

    def nodes(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The nodes of some lines, in which all that is stated of a subject stands together."""
        for subject, of in groupby((line.split(b" ", 2) for line in lines), key=itemgetter(0)):
            yield self._separator + self._node(subject, [(s, p, rest) for s, p, rest in of])
            self._separator = b",\n"

    def _node(self, subject: bytes, lines: _Lines) -> bytes:
        head = self._reference(subject)
        if head.startswith(b"{"):
            return _expanded(lines)
        types: list[bytes] = []
        made: dict[str, list[bytes]] = {}
        for _, predicate, rest in lines:
            key, coerced, is_type = self._keys.get(predicate) or self._key(predicate)
            value = rest[:-3]
            if is_type and (name := self._types.get(value) or self._type(value)):
                types.append(name)
                continue
            written = self._values.get((value, coerced)) or self._value(value, coerced)
            if key in made:
                made[key].append(written)
            else:
                made[key] = [written]
        parts = [b'"id": ' + head]
        if types:
            parts.append(b'"type": ' + _one_or_list(types))
        if label := made.pop("label", None):  # first: it says what the node is
            parts.append(b'"label": ' + _one_or_list(label))
        parts += [self._names[key] + _one_or_list(made[key]) for key in sorted(made)]
        return b"{" + b", ".join(parts) + b"}"

    def _key(self, predicate: bytes) -> tuple[str, str, bool]:
        iri = predicate[1:-1].decode()
        key = self.known.keys.get(iri) or compressed(iri)
        self._names[key] = _encoded(key) + b": "
        made = self._keys[predicate] = key, self.known.coerced.get(key, ""), iri == RDF.type.value
        return made

    def _type(self, value: bytes) -> bytes:
        """The name of a class; empty where it has none, or is none."""
        if not value.startswith(b"<"):
            return b""
        name = self.known.types.get(value[1:-1].decode())
        made = _encoded(name) if name else self._reference(value)
        self._types[value] = b"" if made.startswith(b"{") else made
        return self._types[value]

    def _value(self, value: bytes, coerced: str) -> bytes:
        if len(self._values) >= _KEPT:
            self._values.clear()
        if not value.startswith(b'"'):
            made = self._reference(value)
            if coerced != "@id" and not made.startswith(b"{"):
                made = b'{"id": ' + made + b"}"
        elif not coerced and _PLAIN.fullmatch(value):
            made = value
        else:
            made = _encoded(_literal(_literal_of(value), coerced))
        self._values[value, coerced] = made
        return made


def _one_or_list(values: list[bytes]) -> bytes:
    return values[0] if len(values) == 1 else b"[" + b", ".join(values) + b"]"


def _reference(node: bytes) -> bytes:
    """The value of ``id`` of an IRI or a blank node, as JSON; a node object where no text can be it."""
    return _encoded(_identifier(node[1:-1].decode()) if node.startswith(b"<") else node.decode())


def _literal_of(value: bytes) -> Literal:
    (quad,) = parse(b"<x:s> <x:p> %s ." % value, format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, Literal)  # noqa: S101 - it begins with a quotation mark
    return quad.object


def _expanded(lines: _Lines) -> bytes:
    quads = parse(b"".join(b"%s %s %s" % parts for parts in lines), format=RdfFormat.N_TRIPLES)
    expanded = serialize((quad.triple for quad in quads), format=RdfFormat.JSON_LD)
    return _encoded({**_NO_CONTEXT, **json.loads(expanded or b"[{}]")[0]})


def _literal(value: Literal, coerced: str) -> Any:
    """The JSON value of a literal.

    :param coerced: what plain values of its key are: empty, ``@id`` or the IRI of a datatype
    """
    text, kind = value.value, value.datatype.value
    if kind == _STRING:
        return {"@value": text} if coerced else text
    if value.language:
        direction = {"@direction": str(value.direction)} if value.direction else {}
        return {"@value": text, "@language": value.language} | direction
    if coerced in ("", kind):
        native = _native(text, kind)
        if native is not None:
            return native
    return text if kind == coerced else {"@value": text, "@type": compressed(kind)}


def _native(text: str, kind: str) -> int | bool | None:
    """The JSON value of an integer or a boolean, where reading it gives the same literal back."""
    if kind == _INTEGER and _CANONICAL.fullmatch(text) and abs(int(text)) < _SAFE:
        return int(text)
    return _BOOLEANS.get(text) if kind == _BOOLEAN else None


def _identifier(iri: str) -> Any:
    """The value of ``id``: a CURIE or the IRI; a node without context where a reader would take the IRI for a CURIE."""
    short = compressed(iri)
    if short != iri:
        return iri if short.partition(":")[2].startswith("//") else short
    scheme = iri.partition(":")[0]
    return {**_NO_CONTEXT, "@id": iri} if scheme in prefixes() else iri
