"""The order of the columns of ``SELECT *``: that of their first appearance in the query.

SPARQL leaves it open; the engine sorts them by name. People read tables in the order in which they wrote the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from pyoxigraph import QuerySolutions, Store

from trialgraph.query.guard.tokenizer import Token, tokens

__all__ = ["with_columns"]

_FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))


def with_columns(query: str, base: str) -> str:
    """The query with its columns in place of the star of ``SELECT *``; any other query as it is.

    :param base: what a relative IRI is relative to
    :raises SyntaxError: it is none
    """
    rest = tokens(query)
    form = next((token for token in rest if token.word in _FORMS), None)
    if form is None or form.word != "SELECT":
        return query
    after = next((token for token in rest if token.word not in ("DISTINCT", "REDUCED")), None)
    if after is None or after.text != "*":
        return query
    found = _empty().query(query, base_iri=base)
    if not isinstance(found, QuerySolutions):
        return query
    names = [variable.value for variable in found.variables]
    ordered = _by_appearance(names, rest)
    if names == ordered:
        return query
    return f"{query[: after.at]}{' '.join(f'?{name}' for name in ordered)} {query[after.end :]}"


def _by_appearance(names: list[str], rest: Iterator[Token]) -> list[str]:
    """The names in the order in which the tokens have them."""
    wanted = set(names)
    seen = dict.fromkeys(
        token.text[1:] for token in rest if token.kind == "variable" and token.text[1:] in wanted
    )
    return [*seen, *(name for name in names if name not in seen)]


@cache
def _empty() -> Store:
    """A store without triples: which columns there are depends on the text alone."""
    return Store()
