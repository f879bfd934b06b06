"""Triples as readable JSON-LD: one node object a line, short keys by a context that stands in the file itself.

It is written as it is read, one subject at a time: the memory that it takes does not grow with the number of triples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from trialgraph.rdf.jsonld_context import Context, context
from trialgraph.rdf.prefixes import compressed, prefixes
from trialgraph.rdf.vocabulary import RDF, XSD

__all__ = ["json_ld"]

#: Integers that every JSON reader keeps as they are, in the one spelling that JSON has for them.
_SAFE: Final = 2**53
_CANONICAL: Final = re.compile(r"0|-?[1-9][0-9]{0,15}")
_NO_CONTEXT: Final = {"@context": None}
_BOOLEANS: Final = {"true": True, "false": False}
_STRING, _INTEGER, _BOOLEAN = XSD.string.value, XSD.integer.value, XSD.boolean.value

_encoder: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def json_ld(triples: Iterable[Triple]) -> Iterator[bytes]:
    """A JSON-LD 1.1 document, in pieces.

    :param triples: those of one subject one after another, in the order in which they are to be written
    """
    known = context()
    yield b'{"@context": ' + _line(known.document) + b',\n"@graph": ['
    separator = b"\n"
    writer = _Writer(known)
    for _, of in groupby(triples, key=lambda triple: triple.subject):
        yield separator + _line(writer.node(list(of)))
        separator = b",\n"
    yield b"\n]}\n"


def _line(value: Any) -> bytes:
    return _encoder.encode(value).encode("utf-8")


class _Writer:
    def __init__(self, known: Context) -> None:
        self.known = known
        self.key = lru_cache(8_192)(self._key)
        self.reference = lru_cache(65_536)(_identifier)

    def node(self, triples: list[Triple]) -> dict[str, Any]:
        head = self._of(triples[0].subject)
        if isinstance(head, dict):
            expanded = serialize(triples, format=RdfFormat.JSON_LD)
            return {**_NO_CONTEXT, **json.loads(expanded or b"[{}]")[0]}
        made: dict[str, Any] = {"id": head}
        types: list[str] = []
        values: dict[str, list[Any]] = {}
        for triple in triples:
            value = triple.object
            key, coerced, is_type = self.key(triple.predicate.value)
            if is_type and isinstance(value, NamedNode):
                name = self.known.types.get(value.value) or self._of(value)
                if isinstance(name, str):
                    types.append(name)
                    continue
            written = _literal(value, coerced) if isinstance(value, Literal) else self._link(value, coerced)
            values.setdefault(key, []).append(written)
        if types:
            made["type"] = types[0] if len(types) == 1 else types
        if label := values.pop("label", None):  # first: it says what the node is
            made["label"] = label[0] if len(label) == 1 else label
        for key in sorted(values):
            of = values[key]
            made[key] = of[0] if len(of) == 1 else of
        return made

    def _key(self, iri: str) -> tuple[str, str, bool]:
        key = self.known.keys.get(iri) or compressed(iri)
        return key, self.known.coerced.get(key, ""), iri == RDF.type.value

    def _of(self, node: object) -> Any:
        return self.reference(node.value) if isinstance(node, NamedNode) else str(node)

    def _link(self, node: object, coerced: str) -> Any:
        found = self._of(node)
        return found if coerced == "@id" or isinstance(found, dict) else {"id": found}


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
