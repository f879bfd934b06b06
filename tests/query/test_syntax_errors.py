"""Where a query goes wrong, and at what."""

from __future__ import annotations

import pytest

from trialgraph.query.guard.tokenizer import place
from trialgraph.query.syntax_errors import fault

FAULTS = [
    ("SELECT ?s\nWHERE { ?s ?p }", "2:15", "unexpected }"),
    ("SELECT ?s WHERE { ?s ?p . }", "1:25", "unexpected ."),
    ("SELECT ?s WHERE { ?s ?p ?o ?x }", "1:28", "unexpected ?x"),
    ("SELECT ?s { ?s ?p ?o }\n\n  LIMT 5", "3:3", "unexpected LIMT"),
    ("SELECT ?s { ?s ?p ?o FILTER(?o > ) }", "1:34", "unexpected )"),
    ("SELECT s { ?s ?p ?o }", "1:8", "unexpected s"),
    ("SELECT ?x ?y, ?z { }", "1:13", "unexpected ,"),
    ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", "1:19", "unexpected ?n"),
    ("ASK { ?s ?p 'é' }}", "1:18", "unexpected }"),
    ("SELECT * { ?s ?p ?o . OPTIONAL ?s ?q ?r }", "1:32", "unexpected ?s"),
    ("ASK { ?s ?p '<b>' '<i>' }", "1:19", "unexpected string"),
    ("SELECT * { ?s ?p", "1:17", "unexpected end of the query"),
    ("SELECT * { ?s ?p ?o } ORDER BY\n", "1:31", "unexpected end of the query"),
    ("SELECT * { ?s <http://[x> ?o }", "1:15", "a malformed IRI"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", "1:34", "SELECT * is not authorized with GROUP BY"),
]


@pytest.mark.parametrize(("query", "where", "what"), FAULTS, ids=[f[0][:30] for f in FAULTS])
def test_a_fault_is_where_a_person_finds_it(query: str, where: str, what: str) -> None:
    at, said = fault(query)
    assert (place(query, at), said) == (where, what)


def test_a_rule_beyond_the_grammar_is_told_in_words() -> None:
    _, said = fault("SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c }")
    assert said == "The SELECT contains a variable that is unbound"
