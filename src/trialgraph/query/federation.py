"""Federated query: replaces each ``SERVICE`` clause with the rows of its endpoint before the query runs.

The workers have no network, and an untrusted query may reach only the endpoints that the operator lists (setting
``allow_service``). So each ``SERVICE <iri> { … }`` is sent from here, once, before the query runs, and a ``VALUES``
clause with the rows takes its place: the standard evaluates such a group independently and joins the result. The
only cost is efficiency: bindings from the rest of the query do not narrow the remote query. Reasons:
``decisions/0015-service.md``.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from trialgraph.base.errors import Overloaded, QueryRejected, QueryTimeout, ServiceFailed
from trialgraph.base.settings import Settings
from trialgraph.query.guard import Checked, Clause, check
from trialgraph.query.service_client import check_address, post_query

__all__ = ["Federation"]

#: Strings and brackets of JSON.
JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
Term = NamedNode | Literal | BlankNode | Triple


class Federation:
    """The endpoints that a server's queries may ask, and the requests to them that run now.

    :param settings: ``allow_service`` and the bounds ``service_…``
    :raises UsageError: an endpoint that is allowed has no address that may be asked
    """

    def __init__(self, settings: Settings) -> None:
        #: IRIs of the endpoints that ``SERVICE`` may ask.
        self.allowed = tuple(settings.allow_service.split())
        for url in self.allowed:
            check_address(url)
        self._settings = settings
        self._calls = _Calls(settings.service_calls)

    def joined(self, checked: Checked, graphs: Collection[str], seconds: float) -> Checked:
        """The query as a worker can run it, its SERVICE clauses replaced by the answers of their endpoints.

        :param graphs: those that a ``FROM`` in it may name
        :param seconds: what is left of its time
        :raises QueryRejected: an endpoint's address is not public
        :raises ServiceFailed: an endpoint gave no usable answer (and the clause is not SILENT)
        :raises QueryTimeout: the time of the whole query is up
        :raises Overloaded: too many requests to other endpoints are running
        """
        until = time.monotonic() + seconds
        fetched: dict[tuple[str, str], str] = {}
        pieces, at = [], 0
        for clause in checked.services:
            key = (clause.iri, clause.query)
            if key not in fetched:
                with self._calls.one():
                    fetched[key] = _rows(clause, until, seconds, self._settings)
            pieces += [
                checked.text[at : clause.start],
                _fill(fetched[key], checked.text[clause.start : clause.end]),
            ]
            at = clause.end
        text = "".join([*pieces, checked.text[at:]])
        # rows from outside pass the same guard as a client's query, except for the size limit
        try:
            check(text, graphs, settings=self._settings, most_bytes=4 * len(text))
        except QueryRejected as error:
            raise ServiceFailed(
                f"an answer of another endpoint may not appear in a query: {error.what}", where="SERVICE"
            ) from None
        return replace(checked, text=text, services=(), volatile=True)


class _Calls:
    """The requests to others that run now.

    :param most: how many may
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._running = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one request, within the limit."""
        with self._lock:
            if self._running >= self._most:
                raise Overloaded(
                    "too many queries call other endpoints now", hint="try again in a few seconds"
                )
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1


def _fill(rows: str, clause: str) -> str:
    """The rows, padded so that the text after the clause keeps its line and column."""
    lines = clause.count("\n")
    return rows + "\n" * lines + (" " * (len(clause) - clause.rfind("\n") - 1) if lines else "")


def _rows(clause: Clause, until: float, seconds: float, settings: Settings) -> str:
    """``VALUES`` with the answer of one clause's endpoint."""
    left = until - time.monotonic()
    try:
        if left > 0:
            limit = min(settings.service_seconds, left)
            answer = post_query(clause.iri, clause.query, seconds=limit, most_bytes=settings.service_bytes)
            return _values(clause, answer, settings)
    except ServiceFailed:
        if time.monotonic() < until:
            if clause.silent:
                return "{ }"
            raise
    raise QueryTimeout(
        f"the query was stopped after {seconds:g} seconds, most of them spent on another endpoint",
        hint="ask it for less",
    )


def _values(clause: Clause, answer: bytes, settings: Settings) -> str:
    """The rows of an answer as SPARQL.

    :raises ServiceFailed: it is malformed, too long, or cannot be expressed in ``VALUES``
    """
    _shallow(clause, answer, settings.query_depth)
    most = settings.service_rows
    try:
        solutions = parse_query_results(answer, format=QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise _unusable(clause, "answers yes or no, not with rows")
        names = [variable.value for variable in solutions.variables]
        if not clause.variables.issuperset(names):
            raise _unusable(clause, "answers with unexpected columns")
        rows = [_row(clause, solution, names) for solution in islice(solutions, most + 1)]
    except (SyntaxError, ValueError, OSError):
        raise _unusable(clause, "answers with results that are malformed") from None
    if len(rows) > most:
        raise _unusable(clause, f"answers with more than {most} rows", "add a LIMIT to its group")
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }}"


def _shallow(clause: Clause, answer: bytes, most: int) -> None:
    """Refuse nesting that could exhaust the parser, by a scan that it cannot exhaust."""
    depth = 0
    for found in JSON.finditer(answer):
        depth += (found[0] in b"[{") - (found[0] in b"]}")
        if depth > most:
            raise _unusable(clause, "answers with results that are nested too deep")


def _row(clause: Clause, solution: QuerySolution, names: list[str]) -> str:
    return f"({' '.join('UNDEF' if (t := solution[name]) is None else _term(clause, t) for name in names)})"


def _term(clause: Clause, term: Term) -> str:
    """A term in the engine's own spelling; its reader has let only well-formed ones through."""
    if _blank(term):
        raise _unusable(
            clause,
            "answers with a blank node, which means nothing outside it",
            "leave its variable out with a SELECT inside the group",
        )
    return str(term)


def _blank(term: Term) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, Triple) and any(_blank(part) for part in term))


def _unusable(clause: Clause, what: str, hint: str = "") -> ServiceFailed:
    return ServiceFailed(f"the endpoint {what}", where=f"SERVICE <{clause.iri}>", hint=hint)
