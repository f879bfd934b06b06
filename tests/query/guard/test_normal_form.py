"""Spellings of one query have one normal form; queries that may answer otherwise have another."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard import check
from trialgraph.query.guard.normal_form import normal_form

QUERY = (
    "PREFIX e: <http://e.org/> SELECT ?x ?n "
    'WHERE { ?x a e:T ; e:n ?n . FILTER (?n > 1 && ?l = "a B"@en) } ORDER BY ?n'
)


@pytest.mark.parametrize(
    "other",
    [
        QUERY.replace("; ", ";\n\t").replace("{ ", "{"),
        QUERY.replace("e:", "other:"),
        QUERY.replace("e:T", "<http://e.org/T>").replace("e:n", "<http://e.org/n>"),
        QUERY.replace("SELECT", "select").replace("FILTER", "filter").replace("ORDER BY", "Order by"),
        QUERY.replace("?n", "$n"),
        f"#+ title: Which?\nBASE <http://b.org/>\n{QUERY} # that is all {{ }}",
    ],
)
def test_spellings_of_the_same(other: str) -> None:
    assert normal_form(other) == normal_form(QUERY)


@pytest.mark.parametrize(
    "other",
    [
        QUERY.replace("?x", "?y"),
        QUERY.replace("> 1", "> 2"),
        QUERY.replace('"a B"', '"a b"'),
        QUERY.replace("@en", "@EN"),
        QUERY.replace("http://e.org/", "http://f.org/"),
        QUERY.replace(" a e:T", " A e:T"),
        QUERY.replace("ORDER BY ?n", "ORDER BY DESC(?n)"),
        f"{QUERY} LIMIT 1",
    ],
)
def test_another_query_is_another(other: str) -> None:
    assert normal_form(other) != normal_form(QUERY)


def test_the_number_of_terminals_is_that_of_the_guard() -> None:
    assert normal_form(QUERY)[0] == check(QUERY, settings=DEFAULTS).terminals > 20


def test_an_undeclared_prefix_has_none() -> None:
    with pytest.raises(QueryRejected):
        normal_form("SELECT ?x { ?x a e:T }")
