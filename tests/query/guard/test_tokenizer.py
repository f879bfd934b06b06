"""The scan cuts a query where the engine does."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from tests.attack.listener import Listener
from tests.query.guard_samples import GOOD, SMUGGLED
from tests.sparql_corpus import CORPUS, whole
from tools.soak.grammar import Grammar
from tools.soak.spoil import render
from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.guard import check
from trialgraph.query.guard.tokenizer import tokens

#: What the scan sees in pieces: it knows the marks of RDF 1.2 by their characters.
PIECES: Final = {
    mark: list(mark) for mark in ("<<(", ")>>", "<<", ">>", "{|", "|}", "!=", "<=", ">=", "&&", "||", "^^")
}
SIGNED: Final = ("+", "-")


def pieces(token: str) -> Iterator[str]:
    """A token of the grammar as the scan gives it."""
    if token in PIECES:
        yield from PIECES[token]
    elif token[0] in SIGNED and len(token) > 1:
        yield token[0]
        yield token[1:]
    elif token[0] in "\"'":
        quote = token[0] * (3 if token[:3] == token[0] * 3 and len(token) > 5 else 1)
        end = token.rindex(quote) + len(quote)
        yield token[:end]
        rest = token[end:]
        if rest.startswith("^^"):
            yield from "^^"
            rest = rest[2:]
        if rest:
            yield rest
    else:
        yield token


def test_tokens_are_those_that_were_put_together_and_the_engine_takes_the_query() -> None:
    """By a grammar of our own, with blanks and comments wherever they may stand."""
    grammar, choose, store = Grammar(20261123), random.Random(5), Store()  # noqa: S311 - to be repeated
    taken = 0
    for _ in range(1_500):
        made = grammar.query()
        text = render(made, choose)
        assert [t.text for t in tokens(text)] == [piece for token in made for piece in pieces(token)]
        check(text, settings=DEFAULTS)
        with contextlib.suppress(SyntaxError, RuntimeError):
            store.query(text)
            taken += 1
    assert (
        taken > 1_200
    )  # the rest breaks rules beyond the grammar: scopes, groups, where blank nodes may stand


def test_places_are_those_of_the_text() -> None:
    for text in map(whole, CORPUS.values()):
        for token in tokens(text):
            assert text[token.at : token.end] == token.text


REACHING: Final = [
    *SMUGGLED,
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?a <urn:p#q> ?b . FILTER(?a<?b) SERVICE SILENT <URL> { ?s ?p ?o } }",
    "PREFIX e: <URL> SELECT * { ?s e:x (<#a> <#b>) FILTER e:f(?a) SERVICE e: { ?s ?p ?o } }",
    "SELECT (1<2 AS ?x) { { SELECT ?s { ?s ?p '''SERVICE <URL> {''' } } SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p << <a:a> <a:b> 'x'@en >> {| <a:c> 1 |} . SERVICE <URL> { ?s ?p ?o } }",
]
GAP: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
SPOILERS: Final = (
    "<",
    ">",
    "'",
    '"',
    "'''",
    '"""',
    "#",
    "\n",
    "\\",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "@",
    ":",
    ".",
    " ",
)
WORDS: Final = (
    "FILTER",
    "SERVICE",
    "true",
    "a",
    "<#",
    "?b",
    "'<'",
    ">'",
    "#>",
    "(1<2)",
    "VALUES",
    "<<",
    ">>",
    "{|",
    "\\u0053",
)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as made:
        yield made


@given(
    query=st.sampled_from(REACHING),
    changes=st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 3),
            st.sampled_from(SPOILERS + WORDS),
            st.sampled_from(("", " ", "\n")),
        ),
        max_size=4,
    ),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_passes_does_not_reach_out_though_the_engine_could(
    listener: Listener, query: str, changes: list[tuple[float, int, str, str]]
) -> None:
    """Spoilt queries with SERVICE: if the scan sees none in one, the engine, here with a network, sees none either."""
    text = query.replace("http://127.0.0.1:1/", "URL")
    for where, drop, piece, blank in changes:
        at = int(where * len(text))
        text = text[:at] + piece + blank + text[at + drop :]
    text = text.replace("URL", listener.url)
    try:
        check(text, settings=DEFAULTS)
    except QueryRejected:
        return
    before = listener.hits
    with contextlib.suppress(SyntaxError, RuntimeError, ValueError, OSError):
        for _ in Store().query(text):  # type: ignore[union-attr] # an ASK is not among them
            pass
    assert listener.hits == before, text


def test_a_service_that_is_not_stopped_would_be_heard(listener: Listener) -> None:
    """What the test above relies on: this engine, by itself, asks."""
    before = listener.hits
    with contextlib.suppress(SyntaxError, RuntimeError, ValueError, OSError):
        list(Store().query(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert listener.hits > before


@pytest.mark.parametrize("text", [*GOOD, *map(whole, CORPUS.values())])
def test_the_scan_loses_nothing_but_blanks_and_comments(text: str) -> None:
    at = 0
    for token in tokens(text):
        assert GAP.fullmatch(text, at, token.at)
        at = token.end
    assert GAP.fullmatch(text, at)
