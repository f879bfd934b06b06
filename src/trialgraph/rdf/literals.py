"""Typed literals in their canonical lexical form, which no RDF library rewrites (``1000000``, ``2.5``, ``63``)."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.rdf.vocabulary import XSD

__all__ = ["boolean", "date", "decimal", "integer", "text", "text_of", "typed"]


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
    """``xsd:date`` for an ISO date, ``xsd:gYear`` for a year, else the text as it is."""
    parts = value.split("-")
    if all(p.isascii() and p.isdigit() for p in parts) and [len(p) for p in parts] in ([4, 2, 2], [4]):
        return Literal(value, datatype=XSD.date if len(parts) == 3 else XSD.gYear)
    return Literal(value)


def typed(value: str | int | Decimal) -> Literal:
    """The literal of a reading's value."""
    if isinstance(value, int):
        return integer(value)
    return decimal(value) if isinstance(value, Decimal) else text(value)


def text_of(term: object) -> str:
    """The characters of a literal, the IRI of a node, nothing where there is none."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else ""
