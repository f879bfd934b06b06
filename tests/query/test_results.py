"""Formats of a kind of query, and tables read back from answers."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from tests.small_graph import DEMO, HOSTILE, TRIALS
from trialgraph.base.errors import UsageError
from trialgraph.query.guard import Kind
from trialgraph.query.pool import Pool
from trialgraph.query.results import ResultTable, find_format, formats, offers, read_graph, read_table
from trialgraph.rdf import iris
from trialgraph.rdf.formats import RESULTS_JSON, TURTLE
from trialgraph.rdf.vocabulary import TG, XSD


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("SELECT", "json", "json"),
        ("ASK", "CSV", "csv"),
        ("SELECT", "application/sparql-results+xml", "xml"),
        ("CONSTRUCT", "ttl", "turtle"),
        ("CONSTRUCT", "xml", "rdfxml"),
        ("CONSTRUCT", "rdf xml", "rdfxml"),
        ("DESCRIBE", "json-ld", "jsonld"),
        ("DESCRIBE", "json", "jsonld"),
        ("DESCRIBE", "nt", "ntriples"),
    ],
)
def test_formats_go_by_short_name_suffix_and_media_type(kind: Kind, name: str, found: str) -> None:
    assert find_format(kind, name).name == found


@pytest.mark.parametrize(
    ("kind", "name"), [("SELECT", "turtle"), ("CONSTRUCT", "csv"), ("ASK", ""), ("ASK", "x")]
)
def test_a_format_of_another_kind_is_refused_with_those_that_fit(kind: Kind, name: str) -> None:
    with pytest.raises(UsageError, match="use one of"):
        find_format(kind, name)


def test_the_first_format_of_a_kind_is_the_default() -> None:
    assert formats("ASK")[0].media_type == next(iter(offers("SELECT"))) == RESULTS_JSON.media_type
    assert formats("DESCRIBE")[0].media_type == next(iter(offers("CONSTRUCT"))) == TURTLE.media_type


def test_a_table_is_read_with_its_terms_and_blanks(pool: Pool) -> None:
    query = f"""SELECT ?n ?none ?label ?trial {{
        VALUES ?trial {{ {iris.trial("NCT00000007")} {iris.trial("hostile")} }}
        ?trial {NamedNode("http://www.w3.org/2000/01/rdf-schema#label")} ?label
        OPTIONAL {{ ?trial {TG.enrolledTotal} ?n }} }} ORDER BY ?n"""
    with pool.run(query) as answer:
        table = read_table(answer)
    assert table == ResultTable(
        ("n", "none", "label", "trial"),
        (
            (None, None, Literal(HOSTILE), iris.trial("hostile")),
            (Literal("7", datatype=XSD.integer), None, Literal("trial 7, größer"), iris.trial("NCT00000007")),
        ),
    )


def test_a_table_stops_at_its_rows_and_says_so(pool: Pool) -> None:
    for rows, read, more in ((5, 5, True), (TRIALS, TRIALS, False), (None, TRIALS, False)):
        with pool.run(f"SELECT * {{ ?s {TG.enrolledTotal} ?n }}") as answer:
            table = read_table(answer, rows)
        assert isinstance(table, ResultTable)
        assert (len(table.rows), table.more) == (read, more)


def test_an_ask_is_a_truth_value_and_an_empty_table_keeps_its_columns(pool: Pool) -> None:
    assert read_table(pool.run("ASK { ?s ?p ?o }")) is True
    assert read_table(pool.run("ASK { ?s ?p 'nowhere' }")) is False
    assert read_table(pool.run("SELECT ?a ?b { ?a ?b 'nowhere' }")) == ResultTable(("a", "b"), ())


def test_a_graph_is_read_as_a_table(pool: Pool) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{DEMO}> {{ ?s ?p ?o }} }}"
    with pool.run(query, format="ntriples") as answer:
        table = read_graph(answer)
    assert (table.columns, len(table.rows), table.more) == (("subject", "predicate", "object"), 183, False)
    with pool.run(query, format="ntriples") as answer:
        assert read_graph(answer, 3).more
    before = pool.processes()
    pool.run("ASK {}").close()
    assert sorted(pool.processes()) == sorted(before)
