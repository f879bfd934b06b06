"""Queries for all triples of a graph, in whatever spelling: their answer is a file of the release.

``CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }`` with any three variables, prologue, comments and white space; the
short form ``CONSTRUCT WHERE { … }``; inside ``GRAPH <g>`` or ``GRAPH ?g``; with a dataset of ``FROM`` or of the
request. Anything beside that (another template, a filter, a limit) is no such query, and is evaluated.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from trialgraph.query.guard.checked import Checked, DeclaredNames, prologue_of
from trialgraph.query.guard.tokenizer import Token, tokens

__all__ = ["DEFAULT_GRAPH", "whole_graph"]

#: The merge of all named graphs.
DEFAULT_GRAPH: Final = ""
#: No query for a whole graph that anyone writes is longer.
_MOST_CHARS: Final = 20_000


class _Different(Exception):
    """The query is another one."""


def whole_graph(checked: Checked, graphs: Collection[str]) -> str | None:
    """The graph of which a query asks for all triples, and nothing else.

    :param checked: with its dataset
    :param graphs: IRIs of the named graphs that exist
    :return: the IRI of a named graph, :data:`DEFAULT_GRAPH`, or None where the query is another one
    """
    if checked.kind != "CONSTRUCT" or len(checked.text) > _MOST_CHARS:
        return None
    found = list(tokens(checked.text))
    _, body, prefixes, base = prologue_of(checked.text, found)
    try:
        parser = _Parser(found[body:], DeclaredNames(checked.text, prefixes, base))
        pattern = parser.query()
    except _Different:
        return None
    default, named = set(checked.default_graphs), set(checked.named_graphs)
    if pattern is None:  # a pattern outside of GRAPH
        asked = default if default or named else set(graphs)
    elif default or named:
        asked = named & ({pattern} if pattern else named)
    else:
        asked = {pattern} if pattern else set(graphs)
    if asked == set(graphs):
        return DEFAULT_GRAPH
    (only,) = asked if len(asked) == 1 else (None,)
    return only if only in graphs else None


class _Parser:
    """The tokens of a query, one after the other, with as much of the grammar as such a query has."""

    def __init__(self, found: list[Token], names: DeclaredNames) -> None:
        self._left = list(reversed(found))
        self._names = names
        #: What GRAPH names: an IRI, or an empty text for a variable; None outside of it.
        self._graph: str | None = None

    def query(self) -> str | None:
        """What GRAPH names.

        :raises _Different: the query does not ask for all triples of a graph
        """
        self._word("CONSTRUCT")
        template = None
        if self._next == "{":
            self._take("{")
            template = self._triple()
            self._take("}")
        while self._left and self._left[-1].word == "FROM":
            self._from()
        if self._left and self._left[-1].word == "WHERE":
            self._word("WHERE")
        elif template is None:
            raise _Different
        # The short form has its template in the pattern, which can then be nothing but triples.
        pattern = self._group(nested=template is not None)
        if self._left or template not in (None, pattern):
            raise _Different
        return self._graph

    @property
    def _next(self) -> str:
        return self._left[-1].text if self._left else ""

    def _token(self) -> Token:
        if not self._left:
            raise _Different
        return self._left.pop()

    def _word(self, word: str) -> None:
        if self._token().word != word:
            raise _Different

    def _take(self, mark: str) -> None:
        if self._token().text != mark:
            raise _Different

    def _from(self) -> None:
        """A clause of the dataset, which the guard has read already."""
        self._token()
        if self._left and self._left[-1].word == "NAMED":
            self._token()
        self._token()

    def _group(self, *, nested: bool) -> tuple[str, ...]:
        self._take("{")
        if nested and (self._next == "{" or (self._left and self._left[-1].word == "GRAPH")):
            triple = self._group(nested=True) if self._next == "{" else self._in_graph()
            if self._next == ".":
                self._take(".")
        else:
            triple = self._triple()
        self._take("}")
        return triple

    def _in_graph(self) -> tuple[str, ...]:
        self._word("GRAPH")
        name = self._token()
        if self._graph is not None:
            raise _Different
        self._graph = "" if name.kind == "variable" else self._iri(name)
        triple = self._group(nested=True)
        if name.kind == "variable" and name.text[1:] in triple:
            raise _Different
        return triple

    def _iri(self, name: Token) -> str:
        if name.kind not in ("iri", "name"):
            raise _Different
        return self._names.iri(name)

    def _triple(self) -> tuple[str, ...]:
        """The names of three different variables."""
        found = [self._token() for _ in range(3)]
        while self._next == ";":
            self._take(";")
        if self._next == ".":
            self._take(".")
        names = tuple(token.text[1:] for token in found if token.kind == "variable")
        if len(set(names)) < len(found):
            raise _Different
        return names
