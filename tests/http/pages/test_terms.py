"""10,000 terms at random, in each format and back: none is changed where the format can carry it."""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from tests.random_terms import Term, random_terms
from tests.small_graph import Server

COUNT: Final = 10_000
Held = dict[str, Term]
SUBJECT, PROPERTY = "http://e/row/", NamedNode("http://e/holds")
FIT, MISFIT = "http://e/graph/fit", "http://e/graph/misfit"
RESULTS: Final = "{http://www.w3.org/2005/sparql-results#}"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
DIRECTION: Final = "{http://www.w3.org/2005/11/its}dir"
STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
SELECT: Final = f"SELECT ?s ?x {{ ?s {PROPERTY} ?x }}"
CONSTRUCT: Final = f"CONSTRUCT {{ ?s {PROPERTY} ?x }} {{ ?s {PROPERTY} ?x }}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that holds the terms: those that XML can hold in one graph, any in another."""
    made = tmp_path_factory.mktemp("terms")
    store = Store(str(made / "store"))
    for graph, terms in ((FIT, random_terms(COUNT, 1)), (MISFIT, random_terms(COUNT, 2, unfit=True))):
        name = NamedNode(graph)
        store.bulk_extend(Quad(NamedNode(f"{SUBJECT}{n}"), PROPERTY, t, name) for n, t in enumerate(terms))
    store.flush()
    digest = hashlib.sha256(b"terms").hexdigest()
    (made / "manifest.json").write_text(json.dumps({"hash": digest, "files": {}, "counts": {}}))
    return made


@pytest.fixture(scope="module")
def terms(folder: Path) -> dict[str, Held]:
    """The terms by graph and subject, as the store holds them: it writes 007 as 7."""
    store = Store.read_only(str(folder / "store"))
    found: dict[str, Held] = {FIT: {}, MISFIT: {}}
    for graph, held in found.items():
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph)):
            held[quad.subject.value] = quad.object  # type: ignore[union-attr] # an IRI
        assert len(held) == COUNT
    return found


@pytest.fixture(scope="module")
def holding(folder: Path, small_queries: Path) -> Iterator[Server]:
    with Server(folder, small_queries) as server:
        yield server


def literal(value: str, language: str | None, way: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(value, language=language, direction=BaseDirection(way) if way else None)
    return Literal(value, datatype=NamedNode(datatype or STRING))


def of_json(found: dict[str, Any]) -> Term:
    if found["type"] == "triple":
        inner = found["value"]
        return Triple(of_json(inner["subject"]), of_json(inner["predicate"]), of_json(inner["object"]))  # type: ignore[arg-type]
    if found["type"] == "uri":
        return NamedNode(found["value"])
    if found["type"] == "bnode":
        return BlankNode(found["value"])
    return literal(found["value"], found.get("xml:lang"), found.get("its:dir"), found.get("datatype"))


def of_xml(node: ElementTree.Element) -> Term:
    kind, text = node.tag.removeprefix(RESULTS), node.text or ""
    if kind == "triple":
        parts = [of_xml(node.find(f"{RESULTS}{name}")[0]) for name in ("subject", "predicate", "object")]  # type: ignore[index]
        return Triple(*parts)  # type: ignore[arg-type]
    if kind == "uri":
        return NamedNode(text)
    if kind == "bnode":
        return BlankNode(text)
    return literal(text, node.get(LANG), node.get(DIRECTION), node.get("datatype"))


def json_rows(body: bytes) -> Iterator[tuple[Term, Term]]:
    for row in json.loads(body)["results"]["bindings"]:
        yield of_json(row["s"]), of_json(row["x"])


def xml_rows(body: bytes) -> Iterator[tuple[Term, Term]]:
    for row in ElementTree.fromstring(body).iter(f"{RESULTS}result"):  # noqa: S314 - our own answer
        cells = {cell.get("name"): of_xml(cell[0]) for cell in row}
        yield cells["s"], cells["x"]


def tsv_rows(body: bytes) -> Iterator[tuple[Term, Term]]:
    """Terms in a TSV are written as in Turtle, so that its rows with a property between are triples."""
    head, *rows = body.decode().removesuffix("\n").split("\n")
    assert head == "?s\t?x"
    document = "\n".join(row.replace("\t", f" {PROPERTY} ", 1) + " ." for row in rows)
    for quad in parse(document, RdfFormat.TURTLE):
        yield quad.subject, quad.object


READERS: Final[dict[str, Callable[[bytes], Iterator[tuple[Term, Term]]]]] = {
    "json": json_rows,
    "xml": xml_rows,
    "tsv": tsv_rows,
}


def shape(term: Term) -> object:
    """The term; a blank node as any, since its name may change."""
    if isinstance(term, Triple):
        return ("triple", shape(term.subject), shape(term.predicate), shape(term.object))
    return "a blank node" if isinstance(term, BlankNode) else term


def changed(rows: Iterator[tuple[Term, Term]], held: Held) -> list[tuple[object, object]]:
    read = {subject.value: shape(term) for subject, term in rows}  # type: ignore[union-attr] # an IRI
    assert read.keys() == held.keys()
    pairs = ((read[subject], shape(term)) for subject, term in held.items())
    return [pair for pair in pairs if pair[0] != pair[1]]


# XML cannot hold what is in the other graph; the last test says what comes instead.
@pytest.mark.parametrize(
    ("name", "graph"), [("xml", FIT), *((n, g) for n in ("json", "tsv") for g in (FIT, MISFIT))]
)
def test_a_table_carries_every_term(holding: Server, terms: dict[str, Held], name: str, graph: str) -> None:
    reply = holding.ask(query=SELECT, default_graph_uri=graph, format=name)
    assert changed(READERS[name](reply.body), terms[graph]) == []


@pytest.mark.parametrize("graph", [FIT, MISFIT])
@pytest.mark.parametrize("test", ["isLITERAL(?x) || isIRI(?x)", "BOUND(?x) || isTRIPLE(?x)"])
def test_a_csv_carries_every_value(holding: Server, terms: dict[str, Held], graph: str, test: str) -> None:
    """The engine writes it, or, where triple terms may be in it, the worker."""
    query = f"{SELECT.removesuffix('}')} FILTER({test}) }}"
    reply = holding.ask(query=query, default_graph_uri=graph, format="csv")
    head, *rows = csv.reader(io.StringIO(reply.body.decode(), newline=""))
    assert head == ["s", "x"]
    read = {row[0]: row[1] for row in rows}
    for subject, term in terms[graph].items():
        if isinstance(term, Literal | NamedNode):
            assert read[subject] == term.value


TYPES: Final = ("text/turtle", "application/n-triples", "application/trig", "application/rdf+xml")


@pytest.mark.parametrize(
    ("media_type", "graph"), [*((t, FIT) for t in TYPES), *((t, MISFIT) for t in TYPES if "xml" not in t)]
)
def test_a_graph_carries_every_term(
    holding: Server, terms: dict[str, Held], media_type: str, graph: str
) -> None:
    reply = holding.ask(query=CONSTRUCT, default_graph_uri=graph, headers={"Accept": media_type})
    found = parse(reply.body, RdfFormat.from_media_type(media_type))
    assert changed(((q.subject, q.object) for q in found), terms[graph]) == []


def test_json_ld_carries_all_but_triple_terms(holding: Server, terms: dict[str, Held]) -> None:
    query = f"CONSTRUCT {{ ?s {PROPERTY} ?x }} {{ ?s {PROPERTY} ?x FILTER(!isTRIPLE(?x)) }}"
    reply = holding.ask(query=query, default_graph_uri=MISFIT, format="jsonld")
    wanted: Held = {subject: term for subject, term in terms[MISFIT].items() if not isinstance(term, Triple)}
    assert changed(((q.subject, q.object) for q in parse(reply.body, RdfFormat.JSON_LD)), wanted) == []
    only = query.replace("!isTRIPLE", "isTRIPLE")
    assert holding.ask(query=only, default_graph_uri=MISFIT, format="jsonld").status == 406


@pytest.mark.parametrize(("query", "name"), [(SELECT, "xml"), (CONSTRUCT, "rdfxml")])
def test_xml_is_well_formed_or_refused_or_broken(holding: Server, query: str, name: str) -> None:
    """The store gives the IRIs first: they alone are more than the first part of the answer."""
    with pytest.raises(http.client.IncompleteRead):
        holding.ask(query=query, default_graph_uri=MISFIT, format=name)
    literals = f"{query.removesuffix('}')} FILTER(isLiteral(?x)) }}"
    reply = holding.ask(query=literals, default_graph_uri=MISFIT, format=name)
    assert reply.status == 406
    assert "which this format cannot hold" in reply.text
