"""Flat queries that are too much for the engine are refused with their place; long lists of data are not."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard import check

MOST = DEFAULTS.query_items
#: By kind: a query of so many of it.
FLAT = {
    "terms side by side": lambda n: f"ASK {{ ?s ?p ({'1 ' * n}) }}",
    "terms of a sum": lambda n: f"ASK {{ FILTER({'+'.join(['?a'] * (n + 1))} > 0) }}",
    "terms of a sum, minus": lambda n: f"ASK {{ FILTER({' - '.join(['?a'] * (n + 1))} > 0) }}",
    "factors": lambda n: f"ASK {{ FILTER({'*'.join(['?a'] * (n + 1))} > 0) }}",
    "alternatives": lambda n: f"ASK {{ FILTER({'||'.join(['?a'] * (n + 1))}) }}",
    "conditions joined by &&": lambda n: f"ASK {{ FILTER({'&&'.join(['?a'] * (n + 1))}) }}",
    "items separated by commas": lambda n: f"ASK {{ ?s ?p {','.join(['1'] * (n + 1))} }}",
    "brackets side by side": lambda n: f"ASK {{ ?s ?p {' , '.join(['[]'] * (n + 1))} }}",
    "predicates separated by semicolons": lambda n: f"ASK {{ ?s {';'.join(['?p 1'] * (n + 1))} }}",
    "triple patterns": lambda n: f"ASK {{ {'?s ?p ?o . ' * n} }}",
    "BIND clauses": lambda n: f"ASK {{ {' '.join(f'BIND(1 AS ?b{i})' for i in range(n))} }}",
    "FILTER clauses": lambda n: f"ASK {{ {'FILTER(?a) ' * n} }}",
    "factors or path steps": lambda n: (
        f"ASK {{ {('?s ' + '/'.join(['<a:p>'] * 51) + ' ?o . ') * (n // 50)} }}"
    ),
    "brackets side by side, DESCRIBE": lambda n: f"SELECT {'(1 AS ?b) ' * n} {{}}",
    "terms side by side, DESCRIBE": lambda n: f"DESCRIBE {'<a:b> ' * n}",
}


@pytest.mark.parametrize("kind", FLAT)
def test_as_many_as_allowed_pass_and_more_are_refused(kind: str) -> None:
    # A factor less where two marks stand for one joint.
    marks = 2 if kind in ("alternatives", "conditions joined by &&") else 1
    check(FLAT[kind]((MOST - 50) // marks), settings=DEFAULTS)
    with pytest.raises(QueryRejected) as caught:
        check(FLAT[kind](MOST + 50), settings=DEFAULTS)
    error = caught.value
    assert error.http_status == 413
    assert error.what.startswith("more than 1,000 ")
    assert error.where.startswith("1:")


def test_minus_has_a_limit_of_its_own() -> None:
    check("ASK { ?s ?p ?o " + "MINUS {?s ?p 1} " * 50 + "}", settings=DEFAULTS)
    with pytest.raises(QueryRejected, match="more than 50 MINUS clauses at one level"):
        check("ASK { ?s ?p ?o " + "MINUS {?s ?p 1} " * 51 + "}", settings=DEFAULTS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?d { "
        + " ".join(f"<http://e.org/d/{n}>" for n in range(10_000))
        + " } ?t ?p ?d }",
        "SELECT * { VALUES (?d ?n) { " + " ".join(f"(<e:{n}> {n})" for n in range(10_000)) + " } ?t ?p ?d }",
        "SELECT * { ?t ?p ?d } VALUES ?d { " + "'word' " * 10_000 + "}",
        "ASK { ?t ?p ?d FILTER(?d IN (" + ", ".join(f"<http://e.org/d/{n}>" for n in range(10_000)) + ")) }",
        "ASK { ?t ?p ?d FILTER(?d NOT IN (" + ", ".join(["1"] * 10_000) + ")) }",
        "".join(f"PREFIX p{n}: <http://e.org/{n}/>\n" for n in range(2_000)) + "ASK {}",
        "SELECT * { " + " ".join(f"{{ ?a ?b{n} ?c . ?d ?e ?f }} UNION" for n in range(300)) + " {} }",
    ],
    ids=["values", "rows of values", "values behind", "in", "not in", "prefixes", "levels beside each other"],
)
def test_lists_that_users_paste_pass(query: str) -> None:
    assert check(query, settings=DEFAULTS)


def test_what_stands_beside_the_data_of_values_counts() -> None:
    with pytest.raises(QueryRejected, match="more than 1,000 triple patterns"):
        check("ASK { VALUES ?x { 1 } " + "?s ?p ?x . " * 1_100 + "}", settings=DEFAULTS)
    with pytest.raises(QueryRejected, match="more than 1,000 terms side by side"):
        check("ASK { VALUES ?x { 1 } FILTER(1 IN (2)) ?s ?p (" + "1 " * 1_100 + ") }", settings=DEFAULTS)


def test_the_number_of_tokens_is_limited() -> None:
    with pytest.raises(QueryRejected, match="more than 150,000 words and signs"):
        check("SELECT * { VALUES ?x {" + "1 " * 200_000 + "} }", settings=DEFAULTS)
