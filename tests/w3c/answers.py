"""What a test expects and what came -> whether they are the same, up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

__all__ = ["RESULTS", "Answer", "csv_answer", "expected", "graph_answer", "same", "table_answer"]

Term = NamedNode | BlankNode | Literal | Triple
#: A truth value, a set of triples, the lines of a CSV file, or rows of variable and term.
Answer = bool | frozenset[Triple] | tuple[tuple[str, ...], ...] | list[dict[str, Term]]

RESULTS: Final = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def expected(file: Path, base: str) -> Answer:
    """The answer in a file of the suite.

    :param base: address of the file
    """
    content = file.read_bytes()
    if file.suffix == ".csv":
        return csv_answer(content)
    if file.suffix in RESULTS:
        return table_answer(content, RESULTS[file.suffix])
    return graph_answer(content, RdfFormat.from_extension(file.suffix[1:]) or RdfFormat.TURTLE, base)


def csv_answer(content: bytes) -> Answer:
    """A CSV table: its lines in any order, its columns too, as ``SELECT *`` leaves their order open."""
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    lines = ([f"{name}={_name(cell)}" for name, cell in zip(head, row, strict=True)] for row in rows)
    return (tuple(sorted(head)), *sorted(tuple(sorted(line)) for line in lines))


def _name(cell: str) -> str:
    return "_:" if cell.startswith("_:") else cell


def table_answer(content: bytes, form: QueryResultsFormat) -> Answer:
    """A table or truth value in one of the results formats."""
    if form == QueryResultsFormat.CSV:
        return csv_answer(content)
    found = parse_query_results(content, form)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def graph_answer(content: bytes, form: RdfFormat, base: str | None = None) -> Answer:
    """A graph; a table where it is one told as a graph (the DAWG's result set vocabulary)."""
    triples = frozenset(quad.triple for quad in parse(content, form, base_iri=base))
    if any(triple.object == NamedNode(f"{RS}ResultSet") for triple in triples):
        return _result_set(triples)
    return triples


def _result_set(triples: frozenset[Triple]) -> Answer:
    said: dict[Term, dict[str, list[Term]]] = {}
    for triple in triples:
        name = triple.predicate.value.removeprefix(RS)
        said.setdefault(triple.subject, {}).setdefault(name, []).append(triple.object)
    (table,) = (node for node in said.values() if "resultVariable" in node or "boolean" in node)
    if "boolean" in table:
        return table["boolean"][0] == Literal(True)
    return [
        {said[b]["variable"][0].value: said[b]["value"][0] for b in said[row].get("binding", [])}  # type: ignore[union-attr]
        for row in table.get("solution", [])
    ]


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same."""
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return _canonical(Quad(*triple) for triple in one) == _canonical(Quad(*triple) for triple in other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and _canonical(_quads(one)) == _canonical(_quads(other))
    return type(one) is type(other) and one == other


def _quads(rows: Sequence[dict[str, Term]]) -> Iterable[Quad]:
    """A graph that says what a table says: a node for each row."""
    for number, row in enumerate(rows):
        node = BlankNode(f"row{number}")
        yield Quad(node, NamedNode(f"{RS}row"), Literal("row"))
        for name, term in row.items():
            value = term if isinstance(term, Triple | NamedNode) else _plain(term)
            yield Quad(node, NamedNode(f"{RS}value-{name}"), value)


def _plain(term: BlankNode | Literal) -> BlankNode | Literal:
    """The term; a blank node apart from those of rows, a language tag in small letters."""
    if isinstance(term, BlankNode):
        return BlankNode(f"term{term.value}")
    return Literal(term.value, language=term.language.lower()) if term.language else term


def _canonical(quads: Iterable[Quad]) -> Dataset:
    """The quads with other names for blank nodes, and numbers as the store spells them: it keeps their value."""
    store = Store()
    store.extend(quads)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
