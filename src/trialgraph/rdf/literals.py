"""Typed literals in their canonical lexical form, which no RDF library rewrites (``1000000``, ``2.5``, ``63``)."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.rdf.vocabulary import XSD

__all__ = ["IsoDate", "boolean", "date", "decimal", "integer", "text", "text_of", "typed"]


class IsoDate(str):
    """A date as ISO 8601 writes it: ``2020-03-15``, ``2020-03`` where the day is not known, ``2020``."""

    __slots__ = ()


def text(value: str) -> Literal:
    """A plain string, character for character."""
    return Literal(value)


def integer(value: int) -> Literal:
    """``xsd:integer``, for offsets too: the store hands derived types back as ``xsd:integer``."""
    return Literal(str(value), datatype=XSD.integer)


def decimal(value: Decimal) -> Literal:
    """``xsd:decimal`` without exponent, trailing zeros or negative zero."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Literal("0" if plain in ("-0", "") else plain, datatype=XSD.decimal)


def boolean(value: bool) -> Literal:
    """``xsd:boolean``."""
    return Literal("true" if value else "false", datatype=XSD.boolean)


def date(value: str) -> Literal:
    """``xsd:date`` for an ISO date, ``xsd:gYearMonth`` and ``xsd:gYear`` for a part of one, else the text as it is."""
    parts = value.split("-")
    kinds = {(4, 2, 2): XSD.date, (4, 2): XSD.gYearMonth, (4,): XSD.gYear}
    kind = kinds.get(tuple(map(len, parts)))
    if kind is not None and all(p.isascii() and p.isdigit() for p in parts):
        return Literal(str(value), datatype=kind)
    return Literal(str(value))


def typed(value: str | int | Decimal) -> Literal:
    """The literal of a reading's value."""
    if isinstance(value, IsoDate):
        return date(value)
    if isinstance(value, int):
        return integer(value)
    return decimal(value) if isinstance(value, Decimal) else text(value)


def text_of(term: object) -> str:
    """The characters of a literal, the IRI of a node, nothing where there is none."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else ""
