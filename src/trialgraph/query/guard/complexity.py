"""The bounds on a query's structure: what would exhaust a recursive parser, its optimiser or the evaluation.

A flat query can be as deep to the engine as a nested one: it folds the items of a list, the terms of a sum or the
clauses of a group into one another, and crashes at 2,600 to 16,000 of them. So they are counted, each kind apart, at
each level of brackets. The data of ``VALUES`` and the list of ``IN`` are not: the engine holds them as rows (40,000
measured), and users paste long lists of identifiers there. Measurements: ``decisions/0005-workers.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import Settings
from trialgraph.query.guard.tokenizer import OPENING, Token, place

__all__ = ["bounded"]

#: Marks that join or end items, and what to call these.
_MARKS: Final = {
    ",": "items separated by commas",
    ";": "predicates separated by semicolons",
    ".": "triple patterns",
    "+": "terms of a sum",
    "-": "terms of a sum",
    "*": "factors",
    "/": "factors or path steps",
    "|": "alternatives",
    "&": "conditions joined by &&",
}
#: Keywords that open a clause.
_CLAUSES: Final = frozenset(
    ["BIND", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "EXISTS", "SELECT", "VALUES", "HAVING"]
)
_TERMS: Final = frozenset(["iri", "name", "string", "variable", "number", "node"])
#: Query forms: what stands before is the prologue, whose declarations cost nothing.
_FORMS: Final = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])


@dataclass(slots=True)
class _Level:
    """An open bracket, and what was counted in it.

    :param free: it holds the data of VALUES or the list of IN, which are not counted
    """

    mark: str
    free: bool = False
    counts: Counter[str] = field(default_factory=Counter)


def bounded(query: str, tokens: Iterable[Token], settings: Settings) -> Iterator[Token]:
    """The tokens, up to one with which the query's structure exceeds a limit.

    :raises QueryRejected: with the status 413 and the place
    """
    seen = _Structure(settings)
    for count, token in enumerate(tokens, 1):
        excess = (
            f"more than {settings.query_tokens:,} words and signs" if count > settings.query_tokens else ""
        ) or seen.excess(token)
        if excess:
            raise QueryRejected(excess, where=place(query, token.at), hint="split the query", status=413)
        yield token


class _Structure:
    """What was counted up to a token."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._levels = [_Level("")]
        self._unary = self._steps = self._groups = 0
        self._begun = False
        self._values = False  # VALUES, and not yet the "{" of its data
        self._before = ""

    def excess(self, token: Token) -> str:
        """Take in the next token: what there is too much of with it; empty where nothing is."""
        mark = token.text if token.kind == "mark" else ""
        self._begun = self._begun or token.word in _FORMS
        found = self._nesting(token, mark) or (self._items(token, mark) if self._begun else "")
        self._before = token.word
        return found

    def _nesting(self, token: Token, mark: str) -> str:
        """Depth of brackets, chains of unary operators, steps of a path, groups."""
        settings = self._settings
        if not mark:
            self._unary = 0
            if not (token.kind in ("iri", "name") or token.text == "a"):
                self._steps = 0
            return ""  # only marks add to what is counted
        if mark in OPENING:
            self._open(mark)
        elif mark in OPENING.values() and len(self._levels) > 1:
            self._levels.pop()
        self._groups += mark == "{"
        self._unary = self._unary + 1 if mark in "!-+^" else 0
        if mark in "/|^":
            self._steps += 1
        elif mark not in "()*+?!":
            self._steps = 0
        if max(len(self._levels) - 1, self._unary) > settings.query_depth:
            return f"nested deeper than {settings.query_depth} levels"
        if self._steps > settings.query_path_steps:
            return f"a property path of more than {settings.query_path_steps} steps"
        if self._groups > settings.query_groups:
            return f"more than {settings.query_groups} groups in braces"
        return ""

    def _open(self, mark: str) -> None:
        here = self._levels[-1]
        data = self._values and mark == "{"
        self._values = self._values and not data
        self._levels.append(_Level(mark, here.free or data or (mark == "(" and self._before == "IN")))

    def _items(self, token: Token, mark: str) -> str:
        """Items, operators and clauses of one level."""
        level = self._levels[-1]
        word = token.word
        self._values = self._values or word == "VALUES"
        if level.free:
            return ""
        kind = ""
        if mark in OPENING:
            level, kind = self._levels[-2], "brackets side by side"
        elif mark in _MARKS:
            kind = _MARKS[mark]
        elif word in _CLAUSES:
            kind = f"{word} clauses"
        elif (token.kind in _TERMS and level.mark != "{") or word in ("TRUE", "FALSE"):
            # In braces, terms stand in triples, which their marks count.
            kind = "terms side by side"
        if not kind or level.free:
            return ""
        level.counts[kind] += 1
        limit = self._settings.query_minus if word == "MINUS" else self._settings.query_items
        return f"more than {limit:,} {kind} at one level" if level.counts[kind] > limit else ""
