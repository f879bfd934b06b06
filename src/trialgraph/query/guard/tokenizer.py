"""The SPARQL tokenizer: one linear scan without recursion, so that nesting cannot exhaust it.

It knows SPARQL's terminals, not its grammar: syntax errors are left to the engine, in a worker. Where SPARQL's own
tokens are ambiguous (``<`` as operator or as start of an IRI), the interpretation that could hide something is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trialgraph.base.errors import QueryRejected

__all__ = ["OPENING", "Token", "place", "tokens"]

OPENING: Final = {"(": ")", "[": "]", "{": "}"}
CLOSING: Final = frozenset(OPENING.values())
# Marks after which an operand must follow; after anything else "<" may be the operator.
BEFORE_OPERAND: Final = frozenset("([{,;.=<>!&|+-*/^")
# An expression in brackets comes behind these. Behind the first sort one pair, behind the second any number up to
# the next group.
ONE_EXPRESSION: Final = re.compile("FILTER|BIND")
EXPRESSIONS: Final = re.compile("SELECT|HAVING|(?:^|GROUP|ORDER)BY")
# Behind these words "(" opens a list, a path or a row of VALUES; behind any other one an expression.
NO_FUNCTION: Final = frozenset(("A", "TRUE", "FALSE", "VALUES"))

#: No longer number is calculated with.
NUMBER_CHARS: Final = 1_000

# Terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, and the base direction of a language tag from
# SPARQL 1.2. Possessive, so that the scan is linear.
TOKEN: Final = re.compile(
    r"""
    (?P<blank>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri><[^\x00-\x20<>"{}|^`]*+>)
    | (?P<string>\"{3}(?:(?!\"{3})(?:[^"\\]|"|\\.))*+\"{3} | '{3}(?:(?!'{3})(?:[^'\\]|'|\\.))*+'{3}
        | "(?!"")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+')
    | (?P<variable>[?$]\w[\w·‿⁀]*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
    | (?P<node>_:\w[\w.·‿⁀-]*+)
    | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|\.[0-9]++(?:[eE][+-]?[0-9]++)?)
    | (?=[^\W\d]|:)(?P<word>[^\W\d](?:[\w·‿⁀-]|\.++(?=[\w·‿⁀-]))*+)?+(?P<local>:
        (?:[\w:·‿⁀-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.++(?=[\w:%\\·‿⁀-]))*+)?+
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One terminal: its kind (a group of :data:`TOKEN`), its text and where it starts."""

    kind: str
    text: str
    at: int
    prefix: str | None = None

    @property
    def end(self) -> int:
        """Offset of what follows."""
        return self.at + len(self.text)

    @property
    def word(self) -> str:
        """The keyword, in capitals; empty for any other token.

        ``true.SERVICE`` and ``true-NOW`` come in one piece: telling them from the start of a prefixed name
        would need a second look at every character.
        """
        return self.text.upper() if self.kind == "word" else ""

    def has(self, words: frozenset[str]) -> str:
        """The first of the words that this token is or holds; empty where there is none."""
        if self.kind != "word":
            return ""
        return next((word for word in re.split(r"[.-]", self.word) if word in words), "")


def place(query: str, at: int) -> str:
    """``line:column``, both from 1, in characters."""
    return f"{query.count(chr(10), 0, at) + 1}:{at - query.rfind(chr(10), 0, at)}"


class _Context:
    """Whether ``<`` may be an operator here: that is in round brackets that hold an expression, nowhere else."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.awaited = [""]  # for each open group, what its last keyword lets follow

    @property
    def in_expression(self) -> bool:
        return self.inside[-1:] == ["expression"]

    def see(self, token: Token, before: Token | None) -> None:  # noqa: C901 - a branch for each kind of token
        """Take in the next token."""
        if token.kind in ("word", "name"):
            # searched, not compared: the engine takes "trueFILTER" and "FILTERex:f" apart
            word = token.word or (token.prefix or "").upper()
            if EXPRESSIONS.search(word):
                self.awaited[-1] = "more"
            elif ONE_EXPRESSION.search(word):
                self.awaited[-1] = "one"
        elif token.kind != "mark":
            return
        elif token.text == "(":
            self.inside.append("expression" if self._expression(before) else "(")
        elif token.text in OPENING:
            self.inside.append(token.text)
            if token.text == "{":
                self.awaited[-1] = ""
                self.awaited.append("")
        elif token.text in CLOSING and self.inside:
            self.inside.pop()
            if token.text == "}" and len(self.awaited) > 1:
                self.awaited.pop()
            elif self.awaited[-1] == "one" and not self.in_expression:
                self.awaited[-1] = ""

    def _expression(self, before: Token | None) -> bool:
        called = before is not None and before.kind == "word" and before.word not in NO_FUNCTION
        return self.in_expression or called or bool(self.awaited[-1])


def tokens(query: str) -> Iterator[Token]:
    """The terminals, without blanks and comments.

    :raises QueryRejected: a string without end, an escape where none may stand, an ambiguous ``<``
    """
    before: Token | None = None
    context = _Context()
    for found in TOKEN.finditer(query):
        if found["blank"] is not None:
            continue
        name = found["local"] is not None
        kind = "name" if name else str(found.lastgroup)
        token = Token(kind, found[0], found.start(), (found["word"] or "") if name else None)
        if token.kind == "mark" and token.text in "\"'":
            raise QueryRejected("this string is not closed", where=place(query, token.at), hint="close it")
        if token.kind == "mark" and token.text == "\\":
            raise QueryRejected(
                "an escape outside a string, an IRI or a local name",
                where=place(query, token.at),
                hint="write the character itself",
            )
        if token.kind == "mark" and not (token.text.isascii() and token.text.isprintable()):
            raise QueryRejected(
                f"{_name(token.text)} stands outside a string",
                where=place(query, token.at),
                hint="write it as a plain blank, quotation mark or sign: a text editor may have changed it",
            )
        if token.kind == "number" and len(token.text) > NUMBER_CHARS:
            raise QueryRejected(
                f"a number of more than {NUMBER_CHARS} characters",
                where=place(query, token.at),
                hint="write a shorter one",
            )
        if token.kind == "iri" and context.in_expression:
            _unambiguous(query, before, token)
        context.see(token, before)
        yield token
        before = token


def _name(character: str) -> str:
    """``U+00A0 NO-BREAK SPACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}"


def _unambiguous(query: str, before: Token | None, token: Token) -> None:
    """Refuse ``?a<?b)#>``: an IRI for this scan, and an operator, a bracket and a comment for the engine."""
    operand = before is not None and not (
        before.word == "DISTINCT" or (before.kind == "mark" and before.text in BEFORE_OPERAND)
    )
    inner = token.text[1:-1]
    # "http://": as an operator's right side it would be a prefixed name and "//", which no expression is
    if operand and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", inner) and re.search("['#()]", inner):
        raise QueryRejected(
            "this < can be read as an operator and as the start of an IRI",
            where=place(query, token.at),
            hint="put spaces around the operator, or write the IRI as a prefixed name",
        )
