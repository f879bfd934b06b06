"""Saved queries as examples for editors."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.graph.description.examples import example_triples
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, RDFS, SCHEMA, SH

ENDPOINT = NamedNode("https://example.org/sparql")


def made(folder: Path, text: str) -> set[Triple]:
    """What is said of one saved query."""
    path = folder / "topic" / "01-a-question.rq"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return set(example_triples(load_queries(folder).values(), ENDPOINT))


def objects(triples: set[Triple], predicate: NamedNode) -> set[object]:
    assert {t.subject for t in triples} <= {iris.question("a-question")}
    return {t.object for t in triples if t.predicate == predicate}


def test_defaults_are_bound_so_that_it_runs_as_it_stands(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "#+ title: How many?\n#+ keywords: [one, two]\n#+ parameters:\n"
        "#+   - {name: n, type: integer, label: N, default: 3}\n"
        "SELECT ?n {\n  #@ n\n}\n",
    )
    three = '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert objects(found, SH.select) == {Literal(f"SELECT ?n {{\n  VALUES (?n) {{ ({three}) }}\n}}\n")}
    assert objects(found, RDF.type) == {SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
    assert objects(found, RDFS.comment) == {Literal("How many?", language="en")}
    assert objects(found, SCHEMA.keywords) == {Literal("one"), Literal("two")}
    assert objects(found, SCHEMA.target) == {ENDPOINT}


def test_a_value_that_only_the_reader_knows_is_left_open(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "#+ title: Which?\n#+ parameters:\n#+   - {name: n, type: integer, label: N, required: true}\n"
        "ASK {\n  #@ n\n  ?s ?p ?n\n}\n",
    )
    assert objects(found, SH.ask) == {Literal("ASK {\n  #@ n\n  ?s ?p ?n\n}\n")}


def test_the_form_is_read_past_comments_and_names(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "#+ title: What?\n# not a SELECT\nPREFIX ask: <https://example.org/SELECT/>\n"
        "CONSTRUCT { ?s a ask:x } WHERE { { SELECT ?s { ?s a ask:y } } }\n",
    )
    assert len(objects(found, SH.construct)) == 1
    assert objects(found, SH.select) == objects(found, SH.ask) == set()


def test_a_describe_has_no_property_in_shacl_and_is_left_out(tmp_path: Path) -> None:
    assert made(tmp_path, "#+ title: What of it?\nDESCRIBE <https://example.org/x>\n") == set()
