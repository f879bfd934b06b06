"""`trialgraph query`: texts, files, stdin and saved queries, in each format; what is refused or stopped."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import parse

from tests.cli.command import (
    ASK,
    COUNT,
    FORMATS,
    GRAPH,
    altered,
    bad,
    good,
)


def test_a_query_as_text_from_a_file_and_from_stdin(built: Path, tmp_path: Path) -> None:
    asked = ("-f", "csv", "--release", built)
    answers = {
        good("query", "-e", COUNT, *asked),
        good("query", altered(tmp_path, COUNT, "count.rq"), *asked),
        good("query", "-", *asked, stdin=COUNT.encode()),
    }
    assert answers == {"n\r\n21\r\n"}


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("table", "n\n21\n"),
        ("csv", "n\r\n21\r\n"),
        ("tsv", "?n\n21\n"),
        ("json", "{"),
        ("xml", "<?xml"),
    ],
)
def test_every_format_of_a_table(form: str, begins: str, built: Path) -> None:
    assert good("query", "-e", COUNT, "-f", form, "--release", built).startswith(begins)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_a_graph(form: str, built: Path) -> None:
    text = good("query", "-e", GRAPH, "-f", form, "--release", built)
    assert len(list(parse(text.encode(), FORMATS[form]))) == 3


def test_a_question_of_yes_or_no(built: Path) -> None:
    assert good("query", "-e", ASK, "--release", built) == "yes\n"
    assert json.loads(good("query", "-e", ASK, "-f", "json", "--release", built))["boolean"] is True


def test_saved_queries_are_listed_shown_and_run_with_their_parameters(built: Path) -> None:
    listed = {line.split("  ")[0] for line in good("query", "--list").splitlines()[1:]}
    assert len(listed) >= 20
    assert "trials-by-disease" in listed
    shown = good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "--show")
    assert "MONDO_0005301" in shown
    rows = list(csv.reader(io.StringIO(
        good("query", "trials-by-disease", "-p", "disease=MONDO:0005301", "-f", "csv", "--release", built)
    )))  # fmt: skip
    assert len(rows) > 4
    assert good("query", "-", "-f", "csv", "--release", built, stdin=shown.encode()).splitlines()


@pytest.mark.parametrize(
    ("query", "form", "code", "says"),
    [
        ("SELECT", "csv", 2, "1:7: syntax error"),
        ("SELECT * { ?s ?p }", "csv", 2, "1:"),
        ("INSERT DATA { <a:a> <b:b> <c:c> }", "csv", 2, ""),
        ("SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "csv", 2, "SERVICE"),
        (GRAPH, "table", 2, "returns a graph, not a table"),
        (GRAPH, "csv", 2, ""),
        (COUNT, "turtle", 2, ""),
    ],
)
def test_a_query_that_is_not_run_is_one_line(
    query: str, form: str, code: int, says: str, built: Path
) -> None:
    assert says in bad("query", "-e", query, "-f", form, "--release", built, code=code)


def test_a_query_beyond_its_time_ends_with_three(built: Path) -> None:
    slow = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
    assert "was stopped after 0.5 seconds" in bad(
        "query", "-e", slow, "-f", "csv", "--timeout", "0.5", "--release", built, code=3
    )
