"""The query guard: validates an untrusted query before any parser sees it, and refuses what it may not do.

The engine can be crashed by deep nesting and made to contact other hosts by ``SERVICE``, so the text is first cut
into tokens (:mod:`trialgraph.query.guard.tokenizer`). Syntax errors are left to the engine, in a worker. Where keywords
are not separated by white space, the interpretation that could hide something is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import Settings
from trialgraph.query.guard.complexity import bounded
from trialgraph.query.guard.tokenizer import Token, place, tokens
from trialgraph.rdf import iris

__all__ = ["Checked", "Clause", "DeclaredNames", "Kind", "check", "prologue_of"]

Kind = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

KINDS: Final[dict[str, Kind]] = {
    "SELECT": "SELECT",
    "ASK": "ASK",
    "CONSTRUCT": "CONSTRUCT",
    "DESCRIBE": "DESCRIBE",
}
UPDATES: Final = frozenset(
    ["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"]
)
# Answers with one of these differ from run to run, so they carry no ETag.
VOLATILE: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SERVICE: Final = re.compile("service", re.IGNORECASE)
ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Clause:
    """``SERVICE [SILENT] iri { … }`` in a query.

    :param iri: the endpoint, absolute
    :param silent: its failure is to count as one empty row
    :param start: offset of the keyword
    :param end: offset after the closing brace
    :param query: the query for the endpoint: the prologue, and all variables of the group
    :param variables: names of the variables in the group
    """

    iri: str
    silent: bool
    start: int
    end: int
    query: str
    variables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may be handed to a worker.

    :param text: the query, as it was given, without a byte order mark
    :param kind: its query form
    :param default_graphs: IRIs of its ``FROM`` clauses
    :param named_graphs: IRIs of its ``FROM NAMED`` clauses
    :param volatile: two runs may differ though the data do not (``NOW()``, ``RAND()``, ``SERVICE``, …)
    :param services: its ``SERVICE`` clauses, which no worker can evaluate (:mod:`trialgraph.query.federation` does)
    :param terminals: how many words and signs it has behind its prologue
    """

    text: str
    kind: Kind
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    volatile: bool = False
    services: tuple[Clause, ...] = ()
    terminals: int = 0


def check(
    query: str,
    graphs: Collection[str] | None = (),
    services: Collection[str] = (),
    *,
    settings: Settings,
    most_bytes: int | None = None,
) -> Checked:
    """The query's kind and dataset, if it may be run.

    :param graphs: IRIs of the named graphs that exist; ``FROM`` may name these and nothing else; None: any,
        as the request replaces them
    :param services: IRIs of the endpoints that ``SERVICE`` may call
    :param settings: the limits of a query: ``query_bytes``, ``query_depth`` and so on
    :param most_bytes: of its text; None: the setting ``query_bytes``
    :raises QueryRejected: with the HTTP status (400, 403, 413), and ``line:column`` where there is one
    """
    # Editors put a byte order mark at the start of a file.
    query = query.removeprefix("\ufeff")
    _readable(query, most_bytes or settings.query_bytes)
    found = list(bounded(query, tokens(query), settings))
    kind, body, prefixes, base = prologue_of(query, found)
    names = DeclaredNames(query, prefixes, base)
    _words(query, found[body:], federated=bool(services))
    default, named = _dataset(found[body:], names)
    for token, iri in (*default, *named):
        if graphs is not None and iri not in graphs:
            raise QueryRejected(
                "FROM names a graph that this release does not have, and nothing is fetched or read",
                where=place(query, token.at),
                hint="list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }",
                status=403,
            )
    _declared(query, found[body:], prefixes)
    clauses = tuple(_clauses(found, body, names, services, settings.service_clauses)) if services else ()
    return Checked(
        text=query,
        kind=kind,
        default_graphs=tuple(iri for _, iri in default),
        named_graphs=tuple(iri for _, iri in named),
        volatile=bool(clauses) or any(t.has(VOLATILE) for t in found),
        services=clauses,
        terminals=len(found) - body,
    )


def _readable(query: str, limit: int) -> None:
    """Refuse a query that is too long, empty, or not text."""
    if len(query) > limit or len(query.encode("utf-8", "surrogatepass")) > limit:
        raise QueryRejected(f"the query is longer than {limit} bytes", hint="shorten it", status=413)
    if not query.strip():
        raise QueryRejected("the query is empty", hint="send SELECT, ASK, CONSTRUCT or DESCRIBE")
    if wrong := NO_TEXT.search(query):
        raise QueryRejected(
            f"the character U+{ord(wrong[0]):04X} is not allowed",
            where=place(query, wrong.start()),
            hint="remove it",
        )


def prologue_of(query: str, tokens: list[Token]) -> tuple[Kind, int, dict[str, str], str]:
    """Query form, index of its keyword, the declared prefixes and the base."""
    prefixes: dict[str, str] = {}
    base, at = "", 0
    while at < len(tokens):
        word = tokens[at].word
        follow = tokens[at + 1 : at + 3]
        if word == "BASE" and follow and follow[0].kind == "iri":
            base, at = _resolve(query, follow[0], base), at + 2
        elif word == "PREFIX" and len(follow) == 2 and follow[0].kind == "name" and follow[1].kind == "iri":
            prefixes[follow[0].text[:-1]], at = _resolve(query, follow[1], base), at + 3
        elif word == "VERSION" and follow and follow[0].kind == "string":
            at += 2
        else:
            break
    if at == len(tokens):
        raise QueryRejected("the query is empty", hint="send SELECT, ASK, CONSTRUCT or DESCRIBE")
    first = tokens[at]
    if first.word in UPDATES:
        raise QueryRejected(
            f"{first.word} is an update, and this data is read-only",
            where=place(query, first.at),
            hint="send SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if first.word not in KINDS:
        raise QueryRejected(
            "syntax error: expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE",
            where=place(query, first.at),
        )
    return KINDS[first.word], at, prefixes, base


def _resolve(query: str, token: Token, base: str) -> str:
    """The IRI between the angle brackets, unescaped and absolute.

    :raises QueryRejected: it is none, such as ``<http://[>``
    """
    plain = ESCAPE.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), token.text[1:-1])
    return _joined(query, token, base, plain)


def _joined(query: str, token: Token, base: str, plain: str) -> str:
    try:
        urlsplit(plain)
        return urljoin(base, plain) if base else plain
    except ValueError as error:
        raise QueryRejected(
            "this is no IRI", where=place(query, token.at), hint="look at its brackets and its port"
        ) from error


def _words(query: str, body: list[Token], *, federated: bool) -> None:
    """Refuse SERVICE and update keywords, also where no white space separates them from the next word."""
    for token, after in zip(body, [*body[1:], None], strict=True):
        opens = after is not None and after.text == "{"
        if SERVICE.search(token.word) or (token.prefix and SERVICE.search(token.prefix) and opens):
            if federated and token.word == "SERVICE":
                continue
            raise QueryRejected(
                "SERVICE has no white space before or after it"
                if federated
                else "SERVICE is not allowed: this endpoint calls no others",
                where=place(query, token.at),
                hint="add a space"
                if federated
                else "ask the other endpoint yourself, or join its results on your side",
                status=403,
            )
        if update := token.has(UPDATES):
            raise QueryRejected(
                f"{update} is an update, and this data is read-only",
                where=place(query, token.at),
                hint="send a query without it",
            )


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """The declarations of the prologue."""

    query: str
    prefixes: dict[str, str]
    base: str

    def iri(self, token: Token) -> str:
        """The absolute IRI that an IRI or a prefixed name stands for."""
        if token.kind == "iri":
            return _resolve(self.query, token, self.base)
        _declared(self.query, [token], self.prefixes)
        prefix, _, local = token.text.partition(":")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


Graphs = list[tuple[Token, str]]


def _dataset(body: list[Token], names: DeclaredNames) -> tuple[Graphs, Graphs]:
    """The graphs of the FROM and of the FROM NAMED clauses."""
    default: Graphs = []
    named: Graphs = []
    for at, token in enumerate(body):
        if token.word != "FROM":
            continue
        follow = body[at + 1 : at + 3]
        graphs = named if follow and follow[0].word == "NAMED" else default
        graph = follow[1:] if graphs is named else follow
        if not graph or graph[0].kind not in ("iri", "name"):
            raise QueryRejected("syntax error: FROM needs an IRI", where=place(names.query, token.at))
        graphs.append((token, _joined(names.query, graph[0], iris.base(), names.iri(graph[0]))))
    return default, named


def _clauses(
    found: list[Token], body: int, names: DeclaredNames, allowed: Collection[str], most: int
) -> Iterator[Clause]:
    """The SERVICE clauses, each with its remote query.

    :raises QueryRejected: one calls an endpoint that is not allowed or not constant, contains another one, or
        exceeds the number allowed
    """
    query, end, count = names.query, 0, 0
    for at in range(body, len(found)):
        token = found[at]
        if token.word != "SERVICE":
            continue
        where = place(query, token.at)
        if sum((t.text == "{") - (t.text == "}") for t in found if t.kind == "mark"):
            raise QueryRejected("syntax error: a brace is not closed, or one too many is", where=where)
        if token.at < end:
            raise QueryRejected(
                "SERVICE inside SERVICE is not allowed",
                where=where,
                hint="take it out of the group",
                status=403,
            )
        count += 1
        if count > most:
            raise QueryRejected(
                f"more than {most} SERVICE clauses", where=where, hint="split the query", status=413
            )
        silent = at + 1 < len(found) and found[at + 1].word == "SILENT"
        iri = _endpoint(found[at + 1 + silent : at + 2 + silent], names, where, allowed)
        group = _group(found[at + 2 + silent :])
        if not group:
            raise QueryRejected("syntax error: SERVICE needs a group in braces", where=where)
        end = group[-1].end
        _absolute(group, names)
        remote = f"{query[: found[body].at]}SELECT * {query[group[0].at : end]}"
        variables = frozenset(inner.text[1:] for inner in group if inner.kind == "variable")
        yield Clause(iri, silent, token.at, end, remote, variables)


def _absolute(group: list[Token], names: DeclaredNames) -> None:
    """Refuse relative IRIs that no BASE makes absolute."""
    for inner in group:
        if inner.kind == "iri" and not names.base and not ABSOLUTE.match(_resolve(names.query, inner, "")):
            raise QueryRejected(
                "a relative IRI has no meaning for another endpoint",
                where=place(names.query, inner.at),
                hint="add BASE, or write the absolute IRI",
            )


def _endpoint(follow: list[Token], names: DeclaredNames, where: str, allowed: Collection[str]) -> str:
    """The endpoint that a SERVICE clause names."""
    if follow and follow[0].kind == "variable":
        raise QueryRejected(
            "SERVICE with a variable is not allowed: the endpoint must be a constant",
            where=where,
            hint="write its IRI",
            status=403,
        )
    if not follow or follow[0].kind not in ("iri", "name"):
        raise QueryRejected("syntax error: SERVICE needs an IRI", where=where)
    iri = names.iri(follow[0])
    if iri not in allowed:
        raise QueryRejected(
            "SERVICE may call only the endpoints that the operator allows, and this is not one of them",
            where=where,
            hint="ask the other endpoint yourself, or join its results on your side",
            status=403,
        )
    return iri


def _group(tokens: list[Token]) -> list[Token]:
    """The tokens from an opening brace to the one that closes it; empty where there is none."""
    depth = 0
    for count, token in enumerate(tokens, 1):
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return tokens[:count] if count > 1 else []
    return []


def _declared(query: str, tokens: list[Token], prefixes: dict[str, str]) -> None:
    """Refuse names whose prefix has no PREFIX line; the engine's message for it is misleading."""
    for token in tokens:
        if token.kind == "name" and token.prefix is not None and token.prefix not in prefixes:
            raise QueryRejected(
                f"undeclared prefix {token.prefix}:",
                where=place(query, token.at),
                hint=f"add PREFIX {token.prefix}: <...> at the top",
            )
