"""Formats of a kind of query, and tables read back from answers."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from tests.small_graph import DEMO, HOSTILE, TRIALS
from trialgraph.base.errors import AnswerTooLarge, UsageError
from trialgraph.query.guard import Kind
from trialgraph.query.pool import Pool
from trialgraph.query.results import (
    ResultTable,
    find_format,
    formats,
    offers,
    part_in_words,
    read_graph,
    read_table,
    whole_table,
)
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


ROWS = f"SELECT * {{ ?s {TG.enrolledTotal} ?n }}"


def test_the_worker_stops_at_the_bytes_that_its_caller_holds(pool: Pool) -> None:
    before = pool.processes()
    with pool.run("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", most_bytes=10_000) as answer:
        assert sum(len(part) for part in answer) == 10_000
        assert answer.cut
    assert pool.processes() == before, "it is kept"
    with pool.run(ROWS, most_bytes=10_000_000) as answer:
        assert read_table(answer) == read_table(pool.run(ROWS))
        assert not answer.cut


def test_an_answer_that_was_cut_is_not_kept_for_others(pool: Pool) -> None:
    query = f"{ROWS} # kept"
    with pool.run(query, most_bytes=1_000) as answer:
        assert sum(len(part) for part in answer) == 1_000
    with pool.run(query) as answer:
        table = read_table(answer)
    assert isinstance(table, ResultTable)
    assert len(table.rows) == TRIALS


@pytest.mark.parametrize("stopped_by", ["worker", "reader"])
def test_a_table_stops_at_its_bytes_and_says_so(pool: Pool, stopped_by: str) -> None:
    with pool.run(ROWS, most_bytes=2_000 if stopped_by == "worker" else 0) as answer:
        table = read_table(answer, None, 2_000)
    assert isinstance(table, ResultTable)
    assert (table.more, table.cut) == (True, True)
    assert 5 < len(table.rows) < 20
    assert part_in_words(table, 2_000) == (
        f"the first {len(table.rows)} rows, as the answer is larger than 2 kB"
    )
    with pool.run(f"CONSTRUCT WHERE {{ ?s {TG.enrolledTotal} ?n }}", format="ntriples") as answer:
        graph = read_graph(answer, None, 2_000)
    assert graph.cut
    assert graph.rows
    with pool.run(ROWS) as answer, pytest.raises(AnswerTooLarge, match="larger than 2 kB; ask for less"):
        whole_table(answer, 2_000, hint="ask for less")


def test_every_budget_gives_whole_rows_from_the_first(pool: Pool) -> None:
    whole = b"".join(pool.run(ROWS))
    all_rows = read_table([whole])
    assert isinstance(all_rows, ResultTable)
    for most in (1, 17, 80, 81, 500, len(whole) - 1, len(whole), len(whole) + 1):
        table = read_table([whole[:100], whole[100:]], None, most)
        assert isinstance(table, ResultTable)
        assert table.rows == all_rows.rows[: len(table.rows)]
        assert table.cut == (most < len(whole))


def test_a_term_larger_than_the_budget_is_not_read(pool: Pool) -> None:
    long = " ".join(f"BIND(CONCAT(?x{n},?x{n}) AS ?x{n + 1})" for n in range(10))
    with pool.run(f"SELECT ?x10 {{ BIND('0123456789' AS ?x0) {long} }}", most_bytes=5_000) as answer:
        table = read_table(answer, None, 5_000)
    assert table == ResultTable(("x10",), (), more=True, cut=True)
    assert part_in_words(table, 5_000) == "no row, as the first one is larger than 5 kB"
