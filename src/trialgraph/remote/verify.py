"""Comparing what a store holds with the release: counts by graph, property and datatype, and sampled resources."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final
from zlib import crc32

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from trialgraph.rdf.vocabulary import XSD
from trialgraph.release.open import Release
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.graph_names import store_graph
from trialgraph.remote.parts import merged_lines

__all__ = ["ReleaseContent", "StoreComparison", "expected", "verify"]

#: Resources of a graph of which every statement is compared; of the merge of all, more.
SAMPLE: Final = 20
MERGED_SAMPLE: Final = 500
#: How many of them are asked for at a time.
AT_ONCE: Final = 100
PROPERTIES: Final = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
#: By language where there is one, as an engine that is older than RDF 1.1 knows no datatype of such a literal.
DATATYPES: Final = """
    SELECT ?d (COUNT(*) AS ?n) {
      ?s ?p ?o FILTER(isLiteral(?o))
      BIND(IF(LANG(?o) = "", STR(DATATYPE(?o)), CONCAT("@", LCASE(LANG(?o)))) AS ?d)
    } GROUP BY ?d
"""
_NUMBERS: Final = frozenset((XSD.decimal, XSD.integer, XSD.double))


@dataclass
class ReleaseContent:
    """What a store with a release has to hold.

    :param properties: statements by graph and property
    :param datatypes: literals of the merge by datatype or language
    :param sample: by graph, the statements of the resources that are compared
    """

    properties: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    datatypes: Counter[str] = field(default_factory=Counter)
    sample: dict[str, dict[bytes, list[bytes]]] = field(default_factory=dict)


@dataclass
class StoreComparison:
    """What a comparison found.

    :param differences: statements that are missing, too many or changed: one line each
    :param spellings: literals of the same value and type that are written otherwise, with an example of each kind
    :param compared: statements that were compared one by one
    """

    differences: list[str] = field(default_factory=list)
    spellings: Counter[str] = field(default_factory=Counter)
    compared: int = 0


class _Chosen:
    """The resources of a graph with the lowest checksums: a sample that is the same in each run, in one pass."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[int, bytes]] = []
        self.lines: dict[bytes, list[bytes]] = {}

    def see(self, subject: bytes, line: bytes) -> None:
        if subject in self.lines:
            self.lines[subject].append(line)
            return
        # lines of a resource come together, so one that was left out once is never met again
        key = -crc32(subject)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, (key, subject))
        elif key > self._heap[0][0]:
            _, old = heapq.heapreplace(self._heap, (key, subject))
            del self.lines[old]
        else:
            return
        self.lines[subject] = [line]


def expected(release: Release) -> ReleaseContent:
    """What the files of a release say that a store has to hold, in one pass.

    :raises ReleaseError: a file of it cannot be read
    """
    found = ReleaseContent()
    whole = store_graph("merge").value
    chosen: dict[str, _Chosen] = {}
    last = b""
    for line, graph_bytes in merged_lines(release):
        subject, predicate, object_ = line[:-3].split(b" ", 2)
        graph, name = graph_bytes.decode(), predicate[1:-1].decode()
        for one in (graph, whole) if line != last else (graph,):
            found.properties[one][name] += 1
            if subject.startswith(b"<"):
                most = MERGED_SAMPLE if one == whole else SAMPLE
                chosen.setdefault(one, _Chosen(most)).see(subject, line)
        if line != last and object_.startswith(b'"'):
            found.datatypes[_datatype(object_)] += 1
        last = line
    found.sample = {graph: one.lines for graph, one in chosen.items()}
    return found


def _datatype(literal: bytes) -> str:
    """The datatype of a literal of N-Triples; with a language, ``@`` and its tag in lower case."""
    behind = literal[literal.rindex(b'"') + 1 :].decode()
    if behind.startswith("^^"):
        return behind[3:-1]
    return behind.lower() or XSD.string.value


def verify(wanted: ReleaseContent, endpoint: Endpoint, seconds: float) -> StoreComparison:
    """Compare a store with what it has to hold.

    :param seconds: the longest silence of the store
    :raises TrialgraphError: it cannot be asked
    """
    result = StoreComparison()
    for graph, counts in sorted(wanted.properties.items()):
        _compare_counts(result, f"{graph}: ", counts, _counted(endpoint, PROPERTIES, graph, seconds))
    whole = store_graph("merge").value
    found = _counted(endpoint, DATATYPES, whole, seconds)
    _compare_counts(result, "literals of the type or language ", wanted.datatypes, found)
    for graph, subjects in sorted(wanted.sample.items()):
        names = sorted(subjects)
        for at in range(0, len(names), AT_ONCE):
            _compare_sample(
                result, endpoint, graph, {n: subjects[n] for n in names[at : at + AT_ONCE]}, seconds
            )
    return result


def _counted(endpoint: Endpoint, query: str, graph: str, seconds: float) -> Counter[str]:
    rows = endpoint.rows(query, [graph], seconds)
    return Counter({key: int(n or 0) for key, n in rows if key is not None})


def _compare_counts(result: StoreComparison, what: str, wanted: Counter[str], found: Counter[str]) -> None:
    result.differences += [
        f"{what}{key}: {found[key]} instead of {wanted[key]}"
        for key in sorted(wanted.keys() | found.keys())
        if wanted[key] != found[key]
    ]


def _compare_sample(
    result: StoreComparison,
    endpoint: Endpoint,
    graph: str,
    subjects: dict[bytes, list[bytes]],
    seconds: float,
) -> None:
    values = b" ".join(subjects).decode()
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
    found = set(map(_Term.of, endpoint.triples(query, [graph], seconds)))
    lines = b"".join(line for several in subjects.values() for line in several)
    wanted = {_Term.of(quad.triple) for quad in parse(lines, format=RdfFormat.N_TRIPLES)}
    result.compared += len(wanted)
    missing, more = wanted - found, found - wanted
    by_value = {_by_value(one): one for one in more}
    for one in sorted(missing, key=str):
        other = by_value.get(_by_value(one))
        if other is None:
            result.differences.append(f"{graph}: missing: {one.words}")
        else:
            more.discard(other)
            result.spellings[_kind(one)] += 1
    result.differences += [f"{graph}: not of the release: {one.words}" for one in sorted(more, key=str)]


@dataclass(frozen=True, slots=True)
class _Term:
    """A triple whose blank nodes are all alike."""

    subject: str
    predicate: str
    object: NamedNode | Literal | str

    @classmethod
    def of(cls, triple: Triple) -> _Term:
        object_ = triple.object
        kept = object_ if isinstance(object_, NamedNode | Literal) else "_:"
        subject = "_:" if isinstance(triple.subject, BlankNode) else str(triple.subject)
        return cls(subject, str(triple.predicate), kept)

    @property
    def words(self) -> str:
        return f"{self.subject} {self.predicate} {str(self.object)[:200]}"


def _by_value(one: _Term) -> tuple[str, str, str]:
    return one.subject, one.predicate, _value(one.object)


def _value(term: NamedNode | Literal | str) -> str:
    """A term in a spelling that all literals of the same type and value share; types are kept apart."""
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return f"{term.value}@{term.language.lower()}"
    if term.datatype == XSD.boolean:
        return f"{term.value in ('true', '1')}^^{term.datatype}"
    if term.datatype in _NUMBERS:
        try:
            return f"{Decimal(term.value).normalize()}^^{term.datatype}"
        except InvalidOperation:
            return str(term)
    return str(term)


def _kind(one: _Term) -> str:
    if isinstance(one.object, Literal):
        return "language tags" if one.object.language else str(one.object.datatype.value)
    return "terms"
