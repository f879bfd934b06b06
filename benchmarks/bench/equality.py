"""Whether two servers gave the same answer: rows as a multiset, terms by value, blank nodes by what is said of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

__all__ = ["SAME", "Answer", "Verdict", "compare", "graph_answer", "select_answer"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WHOLE: Final = frozenset(
    f"{_XSD}{name}"
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *(
            "unsignedLong",
            "unsignedInt",
            "unsignedShort",
            "unsignedByte",
            "negativeInteger",
            "nonPositiveInteger",
        ),
    )
)
_NUMBERS: Final = _WHOLE | {f"{_XSD}{name}" for name in ("decimal", "double", "float")}
_ROW: Final = "urn:row:"
#: Virtuoso 7.2 answers an ASK in JSON by a row of this variable, 1 for true.
_VIRTUOSO_ASK: Final = "__ASK_RETVAL"
#: How the saved queries join texts.
_BETWEEN: Final = (" | ", "|", "; ", ", ")

Row: TypeAlias = tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True)
class Answer:
    """The rows of an answer, each as often as it is there.

    :param rows: name of a variable and term; of a graph a hash for each triple
    :param error: why there is none
    """

    rows: Counter[Any]
    error: str = ""
    timed_out: bool = False
    is_graph: bool = False

    @classmethod
    def failed(cls, status: int, seconds: float) -> Answer:
        """Instead of an answer there was another status; 0: none within the time."""
        return cls(Counter(), f"HTTP {status}" if status else f"no answer within {seconds:g} s", not status)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is that of trialgraph, and if not, in what it differs."""

    same: bool
    note: str = ""


SAME: Final = Verdict(same=True)


def select_answer(body: bytes) -> Answer:
    """The answer to a SELECT or an ASK, of SPARQL Results JSON."""
    try:
        document = json.loads(body)
        if "boolean" in document:
            return Answer(Counter([(("", bool(document["boolean"])),)]))
        if document["head"].get("vars") == [_VIRTUOSO_ASK]:
            return Answer(
                Counter(
                    [(("", any(int(b[_VIRTUOSO_ASK]["value"]) for b in document["results"]["bindings"])),)]
                )
            )
        rows = [
            tuple(sorted((n, _term(t)) for n, t in one.items())) for one in document["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Answer(Counter(), f"no SPARQL results: {error}")
    return Answer(_named_blanks(rows))


def graph_answer(body: bytes, form: RdfFormat) -> Answer:
    """The answer to a CONSTRUCT, each triple once, blank nodes all alike (whole graphs have thousands)."""
    hashes = (
        hash(tuple(map(_of_graph, (q.subject, q.predicate, q.object)))) for q in parse(body, format=form)
    )
    try:
        return Answer(Counter(dict.fromkeys(hashes, 1)), is_graph=True)
    except (ValueError, SyntaxError) as error:
        return Answer(Counter(), f"no RDF: {error}")


def compare(ours: Answer, other: Answer) -> Verdict:
    """In what another answer differs from ours."""
    if ours.error or other.error:
        return Verdict(same=False, note=other.error or f"trialgraph: {ours.error}")
    if ours.rows == other.rows:
        return SAME
    if set(ours.rows) == set(other.rows):
        extra = other.rows.total() - ours.rows.total()
        return Verdict(
            same=False, note=f"the same rows, {abs(extra):,} {'more' if extra > 0 else 'fewer'} repeated"
        )
    if ours.is_graph or other.is_graph:
        return _counted(ours, other)
    changes = {
        "the order of joined texts differs": _order,
        "datatypes differ": _value,
        "datatypes and the order of joined texts differ": lambda term: _value(_order(term)),
    }
    for note, change in changes.items():
        if _changed(ours.rows, change) == _changed(other.rows, change):
            return Verdict(same=False, note=note)
    return _counted(ours, other)


def _counted(ours: Answer, other: Answer) -> Verdict:
    missing, more = (ours.rows - other.rows).total(), (other.rows - ours.rows).total()
    return Verdict(same=False, note=f"{missing:,} of {ours.rows.total():,} rows missing, {more:,} others")


def _term(term: Mapping[str, Any]) -> Hashable:
    """A term, comparable by value; a blank node as it is named."""
    kind, value = term["type"], str(term["value"])
    if kind == "uri":
        return ("iri", value)
    if kind == "bnode":
        return ("blank", value)
    return _literal(value, str(term.get("datatype", "")), str(term.get("xml:lang", "")))


def _literal(value: str, datatype: str, language: str) -> Hashable:
    if language:
        return ("text", value, language.lower())
    if datatype in ("", f"{_XSD}string"):
        return ("text", value, "")
    if datatype in _NUMBERS:
        return ("number", _number(value), datatype)
    if datatype == f"{_XSD}boolean":
        return ("number", {"1": "true", "0": "false"}.get(value, value), datatype)
    return ("literal", value, datatype)


def _number(text: str) -> Hashable:
    """A number by its value: 1.50 is 1.5."""
    try:
        return Decimal(text).normalize() if Decimal(text).is_finite() else text
    except InvalidOperation:
        return text


def _of_graph(term: object) -> Hashable:
    if isinstance(term, NamedNode):
        return ("iri", term.value)
    if isinstance(term, Literal):
        return _literal(term.value, term.datatype.value, term.language or "")
    return ("blank", "")


def _named_blanks(rows: Iterable[Row]) -> Counter[Row]:
    """Rows with blank nodes renamed by a canonical algorithm over all rows, so that names of servers do not count."""
    counted = Counter(rows)
    blanks = sorted({t[1] for row in counted for _, t in row if isinstance(t, tuple) and t[0] == "blank"})
    if not blanks:
        return counted
    # Each distinct row is a blank node of its own here, with its count: a row and its blank nodes are told apart
    # from others by all that they have.
    nodes = {name: BlankNode(f"b{n}") for n, name in enumerate(blanks)}
    dataset = Dataset()
    whole = list(counted.items())
    for number, (row, count) in enumerate(whole):
        subject = BlankNode(f"r{number}")
        dataset.add(Quad(subject, NamedNode(f"{_ROW}count"), Literal(count)))
        for name, term in row:
            is_blank = isinstance(term, tuple) and term[0] == "blank"
            value = nodes[term[1]] if is_blank else Literal(repr(term))  # type: ignore[index]
            dataset.add(Quad(subject, NamedNode(_ROW + name), value))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    made: dict[str, dict[str, Hashable]] = {}
    for quad in dataset:
        name = quad.predicate.value.removeprefix(_ROW)
        value = quad.object
        made.setdefault(str(quad.subject), {})[name] = (
            ("blank", value.value) if isinstance(value, BlankNode) else str(value)
        )
    return Counter(
        {
            tuple(sorted((n, v) for n, v in row.items() if n != "count")): _whole_number(row["count"])
            for row in made.values()
        }
    )


def _whole_number(term: Hashable) -> int:
    """The number in a literal's text."""
    return int(str(term).split('"')[1])


def _changed(rows: Mapping[Row, int], change: Any) -> Counter[Row]:
    made: Counter[Row] = Counter()
    for row, count in rows.items():
        made[tuple((name, change(term)) for name, term in row)] += count
    return made


def _value(term: Hashable) -> Hashable:
    """A literal by its text, a number by its value; without its datatype."""
    if not isinstance(term, tuple) or term[0] in ("iri", "blank") or (term[0] == "text" and term[2]):
        return term
    if term[0] == "number":
        return {"true": "1", "false": "0"}.get(
            str(term[1]), f"{term[1]:f}" if isinstance(term[1], Decimal) else term[1]
        )
    return str(term[1])


def _order(term: Hashable) -> Hashable:
    """A joined text by its parts."""
    if isinstance(term, tuple) and term[0] == "text":
        for between in _BETWEEN:
            if between in term[1]:
                return ("texts", tuple(sorted(term[1].split(between))))
    return term
