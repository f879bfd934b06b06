"""Answers of the saved queries as plain rows, from either engine, and their golden files.

A golden file is a table: IRIs as CURIEs, data IRIs without their base, literals as their text. Most were written
from the printed table by hand. To freeze the answers that one has looked at, of a built release:
``python -m tests.queries.answers RELEASE SLUG…``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyoxigraph
import rdflib
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from tests.paths import TESTS
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.store import open_folder

GOLDEN = TESTS / "golden" / "queries"

Row = tuple[str, ...]


def answer(store: Store, query: str) -> tuple[Row, list[Row]]:
    """Columns and rows by the engine that serves; a graph as its sorted triples, a yes or no as one row."""
    made = store.query(query)
    if isinstance(made, QueryBoolean):
        return (), [(str(bool(made)).lower(),)]
    if isinstance(made, QueryTriples):
        rows = [(_text(t.subject), _text(t.predicate), _text(t.object)) for t in made]
        return ("subject", "predicate", "object"), sorted(rows)
    assert isinstance(made, QuerySolutions)
    return tuple(v.value for v in made.variables), [tuple(_text(term) for term in row) for row in made]


def _text(term: object) -> str:
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode):
        return short(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return term.value


def short(iri: str) -> str:
    """As a golden file writes an IRI: our terms as CURIEs, data without their base."""
    curie = compact(iri)
    return iri.removeprefix(iris.base()) if curie == iri else curie


def rdflib_answer(graph: rdflib.Graph, query: str) -> tuple[Row, list[Row]]:
    """The same by rdflib."""
    made: Any = graph.query(query)
    if made.type == "ASK":
        return (), [(str(made.askAnswer).lower(),)]
    rows = [tuple(_rdflib_text(term) for term in row) for row in made]
    if made.type == "CONSTRUCT":
        return ("subject", "predicate", "object"), sorted(rows)
    return tuple(map(str, made.vars)), rows


def _rdflib_text(term: object) -> str:
    if term is None:
        return ""
    return short(str(term)) if isinstance(term, rdflib.URIRef) else str(term)


def golden(slug: str) -> tuple[Row, list[Row]]:
    """Columns and rows of a golden file."""
    lines = (GOLDEN / f"{slug}.tsv").read_text(encoding="utf-8").split("\n")[:-1]
    columns, *rows = [tuple(line.split("\t")) for line in lines]
    return (() if columns == ("",) else columns), rows


def write_golden(slug: str, columns: Row, rows: list[Row]) -> None:
    """Freeze an answer."""
    assert not any(mark in cell for row in rows for cell in row for mark in "\t\n")
    text = "\n".join("\t".join(row) for row in (columns, *rows)) + "\n"
    (GOLDEN / f"{slug}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    opened, queries = open_folder(Path(sys.argv[1])), load_queries()
    for name in sys.argv[2:]:
        write_golden(name, *answer(opened, queries[name].bind()))
