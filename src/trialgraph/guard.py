"""Query text -> :class:`Checked`: what a stranger's query may not do, said before any parser sees it.

The engine can be crashed by deep nesting and sent to other hosts by ``SERVICE``, so the text is first cut
into tokens by one linear scan. The scan knows SPARQL's words, not its grammar: syntax errors are left to
the engine, in a worker. Where SPARQL's own tokens are ambiguous (``<`` as operator or as start of an IRI,
keywords without a blank between them) the reading that could hide something is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin

from trialgraph.errors import QueryRejected
from trialgraph.limits import setting

__all__ = ["Checked", "Kind", "check", "place", "tokens"]

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
OPENING: Final = {"(": ")", "[": "]", "{": "}"}
# Marks after which an operand must follow; after anything else "<" may be the operator.
BEFORE_OPERAND: Final = frozenset("([{,;.=<>!&|+-*/^")

# Terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar. Possessive, so that the scan is linear.
TOKEN: Final = re.compile(
    r"""
    (?P<blank>[ \t\r\n\f]++|\#[^\r\n]*+)
    | (?P<iri><[^\x00-\x20<>"{}|^`]*+>)
    | (?P<string>\"{3}(?:(?!\"{3})(?:[^"\\]|"|\\.))*+\"{3} | '{3}(?:(?!'{3})(?:[^'\\]|'|\\.))*+'{3}
        | "(?!"")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+')
    | (?P<variable>[?$]\w[\w·‿⁀]*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<node>_:\w[\w.·‿⁀-]*+)
    | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|\.[0-9]++(?:[eE][+-]?[0-9]++)?)
    | (?=[^\W\d]|:)(?P<word>[^\W\d](?:[\w·‿⁀-]|\.++(?=[\w·‿⁀-]))*+)?+(?P<local>:
        (?:[\w:·‿⁀-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.++(?=[\w:%\\·‿⁀-]))*+)?+
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SERVICE: Final = re.compile("service", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may be handed to a worker.

    :param text: the query, as it was given
    :param kind: its query form
    :param default_graphs: IRIs of its ``FROM`` clauses
    :param named_graphs: IRIs of its ``FROM NAMED`` clauses
    :param volatile: two runs may differ though the data do not (``NOW()``, ``RAND()``, …)
    """

    text: str
    kind: Kind
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One terminal: its kind (a group of :data:`TOKEN`), its text and where it starts."""

    kind: str
    text: str
    at: int
    prefix: str | None = None

    @property
    def word(self) -> str:
        """The keyword, in capitals; empty for any other token.

        ``true.SERVICE`` and ``true-NOW`` come in one piece: telling them from the start of a prefixed name
        would need a second look at every character.
        """
        return self.text.upper() if self.kind == "word" else ""

    def has(self, words: frozenset[str]) -> str:
        """The first of the words that this token is or holds; empty where there is none."""
        return next((word for word in re.split(r"[.-]", self.word) if word in words), "")


def check(query: str, graphs: Collection[str] = ()) -> Checked:
    """The query's kind and dataset, if it may be run.

    :param graphs: IRIs of the named graphs that exist; ``FROM`` may name these and nothing else
    :raises QueryRejected: with the HTTP status (400, 403, 413), and ``line:column`` where there is one
    """
    limit = int(setting("query_bytes"))
    if len(query) > limit or len(query.encode("utf-8", "surrogatepass")) > limit:
        raise QueryRejected(f"the query is longer than {limit} bytes", mend="shorten it", status=413)
    if not query.strip():
        raise QueryRejected("the query is empty", mend="send SELECT, ASK, CONSTRUCT or DESCRIBE")
    for at, character in enumerate(query):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise QueryRejected(
                f"the character U+{ord(character):04X} is not allowed",
                where=place(query, at),
                mend="remove it",
            )
    found = list(_shaped(query, tokens(query)))
    kind, body, prefixes, base = _prologue(query, found)
    _words(query, found[body:])
    default, named = _dataset(query, found[body:], prefixes, base)
    for token, iri in (*default, *named):
        if iri not in graphs:
            raise QueryRejected(
                "FROM names a graph that this release does not have, and nothing is fetched or read",
                where=place(query, token.at),
                mend="list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }",
                status=403,
            )
    _declared(query, found[body:], prefixes)
    return Checked(
        text=query,
        kind=kind,
        default_graphs=tuple(iri for _, iri in default),
        named_graphs=tuple(iri for _, iri in named),
        volatile=any(t.has(VOLATILE) for t in found),
    )


def place(query: str, at: int) -> str:
    """``line:column``, both from 1, in characters."""
    return f"{query.count(chr(10), 0, at) + 1}:{at - query.rfind(chr(10), 0, at)}"


def tokens(query: str) -> Iterator[Token]:
    """The terminals, without blanks and comments."""
    before: Token | None = None
    inside: list[str] = []
    for found in TOKEN.finditer(query):
        if found["blank"] is not None:
            continue
        name = found["local"] is not None
        kind = "name" if name else str(found.lastgroup)
        token = Token(kind, found[0], found.start(), (found["word"] or "") if name else None)
        if token.kind == "mark" and token.text in "\"'":
            raise QueryRejected("this string does not end", where=place(query, token.at), mend="close it")
        if token.kind == "mark" and token.text == "\\":
            raise QueryRejected(
                "an escape outside a string, an IRI or a local name",
                where=place(query, token.at),
                mend="write the character itself",
            )
        if token.kind == "mark" and token.text in OPENING:
            inside.append(token.text)
        elif token.kind == "mark" and token.text in OPENING.values() and inside:
            inside.pop()
        # operators stand in round brackets only: FILTER(…), BIND(…), (… AS ?x), HAVING(…), f(…)
        elif token.kind == "iri" and inside[-1:] == ["("]:
            _unambiguous(query, before, token)
        yield token
        before = token


def _unambiguous(query: str, before: Token | None, token: Token) -> None:
    """Refuse ``?a<?b)#>``: an IRI for this scan, and an operator, a bracket and a comment for the engine."""
    operand = before is not None and not (before.kind == "mark" and before.text in BEFORE_OPERAND)
    inner = token.text[1:-1]
    # "http://": as an operator's right side it would be a prefixed name and "//", which no expression is
    if operand and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", inner) and re.search("['#()]", inner):
        raise QueryRejected(
            "this < can be read as an operator and as the start of an IRI",
            where=place(query, token.at),
            mend="put blanks round the operator, or write the IRI as a prefixed name",
        )


def _shaped(query: str, tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens, up to one that would exhaust a recursive parser or its optimiser.

    Counted are the depth of brackets, chains of unary operators, steps of a path, and groups.
    """
    depth_limit, step_limit = int(setting("query_depth")), int(setting("query_path_steps"))
    group_limit = int(setting("query_groups"))
    depth = steps = unary = groups = 0
    for token in tokens:
        mark = token.text if token.kind == "mark" else ""
        depth += (mark in OPENING) - (mark in OPENING.values()) if mark else 0
        groups += mark == "{"
        unary = unary + 1 if mark and mark in "!-+^" else 0
        if mark and mark in "/|^":
            steps += 1
        elif not (token.kind in ("iri", "name") or token.text == "a" or (mark and mark in "()*+?!")):
            steps = 0
        for count, limit, what in (
            (max(depth, unary), depth_limit, "nested deeper than {} levels"),
            (steps, step_limit, "a property path of more than {} steps"),
            (groups, group_limit, "more than {} groups in braces"),
        ):
            if count > limit:
                raise QueryRejected(
                    what.format(limit), where=place(query, token.at), mend="split the query", status=413
                )
        yield token


def _prologue(query: str, tokens: list[Token]) -> tuple[Kind, int, dict[str, str], str]:
    """Kind of the query, index of the token that says so, the declared prefixes and the base."""
    prefixes: dict[str, str] = {}
    base, at = "", 0
    while at < len(tokens):
        word = tokens[at].word
        follow = tokens[at + 1 : at + 3]
        if word == "BASE" and follow and follow[0].kind == "iri":
            base, at = _resolve(follow[0].text, base), at + 2
        elif word == "PREFIX" and len(follow) == 2 and follow[0].kind == "name" and follow[1].kind == "iri":
            prefixes[follow[0].text[:-1]], at = _resolve(follow[1].text, base), at + 3
        elif word == "VERSION" and follow and follow[0].kind == "string":
            at += 2
        else:
            break
    if at == len(tokens):
        raise QueryRejected("the query is empty", mend="send SELECT, ASK, CONSTRUCT or DESCRIBE")
    first = tokens[at]
    if first.word in UPDATES:
        raise QueryRejected(
            f"{first.word} is an update, and this data is read-only",
            where=place(query, first.at),
            mend="send SELECT, ASK, CONSTRUCT or DESCRIBE",
            status=403,
        )
    if first.word not in KINDS:
        raise QueryRejected(
            "syntax error: expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE",
            where=place(query, first.at),
        )
    return KINDS[first.word], at, prefixes, base


def _resolve(iri: str, base: str) -> str:
    """The IRI between the angle brackets, unescaped and absolute."""
    plain = ESCAPE.sub(lambda m: chr(min(int(m[1] or m[2], 16), 0x10FFFF)), iri[1:-1])
    return urljoin(base, plain) if base else plain


def _words(query: str, body: list[Token]) -> None:
    """Refuse SERVICE and the words of updates, also where no blank parts them from the next word."""
    for token, after in zip(body, [*body[1:], None], strict=True):
        opens = after is not None and after.text == "{"
        if SERVICE.search(token.word) or (token.prefix and SERVICE.search(token.prefix) and opens):
            raise QueryRejected(
                "SERVICE is not allowed: this endpoint asks no other one",
                where=place(query, token.at),
                mend="ask the other endpoint yourself, or join its results on your side",
                status=403,
            )
        if update := token.has(UPDATES):
            raise QueryRejected(
                f"{update} is an update, and this data is read-only",
                where=place(query, token.at),
                mend="send a query without it",
                status=403,
            )


Graphs = list[tuple[Token, str]]


def _dataset(query: str, body: list[Token], prefixes: dict[str, str], base: str) -> tuple[Graphs, Graphs]:
    """The graphs of the FROM and of the FROM NAMED clauses."""
    default: Graphs = []
    named: Graphs = []
    for at, token in enumerate(body):
        if token.word != "FROM":
            continue
        follow = body[at + 1 : at + 3]
        wanted = named if follow and follow[0].word == "NAMED" else default
        graph = follow[1:] if wanted is named else follow
        if not graph or graph[0].kind not in ("iri", "name"):
            raise QueryRejected("syntax error: FROM needs an IRI", where=place(query, token.at))
        if graph[0].kind == "iri":
            wanted.append((token, _resolve(graph[0].text, base)))
        else:
            _declared(query, graph[:1], prefixes)
            prefix, _, local = graph[0].text.partition(":")
            wanted.append((token, prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)))
    return default, named


def _declared(query: str, tokens: list[Token], prefixes: dict[str, str]) -> None:
    """Refuse names whose prefix has no PREFIX line; the engine's words for it mislead."""
    for token in tokens:
        if token.kind == "name" and token.prefix is not None and token.prefix not in prefixes:
            raise QueryRejected(
                f"undeclared prefix {token.prefix}:",
                where=place(query, token.at),
                mend=f"add PREFIX {token.prefix}: <...> at the top",
            )
