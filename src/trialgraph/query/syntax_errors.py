"""Syntax error location: the first token of a query that cannot be where it is.

The engine's parser reports the furthest position that some branch of its grammar tried, often well past the mistake,
and what that branch expected. But it can tell whether a prefix of the query could still become a query: append a
character that is invalid everywhere, and see whether the parser fails at that character. A binary search then finds
the first invalid token.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Store

from trialgraph.query.guard.tokenizer import tokens
from trialgraph.rdf.iris import base

__all__ = ["fault"]

#: Longer than any keyword: the parser looks that far ahead for one.
GAP: Final = " " * 40
MISFIT: Final = "\x01"


def fault(query: str) -> tuple[int, str]:
    """Offset and description of the error, for a query that passes :func:`trialgraph.query.guard.check`."""
    engine = Store()
    found = list(tokens(query))
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        cut = query[: found[middle].at + len(found[middle].text)] + GAP
        if _failure(engine, cut + MISFIT)[0] >= len(cut):
            low = middle + 1
        else:
            high = middle
    at, message = _failure(engine, query)
    # A violation of a rule outside the grammar ("… is unbound") is a sentence among the expected tokens.
    message = message.partition("expected ")[2].removeprefix("one of ")
    sentence = next((item for item in message.split(", ") if re.search("[a-z]{2,} [a-z]{2,}", item)), "")
    if sentence:
        what = "a malformed IRI" if sentence.startswith("IRI") else sentence
        return (found[low].at if low < len(found) else max(at, 0)), " ".join(what.split())
    if low == len(found):
        return len(query.rstrip()), "unexpected end of the query"
    token = found[low].text
    excerpt = token if re.fullmatch(r"[\w?$:.,;(){}\[\]*/+|^!=@-]{1,40}", token) else found[low].kind
    return found[low].at, f"unexpected {excerpt}"


def _failure(engine: Store, text: str) -> tuple[int, str]:
    """Offset at which the engine's parser fails, and its message; the end if it does not."""
    try:
        engine.query(text, base_iri=base())
    except SyntaxError as error:
        message = str(error)
        place = re.match(r"error at (\d+):(\d+)", message)
        if not place:
            return -1, message
        before = text.split("\n")[: int(place[1]) - 1]
        return sum(len(line) + 1 for line in before) + int(place[2]) - 1, message
    return len(text), ""
