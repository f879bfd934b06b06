"""Queries as text, and ways to spoil them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

__all__ = ["render", "spoil"]

LOOSE: Final = frozenset("(){}[],;")
BLANKS: Final = (" ", " ", " ", " ", "\n", "\t", "  ", " # SERVICE <http://x/> { \" '''\n", "\r\n", " #\n")


def render(tokens: Sequence[str], choose: random.Random | None = None) -> str:
    """The text of tokens: with one blank between them, or with any blanks, comments or none where none is needed."""
    if choose is None:
        return " ".join(tokens)
    made: list[str] = []
    for before, token in zip(["(", *tokens], tokens, strict=False):
        needs = not (before in LOOSE or token in LOOSE)
        made += [choose.choice(BLANKS) if needs or choose.random() < 0.3 else "", token]
    return "".join(made)


HOSTILE: Final = (
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "'",
        '"',
        "'''",
        "\\",
        "#",
        "\0",
        "\ud800",
        "\u202e",
        "\ufeff",
        "\x01",
        "\u200b",
    ),
    *(
        "SERVICE",
        "SERVICE <URL> { ?s ?p ?o }",
        "SERVICE SILENT <URL> {}",
        "FROM <URL>",
        "FROM <file:///etc/hostname>",
    ),
    *(
        "LOAD <URL>",
        "INSERT DATA { <a:a> <a:b> 1 }",
        "; DROP ALL",
        "GRAPH <URL> {",
        "SERVICE ?a { ?a ?b ?c }",
    ),
    *(
        r"\u0053ERVICE",
        r"\u007d",
        "%00",
        "&query=",
        "a" * 5_000,
        "9" * 4_000,
        "?" * 300,
        "(" * 500,
        "{" * 500,
        "!" * 600,
    ),
    *(
        "^" * 300,
        "<<" * 200,
        "{} UNION " * 90,
        "OPTIONAL {" * 70,
        "/:b" * 100,
        "-" * 3_000,
        "_:",
        "@en",
        "^^",
        "<a b>",
    ),
    *(
        "1e999999999",
        "99999999999999999999999999",
        '"x"^^xsd:date',
        "'(a+)+$'",
        "LIMIT 99999999999999999999",
        "OFFSET -1",
    ),
    *(
        "SELECT",
        "WHERE",
        "UNION",
        "MINUS",
        "BIND(1/0 AS ?z)",
        "FILTER",
        "VALUES",
        "LATERAL { }",
        "AS",
        "GROUP BY",
        "\u00a0",
    ),
    *(
        "?a ?b ?c .",
        "?c ?d ?e .",
        "(!:x|^!:x)*",
        "ORDER BY RAND()",
        "REGEX(?a, '(a|a)*$')",
        "<urn:not-a-function>(1)",
    ),
)


def spoil(tokens: Sequence[str], choose: random.Random, other: Sequence[str], url: str) -> str:
    """A query with a few of its tokens or characters dropped, doubled, exchanged or taken from a hostile list."""
    made = list(tokens)
    for _ in range(choose.choice((1, 1, 2, 3))):
        at = choose.randrange(len(made) + 1)
        what = choose.randrange(6)
        if what == 0:
            del made[at : at + choose.randint(1, 3)]
        elif what == 1:
            made[at:at] = made[at : at + choose.randint(1, 8)] * choose.randint(1, 4)
        elif what == 2:
            made[at:at] = [choose.choice(HOSTILE).replace("URL", url)]
        elif what == 3:
            made[at : at + 1] = [choose.choice(HOSTILE).replace("URL", url)]
        elif what == 4:
            made[at:] = other[choose.randrange(len(other)) :]
        else:
            to = choose.randrange(len(made) + 1)
            made[at:to], made[to:at] = made[to:at], made[at:to]
        made = made or ["x"]
    text = render(made, choose)
    if choose.random() < 0.2:
        at = choose.randrange(len(text) + 1)
        text = (
            text[:at]
            + choose.choice(("", "\\", "'", "<", ">", "\u0301", "{"))
            + text[at + choose.randint(0, 2) :]
        )
    return text
