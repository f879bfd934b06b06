"""Literals as SHACL compares them: their lexical forms, their numbers, what a datatype allows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.graph.shapes.indexed import Node
from trialgraph.rdf.vocabulary import XSD

__all__ = ["DATATYPES", "has_datatype", "number", "ordered", "string"]

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_REAL: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBERS: Final = {
    XSD.integer: r"[+-]?\d+",
    XSD.int: r"[+-]?\d+",
    XSD.long: r"[+-]?\d+",
    XSD.nonNegativeInteger: r"\+?\d+|-0+",
    XSD.positiveInteger: r"\+?(?<!0)0*[1-9]\d*",
    XSD.decimal: r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    XSD.double: _REAL,
    XSD.float: _REAL,
}
_FORMS: Final = {
    **_NUMBERS,
    XSD.string: "",
    XSD.anyURI: "",
    XSD.boolean: "true|false|1|0",
    XSD.date: rf"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_ZONE}",
    XSD.gYearMonth: rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}",
    XSD.gYear: f"{_YEAR}{_ZONE}",
    XSD.hexBinary: "(?:[0-9A-Fa-f]{2})*",
}
_ANY: Final = re.compile("")
_DATE: Final = XSD.date
#: The datatypes whose lexical forms are known, as patterns of the whole form.
DATATYPES: Final = {
    kind: re.compile(form, re.DOTALL | re.ASCII) if form else _ANY for kind, form in _FORMS.items()
}


def has_datatype(node: Node, datatype: NamedNode) -> bool:
    """Whether a node is a literal of a datatype, and well formed.

    :param datatype: one of :data:`DATATYPES`
    """
    if not isinstance(node, Literal) or node.datatype != datatype:
        return False
    form = DATATYPES[datatype]
    if form is _ANY:
        return True
    return form.fullmatch(node.value) is not None and (datatype != _DATE or _is_day(node.value))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return text.startswith("-") or len(text.partition("-")[0]) > 4  # a year that Python does not count
    return True


def number(node: Node) -> Decimal | None:
    """The number that a literal stands for; None where it is none, or malformed."""
    if isinstance(node, Literal) and node.datatype in _NUMBERS and has_datatype(node, node.datatype):
        return Decimal(node.value)
    return None


def string(node: Node) -> str | None:
    """The lexical form of a literal, or the IRI; None of a blank node."""
    return None if isinstance(node, BlankNode) or not isinstance(node, Literal | NamedNode) else node.value


def ordered(one: Node, other: Node) -> bool:
    """Whether the one is less than the other, or equal, in the order of numbers, days, or code points."""
    left, right = number(one), number(other)
    if left is not None and right is not None:
        return left <= right
    if isinstance(one, Literal) and isinstance(other, Literal):
        same = one.datatype == other.datatype and one.datatype in (XSD.string, XSD.date)
        return same and one.value <= other.value
    return isinstance(one, NamedNode) and isinstance(other, NamedNode) and one.value <= other.value
