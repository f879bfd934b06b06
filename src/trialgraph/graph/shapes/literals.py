"""Literals as SHACL compares them: their lexical forms, their numbers, what a datatype allows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from trialgraph.rdf.lines import datatype as datatype_of
from trialgraph.rdf.lines import in_line, iri, term
from trialgraph.rdf.statements import Term
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
_DATE: Final = in_line(XSD.date)
_STRING: Final = in_line(XSD.string)
_NUMERIC: Final = frozenset(map(in_line, _NUMBERS))
#: The datatypes whose lexical forms are known, as patterns of the whole form.
DATATYPES: Final = {
    in_line(kind): re.compile(form, re.DOTALL | re.ASCII) if form else _ANY for kind, form in _FORMS.items()
}


@lru_cache(1 << 15)
def has_datatype(node: Term, datatype: Term) -> bool:
    """Whether a node is a literal of a datatype, and well formed.

    :param datatype: one of :data:`DATATYPES`
    """
    if not node.startswith(b'"') or datatype_of(node) != datatype:
        return False
    form = DATATYPES[datatype]
    if form is _ANY:
        return True
    value = _value(node)
    return form.fullmatch(value) is not None and (datatype != _DATE or _is_day(value))


def _value(literal: Term) -> str:
    """The lexical form of a literal."""
    end = literal.rindex(b'"')
    text = literal[1:end]
    return text.decode() if b"\\" not in text else str(getattr(term(literal), "value", ""))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return text.startswith("-") or len(text.partition("-")[0]) > 4  # a year that Python does not count
    return True


def number(node: Term) -> Decimal | None:
    """The number that a literal stands for; None where it is none, or malformed."""
    if node.startswith(b'"') and (kind := datatype_of(node)) in _NUMERIC and has_datatype(node, kind):
        return Decimal(_value(node))
    return None


def string(node: Term) -> str | None:
    """The lexical form of a literal, or the IRI; None of a blank node, and of what is neither."""
    if node.startswith(b'"'):
        return _value(node)
    return iri(node) if node.startswith(b"<") and not node.startswith(b"<<") else None


def ordered(one: Term, other: Term) -> bool:
    """Whether the one is less than the other, or equal, in the order of numbers, days, or code points."""
    left, right = number(one), number(other)
    if left is not None and right is not None:
        return left <= right
    if one.startswith(b'"') and other.startswith(b'"'):
        kind = datatype_of(one)
        same = kind == datatype_of(other) and kind in (_STRING, _DATE)
        return same and _value(one) <= _value(other)
    names = string(one), string(other)
    if one.startswith(b'"') or other.startswith(b'"') or names[0] is None or names[1] is None:
        return False
    return names[0] <= names[1]
